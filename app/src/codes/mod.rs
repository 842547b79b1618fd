//! How the database keeps secret codes: hashed, and the hash made with a key that lies outside of it.
//!
//! A case's code has 74 bits of chance. Enough against whoever types codes into the portal; too few against whoever has a copy of the database
//! with a million of them and tries codes at home. Without the key there is nothing to try on. So with officials' recovery codes, which have 79. [`rules`] says what is stored, [`recode`] gives
//! what is from before there was a key its place, without knowing any code.

mod recode;
pub mod rules;
mod store;

pub use recode::recode;
