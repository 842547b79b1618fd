//! The portal through HTTP, in the test's own process: every file here is what one part of it owes the people who use it.
//!
//! One program and not one for each file: each would be linked with the whole portal (minutes, gigabytes), and a file whose last test is long
//! would leave the other core idle.

mod harness;

mod accounts;
mod attendance;
mod canary;
mod citizens;
mod commitments;
mod coordination;
mod crawl;
mod day;
mod deadlines;
mod demo;
mod desk;
mod dialogues;
mod escalation;
mod filing;
mod following;
mod foundation;
mod fuzzed;
mod identity;
mod law;
mod let_out;
mod letters;
mod limits;
mod live;
mod oracles;
mod own_data;
mod own_letters;
mod periods;
mod pictures;
mod public;
mod questions;
mod ratings;
mod receptions;
mod record;
mod redaction;
mod relations;
mod retention;
mod routing;
mod scanning;
mod sealed;
mod second;
mod vault;
mod walk;
mod walk_relations;
