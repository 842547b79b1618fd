//! Everything the page of one case shows, loaded at once.

use crate::actor::Actor;
use crate::error::{AppError, Result};
use crate::letters::store::Letter;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::actions::released_answer;
use crate::petitions::rules::Case;
use crate::petitions::store::{self, Entry, parts};
use crate::relations::SenderSide;
use crate::ui::PageContext;

/// A case as its sender sees it.
pub(super) struct CaseView {
    pub case: Case,
    pub text: parts::CaseText,
    pub messages: Vec<parts::Message>,
    pub history: Vec<Entry>,
    /// The answer that was let out, as clean HTML.
    pub answer: Option<String>,
    /// What the citizen sent, at the beginning and later.
    pub papers: Vec<Paper>,
    /// Official letters; the page shows those issued to the sender.
    pub letters: Vec<Letter>,
    pub rating: Option<parts::Rating>,
    /// Where notices go; empty if nowhere.
    pub email: String,
    /// The people behind it and its other parts.
    pub relations: SenderSide,
    /// What was deleted of it.
    pub kept: crate::retention::Standing,
}

/// The id of the case whose visit is open.
///
/// # Errors
/// [`AppError::CodeNeeded`] if none is, or if it has lasted too long without a request.
pub(super) fn visited(context: &PageContext) -> Result<String> {
    match &context.actor {
        Actor::Citizen { case_id } => Ok(case_id.clone()),
        _ => Err(AppError::CodeNeeded),
    }
}

/// Loads a case for its sender.
///
/// # Errors
/// [`AppError::CodeNeeded`] if this visitor has not shown its code.
pub(super) async fn load(context: &PageContext, case_id: &str) -> Result<CaseView> {
    let mut tx = context.portal.db().read().await?;
    let case = store::by_id(&mut tx, case_id).await?.ok_or(AppError::CodeNeeded)?;
    check(&context.actor, Action::Follow(&case))?;
    Ok(CaseView {
        text: parts::text(&mut tx, case_id).await?,
        messages: parts::messages(&mut tx, case_id).await?,
        history: store::history(&mut tx, case_id, 0).await?,
        answer: released_answer(&mut tx, &case).await?,
        papers: crate::papers::store::of_case(&mut tx, case_id).await?,
        letters: crate::letters::store::of_case(&mut tx, case_id).await?,
        rating: parts::rating(&mut tx, case_id).await?,
        email: parts::person(&mut tx, case_id).await?.email,
        relations: crate::relations::sender_side(&mut tx, case_id).await?,
        kept: crate::retention::standing(&mut tx, context, &case).await?,
        case,
    })
}
