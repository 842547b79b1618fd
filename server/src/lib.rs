//! How the portal runs: configuration, router, middleware, worker, commands. What it does stands in the crate `app`.

pub mod assets;
pub mod cli;
pub mod config;
pub mod health;
pub mod key;
pub mod logging;
pub mod mail;
pub mod middleware;
pub mod router;
mod security_log;
pub mod serve;
pub mod worker;
