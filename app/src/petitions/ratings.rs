//! Who is asked to rate an answer, and the figures of what they say, kept with every change of a case in the same transaction.
//!
//! Everybody who was answered is asked, whatever the answer was: accepted, refused, guided elsewhere, decided against them. Where the
//! answer promises something, they are asked once it is done or its day has passed. A case is asked about once, and what is said of it
//! counts for the authority and the unit that had answered, in the month of the asking; so no figure can be greater than the number of
//! those asked. A denunciation is asked about too, and counts nowhere. The figures stand for themselves: no index and no survey is mixed
//! in.

use super::actions::Act;
use super::rules::{Case, Event, Kind, State};
use super::store::parts::Rating;
use super::store::ratings as store;
use super::store::register::raise_version;
use crate::db::Tx;
use crate::error::Result;
use crate::procedures::step::Step;
use crate::procedures::{Stage, opinion};
use chrono::{Days, NaiveDate};

pub use store::{Ask, Cell, of_agency, of_bodies};

/// The three questions, as they stand in the figures.
pub const QUESTIONS: [&str; 3] = ["clarity", "attitude", "result"];
/// Marks from here on are good ones; there are five.
pub const GOOD_FROM: usize = 4;

/// From which day on the citizen is asked about a case as it stands; none while nothing was answered.
pub fn asked_from(case: &Case) -> Option<NaiveDate> {
    if case.kind == Kind::Praise {
        // Thanks are nothing to judge; marks for them would only sweeten the figures.
        return None;
    }
    let answered_on = case.answered_on.filter(|_| matches!(case.state, State::Answered | State::Closed))?;
    Some(match case.procedure().stage {
        Stage::Opinion(opinion::State::Promised { day, .. }) => day + Days::new(1),
        Stage::Opinion(opinion::State::Done { on, .. }) => on.max(answered_on),
        _ => answered_on,
    })
}

/// Whether the citizen can rate today.
pub fn is_asked(case: &Case, today: NaiveDate) -> bool {
    asked_from(case).is_some_and(|day| day <= today)
}

/// The month a day lies in, as the figures name it.
pub fn month(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

/// Raises or lowers figures of the authority and the unit that were asked about; public pages follow once.
async fn count(tx: &mut Tx, counts: &[(&Ask, &str, i64)]) -> Result<()> {
    for (ask, what, by) in counts {
        store::count(tx, (&ask.body_id, true), &month(ask.asked_on), what, *by).await?;
        if !ask.unit_id.is_empty() {
            store::count(tx, (&ask.unit_id, false), &month(ask.asked_on), what, *by).await?;
        }
    }
    if counts.is_empty() { Ok(()) } else { raise_version(tx).await }
}

/// Carries a change of a case over to the figures. A case without an answer before and after it costs nothing.
pub async fn follow(tx: &mut Tx, (before, after): (&Case, &Case), event: &Event, today: NaiveDate) -> Result<()> {
    if after.kind == Kind::Denunciation {
        return if before.kind == after.kind { Ok(()) } else { forget(tx, after).await };
    }
    if before.answered_on.is_none() && after.answered_on.is_none() {
        return Ok(());
    }
    let known = store::ask(tx, &after.id).await?;
    let wanted = ask_of(after);
    // What was to be asked later is asked at another time, or not at all; what was asked stays asked.
    let stands = known.as_ref().is_some_and(|old| old.asked_on <= today || wanted.as_ref() == Some(old));
    let mut counts = Vec::new();
    if !stands {
        counts.extend(known.iter().map(|old| (old, "asked", -1)));
        counts.extend(wanted.iter().map(|new| (new, "asked", 1)));
        match (&known, &wanted) {
            (_, Some(new)) => store::put_ask(tx, &after.id, new).await?,
            (Some(_), None) => store::delete_ask(tx, &after.id).await?,
            (None, None) => {}
        }
    }
    // What is said counts for whoever had answered when they were asked.
    let asked = known.iter().filter(|ask| ask.asked_on <= today);
    counts.extend(asked.zip(said(before, event)).map(|(ask, what)| (ask, what, 1)));
    count(tx, &counts).await
}

/// Whom and when a case as it stands is asked about.
pub fn ask_of(case: &Case) -> Option<Ask> {
    let asked_on = asked_from(case)?;
    Some(Ask { body_id: case.body_id.clone(), unit_id: case.unit_id.clone().unwrap_or_default(), asked_on })
}

/// What a citizen says with a step, and what comes of it; counted the first time only, so that no figure outgrows those asked.
pub fn said(before: &Case, event: &Event) -> Option<&'static str> {
    match (event, before.procedure().stage) {
        (Event::Answered { .. }, stage) if sent_back(&stage) == Some(1) => Some("answered_again"),
        (Event::Stepped(stepped), stage) => match (&stepped.step, stage) {
            (Step::Confirm, _) => Some("solved"),
            (Step::SendBack, stage) if sent_back(&stage) == Some(0) => Some("not_solved"),
            (Step::Appeal { .. }, Stage::Complaint(_)) => Some("second_instance"),
            _ => None,
        },
        _ => None,
    }
}

/// A case that turns out to be a denunciation leaves the figures.
async fn forget(tx: &mut Tx, case: &Case) -> Result<()> {
    let Some(ask) = store::ask(tx, &case.id).await? else { return Ok(()) };
    let rating = super::store::parts::rating(tx, &case.id).await?;
    let events: Vec<Event> = super::store::history(tx, &case.id, 0).await?.into_iter().map(|entry| entry.event).collect();
    let is_step = |event: &Event, wanted: fn(&Step) -> bool| matches!(event, Event::Stepped(stepped) if wanted(&stepped.step));
    let sent_back = events.iter().position(|event| is_step(event, |step| *step == Step::SendBack));
    let was_answered_again = sent_back.is_some_and(|at| events[at..].iter().any(|event| matches!(event, Event::Answered { .. })));
    let solved = events.iter().filter(|event| is_step(event, |step| *step == Step::Confirm)).count();
    let said = [("asked", 1), ("not_solved", usize::from(sent_back.is_some())), ("answered_again", usize::from(was_answered_again)), ("solved", solved)];
    let marks = rating.as_ref().map(marks_of).unwrap_or_default();
    let said = said.into_iter().filter(|(_, n)| *n > 0).map(|(what, n)| (&ask, what, -i64::try_from(n).unwrap_or(0)));
    let counts: Vec<_> = said.chain(marks.iter().map(|what| (&ask, what.as_str(), -1))).collect();
    count(tx, &counts).await?;
    store::delete_ask(tx, &case.id).await
}

/// How often an answer has come back, for the kinds that are answered.
fn sent_back(stage: &Stage) -> Option<u8> {
    match stage {
        Stage::Opinion(state) => Some(state.sent_back()),
        Stage::AdministrativeRule(state) => Some(state.sent_back()),
        _ => None,
    }
}

/// What a rating adds to the figures.
pub fn marks_of(rating: &Rating) -> Vec<String> {
    let marks = QUESTIONS.into_iter().zip([rating.clarity, rating.attitude, rating.result]);
    ["rated".to_owned()].into_iter().chain(marks.map(|(question, mark)| format!("{question}_{mark}"))).collect()
}

/// Counts a rating. Whoever was answered before the portal kept these figures is counted as asked with it.
pub async fn rated(act: &mut Act<'_>, case: &Case, rating: &Rating) -> Result<()> {
    if case.kind == Kind::Denunciation {
        return Ok(());
    }
    let known = store::ask(act.tx, &case.id).await?;
    let is_new = known.is_none();
    let ask = known.unwrap_or_else(|| Ask {
        body_id: case.body_id.clone(),
        unit_id: case.unit_id.clone().unwrap_or_default(),
        asked_on: crate::clock::day(act.portal.now()),
    });
    if is_new {
        store::put_ask(act.tx, &case.id, &ask).await?;
    }
    let marks = marks_of(rating);
    let asked = is_new.then_some((&ask, "asked", 1));
    let counts: Vec<_> = asked.into_iter().chain(marks.iter().map(|what| (&ask, what.as_str(), 1))).collect();
    count(act.tx, &counts).await
}

/// Figures added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// Asked.
    pub asked: i64,
    /// Of these, those who rated.
    pub rated: i64,
    /// For each question how often each mark was given, the lowest first.
    pub marks: [[i64; 5]; 3],
    /// Said it is solved.
    pub solved: i64,
    /// Said it is not; the matter was taken up again.
    pub not_solved: i64,
    /// Of these, answered again.
    pub answered_again: i64,
    /// Went on to the second instance.
    pub second_instance: i64,
}

impl Sums {
    /// The sum of some cells.
    pub fn of<'a>(cells: impl IntoIterator<Item = &'a Cell>) -> Self {
        let mut sums = Self::default();
        for cell in cells {
            let at = match cell.what.as_str() {
                "asked" => &mut sums.asked,
                "rated" => &mut sums.rated,
                "solved" => &mut sums.solved,
                "not_solved" => &mut sums.not_solved,
                "answered_again" => &mut sums.answered_again,
                "second_instance" => &mut sums.second_instance,
                other => match mark_of(other) {
                    Some((question, mark)) => &mut sums.marks[question][mark],
                    None => continue,
                },
            };
            *at += cell.n;
        }
        sums
    }

    /// How many gave a good mark to a question (its place in [`QUESTIONS`]).
    pub fn good(&self, question: usize) -> i64 {
        self.marks.get(question).map_or(0, |marks| marks[GOOD_FROM - 1..].iter().sum())
    }
}

fn mark_of(what: &str) -> Option<(usize, usize)> {
    let (question, mark) = what.rsplit_once('_')?;
    let question = QUESTIONS.iter().position(|known| *known == question)?;
    let mark: usize = mark.parse().ok().filter(|mark| (1..=5).contains(mark))?;
    Some((question, mark - 1))
}

#[cfg(test)]
mod tests {
    use super::super::rules::{apply, tests::case};
    use super::*;
    use chrono::DateTime;

    fn cell(what: &str, n: i64) -> Cell {
        Cell { agency_id: "a".into(), month: "2026-11".into(), what: what.into(), n }
    }

    #[test]
    fn sums_keep_the_questions_apart() {
        let sums = Sums::of(&[
            cell("asked", 12),
            cell("rated", 7),
            cell("clarity_5", 3),
            cell("clarity_4", 1),
            cell("clarity_1", 3),
            cell("result_2", 7),
            cell("odd", 9),
        ]);
        assert_eq!((sums.asked, sums.rated), (12, 7));
        assert_eq!((sums.good(0), sums.good(1), sums.good(2)), (4, 0, 0));
        assert_eq!(sums.marks[2], [0, 7, 0, 0, 0]);
    }

    /// Trap 50, as a rule: nobody is asked before the answer, nor before what was promised is done; whoever was answered is.
    #[test]
    fn trap_50_everybody_answered_is_asked_and_nobody_before_the_action() {
        let mut proposed = case(Kind::Report, "a", Some("u"), None);
        proposed.state = State::Proposed;
        assert_eq!(asked_from(&proposed), None);
        let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
        let answer = |promised| Event::Answered { answer_id: "x".into(), on: day("2026-11-26"), promised, words: None };
        let plain = apply(&proposed, &answer(None), DateTime::UNIX_EPOCH).expect("fits");
        assert_eq!(asked_from(&plain), Some(day("2026-11-26")));
        let promised = apply(&proposed, &answer(Some(day("2026-12-10"))), DateTime::UNIX_EPOCH).expect("fits");
        assert_eq!(asked_from(&promised), Some(day("2026-12-11")), "when it should be done");
        assert!(!is_asked(&promised, day("2026-12-10")) && is_asked(&promised, day("2026-12-11")));
    }
}
