//! What must leave the portal: rows written in the transaction of the change that causes them, done later by the worker.
//!
//! A row holds ids only. Where a mail goes is looked up when it is sent, so that an address deleted in between is not used.
//! Nothing is deleted on failure: it is tried again, further and further apart, and in the end kept for a person to see.

mod store;

use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

/// Tries before a job is given up.
pub const ATTEMPTS_MAX: i64 = 10;
/// How long a worker may take before another takes the job over.
const CLAIM: Duration = Duration::minutes(5);
/// Wait after the first failure; doubled with each further one.
const BACKOFF_FIRST: Duration = Duration::seconds(30);

/// A job.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Job {
    /// Tell the citizen by mail that something happened to a case.
    Notice {
        /// The case.
        case_id: String,
        /// The event's code.
        event: String,
    },
    /// Tell one who signed with the sender.
    SignerNotice {
        /// The signer.
        signer_id: String,
        /// The event's code.
        event: String,
    },
    /// Write into a case's record how many joined since the last time.
    TellJoined {
        /// The case.
        case_id: String,
    },
    /// Tell whoever booked a slot of a reception that its day has moved.
    ReceptionMoved {
        /// The booking.
        booking_id: String,
    },
    /// Delete a stored paper whose draft has gone.
    DeletePaper {
        /// The paper.
        paper_id: String,
    },
    /// Seal the papers of a case that became a denunciation.
    SealPapers {
        /// The case.
        case_id: String,
    },
    /// Compute open clocks anew after a day off was changed.
    MoveDeadlines {
        /// The change.
        change_id: String,
    },
    /// Compute running clocks anew after a legal period was changed.
    MovePeriods {
        /// The change.
        change_id: String,
    },
    /// Send the notice of a dialogue out at the hour set for it.
    AnnounceDialogue {
        /// The dialogue.
        dialogue_id: String,
    },
    /// Tell those who registered for a dialogue, or renew its public page.
    Attendance {
        /// What is to be done.
        task: crate::dialogues::attendance::notices::Task,
    },
    /// Put a mail about a commitment into the outbox for each of those who follow it, a portion at a time.
    CommitmentNews {
        /// The commitment.
        commitment_id: String,
        /// Whether those are meant who follow all of its authority's.
        is_of_body: bool,
        /// The last one who has theirs; empty at the beginning.
        after: String,
    },
    /// Tell one of those who follow a commitment.
    FollowerNotice {
        /// Who.
        follower_id: String,
        /// The commitment.
        commitment_id: String,
    },
    /// Send one who wants to follow commitments the link that confirms the address.
    FollowerConfirm {
        /// Who.
        follower_id: String,
    },
    /// Tell the asker of a question to a dialogue how it stands.
    QuestionNews {
        /// The question.
        question_id: String,
    },
    /// Send the link that confirms the address of a device that supports questions.
    QuestionConfirm {
        /// The dialogue.
        dialogue_id: String,
        /// The digest of the device.
        device: String,
    },
    /// Tell, a portion at a time, those who asked and those who support questions of a dialogue whose result is out.
    DialogueAnswers {
        /// The dialogue.
        dialogue_id: String,
        /// The number of the last question whose asker has theirs; none: all askers have.
        after_question: Option<i64>,
        /// The last address that has theirs; empty at the beginning.
        after_contact: String,
    },
    /// Tell one who supports questions of a dialogue.
    SupporterNews {
        /// The dialogue.
        dialogue_id: String,
        /// The digest of the device.
        device: String,
    },
    /// Send a citizen the code that proves a contact.
    CitizenCode {
        /// The code's row.
        code_id: String,
    },
    /// Tell somebody that their request about own data was answered.
    DataAnswer {
        /// The request.
        request_id: String,
    },
    /// Renew the public pages after people concerned have spoken about a commitment.
    TellVoices {
        /// The commitment.
        commitment_id: String,
    },
}

impl Job {
    fn kind(&self) -> &'static str {
        match self {
            Self::Notice { .. } => "notice",
            Self::SignerNotice { .. } => "signer_notice",
            Self::ReceptionMoved { .. } => "reception_moved",
            Self::TellJoined { .. } => "tell_joined",
            Self::DeletePaper { .. } => "delete_paper",
            Self::SealPapers { .. } => "seal_papers",
            Self::MoveDeadlines { .. } => "move_deadlines",
            Self::MovePeriods { .. } => "move_periods",
            Self::AnnounceDialogue { .. } => "announce_dialogue",
            Self::Attendance { .. } => "attendance",
            Self::CommitmentNews { .. } => "commitment_news",
            Self::FollowerNotice { .. } => "follower_notice",
            Self::FollowerConfirm { .. } => "follower_confirm",
            Self::CitizenCode { .. } => "citizen_code",
            Self::TellVoices { .. } => "tell_voices",
            Self::DataAnswer { .. } => "data_answer",
            Self::QuestionNews { .. } => "question_news",
            Self::QuestionConfirm { .. } => "question_confirm",
            Self::DialogueAnswers { .. } => "dialogue_answers",
            Self::SupporterNews { .. } => "supporter_news",
        }
    }
}

/// A job a worker has claimed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claimed {
    /// The row.
    pub id: String,
    /// What to do.
    pub job: Job,
    /// Tries before this one.
    pub attempts: i64,
}

/// Adds a job to the caller's transaction, to be done at `run_at` at the earliest.
pub fn add(tx: &mut Tx, id: String, job: &Job, run_at: DateTime<Utc>) -> Result<()> {
    store::insert(tx, id, job.kind(), &serde_json::to_string(job)?, run_at)
}

/// Takes the job that has waited longest, if one is due. No two workers get the same.
pub async fn claim(tx: &mut Tx, now: DateTime<Utc>) -> Result<Option<Claimed>> {
    let Some((id, data, attempts)) = store::claim(tx, now, now + CLAIM).await? else { return Ok(None) };
    Ok(Some(Claimed { id, job: serde_json::from_str(&data)?, attempts }))
}

/// The job is done.
pub async fn done(tx: &mut Tx, id: &str, now: DateTime<Utc>) -> Result<()> {
    store::done(tx, id, now).await
}

/// The job waits until an instant; that is no failure.
pub async fn put_off(tx: &mut Tx, id: &str, until: DateTime<Utc>) -> Result<()> {
    store::put_off(tx, id, until).await
}

/// What went wrong, without the addresses a mail server may repeat in its answer.
pub fn without_addresses(error: &str) -> String {
    error.split(' ').map(|word| if word.contains('@') { "[…]" } else { word }).collect::<Vec<_>>().join(" ")
}

/// The job failed: later again, or given up after [`ATTEMPTS_MAX`].
pub async fn failed(tx: &mut Tx, claimed: &Claimed, error: &str, now: DateTime<Utc>) -> Result<()> {
    let attempts = claimed.attempts + 1;
    let wait = BACKOFF_FIRST * 2_i32.pow(u32::try_from(claimed.attempts.clamp(0, 12)).unwrap_or(0));
    store::failed(tx, &claimed.id, attempts, now + wait, (attempts >= ATTEMPTS_MAX).then_some(now), &without_addresses(error)).await
}

/// Days a finished job is kept.
pub const DONE_KEPT: Duration = Duration::days(30);

/// Forgets jobs that were done long ago.
pub async fn forget_old(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    store::delete_done(tx, now - DONE_KEPT).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_that_is_kept_names_no_address() {
        assert_eq!(without_addresses("550 no such user <mau@vi-du.example> here"), "550 no such user […] here");
        assert_eq!(without_addresses("connection refused"), "connection refused");
    }
}
