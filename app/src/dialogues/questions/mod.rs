//! Questions to a dialogue: asked by anybody, read by a moderator, supported by others, put into an agenda.
//!
//! ```text
//! rules    what a question is and what can happen to it (pure)
//! store    its rows, what of them is public, supports and the contacts that prove them
//! ```

pub mod rules;
pub mod store;
