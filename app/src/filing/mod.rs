//! Filing a petition without an account: three screens, then the receipt with the secret code.
//!
//! ```text
//! /gui ──→ /gui/o-dau ──→ /gui/kiem-tra ──send──→ /gui/da-gui
//! what      where, who      check                  the code
//! ```
//!
//! From the first POST on there is a *draft* on the server ([`store`]), found again by a cookie that only this device has. The
//! database knows the hash of its token, and the case code follows from the token, so that the receipt can be shown again after a
//! lost connection without the code being written down anywhere here. Every typed word is saved, right or wrong. Papers belong to the
//! draft and move to the case when it is sent. Sending twice files once ([`actions::send`]).
//!
//! Words that sound like an emergency, or like a matter for somebody else, are recognised ([`crate::routing::elsewhere`]): whoever writes them is told
//! whom to call at once, or where to go; they may still send.
//!
//! Scripts only add comfort ([`islands`]): a second copy of the text on the phone, counters, the phone's position.

#[cfg(feature = "ssr")]
pub mod actions;
#[cfg(feature = "ssr")]
mod check;
#[cfg(feature = "ssr")]
pub mod cookie;
#[cfg(feature = "ssr")]
mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod receipt;
#[cfg(feature = "ssr")]
mod recipient;
#[cfg(feature = "ssr")]
pub mod rules;
#[cfg(feature = "ssr")]
mod screen;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
mod what;
#[cfg(feature = "ssr")]
mod whom;

#[cfg(feature = "ssr")]
pub(crate) use receipt::qr;

#[cfg(feature = "ssr")]
use crate::routes::{Audience, Routes};

/// The routes of this folder.
#[cfg(feature = "ssr")]
pub fn routes() -> Routes {
    use axum::extract::DefaultBodyLimit;
    use axum::handler::Handler;
    Routes::new()
        .get("/gui", Audience::Anybody, pages::what)
        .post("/gui", Audience::Anybody, forms::what.layer(DefaultBodyLimit::disable()))
        .get("/gui/o-dau", Audience::Anybody, pages::whom)
        .post("/gui/o-dau", Audience::Anybody, forms::whom)
        .get("/gui/kiem-tra", Audience::Anybody, pages::check)
        .post("/gui/kiem-tra", Audience::Anybody, forms::send)
        .get("/gui/da-gui", Audience::Anybody, pages::receipt)
        .post("/gui/don-moi", Audience::Anybody, forms::start_anew)
        .post("/gui/tu-trang-cua-toi", Audience::Anybody, forms::from_own_page)
        .post("/gui/xoa", Audience::Anybody, forms::delete)
        .get("/gui/giay-to/{id}", Audience::Anybody, pages::paper)
        .get("/gui/giay-to/{id}/nho", Audience::Anybody, pages::thumb)
}
