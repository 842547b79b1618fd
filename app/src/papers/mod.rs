//! Photos and papers: type judged by content, images cleaned of everything but the picture, bytes kept in an object store.

pub mod clean;
pub mod files;
pub mod kinds;
