//! The record nobody can quietly change: entries of cases and deeds beside them, chained by hash, sealed page by page.
//!
//! [`rules`] says how entries hang together, [`deeds`] what is written beside the cases' own record, [`sealing`] closes pages and publishes
//! the link of each day, [`verify`] finds what was changed, taken out or put elsewhere (`nghedan audit verify`), and with [`words`] whether
//! what citizens and the public read is what was let out.
//!
//! Each case's entries form a chain of their own, so that two processes never wait for one another to write; a worker gathers what is
//! loose into pages a few seconds later. Until then the end of a chain could be cut off unseen. Later, whoever may write to the database
//! cannot make an entry or a page without the key, and cannot take out the last pages without the data folder's [`mark`] telling.

pub mod actions;
pub mod deeds;
pub mod mark;
mod pages;
pub mod rules;
pub mod sealing;
pub mod store;
pub mod verify;
pub mod words;

use crate::routes::Routes;

/// The routes of this folder: the public page with the anchors, and the same as a file.
pub fn routes() -> Routes {
    Routes::new().page("/dau-so", pages::show).page("/dau-so.txt", pages::file)
}
