//! A dialogue while it runs: a stage for the moderator, a screen for the hall, a page for everybody's phone.
//!
//! ```text
//! rules        the stage: which question is answered, what became of the others (pure)
//! store        its rows              board   all of it, read at once
//! actions      what moderators and secretaries do
//! parts        the pieces that the live page and the hall's screen show, and the scenes that keep them new
//! pages        /doi-thoai/{number}/truc-tiep and …/man-hinh, with their streams
//! stage_*      /can-bo/doi-thoai/{dialogue}/dieu-hanh: moving questions, writing answers down
//! record       afterwards: every question with what was answered, on the dialogue's page
//! ```
//!
//! Live by server-sent events ([`crate::broadcast`]): all who look at the same page get the same bytes. Without scripts the public pages are
//! loaded anew by the browser. Nothing is kept in the memory of a server, so one that is started again, or a second one over the same
//! database, shows the same.

pub mod actions;
pub mod board;
mod pages;
mod parts;
pub mod record;
pub mod rules;
mod stage_forms;
mod stage_pages;
mod stage_views;
pub mod store;
pub mod telling;

use crate::routes::{Audience, Routes};

/// The live page of a dialogue.
pub fn path(number: i64) -> String {
    format!("{}/truc-tiep", super::public_path(number))
}

/// The stage at the desk.
pub fn stage_path(dialogue_id: &str) -> String {
    format!("{}/dieu-hanh", super::desk_path(dialogue_id))
}

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/doi-thoai/{number}/truc-tiep", Audience::Public, pages::live)
        .get("/doi-thoai/{number}/truc-tiep/dong", Audience::Public, pages::live_stream)
        .get("/doi-thoai/{number}/man-hinh", Audience::Public, pages::hall)
        .get("/doi-thoai/{number}/man-hinh/dong", Audience::Public, pages::hall_stream)
        .get("/can-bo/doi-thoai/{dialogue}/dieu-hanh", Audience::Officials, stage_pages::show)
        .get("/can-bo/doi-thoai/{dialogue}/dieu-hanh/dong", Audience::Officials, stage_pages::stream)
        .post("/can-bo/doi-thoai/{dialogue}/dieu-hanh", Audience::Officials, stage_forms::act)
        .post("/can-bo/doi-thoai/{dialogue}/dieu-hanh/ghi", Audience::Officials, stage_forms::write)
}
