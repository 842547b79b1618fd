//! Where an administrator of the province keeps the legal periods: the versions of each rule with their law, and what a change would do
//! to the running clocks before it is saved.
//!
//! ```text
//! forms      POST: what was typed → an edit → shown first, saved with the second press
//! pages      GET, and how it looks
//! foresight  how many clocks a change would move, from which day to which
//! actions    saving: the versions, the record of the change, the job that moves the clocks
//! imports    the same for files read on the server
//! ```
//!
//! What can stand in the table is [`crate::deadlines::periods`]; what a change does to a clock is [`crate::petitions::moving`], both for
//! the forecast and for the worker. A period is chosen by the day a clock counts from, so a change concerns only the clocks whose day
//! falls into the versions it touches. No day that was told ever moves to an earlier one: such clocks keep their day, and the forecast
//! counts them.

mod actions;
mod foresight;
mod forms;
mod imports;
mod pages;

pub use imports::import;

use crate::routes::{Audience, Routes};

/// The page's address.
pub const PATH: &str = "/can-bo/thoi-han";

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new().get(PATH, Audience::Administrators, pages::all).get("/can-bo/thoi-han/{code}", Audience::Administrators, pages::one).post(
        "/can-bo/thoi-han/{code}",
        Audience::Administrators,
        forms::save,
    )
}
