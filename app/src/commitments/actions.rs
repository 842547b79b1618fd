//! Everything that changes a commitment: permission, rule, rows, record, lists, notices – in the caller's transaction.
//!
//! Whoever calls commits; whoever does not, changes nothing. The folder's own page says how to call [`make`] and [`publish`].

use super::rules::{self, Commitment, Event, Head, Making, OriginKind, Refused};
use super::store::{self, evidence, lists, voices};
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::papers::upload::NewPaper;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::store::register;
use chrono::{DateTime, NaiveDate, Utc};

/// More commitments no dialogue or reception brings forth.
pub const OF_ORIGIN_MAX: i64 = 200;

/// A commitment ready to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCommitment {
    /// Its id, made when the page with the form was shown: the same id twice is the same commitment.
    pub id: String,
    /// Where it was made.
    pub origin: OriginKind,
    /// The dialogue, reception or case.
    pub origin_id: String,
    /// What is promised: plain text that everybody may read once it is published.
    pub text: String,
    /// Who must do it: an authority or one of its units.
    pub owner_id: String,
    /// Who helps: authorities or units.
    pub co_owner_ids: Vec<String>,
    /// In whose name.
    pub head: Head,
    /// The day it was said.
    pub made_on: NaiveDate,
    /// By which day.
    pub day: NaiveDate,
}

/// Makes a commitment. Nobody outside the offices sees it before [`publish`].
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not work at the authority of the head, [`AppError::BadRequest`] for an owner that is none or
/// a day before the promise, [`AppError::Conflict`] where the id is that of another place's commitment.
pub async fn make(act: &mut Act<'_>, new: &NewCommitment) -> Result<Commitment> {
    check(act.actor, Action::MakeCommitment(&new.head.body_id))?;
    if new.text.trim().is_empty() || new.day < new.made_on {
        return Err(AppError::BadRequest("a commitment without words, or for a day before it"));
    }
    let now = act.portal.now();
    make_at(act, new, now).await
}

/// The same where the step that promised was checked by its own rule, at the time it was taken.
pub(crate) async fn make_at(act: &mut Act<'_>, new: &NewCommitment, at: DateTime<Utc>) -> Result<Commitment> {
    if let Some(known) = store::by_id(act.tx, &new.id).await? {
        let is_same = known.origin == new.origin && known.origin_id == new.origin_id;
        return if is_same { Ok(known) } else { Err(AppError::Conflict) };
    }
    let directory = act.portal.directory();
    let owner = directory.agency(&new.owner_id).ok_or(AppError::BadRequest("no such agency"))?;
    let mut co_owner_ids: Vec<String> = Vec::new();
    for id in &new.co_owner_ids {
        directory.agency(id).ok_or(AppError::BadRequest("no such agency"))?;
        if *id != new.owner_id && !co_owner_ids.contains(id) {
            co_owner_ids.push(id.clone());
        }
    }
    let making = Making {
        origin: new.origin,
        origin_id: new.origin_id.clone(),
        owner_id: new.owner_id.clone(),
        body_id: owner.body_id.clone(),
        co_owner_ids,
        head_id: store::head_id(act.tx, &new.head, act.portal.new_id()).await?,
        head: new.head.clone(),
        text: new.text.trim().to_owned(),
        made_on: new.made_on,
        day: new.day,
    };
    record_at(act, &new.id, None, &Event::Made(making), at).await
}

/// Lets everybody read a commitment. `title` and `path` lead back to where it was made; empty where nothing public does. One that is
/// public stays as it is.
///
/// # Errors
/// [`AppError::NotFound`] for whoever does not work at the authority of the head.
pub async fn publish(act: &mut Act<'_>, commitment: &Commitment, title: &str, path: &str) -> Result<Commitment> {
    may_make(act, commitment).await?;
    publish_unchecked(act, commitment, title, path).await
}

/// The same where the step that lets it out was checked by its own rule.
pub(super) async fn publish_unchecked(act: &mut Act<'_>, commitment: &Commitment, title: &str, path: &str) -> Result<Commitment> {
    if commitment.is_public {
        return Ok(commitment.clone());
    }
    let number = match commitment.number {
        Some(number) => number,
        None => store::next_number(act.tx).await?,
    };
    let event = Event::Published { number, title: title.to_owned(), path: path.to_owned() };
    record(act, &commitment.id, Some(commitment), &event).await
}

/// Lets everybody read all commitments of a dialogue or reception: when its outcome is published.
///
/// # Errors
/// Those of [`publish`].
pub async fn publish_all(act: &mut Act<'_>, origin: OriginKind, origin_id: &str, title: &str, path: &str) -> Result<()> {
    for commitment in store::of_origin(act.tx, origin, origin_id, OF_ORIGIN_MAX).await? {
        publish(act, &commitment, title, path).await?;
    }
    Ok(())
}

/// Takes all commitments of a dialogue or reception out of public view, because that was.
///
/// # Errors
/// Those of [`publish`].
pub async fn hide_all(act: &mut Act<'_>, origin: OriginKind, origin_id: &str) -> Result<()> {
    for commitment in store::of_origin(act.tx, origin, origin_id, OF_ORIGIN_MAX).await? {
        if commitment.is_public {
            may_make(act, &commitment).await?;
            record(act, &commitment.id, Some(&commitment), &Event::Hidden).await?;
        }
    }
    Ok(())
}

async fn may_make(act: &mut Act<'_>, commitment: &Commitment) -> Result<()> {
    let head = store::head_by_id(act.tx, &commitment.head_id).await?.ok_or(AppError::NotFound)?;
    check(act.actor, Action::MakeCommitment(&head.head.body_id))
}

/// The commitment, if this actor may see it at their desk.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub async fn seen(act: &mut Act<'_>, id: &str) -> Result<Commitment> {
    check(act.actor, Action::UseDesk)?;
    let commitment = store::by_id(act.tx, id).await?.ok_or(AppError::NotFound)?;
    check(act.actor, Action::SeeCommitments(&commitment.body_id))?;
    Ok(commitment)
}

/// Refuses to act on a commitment that has moved on since the page was shown.
///
/// # Errors
/// [`AppError::Conflict`]
pub fn expect_version(commitment: &Commitment, version: i64) -> Result<()> {
    if commitment.version == version { Ok(()) } else { Err(AppError::Conflict) }
}

/// Adds something that shows how it goes: words, and photos or papers whose bytes are in the store. `once` is its id, made when the
/// page with the form was shown. Gives the commitment as it was if that is in already.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever has nothing to do with it, [`AppError::Conflict`] if somebody was faster.
pub async fn add_evidence(act: &mut Act<'_>, commitment: &Commitment, (once, words, alt): (&str, &str, &str), papers: &[NewPaper]) -> Result<Commitment> {
    let now = act.portal.now();
    add_evidence_at(act, commitment, (once, words, alt), papers, now).await
}

/// The same at a time: for demo data.
pub(crate) async fn add_evidence_at(
    act: &mut Act<'_>,
    commitment: &Commitment,
    (once, words, alt): (&str, &str, &str),
    papers: &[NewPaper],
    at: DateTime<Utc>,
) -> Result<Commitment> {
    check(act.actor, Action::ShowEvidence(commitment))?;
    let evidence = evidence::Evidence { id: once.to_owned(), text: words.to_owned(), at };
    if !evidence::insert(act.tx, &commitment.id, &evidence, act.actor.account_id()).await? {
        return Ok(commitment.clone());
    }
    for paper in papers {
        evidence::insert_paper(act.tx, &commitment.id, once, paper, alt)?;
    }
    record_at(act, &commitment.id, Some(commitment), &Event::Evidence { evidence_id: once.to_owned() }, at).await
}

/// A decision about a commitment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Promises another day, for a reason.
    Move {
        /// The day.
        to: NaiveDate,
        /// Why.
        reason: String,
    },
    /// Tells that it is done.
    Done {
        /// Since when.
        on: NaiveDate,
        /// What there is to say.
        explanation: String,
    },
    /// Gives it up, for a reason.
    Drop {
        /// Why.
        reason: String,
    },
    /// Takes it up again, for a reason.
    Reopen {
        /// Why.
        reason: String,
    },
}

impl Decision {
    /// The event it is.
    pub fn event(&self, commitment: &Commitment, today: NaiveDate) -> Event {
        match self.clone() {
            Self::Move { to, reason } => Event::Moved { from: commitment.day, to, reason },
            Self::Done { on, explanation } => Event::Done { on, explanation },
            Self::Drop { reason } => Event::Dropped { on: today, reason },
            Self::Reopen { reason } => Event::Reopened { reason },
        }
    }

    /// Whether the rules allow it today.
    ///
    /// # Errors
    /// The rule it would break.
    pub fn fits(&self, commitment: &Commitment, now: DateTime<Utc>) -> std::result::Result<(), Refused> {
        rules::may_be_decided(commitment, &self.event(commitment, crate::clock::day(now)), now)
    }
}

/// Carries a decision out. What was promised in an answer is decided in its case: that record leads, and this one follows it.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not decide, and for the commitment of a case; [`AppError::Conflict`] where the rules do not
/// allow it or somebody was faster.
pub async fn decide(act: &mut Act<'_>, commitment: &Commitment, decision: &Decision) -> Result<Commitment> {
    check(act.actor, Action::DecideCommitment(commitment))?;
    decision.fits(commitment, act.portal.now()).map_err(|_| AppError::Conflict)?;
    let event = decision.event(commitment, crate::clock::day(act.portal.now()));
    record(act, &commitment.id, Some(commitment), &event).await
}

/// Lets everybody read what one of the people concerned wrote, or decides that they may not.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not decide, [`AppError::Conflict`] where it is decided so already or was written anew.
pub async fn decide_words(act: &mut Act<'_>, commitment: &Commitment, voice_id: &str, is_released: bool) -> Result<Commitment> {
    check(act.actor, Action::ReleaseVoice(commitment))?;
    let voice = voices::by_id(act.tx, &commitment.id, voice_id).await?.ok_or(AppError::NotFound)?;
    let (state, event) = if is_released {
        ("released", Event::WordsReleased { voice_id: voice.id.clone() })
    } else {
        ("withheld", Event::WordsWithheld { voice_id: voice.id.clone() })
    };
    if voice.words.is_empty() || voice.words_state == state || !voices::decide_words(act.tx, &voice, state).await? {
        return Err(AppError::Conflict);
    }
    record(act, &commitment.id, Some(commitment), &event).await
}

/// Lets out what a device wrote: for demo data, which knows the device.
pub(crate) async fn release_words_of(act: &mut Act<'_>, commitment: &Commitment, device_token: &str) -> Result<Commitment> {
    let key = super::voices::key_hash(&commitment.id, device_token);
    let voice = voices::by_key(act.tx, &commitment.id, &key).await?.ok_or(AppError::NotFound)?;
    decide_words(act, commitment, &voice.id, true).await
}

/// Records an event: the row, the record, the lists, the notice to those who follow.
///
/// # Errors
/// [`AppError::Conflict`] where the event does not fit the commitment or somebody was faster.
async fn record(act: &mut Act<'_>, id: &str, before: Option<&Commitment>, event: &Event) -> Result<Commitment> {
    let now = act.portal.now();
    record_at(act, id, before, event, now).await
}

/// The same for what happened at `now` in another record.
pub(crate) async fn record_at(act: &mut Act<'_>, id: &str, before: Option<&Commitment>, event: &Event, now: DateTime<Utc>) -> Result<Commitment> {
    let after = rules::apply(id, before, event, now).map_err(|_| AppError::Conflict)?;
    match before {
        Some(before) => store::update(act.tx, before, &after).await?,
        None => store::insert(act.tx, &after).await?,
    }
    store::add_event(act.tx, id, after.version, now, act.actor, event)?;
    lists::follow(act.tx, before, &after)?;
    if after.is_public && event.is_news() {
        let job = Job::CommitmentNews { commitment_id: id.to_owned(), is_of_body: false, after: String::new() };
        outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now())?;
    }
    if after.is_public || before.is_some_and(|before| before.is_public) {
        register::raise_version(act.tx).await?;
    }
    Ok(after)
}
