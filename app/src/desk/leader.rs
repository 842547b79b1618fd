//! The leader's figures: sums over an authority's open cases. Pure.

use super::store::leader::OpenCell;
use crate::petitions::flags::Flag;
use crate::petitions::responsible::Responsible;
use crate::petitions::rules::{Kind, State};
use crate::words::Lang;

/// Fewer than this many denunciations are not told as a number to whoever may not see them: a small number betrays a person.
pub const FEW: i64 = 5;

/// Open cases of one sort.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// All.
    pub open: i64,
    /// The last day has passed.
    pub late: i64,
    /// Due from today to Sunday.
    pub week: i64,
}

impl Tally {
    fn add(&mut self, cell: &OpenCell) {
        self.open += cell.n;
        match cell.due {
            0 => self.late += cell.n,
            1 => self.week += cell.n,
            _ => {}
        }
    }
}

/// A row of a table: whose it is, and how many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group<T> {
    /// Whose.
    pub of: T,
    /// How many.
    pub tally: Tally,
}

/// What a leader sees.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// All open cases.
    pub all: Tally,
    /// By unit; none: given to no unit. The worst first.
    pub by_unit: Vec<Group<Option<String>>>,
    /// By the step they stand at, with who must do it. The worst first.
    pub by_step: Vec<Group<State>>,
    /// Denunciations.
    pub denunciations: Tally,
    /// Marks: open, and late among them.
    pub flags: Vec<(Flag, i64, i64)>,
}

impl Picture {
    /// The sums of cells of open cases and of `(marks, late, how many)`.
    pub fn of(cells: &[OpenCell], flagged: &[(i64, bool, i64)]) -> Self {
        let mut picture = Self::default();
        for cell in cells {
            picture.all.add(cell);
            group(&mut picture.by_unit, &cell.unit_id).add(cell);
            group(&mut picture.by_step, &cell.state).add(cell);
            if cell.kind == Kind::Denunciation {
                picture.denunciations.add(cell);
            }
        }
        worst_first(&mut picture.by_unit);
        worst_first(&mut picture.by_step);
        let sum = |flag: Flag, only_late: bool| flagged.iter().filter(|(bits, late, _)| flag.is_in(*bits) && (*late || !only_late)).map(|(.., n)| n).sum();
        picture.flags = Flag::ALL.into_iter().map(|flag| (flag, sum(flag, false), sum(flag, true))).collect();
        picture
    }
}

fn group<'a, T: Clone + PartialEq>(groups: &'a mut Vec<Group<T>>, of: &T) -> &'a mut Tally {
    let at = groups.iter().position(|group| group.of == *of).unwrap_or_else(|| {
        groups.push(Group { of: of.clone(), tally: Tally::default() });
        groups.len() - 1
    });
    &mut groups[at].tally
}

/// Most late ones first; of as many, the greater share of all it has.
fn worst_first<T>(groups: &mut [Group<T>]) {
    groups.sort_by(|a, b| {
        let (a, b) = (a.tally, b.tally);
        b.late.cmp(&a.late).then((b.late * a.open).cmp(&(a.late * b.open))).then(b.week.cmp(&a.week)).then(b.open.cmp(&a.open))
    });
}

/// Who must act on what stands at a step.
pub fn whose(state: State) -> Responsible {
    // What has only been acknowledged was given to nobody yet: giving it is a step of its own.
    Responsible::in_state(state, (state != State::Received).then_some(""), None)
}

/// "79,6% (43/54)": to one decimal and always downwards, so that 79.6 % is not sold as 80 %, and never without its counts. None of
/// nothing.
pub fn share_words(lang: Lang, part: i64, whole: i64) -> Option<String> {
    if whole <= 0 {
        return None;
    }
    let tenths = part.max(0) * 1_000 / whole;
    let mark = match lang {
        Lang::Vi => ',',
        Lang::En => '.',
    };
    Some(format!("{}{mark}{}% ({}/{})", tenths / 10, tenths % 10, lang.number(part), lang.number(whole)))
}

/// A number of denunciations as it may be told: `None` is "fewer than [`FEW`]".
pub fn told(n: i64, may_see: bool) -> Option<i64> {
    (may_see || n >= FEW).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(state: State, kind: Kind, unit: Option<&str>, due: i64, n: i64) -> OpenCell {
        OpenCell { state, kind, unit_id: unit.map(str::to_owned), has_handler: false, due, n }
    }

    #[test]
    fn the_worst_unit_stands_first_and_sums_are_whole() {
        let cells = [
            cell(State::Assigned, Kind::Report, Some("roads"), 0, 3),
            cell(State::Proposed, Kind::Complaint, Some("roads"), 2, 9),
            cell(State::Assigned, Kind::Report, Some("culture"), 0, 3),
            cell(State::Submitted, Kind::Denunciation, None, 1, 4),
        ];
        let picture = Picture::of(&cells, &[(Flag::Complex.bit() | Flag::Prolonged.bit(), true, 2), (Flag::Complex.bit(), false, 1)]);
        assert_eq!(picture.all, Tally { open: 19, late: 6, week: 4 });
        let order: Vec<_> = picture.by_unit.iter().map(|group| group.of.as_deref().unwrap_or("-")).collect();
        assert_eq!(order, ["culture", "roads", "-"], "three of three are worse than three of twelve");
        assert_eq!(picture.by_unit.iter().map(|group| group.tally.open).sum::<i64>(), picture.all.open);
        assert_eq!(picture.by_step[0].of, State::Assigned);
        assert_eq!(picture.denunciations.week, 4);
        assert_eq!(picture.flags[0], (Flag::Complex, 3, 2));
        assert_eq!(picture.flags[2], (Flag::Prolonged, 2, 2));
    }

    /// Trap 47: percentages without denominators, 100 % of zero, and 79.6 % sold as 80 %.
    #[test]
    fn trap_47_shares_have_counts_and_are_never_rounded_up() {
        assert_eq!(share_words(Lang::Vi, 43, 54).as_deref(), Some("79,6% (43/54)"));
        assert_eq!(share_words(Lang::Vi, 79_999, 100_000).as_deref(), Some("79,9% (79.999/100.000)"));
        assert_eq!(share_words(Lang::En, 1_999, 2_000).as_deref(), Some("99.9% (1,999/2,000)"), "nearly all is not all");
        assert_eq!(share_words(Lang::Vi, 0, 0), None, "no share of nothing");
    }

    #[test]
    fn few_denunciations_are_no_number_for_others() {
        assert_eq!(told(4, false), None);
        assert_eq!(told(0, false), None, "none is few too");
        assert_eq!(told(5, false), Some(5));
        assert_eq!(told(1, true), Some(1));
    }
}
