//! What a commitment is and what may happen to it. Pure.
//!
//! A commitment is the sum of its events ([`Event`]); [`apply`] is the only thing that makes one of another. The day first promised
//! never changes. Whether a commitment is late is not a state: it follows from the day promised now and from today ([`super::standing::Standing::of`]).

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Where a commitment was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum OriginKind {
    /// Hội nghị đối thoại.
    Dialogue,
    /// Buổi tiếp công dân.
    Reception,
    /// Câu trả lời một đơn.
    Case,
}

impl OriginKind {
    /// As it stands in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dialogue => "dialogue",
            Self::Reception => "reception",
            Self::Case => "case",
        }
    }

    /// Key of its words.
    pub fn key(self) -> &'static str {
        match self {
            Self::Dialogue => "commitments.origin.dialogue",
            Self::Reception => "commitments.origin.reception",
            Self::Case => "commitments.origin.case",
        }
    }
}

/// Where a commitment stands, but for lateness.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[sqlx(type_name = "TEXT", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// To be done.
    Open,
    /// Done, on the day told.
    Done,
    /// Given up, with a reason.
    Dropped,
}

/// A commitment (lời hứa) as its events have made it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Commitment {
    /// Its id.
    pub id: String,
    /// The number in its address, once it has been public.
    pub number: Option<i64>,
    /// Where it was made.
    pub origin: OriginKind,
    /// The dialogue, reception or case.
    pub origin_id: String,
    /// The public title of where it was made; empty if nothing public leads back.
    pub origin_title: String,
    /// Its address, without a language; empty if there is none.
    pub origin_path: String,
    /// Who must do it: an authority or one of its units.
    pub owner_id: String,
    /// The owner's authority.
    pub body_id: String,
    /// Ids of agencies that help, a blank between them.
    pub co_owners: String,
    /// In whose name it was made, see [`Head`].
    pub head_id: String,
    /// What was promised: plain text, public.
    pub text: String,
    /// When.
    pub made_on: NaiveDate,
    /// The day promised first.
    pub first_day: NaiveDate,
    /// The day promised now.
    pub day: NaiveDate,
    /// How often it was moved.
    pub moves: i64,
    /// Where it stands.
    pub state: State,
    /// The day it was done or dropped.
    pub ended_on: Option<NaiveDate>,
    /// Pieces of evidence.
    pub evidences: i64,
    /// Whether everybody may read it.
    pub is_public: bool,
    /// When something happened last.
    pub changed_at: DateTime<Utc>,
    /// How many events there are.
    pub version: i64,
}

impl Commitment {
    /// Year of the promise: what the public filters by.
    pub fn year(&self) -> i64 {
        i64::from(self.made_on.year())
    }

    /// The agencies that help.
    pub fn co_owner_ids(&self) -> impl Iterator<Item = &str> {
        self.co_owners.split(' ').filter(|id| !id.is_empty())
    }

    /// The path of its public page, if it has one.
    pub fn path(&self) -> Option<String> {
        self.number.filter(|_| self.is_public).map(|number| format!("{}/{number}", super::PATH))
    }
}

/// In whose name something was promised, as that stood then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::FromRow)]
pub struct Head {
    /// The authority.
    pub body_id: String,
    /// The post in words: "Chủ tịch UBND xã Chợ Đồn".
    pub post: String,
    /// The person's name as it may be public; empty if only the post is told.
    pub name: String,
    /// The account, if the person has one; empty if not.
    pub account_id: String,
}

/// What a commitment begins with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Making {
    /// Where it was made.
    pub origin: OriginKind,
    /// The dialogue, reception or case.
    pub origin_id: String,
    /// Who must do it.
    pub owner_id: String,
    /// The owner's authority.
    pub body_id: String,
    /// Who helps.
    pub co_owner_ids: Vec<String>,
    /// In whose name: the row, and what stood in it.
    pub head_id: String,
    /// The same in words.
    pub head: Head,
    /// What was promised.
    pub text: String,
    /// When.
    pub made_on: NaiveDate,
    /// By which day.
    pub day: NaiveDate,
}

/// Something that happened to a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// It was made.
    Made(Making),
    /// Everybody may read it, and the way back to where it was made.
    Published {
        /// Its number.
        number: i64,
        /// Public title of where it was made; empty if nothing leads back.
        title: String,
        /// Its address.
        path: String,
    },
    /// Where it was made is no longer public, and so neither is it.
    Hidden,
    /// Something that shows how it goes.
    Evidence {
        /// The row.
        evidence_id: String,
    },
    /// Another day is promised.
    Moved {
        /// The day before.
        from: NaiveDate,
        /// The day now.
        to: NaiveDate,
        /// Why, for everybody to read.
        reason: String,
    },
    /// It is done.
    Done {
        /// Since which day.
        on: NaiveDate,
        /// What there is to say; must say something where no evidence is.
        explanation: String,
    },
    /// It will not be done.
    Dropped {
        /// The day.
        on: NaiveDate,
        /// Why, for everybody to read.
        reason: String,
    },
    /// It was not done after all, or is taken up again.
    Reopened {
        /// Why, for everybody to read.
        reason: String,
    },
    /// What one of the people concerned wrote may be read by everybody.
    WordsReleased {
        /// Whose.
        voice_id: String,
    },
    /// It may not.
    WordsWithheld {
        /// Whose.
        voice_id: String,
    },
}

impl Event {
    /// As it stands in the database.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Made(_) => "made",
            Self::Published { .. } => "published",
            Self::Hidden => "hidden",
            Self::Evidence { .. } => "evidence",
            Self::Moved { .. } => "moved",
            Self::Done { .. } => "done",
            Self::Dropped { .. } => "dropped",
            Self::Reopened { .. } => "reopened",
            Self::WordsReleased { .. } => "words_released",
            Self::WordsWithheld { .. } => "words_withheld",
        }
    }

    /// Whether those who follow the commitment are told.
    pub fn is_news(&self) -> bool {
        matches!(self, Self::Published { .. } | Self::Moved { .. } | Self::Done { .. } | Self::Dropped { .. } | Self::Reopened { .. })
    }
}

/// Why something cannot happen to a commitment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It has begun already, or not yet.
    OutOfOrder,
    /// It is done or dropped.
    Ended,
    /// It is neither done nor dropped.
    NotEnded,
    /// Without a reason, or without words at all.
    NoReason,
    /// The new day is today, past, or the old one.
    NotAhead,
    /// The day lies ahead, or before the promise.
    NotADayOfDoing,
    /// Neither evidence nor an explanation.
    NothingShown,
    /// It is public already, or not.
    Already,
}

/// What an event makes of a commitment; `before` is none for the first event alone. `at` is when it happens, `id` whose it is.
///
/// # Errors
/// The rule it would break.
pub fn apply(id: &str, before: Option<&Commitment>, event: &Event, at: DateTime<Utc>) -> Result<Commitment, Refused> {
    let today = crate::clock::day(at);
    let before = match (before, event) {
        (None, Event::Made(making)) => return made(id, making, at),
        (None, _) | (Some(_), Event::Made(_)) => return Err(Refused::OutOfOrder),
        (Some(before), _) => before,
    };
    let mut after = Commitment { changed_at: at, version: before.version + 1, ..before.clone() };
    match event {
        Event::Made(_) => return Err(Refused::OutOfOrder),
        Event::Published { number, title, path } => {
            if before.is_public || before.number.is_some_and(|known| known != *number) {
                return Err(Refused::Already);
            }
            (after.is_public, after.number) = (true, Some(*number));
            (after.origin_title, after.origin_path) = (title.clone(), path.clone());
        }
        Event::Hidden if !before.is_public => return Err(Refused::Already),
        Event::Hidden => after.is_public = false,
        Event::Evidence { .. } => after.evidences += 1,
        Event::Moved { from, to, reason } => {
            is_open(before)?;
            is_said(reason)?;
            if *from != before.day {
                return Err(Refused::OutOfOrder);
            }
            if to == from {
                return Err(Refused::NotAhead);
            }
            (after.day, after.moves) = (*to, before.moves + 1);
        }
        Event::Done { on, explanation } => {
            may_be_done(before, *on, explanation, today)?;
            (after.state, after.ended_on) = (State::Done, Some(*on));
        }
        Event::Dropped { on, reason } => {
            is_open(before)?;
            is_said(reason)?;
            (after.state, after.ended_on) = (State::Dropped, Some(*on));
        }
        Event::Reopened { reason } => {
            if before.state == State::Open {
                return Err(Refused::NotEnded);
            }
            is_said(reason)?;
            (after.state, after.ended_on) = (State::Open, None);
        }
        Event::WordsReleased { .. } | Event::WordsWithheld { .. } => {}
    }
    Ok(after)
}

fn made(id: &str, making: &Making, at: DateTime<Utc>) -> Result<Commitment, Refused> {
    is_said(&making.text)?;
    Ok(Commitment {
        id: id.to_owned(),
        number: None,
        origin: making.origin,
        origin_id: making.origin_id.clone(),
        origin_title: String::new(),
        origin_path: String::new(),
        owner_id: making.owner_id.clone(),
        body_id: making.body_id.clone(),
        co_owners: making.co_owner_ids.join(" "),
        head_id: making.head_id.clone(),
        text: making.text.clone(),
        made_on: making.made_on,
        first_day: making.day,
        day: making.day,
        moves: 0,
        state: State::Open,
        ended_on: None,
        evidences: 0,
        is_public: false,
        changed_at: at,
        version: 1,
    })
}

fn is_open(commitment: &Commitment) -> Result<(), Refused> {
    if commitment.state == State::Open { Ok(()) } else { Err(Refused::Ended) }
}

fn is_said(words: &str) -> Result<(), Refused> {
    if words.trim().is_empty() { Err(Refused::NoReason) } else { Ok(()) }
}

/// Whether an event is one that somebody may decide on a day: beyond what [`apply`] asks, another day that is promised lies ahead. (What a
/// case has promised is taken over as it stands there, even where it was let out after its day.)
///
/// # Errors
/// The rule it would break.
pub fn may_be_decided(commitment: &Commitment, event: &Event, at: DateTime<Utc>) -> Result<(), Refused> {
    if let Event::Moved { to, .. } = event
        && *to <= crate::clock::day(at)
    {
        return Err(Refused::NotAhead);
    }
    apply(&commitment.id, Some(commitment), event, at).map(drop)
}

/// Whether it may be told as done: on a day since the promise that is not ahead, with at least one piece of evidence or an explanation.
///
/// # Errors
/// The rule it would break.
pub fn may_be_done(commitment: &Commitment, on: NaiveDate, explanation: &str, today: NaiveDate) -> Result<(), Refused> {
    is_open(commitment)?;
    if on > today || on < commitment.made_on {
        return Err(Refused::NotADayOfDoing);
    }
    if commitment.evidences == 0 && explanation.trim().is_empty() { Err(Refused::NothingShown) } else { Ok(()) }
}

#[cfg(test)]
pub mod tests {
    use super::super::standing::Standing;
    use super::*;
    use proptest::prelude::*;

    /// A commitment for tests of other files.
    pub fn commitment(origin: OriginKind, owner_id: &str, body_id: &str) -> Commitment {
        Commitment { origin, owner_id: owner_id.into(), body_id: body_id.into(), ..begun() }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn at(day: NaiveDate) -> DateTime<Utc> {
        day.and_hms_opt(3, 0, 0).expect("a time").and_utc()
    }

    fn making(made_on: &str, by: &str) -> Event {
        let head = Head { body_id: "b".into(), post: "Chủ tịch UBND xã".into(), name: String::new(), account_id: String::new() };
        Event::Made(Making {
            origin: OriginKind::Dialogue,
            origin_id: "d".into(),
            owner_id: "u".into(),
            body_id: "b".into(),
            co_owner_ids: vec!["v".into(), "w".into()],
            head_id: "h".into(),
            head,
            text: "Kéo đường ống nước".into(),
            made_on: day(made_on),
            day: day(by),
        })
    }

    fn begun() -> Commitment {
        apply("c", None, &making("2026-10-14", "2026-10-30"), at(day("2026-10-14"))).expect("made")
    }

    fn after(commitment: &Commitment, on: &str, event: Event) -> Result<Commitment, Refused> {
        apply("c", Some(commitment), &event, at(day(on)))
    }

    fn moved(commitment: &Commitment, on: &str, to: &str) -> Result<Commitment, Refused> {
        let event = Event::Moved { from: commitment.day, to: day(to), reason: "chờ vật tư".into() };
        may_be_decided(commitment, &event, at(day(on)))?;
        after(commitment, on, event)
    }

    fn done(commitment: &Commitment, on: &str, explanation: &str) -> Result<Commitment, Refused> {
        after(commitment, on, Event::Done { on: day(on), explanation: explanation.into() })
    }

    #[test]
    fn late_follows_from_the_day_and_is_no_state() {
        let commitment = begun();
        assert_eq!(Standing::of(&commitment, day("2026-10-30")), Standing::Open, "the day itself is not over");
        assert_eq!(Standing::of(&commitment, day("2026-10-31")), Standing::Late);
        assert_eq!(commitment.co_owner_ids().collect::<Vec<_>>(), ["v", "w"]);
    }

    #[test]
    fn kept_is_judged_by_the_day_promised_now_and_what_was_moved_counts_apart() {
        let commitment = begun();
        let standing = |commitment: Commitment| Standing::of(&commitment, day("2026-12-31"));
        assert_eq!(standing(done(&commitment, "2026-10-30", "xong").expect("done")), Standing::Kept);
        assert_eq!(standing(done(&commitment, "2026-10-31", "xong").expect("done")), Standing::DoneLate);
        let moved = moved(&commitment, "2026-10-29", "2026-11-15").expect("moved");
        assert_eq!((moved.first_day, moved.day, moved.moves), (day("2026-10-30"), day("2026-11-15"), 1));
        assert_eq!(standing(done(&moved, "2026-10-30", "xong").expect("done")), Standing::KeptMoved, "by the first day, yet it had been moved");
        assert_eq!(standing(done(&moved, "2026-11-16", "xong").expect("done")), Standing::DoneLate);
    }

    #[test]
    fn moving_and_dropping_need_a_reason_and_doing_needs_something_to_show() {
        let commitment = begun();
        let without = |event| after(&commitment, "2026-10-20", event).expect_err("refused");
        assert_eq!(without(Event::Moved { from: commitment.day, to: day("2026-11-15"), reason: "  ".into() }), Refused::NoReason);
        assert_eq!(without(Event::Dropped { on: day("2026-10-20"), reason: String::new() }), Refused::NoReason);
        assert_eq!(moved(&commitment, "2026-10-20", "2026-10-20").expect_err("refused"), Refused::NotAhead);
        assert_eq!(moved(&commitment, "2026-10-20", "2026-10-30").expect_err("refused"), Refused::NotAhead, "the same day is no move");
        assert_eq!(done(&commitment, "2026-10-20", " ").expect_err("refused"), Refused::NothingShown);
        assert_eq!(done(&commitment, "2026-10-13", "xong").expect_err("refused"), Refused::NotADayOfDoing, "before it was promised");
        let ahead = Event::Done { on: day("2026-10-21"), explanation: "xong".into() };
        assert_eq!(without(ahead), Refused::NotADayOfDoing);
        let shown = after(&commitment, "2026-10-20", Event::Evidence { evidence_id: "e".into() }).expect("added");
        assert_eq!(done(&shown, "2026-10-20", "").expect("evidence is enough").state, State::Done);
    }

    #[test]
    fn what_has_ended_takes_nothing_but_evidence_until_it_is_reopened() {
        let finished = done(&begun(), "2026-10-20", "xong").expect("done");
        assert_eq!(moved(&finished, "2026-10-21", "2026-11-15").expect_err("refused"), Refused::Ended);
        assert_eq!(done(&finished, "2026-10-21", "xong").expect_err("refused"), Refused::Ended);
        let again = after(&finished, "2026-10-22", Event::Reopened { reason: "5 hộ chưa có nước".into() }).expect("reopened");
        assert_eq!((again.state, again.ended_on, again.day), (State::Open, None, finished.day));
        assert_eq!(after(&again, "2026-10-22", Event::Reopened { reason: "x".into() }).expect_err("refused"), Refused::NotEnded);
    }

    #[test]
    fn a_number_stays_through_hiding_and_publishing_again() {
        let publish = |number| Event::Published { number, title: "Đối thoại".into(), path: "/doi-thoai/1".into() };
        let shown = after(&begun(), "2026-10-20", publish(7)).expect("published");
        assert_eq!(shown.path().as_deref(), Some("/loi-hua/7"));
        let hidden = after(&shown, "2026-10-21", Event::Hidden).expect("hidden");
        assert_eq!((hidden.path(), hidden.number), (None, Some(7)));
        assert_eq!(after(&hidden, "2026-10-22", publish(8)).expect_err("refused"), Refused::Already);
        assert!(after(&hidden, "2026-10-22", publish(7)).is_ok());
    }

    /// Anything somebody might try, in days after the promise.
    fn attempts() -> impl Strategy<Value = Vec<(u64, Event)>> {
        let reason = prop_oneof![Just(String::new()), Just("chờ vật tư".to_owned())];
        let event = (0..7_u8, 0..60_u64, reason).prop_map(|(what, days, reason)| {
            let on = day("2026-10-14") + chrono::Days::new(days);
            match what {
                0 | 1 => Event::Moved { from: on, to: on, reason },
                2 => Event::Done { on, explanation: reason },
                3 => Event::Dropped { on, reason },
                4 => Event::Reopened { reason },
                5 => Event::Evidence { evidence_id: "e".into() },
                _ => Event::Hidden,
            }
        });
        prop::collection::vec((0..5_u64, event), 0..24)
    }

    proptest! {
        /// Whatever is tried, the first day stays, every move is in the record with the day it replaced, and the record replays.
        #[test]
        fn a_move_never_hides_the_first_day_and_the_record_replays(attempts in attempts()) {
            let first = begun();
            let (mut now, mut today) = (first.clone(), day("2026-10-14"));
            let mut record = vec![(at(today), making("2026-10-14", "2026-10-30"))];
            for (later, event) in attempts {
                today = today + chrono::Days::new(later);
                let event = match event {
                    Event::Moved { to, reason, .. } => Event::Moved { from: now.day, to, reason },
                    other => other,
                };
                if let Ok(next) = apply("c", Some(&now), &event, at(today)) {
                    now = next;
                    record.push((at(today), event));
                }
            }
            prop_assert_eq!(now.first_day, first.first_day);
            let mut days = vec![first.first_day];
            for (_, event) in &record {
                if let Event::Moved { from, to, reason } = event {
                    prop_assert_eq!(days.last(), Some(from));
                    prop_assert!(!reason.is_empty());
                    days.push(*to);
                }
            }
            prop_assert_eq!(days.last(), Some(&now.day));
            prop_assert_eq!(i64::try_from(days.len()).ok(), Some(now.moves + 1));
            let replayed = record.iter().try_fold(None, |before: Option<Commitment>, (at, event)| apply("c", before.as_ref(), event, *at).map(Some));
            prop_assert_eq!(replayed, Ok(Some(now)));
        }
    }
}
