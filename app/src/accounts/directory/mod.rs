//! Signing in through the staff directory (OpenID Connect), beside the local sign-in, which stays.
//!
//! Who somebody is there – issuer and subject, which a directory never gives to anybody else – is bound to an account by an administrator of
//! the authority, once. Not by the address or the name the directory tells: addresses go to the next holder of a post, and whoever may write
//! into the directory could take any account by them. Nor by officials themselves: a stolen password would become a way in that a new
//! password does not close. So somebody the directory knows and no account is bound to sees a short code, reads it to the administrator, and
//! the administrator sees whose it is before binding. The directory says who it is; roles stay the portal's own.

mod actions;
mod forms;
mod pages;
pub(super) mod store;

pub use actions::forget_old;
pub(super) use pages::{section, sign_in_button};

use crate::routes::{Audience, Routes};

/// The routes of this folder.
pub(super) fn routes() -> Routes {
    Routes::new()
        .post("/dang-nhap/danh-ba", Audience::Anybody, forms::begin)
        .get("/dang-nhap/danh-ba/ve", Audience::Anybody, forms::come_back)
        .post("/can-bo/tai-khoan/{id}/danh-ba", Audience::Administrators, forms::bind)
        .post("/can-bo/tai-khoan/{id}/danh-ba/bo", Audience::Administrators, forms::unbind)
}
