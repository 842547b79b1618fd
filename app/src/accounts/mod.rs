//! Sign-in of officials: accounts, dated role holdings, passwords, second factors ([`second`]), sessions.
//!
//! A session says who signed in; what that person may do is looked up anew at every request, so a role that ended yesterday
//! opens nothing today. Failed tries are counted per sign-in name *and* address: a stranger can lock themselves out, nobody else.
//!
//! An administrator manages the sign-ins of one authority ([`manage`]) and sees no case: nobody holds both. Nobody changes their own
//! roles, so that every right was given by somebody else. A role is one's own, or lent for a time ([`rules::Capacity`]): what is lent has a
//! last day. What a person may do, and by which role, administrators see ([`rights`]); every change and every such look is a deed of the
//! record.

pub mod actions;
pub(crate) mod browsers;
mod change_password;
pub mod directory;
mod manage;
mod manage_forms;
mod manage_pages;
pub mod password;
mod rights;
mod rights_pages;
pub mod rules;
pub mod second;
pub mod session;
mod sessions_pages;
mod sign_in;
pub mod store;

pub use sign_in::keep_form_and_sign_in;

use crate::routes::{Audience, Routes};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/dang-nhap", Audience::Anybody, sign_in::show)
        .post("/dang-nhap", Audience::Anybody, sign_in::enter)
        .post("/dang-xuat", Audience::Anybody, sign_in::leave)
        .get("/can-bo/mat-khau", Audience::Officials, change_password::show)
        .post("/can-bo/mat-khau", Audience::Officials, change_password::change)
        .get("/can-bo/phien", Audience::Officials, sessions_pages::show)
        .post("/can-bo/phien", Audience::Officials, sessions_pages::end)
        .merge(second::routes())
        .get("/can-bo/tai-khoan", Audience::Administrators, manage_pages::list)
        .get("/can-bo/tai-khoan/moi", Audience::Administrators, manage_pages::new)
        .post("/can-bo/tai-khoan/moi", Audience::Administrators, manage_forms::create)
        .get("/can-bo/tai-khoan/{id}", Audience::Administrators, manage_pages::one)
        .get("/can-bo/tai-khoan/{id}/quyen", Audience::Administrators, rights_pages::show)
        .post("/can-bo/tai-khoan/{id}/vai-tro", Audience::Administrators, manage_forms::add_role)
        .post("/can-bo/tai-khoan/{id}/ket-thuc", Audience::Administrators, manage_forms::end_role)
        .post("/can-bo/tai-khoan/{id}/khoa", Audience::Administrators, manage_forms::set_active)
        .post("/can-bo/tai-khoan/{id}/mat-khau", Audience::Administrators, manage_forms::new_password)
        .post("/can-bo/tai-khoan/{id}/yeu-to", Audience::Administrators, manage_forms::reset_factors)
        .merge(directory::routes())
}
