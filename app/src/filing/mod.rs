//! (written in the next step)

#[cfg(feature = "ssr")]
use crate::routes::Routes;

/// The routes of this folder.
#[cfg(feature = "ssr")]
pub fn routes() -> Routes {
    Routes::new()
}
