//! SQL of taking part in a dialogue.

pub mod halls;
pub mod presses;
pub mod registrations;
