//! What the fuzzers drive; see README.md.

pub mod drive;
