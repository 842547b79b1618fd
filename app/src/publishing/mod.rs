//! What the public sees: the register of released cases, agencies and their figures, the home page — all from memory.

pub mod cache;
