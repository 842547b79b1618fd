//! Photos and papers: type judged by content, images cleaned of everything but the picture, bytes kept in an object store.

pub mod clean;
pub mod files;
pub mod kinds;

use crate::error::{AppError, Result};
use crate::portal::Portal;

/// Key of a paper's bytes in the object store.
pub fn key(paper_id: &str) -> String {
    format!("papers/{paper_id}")
}

/// Key of its thumbnail.
pub fn thumb_key(paper_id: &str) -> String {
    format!("papers/{paper_id}-thumb")
}

/// Deletes a paper's bytes and thumbnail; that they are gone already is no error.
pub async fn delete_bytes(portal: &Portal, paper_id: &str) -> Result<()> {
    portal.files().delete(&key(paper_id)).await.map_err(AppError::internal)?;
    portal.files().delete(&thumb_key(paper_id)).await.map_err(AppError::internal)
}
