//! What was promised in the answer to a petition, as a commitment. The case's own record is the truth; this follows it, in the same
//! transaction, and cannot be changed otherwise.
//!
//! Only of a case in the public register, and only of reports and recommendations: those are the kinds whose answers promise. When a
//! case enters the register after its answer, its record is read from the beginning, so that no day that was promised is lost.

use super::actions::{NewCommitment, make_at, publish_unchecked, record_at};
use super::rules::{Commitment, Event, Head, OriginKind, State};
use super::{store, voices};
use crate::error::Result;
use crate::petitions::actions::Act;
use crate::petitions::rules::{Case, Event as CaseEvent};
use crate::petitions::store::{self as cases, register};
use crate::procedures::step::Step;
use crate::publishing::filters::REGISTER;
use crate::words::Lang;
use chrono::{DateTime, Utc};

/// Whether an event of a case may change what it promised, or whether that is public.
fn matters(event: &CaseEvent) -> bool {
    match event {
        CaseEvent::Answered { .. } | CaseEvent::Released { .. } | CaseEvent::Withdrawn | CaseEvent::Reopened { .. } | CaseEvent::Reclassified { .. } => true,
        CaseEvent::Stepped(stepped) => matches!(stepped.step, Step::MovePromise { .. } | Step::Fulfil { .. } | Step::SendBack | Step::Confirm),
        _ => false,
    }
}

/// Carries an event of a case over. `case` is the case after it.
pub async fn follow(act: &mut Act<'_>, case: &Case, event: &CaseEvent) -> Result<()> {
    if !matters(event) {
        return Ok(());
    }
    let known = store::of_origin(act.tx, OriginKind::Case, &case.id, 1).await?.pop();
    let row = register::by_case(act.tx, &case.id).await?;
    let Some(row) = row.filter(|_| case.kind.is_opinion()) else {
        if let Some(known) = known.filter(|known| known.is_public) {
            let now = act.portal.now();
            record_at(act, &known.id, Some(&known), &Event::Hidden, now).await?;
        }
        return Ok(());
    };
    let now = act.portal.now();
    let followed = match known {
        Some(known) => mirror(act, case, Some(known), event, now).await?,
        None => from_the_beginning(act, case).await?,
    };
    if let Some(commitment) = followed.filter(|commitment| !commitment.is_public) {
        publish_unchecked(act, &commitment, &row.title, &format!("{REGISTER}/{}", row.number)).await?;
    }
    Ok(())
}

/// Reads the whole record; the last event is in it already.
async fn from_the_beginning(act: &mut Act<'_>, case: &Case) -> Result<Option<Commitment>> {
    let mut commitment = None;
    for entry in cases::history(act.tx, &case.id, 0).await? {
        commitment = mirror(act, case, commitment, &entry.event, entry.at).await?;
    }
    Ok(commitment)
}

/// What an event of a case makes of its commitment.
async fn mirror(act: &mut Act<'_>, case: &Case, known: Option<Commitment>, event: &CaseEvent, at: DateTime<Utc>) -> Result<Option<Commitment>> {
    let says = |key| Lang::Vi.t(key).to_owned();
    let Some(known) = known else {
        return match event {
            CaseEvent::Answered { on, promised: Some(day), .. } => {
                let new = first(act, case, (*on, *day)).await?;
                make_at(act, &new, at).await.map(Some)
            }
            _ => Ok(None),
        };
    };
    let is_open = known.state == State::Open;
    let event = match event {
        CaseEvent::Answered { promised: Some(day), .. } => {
            let reopened =
                if is_open { known } else { record_at(act, &known.id, Some(&known), &Event::Reopened { reason: says("commitments.case.again") }, at).await? };
            if reopened.day == *day {
                return Ok(Some(reopened));
            }
            let event = Event::Moved { from: reopened.day, to: *day, reason: says("commitments.case.again") };
            return record_at(act, &reopened.id, Some(&reopened), &event, at).await.map(Some);
        }
        CaseEvent::Answered { on, promised: None, .. } if is_open => Event::Dropped { on: *on, reason: says("commitments.case.without") },
        CaseEvent::Reopened { .. } if known.state == State::Done => Event::Reopened { reason: says("commitments.case.reopened") },
        CaseEvent::Stepped(stepped) => match &stepped.step {
            Step::MovePromise { to } if is_open && *to != known.day => Event::Moved { from: known.day, to: *to, reason: says("commitments.case.moved") },
            Step::Fulfil { on } if is_open => Event::Done { on: *on, explanation: says("commitments.case.done") },
            Step::Confirm => {
                voices::say_in_case(act, &known, true).await?;
                return Ok(Some(known));
            }
            Step::SendBack => {
                voices::say_in_case(act, &known, false).await?;
                if known.state != State::Done {
                    return Ok(Some(known));
                }
                Event::Reopened { reason: says("commitments.case.sent_back") }
            }
            _ => return Ok(Some(known)),
        },
        _ => return Ok(Some(known)),
    };
    record_at(act, &known.id, Some(&known), &event, at).await.map(Some)
}

/// The commitment as it begins: in the name of the head of the authority that answered, owned by the unit that had the case.
async fn first(act: &mut Act<'_>, case: &Case, (made_on, day): (chrono::NaiveDate, chrono::NaiveDate)) -> Result<NewCommitment> {
    let directory = act.portal.directory();
    let text = register::by_case(act.tx, &case.id).await?.map(|row| row.title).unwrap_or_default();
    let head = Head {
        body_id: case.body_id.clone(),
        post: crate::letters::office::office(&directory, &case.body_id, None).head_in_words(),
        name: String::new(),
        account_id: String::new(),
    };
    Ok(NewCommitment {
        id: act.portal.new_id(),
        origin: OriginKind::Case,
        origin_id: case.id.clone(),
        text,
        owner_id: case.agency_id().to_owned(),
        co_owner_ids: Vec::new(),
        head,
        made_on,
        day,
    })
}
