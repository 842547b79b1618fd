//! Pictures and signed papers of a dialogue: what people see of it who were not there.
//!
//! ```text
//! store    rows; the bytes lie with the papers
//! actions  permission → row: added one at a time, taken out with a reason
//! forms    what officials send, and the part of the desk's page
//! pages    the part of the public page, and the pictures themselves
//! ```
//!
//! From the dialogue's beginning on they can be added, each with words for whoever cannot see it; the public sees them with the result. One may
//! be taken out at any time, for whoever is seen in it may ask for that: its bytes go, the reason stays.

pub mod actions;
mod forms;
mod pages;
mod store;

pub(super) use forms::Part;
pub(super) use pages::{load_public, section};

use crate::routes::{Audience, Routes};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;

/// The routes of this folder.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/doi-thoai/{number}/anh/{paper}", Audience::Public, pages::public)
        .post("/can-bo/doi-thoai/{dialogue}/anh", Audience::Officials, forms::add.layer(DefaultBodyLimit::disable()))
        .get("/can-bo/doi-thoai/{dialogue}/anh/{paper}", Audience::Officials, pages::desk)
        .post("/can-bo/doi-thoai/{dialogue}/anh/{paper}", Audience::Officials, forms::remove)
}
