//! Writes questions down as they happened, in a demo. Asks no permission and no rule.

use super::actions::code;
use super::rules::{Channel, Event, Moment, Question, Reason, Stage, State};
use super::store::{self, Board, supports};
use crate::db::{Rows, Tx};
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use crate::portal::Portal;
use chrono::{DateTime, Duration, NaiveDate, Utc};

/// A question of a demo.
#[derive(Clone, Debug)]
pub struct Told {
    /// When it was asked.
    pub asked_at: DateTime<Utc>,
    /// The asker's words.
    pub body: String,
    /// As it was published; empty: in the asker's words.
    pub public_text: String,
    /// How the asker is called.
    pub name: String,
    /// Where they live.
    pub village: String,
    /// Only for the organiser.
    pub is_private: bool,
    /// An official took it down.
    pub is_desk: bool,
    /// How far it has come.
    pub state: State,
    /// Why it is not published, and what was added.
    pub reason: Option<(Reason, String)>,
    /// The number of the one it repeats.
    pub repeats: Option<i64>,
    /// Its topic and its place.
    pub topic: (String, i64),
    /// Supporters by device and by contact.
    pub supporters: (i64, i64),
    /// The unit that prepares the answer, and its draft.
    pub draft: Option<(String, String)>,
    /// Where it is on the stage, and by when it is answered.
    pub stage: (Stage, Option<NaiveDate>),
}

/// Writes the agenda of a dialogue and its questions down, numbered from 1.
///
/// # Errors
/// A database that fails.
pub async fn tell(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue, board: &Board, moderator: Option<&str>, all: &[Told]) -> Result<()> {
    store::put_board(tx, &dialogue.id, &Board::default(), board).await?;
    for told in all {
        one(tx, portal, dialogue, moderator, told).await?;
    }
    Ok(())
}

async fn one(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue, moderator: Option<&str>, told: &Told) -> Result<()> {
    let token = portal.random().token();
    let channel = if told.is_desk { Channel::Desk } else { Channel::Web };
    let number = store::next_number(tx, &dialogue.id).await?;
    let asked = Question {
        moment: if told.asked_at < dialogue.facts.begins_at { Moment::Before } else { Moment::During },
        channel,
        topic: told.topic.0.clone(),
        body: told.body.clone(),
        name: told.name.clone(),
        village: told.village.clone(),
        language: "vi".to_owned(),
        code_digest: code(&token).hash(),
        asker_key: supports::device_digest(&dialogue.id, &token),
        is_private: told.is_private,
        topic_group: told.topic.0.clone(),
        ..Question::new(portal.new_id(), dialogue.id.clone(), number, told.asked_at)
    };
    store::insert(tx, &asked).await?;
    store::add_event(tx, &asked, &Event::Asked { channel }, moderator.filter(|_| told.is_desk).map(str::to_owned), told.asked_at)?;
    let decided = decided(tx, dialogue, &asked, told).await?;
    if let Some((after, event)) = decided {
        store::record(tx, &after, &event, moderator.map(str::to_owned), told.asked_at + Duration::hours(3)).await?;
        store::tell_stage(tx, &after.id, told.stage.0, told.stage.1).await?;
    }
    add_supports(tx, portal, dialogue, &asked, told).await
}

/// The question as moderation left it, and what happened; nothing while it waits.
async fn decided(tx: &mut Tx, dialogue: &Dialogue, asked: &Question, told: &Told) -> Result<Option<(Question, Event)>> {
    let text = if told.public_text.is_empty() { told.body.clone() } else { told.public_text.clone() };
    let mut after = Question { state: told.state, agenda_position: told.topic.1, version: 2, ..asked.clone() };
    if let Some((unit, draft)) = &told.draft {
        after.answer_unit = Some(unit.clone());
        after.answer_draft.clone_from(draft);
    }
    let event = match (told.state, &told.reason, told.repeats) {
        (State::Open, ..) => {
            after.public_text = if told.is_private { String::new() } else { text };
            Event::Opened { is_edited: after.public_text != told.body }
        }
        (State::Refused, Some((reason, words)), _) => {
            after.reason = reason.code().to_owned();
            after.reason_words.clone_from(words);
            Event::Refused { reason: *reason }
        }
        (State::Linked, _, Some(number)) => {
            after.linked_to = store::by_number(tx, &dialogue.id, number).await?.map(|target| target.id);
            Event::Linked { number }
        }
        _ => return Ok(None),
    };
    Ok(Some((after, event)))
}

async fn add_supports(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue, asked: &Question, told: &Told) -> Result<()> {
    let table = Rows { into: "INSERT INTO question_supports (question_id, dialogue_id, supporter, proof, at)", row: "(?, ?, ?, ?, ?)", tail: "" };
    let (devices, contacts) = told.supporters;
    let rows = (0..devices + contacts).map(|n| {
        let supporter = supports::device_digest(&dialogue.id, &portal.random().token());
        let proof = if n < devices { "device" } else { "contact" };
        (asked.id.clone(), dialogue.id.clone(), supporter, proof.to_owned(), told.asked_at + Duration::minutes(37 * (n + 1)))
    });
    tx.exec_many(&table, rows.collect()).await
}
