//! Citizen reception (tiếp công dân): leaders and offices receive people face to face, on days that everybody knows before.
//!
//! ```text
//! rules      kinds, receivers, refusals; the figures of the law as dated rows; days before and after by the deadline engine (pure)
//! counting   the proof: days held in person against the minimum, by week or month; proposed days of a schedule (pure)
//! store      SQL                       actions    sessions, booked slots, the register
//! public_*   /tiep-dan: calendar, a day, the proof                 booking_*  a slot without an account
//! desk_*     /can-bo/tiep-dan: schedule and plan                   session_*  one day at the desk
//! tasks      what the head gave somebody to do, as commitments
//! visit_*    one visit, its papers, its refusal                    register_* the book: page, print, XLSX
//! ```
//!
//! A session is `draft → published → held`, or `published → missed`, which names a reason and the day it moved to. What was published
//! stays readable for everybody. Three kinds: *regular* (thường xuyên) by the people of the office, *periodic* (định kỳ) by the head,
//! *extraordinary* (đột xuất) because of one matter. Whoever receives or heads at an authority keeps its schedule and register
//! ([`crate::permissions::Action::KeepReceptions`]); approvers look.
//!
//! Who booked and who came stands in tables of its own and on no public page. A denunciation leaves a row without words in the register;
//! its words and its sender stand in the sealed case.
//!
//! Example: Lý Văn Sính books a slot with the chairwoman of Phủ Thông for 7 December from his phone, code `K7QF …`. On the day intake
//! opens the session, notes that he came, writes his matter into the register and files it for him. The public sees: held, by the head.

pub mod actions;
mod booking_forms;
mod booking_pages;
mod calendar;
pub mod counting;
mod desk_forms;
mod desk_pages;
mod look;
pub mod notices;
mod proof_pages;
mod public_pages;
mod register_pages;
mod register_sheet;
pub mod rules;
mod session_forms;
mod session_lists;
mod session_pages;
pub mod store;
mod tasks;
mod visit_forms;
mod visit_pages;
mod visit_papers;

pub use booking_pages::enter_by_code;
pub use look::sees;
pub use store::{put_rules, rules as read_rules};

use crate::routes::{Audience, Routes};

/// The calendar.
pub const PATH: &str = "/tiep-dan";
/// The schedule at the desk.
pub const DESK: &str = "/can-bo/tiep-dan";

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .page(PATH, public_pages::calendar)
        .page("/tiep-dan/da-tiep", proof_pages::all)
        .page("/tiep-dan/co-quan/{code}", proof_pages::of_agency)
        // Not among the pages in memory: it says how many slots are free just now.
        .get("/tiep-dan/{number}", Audience::Public, public_pages::day)
        .get("/tiep-dan/{number}/hen", Audience::Anybody, booking_pages::show)
        .post("/tiep-dan/{number}/hen", Audience::Anybody, booking_forms::book)
        .get("/tiep-dan/lich-hen", Audience::Anybody, booking_pages::ask)
        .post("/tiep-dan/lich-hen", Audience::Anybody, booking_forms::look_or_cancel)
        .get(DESK, Audience::Officials, desk_pages::schedule)
        .post(DESK, Audience::Officials, desk_forms::act)
        .get("/can-bo/tiep-dan/lap-lich", Audience::Officials, desk_pages::plan)
        .post("/can-bo/tiep-dan/lap-lich", Audience::Officials, desk_forms::plan)
        .get("/can-bo/tiep-dan/ngay-moi", Audience::Officials, session_pages::new)
        .post("/can-bo/tiep-dan/ngay-moi", Audience::Officials, session_forms::add)
        .get("/can-bo/tiep-dan/ngay/{id}", Audience::Officials, session_pages::show)
        .post("/can-bo/tiep-dan/ngay/{id}", Audience::Officials, session_forms::act)
        .get("/can-bo/tiep-dan/ngay/{id}/luot", Audience::Officials, visit_pages::new)
        .post("/can-bo/tiep-dan/ngay/{id}/luot", Audience::Officials, visit_forms::enter)
        .get("/can-bo/tiep-dan/luot/{id}", Audience::Officials, visit_pages::show)
        .post("/can-bo/tiep-dan/luot/{id}", Audience::Officials, visit_forms::act)
        .get("/can-bo/tiep-dan/luot/{id}/bien-nhan", Audience::Officials, visit_papers::receipt)
        .get("/can-bo/tiep-dan/luot/{id}/tu-choi", Audience::Officials, visit_papers::refusal)
        .get("/can-bo/tiep-dan/so", Audience::Officials, register_pages::show)
        .get("/can-bo/tiep-dan/so.xlsx", Audience::Officials, register_pages::xlsx)
}
