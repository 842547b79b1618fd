//! Sign-in of officials: accounts, dated role holdings, passwords, sessions.
//!
//! A session says who signed in; what that person may do is looked up anew at every request, so a role that ended yesterday
//! opens nothing today. Failed tries are counted per sign-in name *and* address: a stranger can lock themselves out, nobody else.

pub mod actions;
pub mod password;
pub mod rules;
pub mod session;
pub mod store;

use crate::routes::Routes;

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
}
