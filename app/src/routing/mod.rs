//! Who a petition belongs to: competence by law, subject by its words, and who must stay away from it.
//!
//! ```text
//! rules     who decides on whose decision, act or conduct, on which day (pure)
//! subjects  what a petition is about, and which agency and unit that goes to (pure)
//! conflict  whom a case is about: where it must go then, and who may not have it (pure)
//! elsewhere what sounds like an emergency, or like a matter of somebody else (pure), and what is told then (elsewhere_view)
//! store     SQL of the three tables
//! replay    what a changed row would have done to the last month's cases
//! bench*    /can-bo/quy-tac: the rows, a petition tried against them, adding and ending rows
//! ```
//!
//! The rows come from `data/competence_rules.csv`, `subjects.csv` and `routing_rules.csv` and stand in memory in the
//! [`crate::agencies::Directory`]. Rules of law change with the data files; rules of subjects also by the province's administrator.

mod bench;
mod bench_forms;
mod bench_view;
pub mod conflict;
pub mod elsewhere;
pub mod elsewhere_view;
mod replay;
pub mod rules;
pub mod store;
pub mod subjects;

use crate::permissions::{Action, check};
use crate::routes::{Audience, Routes};
use crate::ui::PageContext;
use rules::CompetenceRule;
use subjects::{RoutingRule, Subject};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new().get(bench::PATH, Audience::Officials, bench::show).post(bench::PATH, Audience::Officials, bench::act)
}

/// The authority whose administrator keeps the rules: the province's own.
pub fn keeper(context: &PageContext) -> Option<String> {
    context.directory.body_for_area(&context.portal.settings().province_code).map(|body| body.id.clone())
}

/// Whether whoever looks may see the rules.
pub fn sees(context: &PageContext) -> bool {
    keeper(context).is_some_and(|body_id| check(&context.actor, Action::SeeRouting(&body_id)).is_ok())
}

/// All rows, past and coming ones among them.
#[derive(Clone, Debug, Default)]
pub struct Tables {
    /// Who decides.
    pub competence: Vec<CompetenceRule>,
    /// Subjects in the order of the data.
    pub subjects: Vec<Subject>,
    /// Where subjects go.
    pub routing: Vec<RoutingRule>,
}

impl Tables {
    /// A subject.
    pub fn subject(&self, code: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.code == code)
    }
}
