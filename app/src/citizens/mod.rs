//! Accounts of citizens, who may but need not have one: all their cases in one place, name and contact filled in when they file.
//!
//! Nothing needs an account: filing and following by code are as they were. There is no password: whoever reads a code sent to the contact is
//! in. Asking for a code looks the same for every contact, known or not, for an account comes into being when the first code is entered.
//! Codes go by e-mail; there is no way to send text messages yet, and the page says so.
//!
//! A case is put into an account by its secret code, or by filing it from there, and is opened from it as by its code: the visit is the same
//! ([`crate::actor::Actor::Citizen`]). **A denunciation is not.** Whoever gets into somebody's mailbox gets into the account; so a denunciation
//! never shows there, is never opened from there, and if somebody wants to be reminded of one, only that there is one is kept (a keyed hash,
//! from which no case can be found) and its code is asked for each time. A case that becomes a denunciation disappears from the list.
//!
//! Name, contact and ID number are sealed like those of senders ([`crate::vault`]), under the account's id. A national identity
//! ([`crate::identity`]) may prove name and ID number; the level of assurance it told is kept.
//!
//! ```text
//! /toi/vao ──contact──→ /toi/ma ──code──→ /toi
//! ```

mod actions;
mod cases;
mod cases_view;
mod codes;
mod forms;
mod identity_forms;
mod pages;
pub mod rules;
pub mod session;
mod sessions_pages;
pub mod store;
mod welcome;

pub use actions::{filed, person};
pub use codes::{forget_old, mail};

use crate::routes::{Audience, Routes};

/// The page of an account.
pub const PATH: &str = "/toi";

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/toi", Audience::Anybody, pages::show)
        .get("/toi/vao", Audience::Anybody, welcome::show)
        .post("/toi/vao", Audience::Anybody, welcome::send)
        .get("/toi/ma", Audience::Anybody, welcome::ask_code)
        .post("/toi/ma", Audience::Anybody, welcome::enter)
        .post("/toi/thoat", Audience::Anybody, forms::leave)
        .post("/toi/don", Audience::Anybody, cases::open)
        .post("/toi/nhan", Audience::Anybody, cases::adopt)
        .post("/toi/bo", Audience::Anybody, cases::take_out)
        .post("/toi/thong-tin", Audience::Anybody, forms::about)
        .post("/toi/lien-he", Audience::Anybody, forms::contact)
        .get("/toi/phien", Audience::Anybody, sessions_pages::show)
        .post("/toi/phien", Audience::Anybody, sessions_pages::end)
        .post("/toi/dong", Audience::Anybody, forms::close)
        .post("/toi/dinh-danh", Audience::Anybody, identity_forms::begin)
        .get("/toi/dinh-danh/ve", Audience::Anybody, identity_forms::come_back)
}
