//! Who a petition belongs to: competence by law, subject by its words, and who must stay away from it.
//!
//! ```text
//! rules     who decides on whose decision, act or conduct, on which day (pure)
//! subjects  what a petition is about, and which agency and unit that goes to (pure)
//! conflict  whom a case is about: where it must go then, and who may not have it (pure)
//! store     SQL of the three tables
//! bench*    /can-bo/quy-tac: the rows, a petition tried against them, what a changed row would have done
//! ```
//!
//! The rows come from `data/competence_rules.csv`, `subjects.csv` and `routing_rules.csv` and stand in memory in the
//! [`crate::agencies::Directory`]. Rules of law change with the data files; rules of subjects also by the province's administrator.

pub mod conflict;
pub mod rules;
pub mod store;
pub mod subjects;

use rules::CompetenceRule;
use subjects::{RoutingRule, Subject};

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
