//! A dialogue conference: its facts, what can happen to it, and what the law says about its days. Pure.
//!
//! ```text
//! draft: change -> draft
//! draft: announce -> announced
//! draft: cancel -> cancelled
//! announced: change -> announced
//! announced: postpone -> announced
//! announced: hold -> held
//! announced: cancel -> cancelled
//! held: publish -> published
//! ```

use crate::deadlines::Calendar;
use crate::deadlines::rules::{Rule, usual};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Code of the rule for the notice: at least so many days before (Law on Local Government 2025, Art. 43).
pub const NOTICE_RULE: &str = "D1";
/// Code of the rule for the result: at most so many days after (same article).
pub const RESULT_RULE: &str = "D2";

/// Why a dialogue is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Định kỳ: of the year's plan.
    Periodic,
    /// Đột xuất: something made it necessary.
    Extraordinary,
    /// Theo yêu cầu của cử tri: at least a tenth of the voters asked for it.
    Voters,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Periodic, Self::Extraordinary, Self::Voters];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Periodic => "periodic",
            Self::Extraordinary => "extraordinary",
            Self::Voters => "voters",
        }
    }

    /// The kind of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Where people meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// In a hall, or where the matter arose.
    InPerson,
    /// Over the network.
    Online,
    /// Both.
    Mixed,
}

impl Mode {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::InPerson, Self::Online, Self::Mixed];

    /// As it stands in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::InPerson => "in_person",
            Self::Online => "online",
            Self::Mixed => "mixed",
        }
    }

    /// The mode of a code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.code() == code)
    }

    /// Whether there is a place to go to.
    pub fn has_place(self) -> bool {
        self != Self::Online
    }

    /// Whether there is an address to open.
    pub fn has_address(self) -> bool {
        self != Self::InPerson
    }
}

/// What a dialogue is: everything its notice tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// Why it is held.
    pub kind: Kind,
    /// Where people meet.
    pub mode: Mode,
    /// The topic, as a heading.
    pub title: String,
    /// What will be talked about.
    pub about: String,
    /// The commune it is held in, or the province.
    pub area_code: String,
    /// The place in words; empty only online.
    pub place: String,
    /// The villages it is for; empty: all of the area.
    pub villages: String,
    /// Latitude and longitude in millionths of a degree, for a link to a map.
    pub spot: Option<(i64, i64)>,
    /// Where it can be followed over the network; empty only in person.
    pub online_address: String,
    /// How to take part.
    pub joining: String,
    /// The post of the head who is to chair: "Chủ tịch UBND xã Phủ Thông". A post, not a name: the notice is about the office.
    pub head_post: String,
    /// Who else will be there, one post a line.
    pub others: String,
    /// When it begins.
    pub begins_at: DateTime<Utc>,
    /// When it is to end.
    pub ends_at: DateTime<Utc>,
}

impl Facts {
    /// The day it is held, in Viet Nam.
    pub fn day(&self) -> NaiveDate {
        crate::clock::day(self.begins_at)
    }
}

/// Who chaired in fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Chair {
    /// The head, in person: only this counts for the head.
    Head,
    /// Somebody in the head's place.
    Deputy,
}

/// What was recorded when it was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holding {
    /// Who chaired.
    pub chair: Chair,
    /// The post of whoever chaired.
    pub post: String,
    /// The account that was the authority's head on that day, if one was: what counts, counts for that head.
    pub head_id: Option<String>,
    /// People who came.
    pub people: i64,
    /// Questions that were asked.
    pub questions: i64,
    /// Of them answered on the spot.
    pub answered: i64,
}

/// A day it was put off from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// When it was to begin.
    pub from: DateTime<Utc>,
    /// Why it did not.
    pub reason: String,
}

/// How far it has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Only its authority knows.
    Draft,
    /// The notice is out.
    Announced,
    /// It has taken place; the result is due.
    Held,
    /// The result is public.
    Published,
    /// It does not take place.
    Cancelled,
}

/// What can happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was drafted.
    Drafted {
        /// Its number in public addresses.
        number: i64,
        /// The authority.
        body_id: String,
        /// What it is.
        facts: Facts,
    },
    /// Its facts were changed; begin and end stay where the notice is out.
    Changed {
        /// What it is now.
        facts: Facts,
    },
    /// The notice is to go out by itself, or no more.
    Timed {
        /// When.
        at: Option<DateTime<Utc>>,
    },
    /// The notice went out.
    Announced {
        /// The day.
        on: NaiveDate,
        /// Why it is late; empty where it is not.
        late_reason: String,
    },
    /// It was put off.
    Postponed {
        /// The new begin.
        begins_at: DateTime<Utc>,
        /// The new end.
        ends_at: DateTime<Utc>,
        /// Why.
        reason: String,
    },
    /// It does not take place.
    Cancelled {
        /// Why; empty for a draft that was thrown away.
        reason: String,
    },
    /// It has taken place.
    Held {
        /// What was recorded.
        holding: Holding,
    },
    /// The result was published.
    Published {
        /// The day.
        on: NaiveDate,
        /// The result in words.
        outcome: String,
    },
}

/// A dialogue as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialogue {
    /// Its id.
    pub id: String,
    /// Its number in public addresses.
    pub number: i64,
    /// The authority.
    pub body_id: String,
    /// How far it has come.
    pub state: State,
    /// What it is.
    pub facts: Facts,
    /// When the notice goes out by itself.
    pub publish_at: Option<DateTime<Utc>>,
    /// When the notice went out.
    pub announced_on: Option<NaiveDate>,
    /// Why the notice was late.
    pub late_reason: String,
    /// Days it was put off from, the first one first.
    pub moves: Vec<Move>,
    /// Why it was cancelled.
    pub cancel_reason: String,
    /// What was recorded when it was over.
    pub holding: Option<Holding>,
    /// The result as published.
    pub outcome: String,
    /// When.
    pub published_on: Option<NaiveDate>,
    /// Events so far.
    pub version: i64,
}

impl Dialogue {
    /// Whether everybody may see it: its notice was out once.
    pub fn is_public(&self) -> bool {
        self.announced_on.is_some()
    }

    /// Whether it is going on.
    pub fn is_on(&self, now: DateTime<Utc>) -> bool {
        self.state == State::Announced && self.facts.begins_at <= now && now < self.facts.ends_at
    }
}

/// Why something cannot happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not in this state.
    NotNow,
    /// It ends before it begins.
    Reversed,
    /// The day has passed.
    Past,
    /// It has not begun yet.
    NotBegun,
    /// The notice is late and no reason is given.
    Late {
        /// The latest day it could have gone out.
        latest: NaiveDate,
    },
    /// A reason is needed.
    ReasonNeeded,
    /// Moved only by putting off: the notice is out.
    DayTold,
    /// More answered than asked, or fewer than none.
    Counts,
    /// The result needs words.
    OutcomeNeeded,
    /// The notice would go out after the dialogue, or in the past.
    TimedWrong,
}

/// What the law says about the days of dialogues, as rows.
#[derive(Clone, Copy, Debug)]
pub struct Law<'a> {
    /// All legal periods.
    pub rules: &'a [Rule],
    /// Working days.
    pub calendar: &'a Calendar,
}

impl Law<'_> {
    fn day(&self, code: &str, held_on: NaiveDate) -> Option<NaiveDate> {
        usual(self.rules, code, held_on, self.calendar).map(|(_, computed)| computed.last_day)
    }

    /// The latest day the notice may go out; none where no rule held.
    pub fn latest_notice(&self, held_on: NaiveDate) -> Option<NaiveDate> {
        self.day(NOTICE_RULE, held_on)
    }

    /// The last day for publishing the result.
    pub fn result_due(&self, held_on: NaiveDate) -> Option<NaiveDate> {
        self.day(RESULT_RULE, held_on)
    }
}

/// Whether an event may happen to a dialogue as it stands. What has happened is not asked again: [`apply`] takes it as it is.
///
/// # Errors
/// The first [`Refusal`] that stands against it.
pub fn allow(dialogue: &Dialogue, event: &Event, now: DateTime<Utc>, law: Law<'_>) -> Result<(), Refusal> {
    let state = dialogue.state;
    let when = |fits: bool, refusal: Refusal| if fits { Ok(()) } else { Err(refusal) };
    match event {
        Event::Drafted { .. } => Err(Refusal::NotNow),
        Event::Changed { facts } => {
            when(matches!(state, State::Draft | State::Announced), Refusal::NotNow)?;
            let day_stays = (facts.begins_at, facts.ends_at) == (dialogue.facts.begins_at, dialogue.facts.ends_at);
            when(state == State::Draft || day_stays, Refusal::DayTold)?;
            when(facts.begins_at < facts.ends_at, Refusal::Reversed)
        }
        Event::Timed { at } => {
            when(state == State::Draft, Refusal::NotNow)?;
            let Some(at) = at else { return Ok(()) };
            when(*at > now && *at < dialogue.facts.begins_at, Refusal::TimedWrong)?;
            in_time(dialogue, crate::clock::day(*at), "", law)
        }
        Event::Announced { on, late_reason } => {
            when(state == State::Draft, Refusal::NotNow)?;
            when(now < dialogue.facts.begins_at, Refusal::Past)?;
            in_time(dialogue, *on, late_reason, law)
        }
        Event::Postponed { begins_at, ends_at, reason } => {
            when(state == State::Announced, Refusal::NotNow)?;
            when(!reason.trim().is_empty(), Refusal::ReasonNeeded)?;
            when(begins_at < ends_at, Refusal::Reversed)?;
            when(*begins_at > now && *begins_at != dialogue.facts.begins_at, Refusal::Past)
        }
        Event::Cancelled { reason } => {
            when(matches!(state, State::Draft | State::Announced), Refusal::NotNow)?;
            when(state == State::Draft || !reason.trim().is_empty(), Refusal::ReasonNeeded)
        }
        Event::Held { holding } => {
            when(state == State::Announced, Refusal::NotNow)?;
            when(now >= dialogue.facts.begins_at, Refusal::NotBegun)?;
            when(0 <= holding.answered && holding.answered <= holding.questions && holding.people >= 0, Refusal::Counts)
        }
        Event::Published { outcome, .. } => {
            when(state == State::Held, Refusal::NotNow)?;
            when(!outcome.trim().is_empty(), Refusal::OutcomeNeeded)
        }
    }
}

fn in_time(dialogue: &Dialogue, on: NaiveDate, late_reason: &str, law: Law<'_>) -> Result<(), Refusal> {
    match law.latest_notice(dialogue.facts.day()) {
        Some(latest) if on > latest && late_reason.trim().is_empty() => Err(Refusal::Late { latest }),
        _ => Ok(()),
    }
}

/// What an event makes of a dialogue. Nothing for an event that cannot be the next one.
pub fn apply(id: &str, before: Option<Dialogue>, event: &Event) -> Option<Dialogue> {
    if let Event::Drafted { number, body_id, facts } = event {
        return before.is_none().then(|| Dialogue {
            id: id.to_owned(),
            number: *number,
            body_id: body_id.clone(),
            state: State::Draft,
            facts: facts.clone(),
            publish_at: None,
            announced_on: None,
            late_reason: String::new(),
            moves: Vec::new(),
            cancel_reason: String::new(),
            holding: None,
            outcome: String::new(),
            published_on: None,
            version: 1,
        });
    }
    let mut next = before?;
    next.version += 1;
    match event {
        Event::Drafted { .. } => return None,
        Event::Changed { facts } => {
            // Another day may need another hour for the notice: it is set anew.
            if next.facts.begins_at != facts.begins_at {
                next.publish_at = None;
            }
            next.facts = facts.clone();
        }
        Event::Timed { at } => next.publish_at = *at,
        Event::Announced { on, late_reason } => {
            next.state = State::Announced;
            next.announced_on = Some(*on);
            next.late_reason = late_reason.trim().to_owned();
            next.publish_at = None;
        }
        Event::Postponed { begins_at, ends_at, reason } => {
            next.moves.push(Move { from: next.facts.begins_at, reason: reason.trim().to_owned() });
            (next.facts.begins_at, next.facts.ends_at) = (*begins_at, *ends_at);
        }
        Event::Cancelled { reason } => {
            next.state = State::Cancelled;
            next.cancel_reason = reason.trim().to_owned();
            next.publish_at = None;
        }
        Event::Held { holding } => {
            next.state = State::Held;
            next.holding = Some(holding.clone());
        }
        Event::Published { on, outcome } => {
            next.state = State::Published;
            next.outcome = outcome.trim().to_owned();
            next.published_on = Some(*on);
        }
    }
    Some(next)
}

/// The dialogue all events make.
pub fn replay<'a>(id: &str, events: impl IntoIterator<Item = &'a Event>) -> Option<Dialogue> {
    events.into_iter().fold(None, |before, event| apply(id, before, event))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::agencies::import::{Files, deadline_rules};
    use chrono::Duration;
    use proptest::prelude::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    /// Tuesday, 8 December 2026, 8:00 to 11:00 in Viet Nam.
    pub fn facts() -> Facts {
        Facts {
            kind: Kind::Periodic,
            mode: Mode::InPerson,
            title: "Nước sạch và đường nông thôn".to_owned(),
            about: "Cấp nước cho ba thôn cuối nguồn.".to_owned(),
            area_code: "01969".to_owned(),
            place: "Nhà văn hóa thôn Bản Tàn".to_owned(),
            villages: String::new(),
            spot: None,
            online_address: String::new(),
            joining: "Đến trước 15 phút.".to_owned(),
            head_post: "Chủ tịch UBND xã Phủ Thông".to_owned(),
            others: String::new(),
            begins_at: at("2026-12-08T01:00:00Z"),
            ends_at: at("2026-12-08T04:00:00Z"),
        }
    }

    fn rules() -> Vec<Rule> {
        deadline_rules(&Files::built_in().deadline_rules).expect("the shipped table")
    }

    fn drafted() -> Dialogue {
        apply("d", None, &Event::Drafted { number: 7, body_id: "b".to_owned(), facts: facts() }).expect("a draft")
    }

    /// The same with its notice out.
    pub fn announced() -> Dialogue {
        let event = Event::Announced { on: "2026-11-27".parse().expect("a day"), late_reason: String::new() };
        apply("d", Some(drafted()), &event).expect("announced")
    }

    fn announce(on: &str, reason: &str) -> Event {
        Event::Announced { on: on.parse().expect("a day"), late_reason: reason.to_owned() }
    }

    fn holding(people: i64, questions: i64, answered: i64) -> Event {
        Event::Held { holding: Holding { chair: Chair::Head, post: "Chủ tịch".to_owned(), head_id: None, people, questions, answered } }
    }

    /// Trap 10: the day of the dialogue is not one of the seven. Held on the 8th, the notice goes out on the 1st at the latest.
    #[test]
    fn a_notice_goes_out_seven_whole_days_before_or_says_why_not() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        let now = at("2026-11-27T02:00:00Z");
        assert_eq!(law.latest_notice(facts().day()), "2026-12-01".parse().ok());
        assert_eq!(allow(&drafted(), &announce("2026-12-01", ""), now, law), Ok(()));
        let latest = "2026-12-01".parse().expect("a day");
        assert_eq!(allow(&drafted(), &announce("2026-12-02", "  "), now, law), Err(Refusal::Late { latest }));
        assert_eq!(allow(&drafted(), &announce("2026-12-02", "Lũ quét, phải họp ngay"), now, law), Ok(()));
        assert_eq!(allow(&drafted(), &announce("2026-12-08", "gấp"), facts().begins_at, law), Err(Refusal::Past), "it has begun");
    }

    /// Held on Tuesday the 8th, the tenth day is Friday the 18th; held on Thursday the 10th it would be Sunday the 20th, so Monday the 21st.
    #[test]
    fn the_result_is_due_ten_days_after_or_on_the_next_working_day() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        assert_eq!(law.result_due("2026-12-08".parse().expect("a day")), "2026-12-18".parse().ok());
        assert_eq!(law.result_due("2026-12-10".parse().expect("a day")), "2026-12-21".parse().ok());
        assert_eq!(law.result_due("2025-01-10".parse().expect("a day")), None, "before the law there was no such day");
    }

    #[test]
    fn a_timed_notice_is_in_time_and_before_the_dialogue() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        let now = at("2026-11-27T02:00:00Z");
        let timed = |text: &str| allow(&drafted(), &Event::Timed { at: Some(at(text)) }, now, law);
        assert_eq!(timed("2026-12-01T16:59:00Z"), Ok(()), "23:59 of the last day allowed, in Viet Nam");
        assert!(matches!(timed("2026-12-01T17:00:00Z"), Err(Refusal::Late { .. })), "a minute later it is the 2nd");
        assert_eq!(timed("2026-11-26T02:00:00Z"), Err(Refusal::TimedWrong));
        assert_eq!(allow(&drafted(), &Event::Timed { at: None }, now, law), Ok(()));
        let set = apply("d", Some(drafted()), &Event::Timed { at: Some(at("2026-12-01T01:00:00Z")) }).expect("set");
        let moved = Facts { begins_at: facts().begins_at - Duration::days(5), ..facts() };
        assert_eq!(apply("d", Some(set), &Event::Changed { facts: moved }).and_then(|dialogue| dialogue.publish_at), None, "the hour belonged to the old day");
    }

    #[test]
    fn a_day_that_was_told_moves_only_with_a_reason_and_stays_readable() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        let now = at("2026-12-05T02:00:00Z");
        let (begins_at, ends_at) = (at("2026-12-15T01:00:00Z"), at("2026-12-15T04:00:00Z"));
        let quietly = Event::Changed { facts: Facts { begins_at, ends_at, ..facts() } };
        assert_eq!(allow(&announced(), &quietly, now, law), Err(Refusal::DayTold));
        assert_eq!(allow(&drafted(), &quietly, now, law), Ok(()));
        let postpone = |reason: &str| Event::Postponed { begins_at, ends_at, reason: reason.to_owned() };
        assert_eq!(allow(&announced(), &postpone(" "), now, law), Err(Refusal::ReasonNeeded));
        assert_eq!(allow(&announced(), &postpone("Mưa lũ"), now, law), Ok(()));
        let moved = apply("d", Some(announced()), &postpone("Mưa lũ")).expect("put off");
        assert_eq!(moved.moves, [Move { from: facts().begins_at, reason: "Mưa lũ".to_owned() }]);
        assert_eq!((moved.state, moved.facts.begins_at), (State::Announced, begins_at));
    }

    #[test]
    fn nothing_is_held_before_it_begins_and_no_more_is_answered_than_asked() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        let (before, begun) = (at("2026-12-08T00:59:59Z"), at("2026-12-08T01:00:00Z"));
        assert_eq!(allow(&announced(), &holding(40, 9, 9), before, law), Err(Refusal::NotBegun));
        assert_eq!(allow(&announced(), &holding(40, 9, 9), begun, law), Ok(()));
        assert_eq!(allow(&announced(), &holding(40, 9, 10), begun, law), Err(Refusal::Counts));
        assert_eq!(allow(&drafted(), &holding(40, 9, 9), begun, law), Err(Refusal::NotNow), "it was never announced");
        assert!(announced().is_on(begun) && !announced().is_on(before) && !announced().is_on(facts().ends_at));
    }

    /// The states an event leads to, as the module's diagram tells them.
    #[test]
    fn the_diagram_says_what_the_rules_do() {
        let (rules, calendar) = (rules(), Calendar::default());
        let law = Law { rules: &rules, calendar: &calendar };
        let held = apply("d", Some(announced()), &holding(1, 1, 1)).expect("held");
        let published = Event::Published { on: "2026-12-10".parse().expect("a day"), outcome: "Đã trả lời hết.".to_owned() };
        let after = |dialogue: &Dialogue, event: &Event| apply("d", Some(dialogue.clone()), event).expect("an event");
        let all = [
            ("draft", drafted()),
            ("announced", announced()),
            ("held", held.clone()),
            ("published", after(&held, &published)),
            ("cancelled", after(&announced(), &Event::Cancelled { reason: "dịch bệnh".to_owned() })),
        ];
        let later = (at("2027-01-12T01:00:00Z"), at("2027-01-12T02:00:00Z"));
        let steps = [
            ("change", Event::Changed { facts: facts() }),
            ("announce", announce("2026-11-27", "")),
            ("postpone", Event::Postponed { begins_at: later.0, ends_at: later.1, reason: "bão".to_owned() }),
            ("hold", holding(2, 1, 1)),
            ("cancel", Event::Cancelled { reason: "bão".to_owned() }),
            ("publish", published),
        ];
        let mut told: Vec<String> = Vec::new();
        for (from, dialogue) in &all {
            for (name, event) in &steps {
                let now = if *name == "announce" { at("2026-11-27T02:00:00Z") } else { facts().begins_at };
                if allow(dialogue, event, now, law).is_ok() {
                    let to = all.iter().find(|(_, other)| other.state == after(dialogue, event).state).map_or("?", |(name, _)| *name);
                    told.push(format!("{from}: {name} -> {to}"));
                }
            }
        }
        let diagram = include_str!("rules.rs").lines().take_while(|line| line.starts_with("//!"));
        let mut drawn: Vec<String> = diagram.filter(|line| line.contains(" -> ")).map(|line| line.trim_start_matches("//! ").to_owned()).collect();
        told.sort();
        drawn.sort();
        assert_eq!(told, drawn);
    }

    proptest! {
        #[test]
        fn a_notice_in_time_stays_in_time_for_every_later_day(days in 0_i64..400, earlier in 0_i64..60) {
            let (rules, calendar) = (rules(), Calendar::default());
            let law = Law { rules: &rules, calendar: &calendar };
            let held_on = facts().day() + Duration::days(days);
            let latest = law.latest_notice(held_on).expect("a rule");
            prop_assert_eq!((held_on - latest).num_days(), 7);
            let dialogue = Dialogue { facts: Facts { begins_at: facts().begins_at + Duration::days(days), ..facts() }, ..drafted() };
            let on = latest - Duration::days(earlier);
            let event = Event::Announced { on, late_reason: String::new() };
            prop_assert_eq!(allow(&dialogue, &event, at("2026-11-01T00:00:00Z"), law), Ok(()));
        }

        #[test]
        fn events_survive_the_database(seconds in 0_i64..10_000_000, reason in "\\PC{0,30}") {
            let begins_at = facts().begins_at + Duration::seconds(seconds);
            let events = [
                Event::Drafted { number: 1, body_id: "b".to_owned(), facts: facts() },
                announce("2026-11-27", &reason),
                Event::Postponed { begins_at, ends_at: begins_at + Duration::hours(2), reason },
            ];
            for event in &events {
                let text = serde_json::to_string(event).expect("JSON");
                prop_assert_eq!(&serde_json::from_str::<Event>(&text).expect("an event"), event);
            }
        }
    }
}
