//! What stands on the stage of a dialogue and beside it, as everybody may see it.

use super::store::{self, Answer, Live};
use crate::db::Tx;
use crate::dialogues::questions::rules::Stage;
use crate::dialogues::questions::store::{PublicQuestion, board, public_by_topic};
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use std::collections::HashMap;

/// Questions of one dialogue that the stage knows.
pub const QUESTIONS_MAX: i64 = 500;
/// Pieces of answers of one dialogue that are read.
const ANSWERS_MAX: i64 = 2_000;

/// A question with what was answered to it.
#[derive(Clone, Debug)]
pub struct Item {
    /// The question as everybody may read it.
    pub question: PublicQuestion,
    /// What was answered, in order.
    pub answers: Vec<Answer>,
}

/// The stage.
#[derive(Clone, Debug)]
pub struct Board {
    /// The dialogue.
    pub dialogue: Dialogue,
    /// How far it has come.
    pub live: Live,
    /// The question that is being answered.
    pub on: Option<Item>,
    /// Those that wait, in their order.
    pub queue: Vec<Item>,
    /// Those that were dealt with, the last one first.
    pub done: Vec<Item>,
    /// Those that were taken out.
    pub out: Vec<Item>,
}

impl Board {
    /// Reads it.
    pub async fn load(tx: &mut Tx, dialogue: Dialogue) -> Result<Self> {
        let live = store::live(tx, &dialogue.id).await?;
        let topics = board(tx, &dialogue.id).await?.topics();
        let questions = public_by_topic(tx, &dialogue.id, QUESTIONS_MAX).await?;
        let mut answers: HashMap<String, Vec<Answer>> = HashMap::new();
        for answer in store::answers(tx, &dialogue.id, ANSWERS_MAX).await? {
            answers.entry(answer.question_id.clone()).or_default().push(answer);
        }
        let mut items: Vec<Item> = questions
            .into_iter()
            .map(|question| {
                let answers = answers.remove(&question.id).unwrap_or_default();
                Item { question, answers }
            })
            .collect();
        // In the order of the agenda, unless a moderator gave a question another place; the sort keeps the order within a topic.
        let topic = |item: &Item| topics.iter().position(|topic| *topic == item.question.topic_group).unwrap_or(usize::MAX);
        items.sort_by_key(|item| (item.question.stage_order, topic(item)));
        let mut part = |stages: &[Stage]| items.extract_if(.., |item| stages.contains(&item.question.stage)).collect::<Vec<_>>();
        let on = part(&[Stage::Now]).into_iter().next();
        let queue = part(&[Stage::Queued]);
        let mut done = part(&[Stage::Answered, Stage::Later]);
        done.sort_by_key(|item| std::cmp::Reverse(item.question.stage_at));
        let mut out = part(&[Stage::Out]);
        out.sort_by_key(|item| item.question.number);
        Ok(Self { dialogue, live, on, queue, done, out })
    }

    /// A question of the stage by its number.
    pub fn by_number(&self, number: i64) -> Option<&Item> {
        self.on.iter().chain(&self.done).chain(&self.queue).chain(&self.out).find(|item| item.question.number == number)
    }

    /// How many were answered on the spot.
    pub fn answered(&self) -> usize {
        self.done.iter().filter(|item| item.question.stage == Stage::Answered).count()
    }
}
