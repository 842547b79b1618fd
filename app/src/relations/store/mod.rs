//! SQL of links between cases, of similar cases and of signers. Every list walks an index and stops at a limit.

pub mod figures;
pub mod links;
pub mod signers;
pub mod similar;
