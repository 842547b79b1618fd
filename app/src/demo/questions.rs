//! Questions of a demo: before the dialogues that come, during the one that runs, answered ones of the past.

use super::sign_ins;
use super::together::official_of;
use crate::agencies::Directory;
use crate::db::Tx;
use crate::dialogues::live::rules::Phase;
use crate::dialogues::live::telling::{Told as Answered, tell_answer, tell_phase};
use crate::dialogues::questions::rules::{Reason, Stage, State};
use crate::dialogues::questions::store::{Board, by_number};
use crate::dialogues::questions::telling::{Told, tell};
use crate::dialogues::rules::Dialogue;
use crate::dialogues::store::of_body;
use crate::error::{AppError, Result};
use crate::permissions::Role;
use crate::portal::Portal;
use chrono::{DateTime, Datelike, Days, Duration, Utc};
use serde::Deserialize;

/// Dialogues of one authority in a year.
const DIALOGUES_MAX: i64 = 200;

#[derive(Deserialize)]
struct Texts {
    dialogue: Vec<Asked>,
}

#[derive(Deserialize)]
struct Asked {
    body: String,
    title: String,
    topics: Vec<String>,
    #[serde(default)]
    published: bool,
    question: Vec<One>,
}

#[derive(Deserialize)]
struct One {
    text: String,
    #[serde(default)]
    public: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    village: String,
    #[serde(default)]
    topic: usize,
    /// Hours before the dialogue begins, or before now where it has not; below 0 after that.
    hours: i64,
    #[serde(default)]
    private: bool,
    #[serde(default)]
    desk: bool,
    state: State,
    reason: Option<Reason>,
    #[serde(default)]
    words: String,
    repeats: Option<i64>,
    #[serde(default)]
    device: i64,
    #[serde(default)]
    contact: i64,
    #[serde(default)]
    draft: String,
    stage: Option<Stage>,
    /// Days after the dialogue by which it is answered.
    promised: Option<u64>,
    /// What was answered, and by whom; empty: by the head.
    #[serde(default)]
    answer: String,
    #[serde(default)]
    by: String,
}

impl One {
    fn told(&self, directory: &Directory, dialogue: &Dialogue, topics: &[String], (place, now): (i64, DateTime<Utc>)) -> Told {
        let unit = directory.units_of(&dialogue.body_id).next().map_or_else(|| dialogue.body_id.clone(), |unit| unit.id.clone());
        let topic = self.topic.checked_sub(1).and_then(|n| topics.get(n)).cloned().unwrap_or_default();
        Told {
            asked_at: (dialogue.facts.begins_at.min(now) - Duration::hours(self.hours)).min(now),
            body: self.text.clone(),
            public_text: self.public.clone(),
            name: self.name.clone(),
            village: self.village.clone(),
            is_private: self.private,
            is_desk: self.desk,
            state: self.state,
            reason: self.reason.map(|reason| (reason, self.words.clone())),
            repeats: self.repeats,
            topic: (topic.clone(), if topic.is_empty() || self.state != State::Open { 0 } else { place }),
            supporters: (self.device, self.contact),
            draft: Some((unit, self.draft.clone())).filter(|(_, draft)| !draft.is_empty()),
            stage: (self.stage.unwrap_or(Stage::Queued), self.promised.map(|days| dialogue.facts.day() + Days::new(days))),
        }
    }
}

/// Fills them in, once the dialogues are there.
///
/// # Errors
/// A database that fails, or a file of texts that cannot be read.
pub async fn fill(portal: &Portal) -> Result<()> {
    let texts: Texts = toml::from_str(include_str!("../../../data/demo/questions.toml")).map_err(AppError::internal)?;
    let directory = portal.directory();
    let today = crate::clock::day(portal.now());
    let mut tx = portal.db().write().await?;
    for asked in &texts.dialogue {
        let Some(body) = directory.body_by_code(&asked.body) else { continue };
        let mut dialogues = Vec::new();
        for year in today.year() - 1..=today.year() + 1 {
            dialogues.extend(of_body(&mut tx, &body.id, i64::from(year), DIALOGUES_MAX).await?);
        }
        let Some(dialogue) = dialogues.into_iter().find(|dialogue| dialogue.facts.title == asked.title) else { continue };
        let place = super::SIGN_INS.iter().position(|(code, ..)| *code == asked.body);
        let intakes: Vec<_> = sign_ins().into_iter().filter(|sign_in| sign_in.role == Role::Intake).collect();
        let intake = match place.and_then(|place| intakes.get(place)) {
            Some(sign_in) => official_of(&mut tx, portal, &sign_in.login).await?,
            None => None,
        };
        let moderator = intake.as_ref().and_then(crate::actor::Actor::account_id);
        let published_on = asked.published.then(|| (dialogue.facts.day() - Days::new(2)).min(today));
        let board = Board { topics: asked.topics.join("\n"), agenda_published_on: published_on, version: 0 };
        let told: Vec<Told> = (1_i64..).zip(&asked.question).map(|(n, one)| one.told(&directory, &dialogue, &asked.topics, (n, portal.now()))).collect();
        tell(&mut tx, portal, &dialogue, &board, moderator.as_deref(), &told).await?;
        answer(&mut tx, portal, &dialogue, &asked.question, moderator.as_deref().unwrap_or_default()).await?;
    }
    tx.commit().await
}

/// What was answered to them, and how far the dialogue itself has come.
async fn answer(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue, asked: &[One], account_id: &str) -> Result<()> {
    if !asked.iter().any(|one| one.stage.is_some()) {
        return Ok(());
    }
    tell_phase(tx, dialogue, if dialogue.is_on(portal.now()) { Phase::Running } else { Phase::Ended }).await?;
    for (number, one) in (1_i64..).zip(asked).filter(|(_, one)| !one.answer.is_empty()) {
        let Some(question) = by_number(tx, &dialogue.id, number).await? else { continue };
        let post = if one.by.is_empty() { &dialogue.facts.head_post } else { &one.by };
        let at = dialogue.facts.begins_at + Duration::minutes(10 * number);
        tell_answer(tx, dialogue, Answered { question_id: &question.id, id: portal.new_id(), post, body: &one.answer, account_id, at }).await?;
    }
    Ok(())
}
