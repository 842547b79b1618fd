//! Words and figures of citizen reception. Pure.
//!
//! The figures of the law – how many days a head receives in person, how many speak for a group – are dated rows
//! (`data/reception_rules.csv`); the days before and after (schedule, refusal, online notice) are rules R4, R5 and R6 of
//! [`crate::deadlines`]. Nothing here knows a number.

use crate::agencies::{Agency, Directory};
use crate::deadlines::rules::{Rule, usual};
use crate::deadlines::{Calendar, telling};
use crate::words::Lang;
use chrono::NaiveDate;

/// Code of the period "schedule posted before the day" (Law on Citizen Reception, Article 24.4).
pub const SCHEDULE: &str = "R4";
/// Code of the period of the written refusal notice (Decree 154/2026, Article 4.3).
pub const REFUSAL_NOTICE: &str = "R5";
/// Code of the notice before an online reception (Decree 154/2026, Article 23).
pub const ONLINE_NOTICE: &str = "R6";
/// Code of the test of the connection before it.
pub const ONLINE_TEST: &str = "R6-2";

macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $code:literal, $key:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, sqlx::Type)]
        #[sqlx(type_name = "TEXT", rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant,)* }

        impl $name {
            /// All of them, in the order they are shown.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// As it stands in the database and in forms.
            pub fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),* }
            }

            /// That of a code.
            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            /// Key of its name in the catalogues.
            pub fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),* }
            }
        }
    };
}

coded! {
    /// What kind of reception (Law on Citizen Reception, Articles 12, 15, 18).
    Kind {
        /// Thường xuyên: by the people of the office, on working days.
        Regular = "regular", "reception.kind.regular";
        /// Định kỳ: the head's own days.
        Periodic = "periodic", "reception.kind.periodic";
        /// Đột xuất: because of one matter (Article 18.3).
        Extraordinary = "extraordinary", "reception.kind.extraordinary";
    }
}

coded! {
    /// Where people sit (Decree 154/2026, Chapter V for online).
    Mode {
        /// Trực tiếp.
        Direct = "direct", "reception.mode.direct";
        /// Trực tuyến.
        Online = "online", "reception.mode.online";
        /// Both.
        Mixed = "mixed", "reception.mode.mixed";
    }
}

coded! {
    /// Who receives. A deputy's session is never the head's (trap 23).
    Receiver {
        /// Người đứng đầu, in person.
        Head = "head", "reception.receiver.head";
        /// Cấp phó.
        Deputy = "deputy", "reception.receiver.deputy";
        /// Công chức tiếp công dân.
        Staff = "staff", "reception.receiver.staff";
    }
}

coded! {
    /// Where a session stands.
    State {
        /// Seen by the authority only.
        Draft = "draft", "reception.state.draft";
        /// Public; still to come, or its outcome is not recorded.
        Published = "published", "reception.state.published";
        /// It took place.
        Held = "held", "reception.state.held";
        /// It did not; a reason and a new day are named (Article 24.4).
        Missed = "missed", "reception.state.missed";
    }
}

coded! {
    /// Grounds on which somebody is not received (Law on Citizen Reception, Article 9; Decree 154/2026, Article 4).
    Refusal {
        /// Drunk, or not in control of their conduct.
        Drunk = "drunk", "reception.refusal.drunk";
        /// Threatens or insults.
        Threat = "threat", "reception.refusal.threat";
        /// Brings weapons, explosives.
        Weapon = "weapon", "reception.refusal.weapon";
        /// Refuses the security check.
        Security = "security", "reception.refusal.security";
        /// Records although asked not to.
        Recording = "recording", "reception.refusal.recording";
        /// Disturbs order.
        Disorder = "disorder", "reception.refusal.disorder";
        /// Speaks for somebody without papers.
        NoPapers = "no_papers", "reception.refusal.no_papers";
        /// Outside what receptions are for.
        OutOfScope = "out_of_scope", "reception.refusal.out_of_scope";
        /// A judgment or decision is final.
        FinalJudgment = "final_judgment", "reception.refusal.final_judgment";
        /// Being handled by another body.
        Elsewhere = "elsewhere", "reception.refusal.elsewhere";
        /// Already answered, with nothing new.
        Answered = "answered", "reception.refusal.answered";
        /// Properly resolved, and prolonged on purpose.
        Prolonged = "prolonged", "reception.refusal.prolonged";
    }
}

impl Refusal {
    /// Whether a written notice (form 01/TCD) is owed beside the words (Decree 154/2026, Article 4.3).
    pub fn needs_notice(self) -> bool {
        matches!(self, Self::Answered | Self::Prolonged)
    }
}

coded! {
    /// What somebody who comes needs.
    Need {
        /// Somebody who speaks their language.
        Interpreter = "interpreter", "reception.need.interpreter";
        /// A way without steps.
        Wheelchair = "wheelchair", "reception.need.wheelchair";
        /// Hard of hearing, or signs.
        Hearing = "hearing", "reception.need.hearing";
        /// Cannot read or write: somebody writes it down.
        Writing = "writing", "reception.need.writing";
    }
}

coded! {
    /// In what the head's days are counted.
    Per {
        /// ISO weeks, Monday to Sunday.
        Week = "week", "reception.per.week";
        /// Calendar months.
        Month = "month", "reception.per.month";
    }
}

/// On how many days the heads of a kind of authority receive in person at least.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaysRule {
    /// Which kind of agency.
    pub agency_kind: String,
    /// `province` or `commune` where the rule asks which level; empty else.
    pub area_kind: String,
    /// In what they are counted.
    pub per: Per,
    /// How many days in each.
    pub n: i64,
    /// Days proposed: `5 20` of a month, `thu` of a week.
    pub days: String,
    /// First day it is the law.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Law and article.
    pub source: String,
}

/// How many may speak for so many people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupRule {
    /// From so many people on it is a group (đoàn đông người).
    pub people_from: i64,
    /// Up to so many; none: any number.
    pub people_to: Option<i64>,
    /// At most so many speak.
    pub n: i64,
    /// First day it is the law.
    pub valid_from: NaiveDate,
    /// Last day, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Law and article.
    pub source: String,
}

/// Both tables.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Days of heads.
    pub days: Vec<DaysRule>,
    /// Groups.
    pub groups: Vec<GroupRule>,
}

impl DaysRule {
    /// Whether it is the law on all days from `first` to `last`.
    pub fn holds_throughout(&self, first: NaiveDate, last: NaiveDate) -> bool {
        self.valid_from <= first && self.valid_to.is_none_or(|end| last <= end)
    }
}

impl Rules {
    /// The rows for an authority, past and coming ones among them, in the order they begin.
    pub fn of_agency<'a>(&'a self, agency: &Agency, directory: &Directory) -> Vec<&'a DaysRule> {
        let is_province = directory.area(&agency.area_code).is_some_and(|area| area.parent_code.is_none());
        let level = if is_province { "province" } else { "commune" };
        let mut rows: Vec<&DaysRule> =
            self.days.iter().filter(|rule| rule.agency_kind == agency.kind && (rule.area_kind.is_empty() || rule.area_kind == level)).collect();
        rows.sort_by_key(|rule| rule.valid_from);
        rows
    }

    /// The row for a group of so many people on a day; none where they are no group.
    pub fn group(&self, people: i64, day: NaiveDate) -> Option<&GroupRule> {
        self.groups
            .iter()
            .filter(|rule| rule.valid_from <= day && rule.valid_to.is_none_or(|last| day <= last))
            .find(|rule| rule.people_from <= people && rule.people_to.is_none_or(|to| people <= to))
    }
}

/// What is against so many representatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unrepresented {
    /// A group chooses somebody.
    Nobody,
    /// At most so many.
    TooMany(i64),
    /// More speak than came.
    MoreThanCame,
}

/// Whether so many may speak for so many people (Law on Citizen Reception, Article 29). Who is no group needs nobody.
///
/// # Errors
/// What is against it.
pub fn may_represent(rules: &Rules, people: i64, chosen: i64, day: NaiveDate) -> Result<(), Unrepresented> {
    match rules.group(people, day) {
        _ if chosen > people => Err(Unrepresented::MoreThanCame),
        Some(_) if chosen == 0 => Err(Unrepresented::Nobody),
        Some(rule) if chosen > rule.n => Err(Unrepresented::TooMany(rule.n)),
        _ => Ok(()),
    }
}

/// A last day with the rule it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The latest day, or the last one.
    pub day: NaiveDate,
    /// The rule in one sentence, in Vietnamese and English.
    pub rule: Rule,
}

impl Limit {
    /// The rule in words.
    pub fn sentence(&self, lang: Lang) -> String {
        telling::sentence(lang, &self.rule)
    }
}

/// What the engine says of a rule for a session or an event on `day`; none where no such rule was the law.
pub fn limit(rules: &[Rule], calendar: &Calendar, code: &str, day: NaiveDate) -> Option<Limit> {
    usual(rules, code, day, calendar).map(|(rule, computed)| Limit { day: computed.last_day, rule: rule.clone() })
}

/// The latest day on which a session may be published in time: of the schedule's rule and, online, of the notice's the earlier one.
/// None for one that is not announced beforehand: regular hours, and extraordinary receptions, which are held because they cannot wait.
pub fn publish_by(rules: &[Rule], calendar: &Calendar, kind: Kind, mode: Mode, day: NaiveDate) -> Option<Limit> {
    if kind != Kind::Periodic {
        return None;
    }
    let online = (mode != Mode::Direct).then(|| limit(rules, calendar, ONLINE_NOTICE, day)).flatten();
    limit(rules, calendar, SCHEDULE, day).into_iter().chain(online).min_by_key(|limit| limit.day)
}

/// When a slot begins: the time of the session in equal parts. `slot` counts from 1.
pub fn slot_starts(starts: i64, ends: i64, slots: i64, slot: i64) -> i64 {
    if slots <= 0 { starts } else { starts + (ends - starts) * (slot - 1).max(0) / slots }
}

/// "08:00" of minutes after midnight.
pub fn clock_time(minutes: i64) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Minutes after midnight of "8:00", "8h", "08h30", "8 giờ 30".
pub fn minutes(typed: &str) -> Option<i64> {
    let folded = crate::text::fold(typed.trim());
    let (hours, rest) = match folded.split_once([':', 'h', '.']) {
        Some(parts) => parts,
        None => folded.split_once("gio").unwrap_or((&folded, "")),
    };
    let rest = rest.trim().trim_end_matches("phut").trim();
    let hours: i64 = hours.trim().trim_end_matches("gio").trim().parse().ok()?;
    let minutes: i64 = if rest.is_empty() { 0 } else { rest.parse().ok()? };
    ((0..24).contains(&hours) && (0..60).contains(&minutes)).then_some(hours * 60 + minutes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::{self, Files};
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn rules() -> Rules {
        import::reception_rules(&Files::built_in().reception_rules).expect("rules")
    }

    #[test]
    fn every_row_names_its_source_and_proposes_as_many_days_as_it_asks_for() {
        let rules = rules();
        assert!(rules.days.iter().all(|rule| !rule.source.is_empty() && rule.days.split_whitespace().count() as i64 == rule.n), "{:?}", rules.days);
        assert!(rules.groups.iter().all(|rule| !rule.source.is_empty()));
    }

    #[test]
    fn one_or_two_speak_for_five_to_ten_and_up_to_five_for_more() {
        let (rules, today) = (rules(), day("2026-11-20"));
        assert_eq!(may_represent(&rules, 4, 0, today), Ok(()), "no group");
        assert_eq!(may_represent(&rules, 5, 0, today), Err(Unrepresented::Nobody));
        assert_eq!(may_represent(&rules, 10, 2, today), Ok(()));
        assert_eq!(may_represent(&rules, 10, 3, today), Err(Unrepresented::TooMany(2)));
        assert_eq!(may_represent(&rules, 11, 5, today), Ok(()));
        assert_eq!(may_represent(&rules, 40, 6, today), Err(Unrepresented::TooMany(5)));
        assert_eq!(may_represent(&rules, 1, 2, today), Err(Unrepresented::MoreThanCame));
    }

    /// Trap 10: "at least five working days before" does not count the day of the session; 24/11 is a day off.
    #[test]
    fn trap_10_a_schedule_is_published_five_working_days_before_the_day_itself() {
        let files = Files::built_in();
        let (rules, calendar) = (import::deadline_rules(&files.deadline_rules).expect("rules"), import::calendar(&files.holidays).expect("days"));
        let by = |kind, mode, on: &str| publish_by(&rules, &calendar, kind, mode, day(on)).map(|limit| limit.day.to_string());
        assert_eq!(by(Kind::Periodic, Mode::Direct, "2026-12-07").as_deref(), Some("2026-11-30"));
        assert_eq!(by(Kind::Periodic, Mode::Direct, "2026-11-30").as_deref(), Some("2026-11-20"), "the 24th is off");
        assert_eq!(by(Kind::Periodic, Mode::Online, "2026-12-07").as_deref(), Some("2026-11-30"));
        assert_eq!(by(Kind::Extraordinary, Mode::Direct, "2026-12-07"), None, "what cannot wait is not announced a week before");
    }

    #[test]
    fn hours_are_read_as_people_write_them() {
        for (typed, read) in [("8:00", Some(480)), ("08h30", Some(510)), ("8h", Some(480)), ("7 giờ 15", Some(435)), ("13.45", Some(825)), ("17", Some(1020))]
        {
            assert_eq!(minutes(typed), read, "{typed}");
        }
        for typed in ["", "24:00", "8:60", "sáng", "-1:00"] {
            assert_eq!(minutes(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn slots_begin_in_order_and_within_the_session(starts in 0_i64..1_300, length in 1_i64..600, slots in 1_i64..40) {
            let times: Vec<i64> = (1..=slots).map(|slot| slot_starts(starts, starts + length, slots, slot)).collect();
            prop_assert!(times.windows(2).all(|pair| pair[0] <= pair[1]));
            prop_assert!(times[0] == starts && times.iter().all(|time| *time < starts + length));
        }

        #[test]
        fn a_written_time_is_read_back(minute in 0_i64..1_440) {
            prop_assert_eq!(minutes(&clock_time(minute)), Some(minute));
        }
    }
}
