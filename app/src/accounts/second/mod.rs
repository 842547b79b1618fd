//! Second factors: codes of an application (TOTP), passkeys, recovery codes; and asking for a fresh proof before a dangerous step.
//!
//! Whoever has one signs in with it, always: the password alone leads to `/dang-nhap/buoc-hai` and opens nothing else. A passkey alone signs
//! in too, because the device verifies the person. Who must have one is [`rules::role_needs`], asked for where the portal was started with
//! `--second-factor required`; after [`rules::GRACE_DAYS`] without, only `/can-bo/bao-mat` opens (the middleware asks [`proof::standing`]).
//!
//! # Asking for a fresh proof
//!
//! Three calls, for any form of the desk that leads to something dangerous:
//!
//! - [`fresh_proof`]`(&context) -> bool`: whether the last proof is younger than [`rules::FRESH_PROOF_MINUTES`];
//! - [`proof_field`]`(&context, &form, 0)` inside the `<form>`: the field for a code, a passkey or the password – whatever the person has –,
//!   and nothing at all while the proof is fresh. The page needs nothing else; its error list leads to the field;
//! - [`demand_fresh`]`(&context, &mut form).await?` first thing after permission and form were read: true, go on; false, the form says what is
//!   missing or wrong, and the page is shown again with 422 and all that was typed. The proof itself never comes back onto a page.
//!
//! ```ignore
//! let mut form = FormState::from_pairs(pairs);
//! check(&context.actor, Action::SeeIdentity(&case))?;
//! demand_fresh(&context, &mut form).await?;
//! if !form.is_valid() {
//!     return page(&context, &form, StatusCode::UNPROCESSABLE_ENTITY);
//! }
//! ```
//!
//! A page without a form of its own sends people to `/can-bo/bao-mat`, which has one.

pub mod actions;
pub(super) mod entry;
mod forms;
mod pages;
mod passkeys;
pub mod proof;
pub mod rules;
pub mod store;
mod totp;

pub use proof::{Proof, demand_fresh, fresh_proof, proof_field};

use crate::routes::{Audience, Routes};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/dang-nhap/buoc-hai", Audience::Anybody, entry::show)
        .post("/dang-nhap/buoc-hai", Audience::Anybody, entry::enter)
        .post("/dang-nhap/thach-thuc", Audience::Anybody, entry::challenge)
        .post("/dang-nhap/khoa", Audience::Anybody, entry::enter_by_passkey)
        .get("/can-bo/bao-mat", Audience::Officials, pages::show)
        .post("/can-bo/bao-mat", Audience::Officials, forms::prove)
        .post("/can-bo/bao-mat/da-biet", Audience::Officials, forms::know)
        .post("/can-bo/bao-mat/thach-thuc", Audience::Officials, forms::challenge)
        .get("/can-bo/bao-mat/ung-dung", Audience::Officials, pages::application)
        .post("/can-bo/bao-mat/ung-dung", Audience::Officials, forms::begin_application)
        .post("/can-bo/bao-mat/ung-dung/xong", Audience::Officials, forms::end_application)
        .post("/can-bo/bao-mat/ung-dung/bo", Audience::Officials, forms::remove_application)
        .post("/can-bo/bao-mat/khoa", Audience::Officials, forms::add_passkey)
        .post("/can-bo/bao-mat/khoa/thach-thuc", Audience::Officials, forms::new_passkey_challenge)
        .post("/can-bo/bao-mat/khoa/bo", Audience::Officials, forms::remove_passkey)
        .post("/can-bo/bao-mat/ma-du-phong", Audience::Officials, forms::new_codes)
}
