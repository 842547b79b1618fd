//! Photos and papers of a case, for those who may see the case.

use crate::error::{AppError, Result};
use crate::papers::serve::{Size, respond_scanned};
use crate::papers::store::by_id;
use crate::petitions::actions;
use crate::petitions::rules::Kind;
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;
use axum::extract::Path;
use axum::response::Response;

/// `/can-bo/don/{id}/anh/{paper}`: as it is kept.
pub async fn whole(context: PageContext, Path((case_id, paper_id)): Path<(String, String)>) -> Result<Response> {
    serve(&context, &case_id, &paper_id, Size::Whole).await
}

/// `/can-bo/don/{id}/anh/{paper}/nho`: the small picture.
pub async fn thumb(context: PageContext, Path((case_id, paper_id)): Path<(String, String)>) -> Result<Response> {
    serve(&context, &case_id, &paper_id, Size::Thumb).await
}

/// The paper, if this official may see the case and the paper is one of it.
async fn serve(context: &PageContext, case_id: &str, paper_id: &str, size: Size) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let case = actions::seen(&mut tx, &context.actor, case_id).await?;
    let paper = by_id(&mut tx, paper_id).await?.filter(|paper| paper.case_id.as_deref() == Some(case.id.as_str())).ok_or(AppError::NotFound)?;
    drop(tx);
    if case.kind == Kind::Denunciation && size == Size::Whole {
        let deed = Deed::PaperSeen { case_id: case.id, paper_id: paper_id.to_owned() };
        record::actions::write_alone(&context.portal, &context.actor, &case.body_id, &deed).await?;
    }
    respond_scanned(context, &paper, size).await
}
