//! Following a case by its code: what happens to it, who has it, by which day; messages both ways, papers, withdrawal, rating.
//!
//! The code opens a *visit* in the session ([`crate::accounts::session::begin_visit`]); it never stands in an address. A wrong code,
//! however wrong, gets one and the same answer. What was typed into a form whose visit had ended goes along, hidden, through the page
//! that asks for the code, and comes back ([`crate::ui::kept`]).

#[cfg(feature = "ssr")]
mod answer;
#[cfg(feature = "ssr")]
mod code;
#[cfg(feature = "ssr")]
mod forms;
pub mod islands;
#[cfg(feature = "ssr")]
mod load;
#[cfg(feature = "ssr")]
mod onward;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod papers;
#[cfg(feature = "ssr")]
mod promise;
#[cfg(feature = "ssr")]
mod talk;
#[cfg(feature = "ssr")]
mod timeline;

#[cfg(feature = "ssr")]
pub(crate) use code::{OF, keep_form_and_ask, look_up, mark_of};
#[cfg(feature = "ssr")]
pub(crate) use promise::next_step;
#[cfg(feature = "ssr")]
pub(crate) use timeline::in_words;

#[cfg(feature = "ssr")]
use crate::routes::{Audience, Routes};
#[cfg(feature = "ssr")]
use axum::extract::DefaultBodyLimit;
#[cfg(feature = "ssr")]
use axum::handler::Handler;

/// The routes of this folder.
#[cfg(feature = "ssr")]
pub fn routes() -> Routes {
    Routes::new()
        .get("/tra-cuu", Audience::Anybody, code::show)
        .post("/tra-cuu", Audience::Anybody, code::enter)
        .post("/tra-cuu/thoat", Audience::Anybody, code::leave)
        .get("/tra-cuu/don", Audience::CodeHolder, pages::show)
        .get("/tra-cuu/don/anh/{id}", Audience::CodeHolder, papers::whole)
        .get("/tra-cuu/don/anh/{id}/nho", Audience::CodeHolder, papers::thumb)
        .post("/tra-cuu/don/giay-to", Audience::CodeHolder, papers::add.layer(DefaultBodyLimit::disable()))
        .post("/tra-cuu/don/tin-nhan", Audience::CodeHolder, forms::message)
        .post("/tra-cuu/don/rut", Audience::CodeHolder, forms::withdraw)
        .post("/tra-cuu/don/danh-gia", Audience::CodeHolder, forms::rate)
        .post("/tra-cuu/don/da-xong", Audience::CodeHolder, forms::confirm)
        .post("/tra-cuu/don/chua-xong", Audience::CodeHolder, forms::send_back)
        .post("/tra-cuu/don/khieu-nai-tiep", Audience::CodeHolder, forms::appeal)
        .post("/tra-cuu/don/email", Audience::CodeHolder, forms::email)
}
