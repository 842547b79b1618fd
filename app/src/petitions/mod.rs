//! The case itself: what kinds there are, what may happen to one, and its record.
//!
//! A *case* is any petition in the system (đơn): a report (phản ánh), recommendation (kiến nghị), petition about administrative rules
//! (phản ánh, kiến nghị về quy định hành chính), complaint (khiếu nại), denunciation (tố cáo) or praise (khen ngợi). What happens to it is a list of events ([`rules::Event`]); the row in `cases` is the sum of them.
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
//! These are the states of the *lists*. What the law makes of a complaint, a denunciation, and of any petition after its answer is the
//! procedure of its kind ([`crate::procedures`]): its stage and clocks stand in the case ([`rules::Progress`]), its steps are events
//! ([`rules::Stepped`]), and [`procedure`] takes them. A complaint or denunciation is never "answered" by a letter: it is decided or
//! concluded, and lies as *answered* once nothing with a last day is owed any more.
//! Whoever a case is about is recorded on it ([`barred`], [`barring`]) and no longer finds it; with a head the whole authority goes
//! blind, and the case moves to the one who decides by rule in the same transaction.
//!
//! Beside its state a case has marks ([`flags`]) and tags; putting one, taking one away and reminding (đôn đốc) are events too, and
//! change nothing a citizen sees ([`marks`]).
//! What ties a case to others and to people beside its sender is an event too ([`relation::Relation`]) and leaves the state alone, but
//! for that one.
//!
//! A late step is put before the head of its authority and then before the authority above, once, by dated rules ([`escalation`]); the
//! worker walks over the late cases once a day ([`escalating`]). Letters written outside a step of the law leave events of their own
//! ([`letter_event`]).
//!
//! What an answer promises is told to [`crate::commitments::cases`] with every event, as long as the case is in the public register.
//!
//! Citizens act in `filing` and `following`, officials in `desk`, the public reads in `publishing`; all of them come here to
//! change a case, through [`actions`].

pub mod actions;
pub mod barred;
pub mod barring;
pub mod code;
pub mod coordinating;
pub mod coordination;
pub mod escalating;
pub mod escalation;
pub mod flags;
pub mod guidance;
pub mod letter_event;
pub mod markdown;
pub mod marks;
pub mod mentions;
pub mod moving;
pub mod procedure;
pub mod ratings;
pub mod recognition;
pub mod register;
pub mod reindex;
pub mod relation;
pub mod reschedule;
pub mod responsible;
pub mod rules;
pub mod store;
