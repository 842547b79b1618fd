//! Writes down what happened on a stage, in a demo. Asks no permission and no rule.

use super::rules::Phase;
use super::store::{Answer, Live, add_answer, live, put_live};
use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use chrono::{DateTime, Utc};

/// How far a dialogue has come.
pub async fn tell_phase(tx: &mut Tx, dialogue: &Dialogue, phase: Phase) -> Result<()> {
    let seen = live(tx, &dialogue.id).await?;
    put_live(tx, &dialogue.id, &seen, &Live { phase, message: String::new(), version: seen.version }).await
}

/// What was answered to a question.
#[derive(Clone, Debug)]
pub struct Told<'a> {
    /// The question.
    pub question_id: &'a str,
    /// The id of the piece.
    pub id: String,
    /// Who said it.
    pub post: &'a str,
    /// What.
    pub body: &'a str,
    /// Who wrote it down.
    pub account_id: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes an answer down.
pub async fn tell_answer(tx: &mut Tx, dialogue: &Dialogue, told: Told<'_>) -> Result<()> {
    let answer = Answer {
        id: told.id,
        dialogue_id: dialogue.id.clone(),
        question_id: told.question_id.to_owned(),
        position: 0,
        post: told.post.to_owned(),
        body: told.body.to_owned(),
        account_id: told.account_id.to_owned(),
        at: told.at,
        corrected_at: None,
        version: 1,
    };
    add_answer(tx, &answer).await.map(drop)
}
