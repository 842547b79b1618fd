//! How the page of a case looks this time: which form came back, what to tell, what was opened. Everything but the case itself.

use super::place::Place;
use super::queue::{Counts, List};
use super::steps::Step;
use super::surroundings::Surroundings;
use crate::form::FormState;
use crate::procedures::Refusal;

/// What changed under somebody's hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// The version they had seen.
    pub seen_version: i64,
}

/// A text as it will look to whom it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Preview {
    /// An answer, clean HTML.
    Answer {
        /// As the citizen reads it.
        html: String,
        /// As the public does, if words are hidden from it.
        public: Option<String>,
    },
    /// A public text with its marks.
    PublicText {
        /// One sentence.
        title: String,
        /// The text.
        body: String,
    },
}

/// How the page looks this time.
#[derive(Default)]
pub struct Look {
    /// A form that came back, with every typed word.
    pub returned: Option<(Step, FormState)>,
    /// The step whose form stands open.
    pub unfolded: Option<Step>,
    /// The case had moved on.
    pub conflict: Option<Conflict>,
    /// A text as it will look.
    pub preview: Option<Preview>,
    /// The sender's identity was opened with this very request.
    pub is_identity_open: bool,
    /// A form of the law that came back: what was typed stays.
    pub law_form: Option<FormState>,
    /// A report to the superior that came back.
    pub report_form: Option<FormState>,
    /// Why a signature was refused.
    pub refusal: Option<Refusal>,
    /// The sentence after a step was done.
    pub flash: Option<String>,
}

impl Look {
    /// What stands in a step's form: what came back, or the form as it begins.
    pub fn form(&self, step: Step, fresh: impl FnOnce() -> FormState) -> FormState {
        match &self.returned {
            Some((returned, form)) if *returned == step => form.clone(),
            _ => fresh(),
        }
    }

    /// Whether a step's form stands open.
    pub fn is_unfolded(&self, step: Step) -> bool {
        self.unfolded == Some(step) || self.returned.as_ref().is_some_and(|(returned, _)| *returned == step)
    }
}

/// The queue beside the case.
pub struct Beside {
    /// Where in the queue.
    pub place: Place,
    /// The cases there.
    pub list: List,
    /// The counts of the scopes.
    pub counts: Counts,
    /// Choices of the filter, saved filters, who looks at what.
    pub around: Surroundings,
    /// Ticked cases and the form about all of them, if it came back.
    pub bulk: Option<(Vec<String>, FormState)>,
    /// Every case of the page is ticked.
    pub is_all_ticked: bool,
}
