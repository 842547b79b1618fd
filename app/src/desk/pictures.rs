//! Photos and papers of a case, for those who may see the case.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::papers::serve::{Size, respond_scanned};
use crate::papers::store::{Paper, by_id};
use crate::petitions::actions;
use crate::petitions::rules::{Case, Kind};
use crate::record::{self, deeds::Deed};
use crate::sealed::actions::{open_now, session_hash};
use crate::sealed::rules::Handling;
use crate::ui::PageContext;
use axum::extract::Path;
use axum::response::Response;
use tower_sessions::Session;

/// `/can-bo/don/{id}/anh/{paper}`: as it is kept.
pub async fn whole(context: PageContext, session: Session, Path((case_id, paper_id)): Path<(String, String)>) -> Result<Response> {
    serve(&context, &session, &case_id, &paper_id, Size::Whole).await
}

/// `/can-bo/don/{id}/anh/{paper}/nho`: the small picture.
pub async fn thumb(context: PageContext, session: Session, Path((case_id, paper_id)): Path<(String, String)>) -> Result<Response> {
    serve(&context, &session, &case_id, &paper_id, Size::Thumb).await
}

/// The paper, if this official may see the case and the paper is one of it.
async fn serve(context: &PageContext, session: &Session, case_id: &str, paper_id: &str, size: Size) -> Result<Response> {
    let hash = session_hash(session).await?;
    let mut tx = context.portal.db().read().await?;
    let case = actions::seen(&mut tx, &context.actor, case_id).await?;
    let paper = by_id(&mut tx, paper_id).await?.filter(|paper| paper.case_id.as_deref() == Some(case.id.as_str())).ok_or(AppError::NotFound)?;
    let paper = shown(&mut tx, context, &case, paper, &hash).await?;
    drop(tx);
    if case.kind == Kind::Denunciation && size == Size::Whole {
        let deed = Deed::PaperSeen { case_id: case.id, paper_id: paper_id.to_owned() };
        record::actions::write_alone(&context.portal, &context.actor, &case.body_id, &deed).await?;
    }
    respond_scanned(context, &paper, size).await
}

/// The paper itself, or the version of it that handlers see. Of a denunciation the original stays behind the seal unless it is open in this
/// session: for everybody else there is no such paper.
async fn shown(tx: &mut Tx, context: &PageContext, case: &Case, paper: Paper, session: &str) -> Result<Paper> {
    if case.kind != Kind::Denunciation {
        return Ok(paper);
    }
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    if open_now(tx, &case.id, &account_id, session, context.now).await?.original.is_some() {
        return Ok(paper);
    }
    match Handling::of(&paper.handling) {
        Handling::Whole => Ok(paper),
        Handling::Redacted(id) => by_id(tx, &id).await?.ok_or(AppError::NotFound),
        Handling::Kept => Err(AppError::NotFound),
    }
}
