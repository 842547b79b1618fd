//! Questions to a dialogue: asked by anybody, read by a moderator, supported by others, put into an agenda.
//!
//! ```text
//! rules         what a question is and what can happen to it (pure)
//! store         its rows, what of them is public, supports and the contacts that prove them
//! actions       ask, change, take back; support       moderation  what officials do with it
//! device        the cookie by which a device finds its own again
//! look          pieces of pages that several of these share
//! ask_pages     /doi-thoai/{number}/hoi: the form, what is like it, the receipt with the code
//! mine_pages    /doi-thoai/cau-hoi: a code shows its question
//! list_pages    /doi-thoai/{number}/cau-hoi: what is public; the agenda
//! support_pages one question, its supporters, the address that proves a support
//! desk_pages    /can-bo/doi-thoai/{dialogue}/cau-hoi: the queue, one question         desk_forms  what is typed there
//! desk_deeds    the forms of what can be done with one
//! agenda_pages  /can-bo/doi-thoai/{dialogue}/chuong-trinh          answer_pages  /can-bo/cau-hoi: drafts of a unit
//! mails         what is told by mail
//! ```
//!
//! Pages that show a question are rendered for every visit and kept by nobody (`no-store`): not in the portal's memory, not by a proxy, not
//! behind the back button. So a question that is sealed, refused or taken back is gone for everybody with the commit that does it, and every
//! visitor sees which ones their own device supports. Pages that are kept only lead there.

pub mod actions;
mod agenda_pages;
mod answer_pages;
mod ask_pages;
mod desk_deeds;
mod desk_forms;
mod desk_pages;
mod device;
mod list_pages;
mod look;
pub mod mails;
mod mine_pages;
pub mod moderation;
pub mod rules;
pub mod store;
mod support_pages;
pub mod telling;

pub use device::{DEVICE, Device};
pub use look::{answers, desk_link, invitation, stage_badge, supports_words};
pub use mine_pages::enter_by_code;
pub use support_pages::BACK_TO_LIVE;

use crate::routes::{Audience, Routes};

/// Where a code shows its question.
pub const MINE: &str = "/doi-thoai/cau-hoi";
/// Where the units of an authority draft answers.
pub const ANSWERS: &str = "/can-bo/cau-hoi";

/// The public list of a dialogue's questions.
pub fn list_path(number: i64) -> String {
    format!("{}/cau-hoi", super::public_path(number))
}

/// The public page of one question.
pub fn question_path(number: i64, question: i64) -> String {
    format!("{}/{question}", list_path(number))
}

/// Where one asks.
pub fn ask_path(number: i64) -> String {
    format!("{}/hoi", super::public_path(number))
}

fn agenda_path(number: i64) -> String {
    format!("{}/chuong-trinh", super::public_path(number))
}

fn contact_path(token: &str) -> String {
    format!("{MINE}/lien-he/{token}")
}

/// The officials' list of a dialogue's questions.
pub fn desk_list_path(dialogue_id: &str) -> String {
    format!("{}/cau-hoi", super::desk_path(dialogue_id))
}

fn desk_question_path(dialogue_id: &str, number: i64) -> String {
    format!("{}/{number}", desk_list_path(dialogue_id))
}

fn desk_agenda_path(dialogue_id: &str) -> String {
    format!("{}/chuong-trinh", super::desk_path(dialogue_id))
}

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get(MINE, Audience::Anybody, mine_pages::ask)
        .post(MINE, Audience::Anybody, mine_pages::act)
        .get("/doi-thoai/cau-hoi/lien-he/{code}", Audience::Anybody, support_pages::contact)
        .post("/doi-thoai/cau-hoi/lien-he/{code}", Audience::Anybody, support_pages::press_contact)
        .get("/doi-thoai/{number}/hoi", Audience::Anybody, ask_pages::show)
        .post("/doi-thoai/{number}/hoi", Audience::Anybody, ask_pages::send)
        .get("/doi-thoai/{number}/hoi/da-gui", Audience::Anybody, ask_pages::receipt)
        .get("/doi-thoai/{number}/cau-hoi", Audience::Anybody, list_pages::list)
        .get("/doi-thoai/{number}/cau-hoi/{id}", Audience::Anybody, support_pages::one)
        .post("/doi-thoai/{number}/cau-hoi/{id}", Audience::Anybody, support_pages::press)
        .get("/doi-thoai/{number}/chuong-trinh", Audience::Anybody, list_pages::agenda)
        .get("/can-bo/doi-thoai/{dialogue}/cau-hoi", Audience::Officials, desk_pages::list)
        .get("/can-bo/doi-thoai/{dialogue}/cau-hoi/moi", Audience::Officials, desk_pages::new)
        .post("/can-bo/doi-thoai/{dialogue}/cau-hoi/moi", Audience::Officials, desk_forms::take_down)
        .get("/can-bo/doi-thoai/{dialogue}/cau-hoi/{id}", Audience::Officials, desk_pages::show)
        .post("/can-bo/doi-thoai/{dialogue}/cau-hoi/{id}", Audience::Officials, desk_forms::act)
        .get("/can-bo/doi-thoai/{dialogue}/chuong-trinh", Audience::Officials, agenda_pages::show)
        .post("/can-bo/doi-thoai/{dialogue}/chuong-trinh", Audience::Officials, agenda_pages::save)
        .get(ANSWERS, Audience::Officials, answer_pages::list)
        .get("/can-bo/cau-hoi/{id}", Audience::Officials, answer_pages::show)
        .post("/can-bo/cau-hoi/{id}", Audience::Officials, answer_pages::save)
}
