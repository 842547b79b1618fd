//! The sealed part of a denunciation (tố cáo): who wrote, their own words, what they sent. Law on Denunciations 2018, Articles 8, 9, 47 and 56.
//!
//! Nobody reads it by having a role. Who handles the case works on a *working text* ([`working_pages`]): what intake or the head prepared out of
//! the original, with marks where something is hidden, and those papers that were let through. The original and the denouncer's identity are
//! *opened* ([`actions::open`]): for a duty named from a closed list ([`rules::Duty`]), with a reason in words and a fresh proof of who opens,
//! for some minutes, for that person in that session. Every opening is an entry of the case's record, which the denouncer reads on the
//! code's page (that it was opened, when, for which duty), a deed, and a line of the list the head sees ([`list_pages`]).

pub mod actions;
mod forms;
mod list_pages;
mod pages;
pub mod rules;
pub mod store;
mod working_pages;

use crate::routes::{Audience, Routes};

/// The list of openings.
pub const LIST: &str = "/can-bo/mo-niem-phong";

/// The page of a case's sealed part.
pub fn path(case_id: &str) -> String {
    format!("/can-bo/don/{case_id}/niem-phong")
}

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/can-bo/don/{id}/niem-phong", Audience::Officials, pages::show)
        .post("/can-bo/don/{id}/niem-phong", Audience::Officials, forms::open)
        .post("/can-bo/don/{id}/niem-phong/dong", Audience::Officials, forms::close)
        .post("/can-bo/don/{id}/ban-lam-viec", Audience::Officials, forms::prepare)
        .get(LIST, Audience::Officials, list_pages::show)
}
