//! Whether a sender was guided about the same content before: a complaint's sender is told the right address once; what comes again
//! is kept and counted, not handled (Circular 05/2021/TT-TTCP; nothing is merged).
//!
//! The same content is one that an official linked as a repeat, or one of the same sender (a shared keyed mark, never a name) in the
//! same words.

use super::rules::{Case, Kind};
use super::store::guidance as store;
use super::store::parts;
use crate::db::Tx;
use crate::error::Result;
use crate::procedures::{Stage, complaint};
use crate::text::fold;

/// Earlier cases of one sender that are looked through.
const CASES_OF_SENDER_MAX: i64 = 50;

/// Whether an earlier complaint of the same sender with the same content ended in guidance.
pub async fn was_guided(tx: &mut Tx, case: &Case) -> Result<bool> {
    let is_open_question = case.kind == Kind::Complaint && matches!(case.procedure().stage, Stage::Complaint(complaint::State::Intake(_)));
    if !is_open_question {
        return Ok(false);
    }
    for other in store::repeats(tx, &case.id).await? {
        if is_guided(&other) && other.search_key < case.search_key {
            return Ok(true);
        }
    }
    let earlier = store::of_sender(tx, &case.id, case.search_key, CASES_OF_SENDER_MAX).await?;
    let guided: Vec<Case> = earlier.into_iter().filter(is_guided).collect();
    if guided.is_empty() {
        return Ok(false);
    }
    let this = words(&parts::text(tx, &case.id).await?);
    for other in guided {
        if words(&parts::text(tx, &other.id).await?) == this {
            return Ok(true);
        }
    }
    Ok(false)
}

fn is_guided(case: &Case) -> bool {
    matches!(case.procedure().stage, Stage::Complaint(complaint::State::Over { how: complaint::Over::Guided }))
}

/// What a petition says, however it is spaced or capitalised.
fn words(text: &parts::CaseText) -> Vec<String> {
    fold(&format!("{} {}", text.title, text.body)).split_whitespace().map(str::to_owned).collect()
}
