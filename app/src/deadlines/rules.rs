//! Legal periods as dated rows, and how the law counts them. Pure.
//!
//! A rule says from which event, how long, in which days, and from when to when it is the law; the rows stand in
//! `data/deadline_rules.csv` and in the table `deadline_rules`, each with its source. Counting follows the Civil Code 2015,
//! Articles 145–148: the day of the event is not counted; a period ends at the end of its last day; a calendar period that
//! would end on a day off ends on the next working day. "At least n days before" is counted backwards from the day itself,
//! and gives the latest day allowed. While a matter is suspended no day counts: neither the day of the suspension nor that
//! of the resumption nor those between.

use super::{Calendar, Certainty, DayOff};
use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

/// No period runs longer than this, pauses included, in days: some ten years.
const PERIOD_DAYS_MAX: u32 = 4_000;

/// In which circumstances a row holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Variant {
    /// Nothing special.
    Usual,
    /// A complex matter (vụ việc phức tạp); for denunciations, extended once.
    Complex,
    /// An especially complex denunciation, extended twice.
    MostComplex,
    /// Far and hard to reach (vùng sâu, vùng xa đi lại khó khăn).
    Remote,
    /// Both.
    RemoteComplex,
}

impl Variant {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Usual, Self::Complex, Self::MostComplex, Self::Remote, Self::RemoteComplex];

    /// As it stands in the table; empty for the usual case.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usual => "",
            Self::Complex => "complex",
            Self::MostComplex => "most_complex",
            Self::Remote => "remote",
            Self::RemoteComplex => "remote_complex",
        }
    }

    /// The variant of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|variant| variant.code() == code)
    }
}

/// Which days make up the length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Working days (ngày làm việc).
    Working,
    /// All days (ngày).
    Calendar,
    /// Calendar years: the period ends with the year.
    Year,
}

impl Unit {
    /// As it stands in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::Working => "working",
            Self::Calendar => "calendar",
            Self::Year => "year",
        }
    }

    /// The unit of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::Working, Self::Calendar, Self::Year].into_iter().find(|unit| unit.code() == code)
    }
}

/// Which way the days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// From the event on.
    After,
    /// Back from the day of a session: the latest day allowed.
    Before,
}

impl Direction {
    /// As it stands in the table.
    pub fn code(self) -> &'static str {
        match self {
            Self::After => "after",
            Self::Before => "before",
        }
    }

    /// The direction of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        [Self::After, Self::Before].into_iter().find(|direction| direction.code() == code)
    }
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Short name: `K2`.
    pub code: String,
    /// In which circumstances.
    pub variant: Variant,
    /// First day of the event for which it is the law.
    pub valid_from: NaiveDate,
    /// Last such day; none while it is in force.
    pub valid_to: Option<NaiveDate>,
    /// Which way.
    pub direction: Direction,
    /// How long, in [`Rule::unit`].
    pub length: u32,
    /// In which days.
    pub unit: Unit,
    /// Whether a last day that is a day off moves to the next working day.
    pub rolls_over: bool,
    /// What must be done, in Vietnamese.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The event, in Vietnamese.
    pub start: String,
    /// The same in English.
    pub start_en: String,
    /// Law and article.
    pub source: String,
}

impl Rule {
    /// Whether it counts the same days as another: length, unit, direction, roll-over. Words and sources may differ.
    pub fn counts_like(&self, other: &Self) -> bool {
        (self.length, self.unit, self.direction, self.rolls_over) == (other.length, other.unit, other.direction, other.rolls_over)
    }

    /// Whether it is the law for an event on that day.
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|last| day <= last)
    }
}

/// How hard a matter is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complexity {
    /// Usual.
    #[default]
    Usual,
    /// Complex.
    Complex,
    /// Especially complex.
    Most,
}

/// From the day of the suspension to the day of the resumption, both among it.
pub type Pause = (NaiveDate, NaiveDate);

/// A pause as it is typed at the command line: `2026-09-01..2026-09-10`.
pub fn pause(text: &str) -> Option<Pause> {
    let (from, to) = text.split_once("..")?;
    Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
}

/// What is special about a matter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Circumstances {
    /// Far and hard to reach.
    pub is_remote: bool,
    /// How hard.
    pub complexity: Complexity,
    /// When it was suspended, or an obstacle kept the person from acting.
    pub pauses: Vec<Pause>,
}

impl Circumstances {
    /// Variants that could hold, the fittest first.
    fn wanted(&self) -> Vec<Variant> {
        let mut wanted = Vec::new();
        if self.is_remote && self.complexity != Complexity::Usual {
            wanted.push(Variant::RemoteComplex);
        }
        if self.complexity == Complexity::Most {
            wanted.push(Variant::MostComplex);
        }
        if self.complexity != Complexity::Usual {
            wanted.push(Variant::Complex);
        }
        if self.is_remote {
            wanted.push(Variant::Remote);
        }
        wanted.push(Variant::Usual);
        wanted
    }
}

/// Why there is no last day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// No rule has this code.
    Unknown,
    /// The rule was not the law yet, or no more, on that day.
    NotInForce {
        /// From when on it was.
        first: NaiveDate,
    },
    /// A pause that ends before it begins.
    PauseReversed(Pause),
    /// The period would not end within [`PERIOD_DAYS_MAX`] days.
    Endless,
}

/// A reason for a last day; together and in order they are the computation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The day of the event, which is not counted.
    Starts(NaiveDate),
    /// The rule has no period of its own for remote places.
    RemoteMakesNoDifference,
    /// The rule has no period of its own for complex matters.
    ComplexMakesNoDifference,
    /// Days that did not count because the matter was suspended.
    Paused {
        /// The pause.
        pause: Pause,
        /// Days of it that would have counted.
        days: u32,
    },
    /// A backwards rule knows no pauses.
    PausesDoNotApply,
    /// Saturdays and Sundays within a period of working days.
    Weekends {
        /// How many.
        days: u32,
    },
    /// A day off on a weekday.
    Skipped {
        /// The day.
        day: NaiveDate,
        /// Its name.
        name: String,
    },
    /// A Saturday that is worked.
    Worked {
        /// The day.
        day: NaiveDate,
        /// Why.
        name: String,
    },
    /// The counted last day is a day off; the period ends later.
    RollsOver {
        /// The counted last day.
        from: NaiveDate,
    },
    /// The latest day allowed is a day off: whoever acts on working days acts before.
    LatestIsDayOff {
        /// The working day before.
        working_day_before: NaiveDate,
    },
    /// A day off that counts and is not announced yet.
    Expected {
        /// The day.
        day: NaiveDate,
        /// Its name.
        name: String,
    },
    /// A day off or worked Saturday that is only proposed and was not counted.
    Proposed {
        /// The day.
        day: NaiveDate,
        /// Its name.
        name: String,
    },
    /// The days off of a year were not announced yet.
    YearNotAnnounced(i32),
}

/// A last day with how it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Computed {
    /// The last day, or the latest day allowed.
    pub last_day: NaiveDate,
    /// The computation.
    pub reasons: Vec<Reason>,
    /// It may change: a day off within is not confirmed.
    pub is_provisional: bool,
}

/// The row that holds for an event on `day`.
///
/// # Errors
/// [`Refusal::Unknown`], [`Refusal::NotInForce`].
pub fn pick<'a>(rules: &'a [Rule], code: &str, day: NaiveDate, circumstances: &Circumstances) -> Result<&'a Rule, Refusal> {
    let of_code: Vec<&Rule> = rules.iter().filter(|rule| rule.code.eq_ignore_ascii_case(code.trim())).collect();
    let first = of_code.iter().map(|rule| rule.valid_from).min().ok_or(Refusal::Unknown)?;
    let fits = |variant: Variant| of_code.iter().find(|rule| rule.variant == variant && rule.holds_on(day)).copied();
    circumstances.wanted().into_iter().find_map(fits).ok_or(Refusal::NotInForce { first })
}

/// The last day of a rule for an event on `start`.
///
/// # Errors
/// [`Refusal::PauseReversed`], [`Refusal::Endless`].
pub fn compute(rule: &Rule, start: NaiveDate, circumstances: &Circumstances, calendar: &Calendar) -> Result<Computed, Refusal> {
    if let Some(pause) = circumstances.pauses.iter().find(|(from, to)| to < from) {
        return Err(Refusal::PauseReversed(*pause));
    }
    let mut reasons = vec![Reason::Starts(start)];
    if circumstances.is_remote && !matches!(rule.variant, Variant::Remote | Variant::RemoteComplex) {
        reasons.push(Reason::RemoteMakesNoDifference);
    }
    if circumstances.complexity != Complexity::Usual && matches!(rule.variant, Variant::Usual | Variant::Remote) {
        reasons.push(Reason::ComplexMakesNoDifference);
    }
    let last_day = match (rule.direction, rule.unit) {
        (_, Unit::Year) => NaiveDate::from_ymd_opt(start.year() + i32::try_from(rule.length).unwrap_or(1) - 1, 12, 31).ok_or(Refusal::Endless)?,
        (Direction::After, _) => forwards(rule, start, &circumstances.pauses, calendar, &mut reasons)?,
        (Direction::Before, _) => backwards(rule, start, circumstances, calendar, &mut reasons)?,
    };
    let certain = reasons.len();
    let (first, last) = if last_day < start { (last_day, start) } else { (start, last_day) };
    // A calendar period cares for days off only where it ends.
    let from = if rule.unit == Unit::Working { first } else { last_day };
    if rule.unit != Unit::Year && (rule.unit == Unit::Working || rule.rolls_over) {
        doubts(from, last, calendar, &mut reasons);
    }
    Ok(Computed { last_day, is_provisional: reasons.len() > certain, reasons })
}

/// The rule of a code for an event on `day`, and what it gives where nothing is special about the matter. None where no such rule was the
/// law then.
pub fn usual<'a>(rules: &'a [Rule], code: &str, day: NaiveDate, calendar: &Calendar) -> Option<(&'a Rule, Computed)> {
    let circumstances = Circumstances::default();
    let rule = pick(rules, code, day, &circumstances).ok()?;
    compute(rule, day, &circumstances, calendar).ok().map(|computed| (rule, computed))
}

fn is_paused(pauses: &[Pause], day: NaiveDate) -> bool {
    pauses.iter().any(|(from, to)| (*from..=*to).contains(&day))
}

fn forwards(rule: &Rule, start: NaiveDate, pauses: &[Pause], calendar: &Calendar, reasons: &mut Vec<Reason>) -> Result<NaiveDate, Refusal> {
    let mut paused = vec![0_u32; pauses.len()];
    let (mut day, mut counted, mut weekends, mut notes) = (start, 0, 0, Vec::new());
    let mut bound = 0;
    while counted < rule.length {
        day = next(day, &mut bound)?;
        let would_count = rule.unit == Unit::Calendar || calendar.is_working_day(day);
        if let Some(which) = pauses.iter().position(|(from, to)| (*from..=*to).contains(&day)) {
            paused[which] += u32::from(would_count);
        } else if would_count {
            counted += 1;
            note_worked(rule, day, calendar, &mut notes);
        } else {
            note_skipped(day, calendar, &mut weekends, &mut notes);
        }
    }
    let days_of = pauses.iter().zip(paused).filter(|(_, days)| *days > 0);
    reasons.extend(days_of.map(|(pause, days)| Reason::Paused { pause: *pause, days }));
    if weekends > 0 {
        reasons.push(Reason::Weekends { days: weekends });
    }
    reasons.extend(notes);
    let counted_last = day;
    while rule.rolls_over && (is_paused(pauses, day) || !calendar.is_working_day(day)) {
        day = next(day, &mut bound)?;
    }
    if day != counted_last {
        reasons.push(Reason::RollsOver { from: counted_last });
    }
    Ok(day)
}

fn backwards(rule: &Rule, session: NaiveDate, circumstances: &Circumstances, calendar: &Calendar, reasons: &mut Vec<Reason>) -> Result<NaiveDate, Refusal> {
    if !circumstances.pauses.is_empty() {
        reasons.push(Reason::PausesDoNotApply);
    }
    let (mut day, mut counted, mut weekends, mut notes) = (session, 0, 0, Vec::new());
    let mut bound = 0;
    while counted < rule.length {
        day = previous(day, &mut bound)?;
        if rule.unit == Unit::Calendar || calendar.is_working_day(day) {
            counted += 1;
            note_worked(rule, day, calendar, &mut notes);
        } else {
            note_skipped(day, calendar, &mut weekends, &mut notes);
        }
    }
    if weekends > 0 {
        reasons.push(Reason::Weekends { days: weekends });
    }
    reasons.extend(notes);
    let mut working = day;
    while !calendar.is_working_day(working) {
        working = previous(working, &mut bound)?;
    }
    if working != day {
        reasons.push(Reason::LatestIsDayOff { working_day_before: working });
    }
    Ok(day)
}

fn next(day: NaiveDate, bound: &mut u32) -> Result<NaiveDate, Refusal> {
    *bound += 1;
    day.checked_add_days(Days::new(1)).filter(|_| *bound <= PERIOD_DAYS_MAX).ok_or(Refusal::Endless)
}

fn previous(day: NaiveDate, bound: &mut u32) -> Result<NaiveDate, Refusal> {
    *bound += 1;
    day.checked_sub_days(Days::new(1)).filter(|_| *bound <= PERIOD_DAYS_MAX).ok_or(Refusal::Endless)
}

fn note_worked(rule: &Rule, day: NaiveDate, calendar: &Calendar, notes: &mut Vec<Reason>) {
    if rule.unit == Unit::Working
        && let Some(row) = calendar.row(day).filter(|row| row.off == DayOff::Work)
    {
        notes.push(Reason::Worked { day, name: row.name.clone() });
    }
}

fn note_skipped(day: NaiveDate, calendar: &Calendar, weekends: &mut u32, notes: &mut Vec<Reason>) {
    match calendar.row(day) {
        Some(row) if !super::is_weekend(day) => notes.push(Reason::Skipped { day, name: row.name.clone() }),
        _ => *weekends += 1,
    }
}

/// What of the days off from `first` to `last` is not certain.
fn doubts(first: NaiveDate, last: NaiveDate, calendar: &Calendar, reasons: &mut Vec<Reason>) {
    for (day, row) in calendar.rows_between(first, last) {
        match row.certainty {
            Certainty::Confirmed => {}
            Certainty::Expected => reasons.push(Reason::Expected { day, name: row.name.clone() }),
            Certainty::Proposed => reasons.push(Reason::Proposed { day, name: row.name.clone() }),
        }
    }
    let unknown = (first.year()..=last.year()).filter(|year| !calendar.is_announced(*year));
    reasons.extend(unknown.map(Reason::YearNotAnnounced));
}
