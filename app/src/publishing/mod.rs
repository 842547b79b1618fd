//! What the public sees: the register of released cases, agencies and their figures, the home page — all from memory.

pub mod cache;

use crate::routes::Routes;

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
}
