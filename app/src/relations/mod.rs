//! What ties cases and people together: similar cases, repeats, parts of one petition, signers, citizens who join.
//!
//! ```text
//! likeness  how alike two cases are, and why            similar   candidates, from three indexes
//! rules     petitions ≠ matters ≠ people                links     linking and unlinking; nothing is merged
//! signing   groups: who speaks, who signed, lists       split     a part of a petition becomes a case
//! beside    all of it beside the case at the desk       groups    signers of a case; joining: citizens who join
//! *_page    GET, and how it looks                       *_forms   POST: 303, or the page again with 422 or 409
//! ```
//!
//! Three rules run through it. *Nothing is merged*: two petitions about one thing stay two records with two codes and two clocks,
//! and a link can be taken back. *A denunciation takes no part*: it is similar to nothing, linked with nothing, joined by
//! nobody; taken out of a petition with several contents, it is known on the other side only to those who see it anyway. *Numbers,
//! never names*: the record and every page but an opening with a reason know how many, not who.

pub mod islands;

#[cfg(feature = "ssr")]
pub mod beside;
#[cfg(feature = "ssr")]
mod beside_view;
#[cfg(feature = "ssr")]
mod desk_forms;
#[cfg(feature = "ssr")]
pub mod groups;
#[cfg(feature = "ssr")]
mod groups_forms;
#[cfg(feature = "ssr")]
mod groups_page;
#[cfg(feature = "ssr")]
pub mod joining;
#[cfg(feature = "ssr")]
mod joining_page;
#[cfg(feature = "ssr")]
pub mod likeness;
#[cfg(feature = "ssr")]
pub mod links;
#[cfg(feature = "ssr")]
mod links_page;
#[cfg(feature = "ssr")]
mod matters_page;
#[cfg(feature = "ssr")]
pub mod notices;
#[cfg(feature = "ssr")]
pub mod rules;
#[cfg(feature = "ssr")]
mod sentences;
#[cfg(feature = "ssr")]
mod signer_page;
#[cfg(feature = "ssr")]
pub mod signing;
#[cfg(feature = "ssr")]
pub mod similar;
#[cfg(feature = "ssr")]
pub mod split;
#[cfg(feature = "ssr")]
mod split_page;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod typing;

#[cfg(feature = "ssr")]
pub use beside_view::{panel, tags};
#[cfg(feature = "ssr")]
pub(crate) use joining_page::{DEVICE, DEVICE_DAYS, Device, set_cookie};
#[cfg(feature = "ssr")]
pub use sentences::{for_citizen, for_official};
#[cfg(feature = "ssr")]
pub use signer_page::{SenderSide, enter_by_code, sender_section, sender_side};

#[cfg(feature = "ssr")]
use crate::routes::{Audience, Routes};

/// The routes of this folder.
#[cfg(feature = "ssr")]
pub fn routes() -> Routes {
    Routes::new()
        .get("/can-bo/vu-viec", Audience::Officials, matters_page::show)
        .get("/can-bo/don/{id}/lien-quan", Audience::Officials, links_page::show)
        .post("/can-bo/don/{id}/lien-quan", Audience::Officials, desk_forms::links)
        .get("/can-bo/don/{id}/tach", Audience::Officials, split_page::show)
        .post("/can-bo/don/{id}/tach", Audience::Officials, desk_forms::split)
        .get("/can-bo/don/{id}/nguoi-ky", Audience::Officials, groups_page::show)
        .post("/can-bo/don/{id}/nguoi-ky", Audience::Officials, groups_forms::take)
        .get("/cong-khai/{number}/cung", Audience::Anybody, joining_page::show)
        .post("/cong-khai/{number}/cung", Audience::Anybody, joining_page::join)
        .post("/cong-khai/{number}/cung/quen", Audience::Anybody, joining_page::forget)
        .get("/tra-cuu/cung", Audience::CodeHolder, signer_page::show)
        .post("/tra-cuu/cung/email", Audience::CodeHolder, signer_page::email)
        .post("/tra-cuu/cung/roi", Audience::CodeHolder, signer_page::leave)
        .post("/tra-cuu/don/phan", Audience::CodeHolder, signer_page::other_part)
        .post("/gui/tuong-tu", Audience::Anybody, typing::similar)
}
