//! Redaction: before a text or a paper of a case becomes public, what names a person is taken out of it.
//!
//! ```text
//! rules    what in a text may be personal, and the marks that stand in its place (pure; rules/*: names, numbers, addresses)
//! covers   rectangles over a picture or a page, drawn or ticked (pure)      choices  the boxes that hide words, in every form that has a text
//! pixels   painting over for good                                           raster   the pages of a PDF, drawn by a process of their own
//! store    SQL                                                              actions  hiding, covering, proposing, taking back
//! pages    GET: a paper to cover, its pages, the public version             forms    POST
//! ```
//!
//! The portal only suggests: a person ticks each, another lets out what they made (`petitions::actions::approve_public_text`). What hidden words were
//! stays in `redactions`, a table no public page reads; what a public page reads has only the mark. A public paper is a paper of its own
//! (`public_papers`): pixels alone, painted over before they were written, and never the bytes that people sent once anything of them is covered.

pub mod actions;
pub mod choices;
pub mod covers;
mod forms;
pub mod pages;
mod pixels;
pub mod raster;
pub mod rules;
pub mod store;

use crate::routes::{Audience, Routes};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/can-bo/don/{id}/che/{paper}", Audience::Officials, pages::cover)
        .post("/can-bo/don/{id}/che/{paper}", Audience::Officials, forms::cover)
        .get("/can-bo/don/{id}/che/{paper}/trang/{page}", Audience::Officials, pages::page)
        .get("/can-bo/don/{id}/ban-cong-khai/{public}", Audience::Officials, pages::version)
        .post("/can-bo/don/{id}/ban-cong-khai/{public}", Audience::Officials, forms::take_back)
}
