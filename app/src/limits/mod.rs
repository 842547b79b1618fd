//! Against abuse: how many requests come through from one address, and the step that bursts lead to instead of a refusal.
//!
//! `server/src/middleware/limits.rs` stands at the gate: it asks [`table::class_of`] what a request is and [`actions::enter`] what becomes of
//! it. [`table`] has every figure with its reason, [`rules`] the arithmetic, [`memory`] the counters of this process, [`work`] the step. What
//! must hold for all processes together (guesses at codes and passwords, mails to one recipient) is counted in the database by
//! `accounts::actions::Limit`; where many may share an address it leads to the same step, by [`crate::error::AppError::StepNeeded`].
//!
//! Without scripts everything works: the step's button does after twenty seconds what the script does at once.

pub mod actions;
pub mod forms;
pub mod memory;
pub mod network;
pub mod pages;
pub mod rules;
mod store;
pub mod table;
pub mod work;

use crate::portal::Portal;
use crate::routes::{Audience, Routes};
use table::Class;

/// Where the step on the way to a page is sent.
pub const STEP_PATH: &str = "/tiep-tuc";
/// The field with the signed step. Letters only: every browser writes them as they are.
pub const TOKEN: &str = "stepkey";
/// The field with the work.
pub const ANSWER: &str = "stepwork";
/// The field with the page to go back to.
pub const NEXT: &str = "next";

/// Name of the cookie of a device that has done the step, without the class's letters.
const COOKIE: &str = "nghedan_luot_";

/// Letters of an address's mark in the security log.
const SOURCE_CHARS: usize = 16;

/// The mark of an address in the security log: the same for a day, and nobody can tell the address from it.
pub fn source_mark(portal: &Portal, address: &str) -> String {
    let mut mark = portal.marks_key().hash(&format!("address on {}", crate::clock::day(portal.now())), address);
    mark.truncate(SOURCE_CHARS);
    mark
}

/// Name of the cookie of a class.
pub fn cookie_name(class: Class) -> String {
    format!("{COOKIE}{}", class.code())
}

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new().post(STEP_PATH, Audience::Anybody, forms::go_on)
}
