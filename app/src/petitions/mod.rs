//! The case itself: what kinds there are, what may happen to one, and its record.
//!
//! A *case* is any petition in the system (đơn): a report (phản ánh), recommendation (kiến nghị), complaint (khiếu nại) or
//! denunciation (tố cáo). What happens to it is a list of events ([`rules::Event`]); the row in `cases` is the sum of them.
//!
//! ```text
//! submitted ─received→ received ─assigned→ assigned ⇄ waiting (asked, replied)
//!                         ▲                   │
//!                      forwarded        answer proposed → proposed ─approved→ answered ─→ closed
//!                    (other authority)        ▲               │returned           │          │
//!                                             └───────────────┴───── reopened ────┴──────────┘
//! withdrawn: by the citizen, while an answer is owed; or a part that was split off by mistake
//! ```
//!
//! What ties a case to others and to people beside its sender is an event too ([`relation::Relation`]) and leaves the state alone, but
//! for that one.
//!
//! Citizens act in `filing` and `following`, officials in `desk`, the public reads in `publishing`; all of them come here to
//! change a case, through [`actions`].

pub mod actions;
pub mod code;
pub mod markdown;
pub mod marks;
pub mod register;
pub mod reindex;
pub mod relation;
pub mod reschedule;
pub mod rules;
pub mod store;
