//! Photos and papers: type judged by content, images cleaned of everything but the picture, bytes kept in an object store.
//!
//! What citizens send is sealed in the store ([`sealed`]).
//! A paper is first of a draft, then of a case. Its way: [`upload`] reads the form and puts clean bytes into the store, the caller
//! writes the row ([`store`]) in the transaction of what it saves, [`serve`] hands the bytes out to whom the caller has let in.

pub mod clean;
pub mod described;
pub mod fields;
pub mod files;
pub mod kinds;
mod pdf;
pub mod scanning;
pub mod sealed;
pub mod serve;
pub mod store;
pub mod upload;

use crate::error::{AppError, Result};
use crate::portal::Portal;
use crate::vault::kept::{self, Purpose};

/// Key of a paper's bytes in the object store.
pub fn key(paper_id: &str) -> String {
    format!("papers/{paper_id}")
}

/// Key of its thumbnail.
pub fn thumb_key(paper_id: &str) -> String {
    format!("papers/{paper_id}-thumb")
}

/// Deletes a paper's bytes and thumbnail; that they are gone already is no error.
///
/// # Errors
/// [`AppError::Unavailable`] if the store does not answer; the job is tried again.
pub async fn delete_bytes(portal: &Portal, paper_id: &str) -> Result<()> {
    portal.files().delete(&key(paper_id)).await?;
    portal.files().delete(&thumb_key(paper_id)).await?;
    let mut tx = portal.db().write().await?;
    kept::remove(&mut tx, Purpose::Paper, paper_id)?;
    tx.commit().await
}

/// Deletes what was taken in with a form that came to nothing.
///
/// # Errors
/// As [`delete_bytes`].
pub async fn forget(portal: &Portal, papers: &[upload::NewPaper]) -> Result<()> {
    for paper in papers {
        delete_bytes(portal, &paper.id).await?;
    }
    Ok(())
}

impl From<files::FilesError> for AppError {
    fn from(error: files::FilesError) -> Self {
        match error {
            files::FilesError::Store(_) => Self::Unavailable(error.to_string().into()),
            files::FilesError::Url(_) | files::FilesError::Folder { .. } => Self::config(error),
            files::FilesError::Key(_) => Self::internal(error),
        }
    }
}
