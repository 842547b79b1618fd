//! What stands beside a case at the desk: cases linked with it, cases like it, the people behind it.

use super::links::{LINKS_OF_ONE, around};
use super::rules::{Counted, Figures, count};
use super::similar::{self, Looked, Similar};
use super::store::links as link_store;
use super::store::signers as signer_store;
use super::store::signers::Group;
use crate::db::Tx;
use crate::error::Result;
use crate::permissions::{Action, check};
use crate::petitions::actions::answer_text;
use crate::petitions::recognition as marks;
use crate::petitions::relation::Tie;
use crate::petitions::rules::{Case, Event};
use crate::petitions::store::parts::{self, CasePerson, CaseText};
use crate::petitions::store::{Entry, by_id};
use crate::ui::PageContext;
use std::collections::{BTreeMap, BTreeSet};

/// Similar cases beside a case.
pub const BESIDE_MAX: usize = 3;
/// Marks of signers that are read to tell people apart; a larger group is counted by its rows.
const MARKS_MAX: i64 = 2_000;
/// The query that names the case whose answer begins the draft.
const TAKEN_FROM: &str = "tu=";

/// A case that is linked with this one.
#[derive(Clone, Debug)]
pub struct Linked {
    /// The link.
    pub link_id: String,
    /// Why.
    pub tie: Tie,
    /// The other one is the first, or the whole.
    pub is_first: bool,
    /// The other case.
    pub case: Case,
    /// Its sender's sentence.
    pub title: String,
}

/// All that stands beside a case.
#[derive(Clone, Debug, Default)]
pub struct Related {
    /// Linked cases this official may see.
    pub linked: Vec<Linked>,
    /// Similar cases that are not linked.
    pub similar: Vec<Similar>,
    /// Petitions, matters and people of all that belongs together.
    pub figures: Figures,
    /// The people who sign with the sender.
    pub group: Group,
    /// The answer of a linked case, to begin a draft with.
    pub answer_taken: Option<String>,
}

/// Loads what stands beside a case; `similar_max` similar cases at most.
pub async fn load(tx: &mut Tx, context: &PageContext, case: &Case, (text, person): (&CaseText, &CasePerson), similar_max: usize) -> Result<Related> {
    let linked = linked(tx, context, case).await?;
    let except: BTreeSet<String> = linked.iter().map(|linked| linked.case.id.clone()).collect();
    let looked = Looked { case, text, person };
    let similar = similar::beside(tx, &context.actor, context.portal.marks_key(), looked, &except, similar_max).await?;
    let group = signer_store::group(tx, &case.id).await?;
    let figures = figures(tx, context, case).await?;
    let answer_taken = match context.query.split('&').find_map(|pair| pair.strip_prefix(TAKEN_FROM)) {
        Some(id) => match linked.iter().find(|linked| linked.case.id == id && linked.tie != Tie::Part) {
            Some(linked) => answer_text(tx, &linked.case).await?,
            None => None,
        },
        None => None,
    };
    Ok(Related { linked, similar, figures, group, answer_taken })
}

async fn linked(tx: &mut Tx, context: &PageContext, case: &Case) -> Result<Vec<Linked>> {
    let mut linked = Vec::new();
    for row in link_store::of_case(tx, &case.id, LINKS_OF_ONE).await? {
        let is_first = row.case_id == case.id;
        let Some(other) = by_id(tx, if is_first { &row.other_id } else { &row.case_id }).await? else { continue };
        if check(&context.actor, Action::See(&other)).is_ok() {
            let title = parts::for_officials(tx, &other).await?.title;
            linked.push(Linked { link_id: row.id, tie: row.kind, is_first, case: other, title });
        }
    }
    Ok(linked)
}

/// Petitions, matters and people of all that belongs together with a case, as far as this official may see it.
pub async fn figures(tx: &mut Tx, context: &PageContext, case: &Case) -> Result<Figures> {
    let (cases, links) = around(tx, &case.id, |other| check(&context.actor, Action::See(other)).is_ok()).await?;
    let mut counted = Vec::with_capacity(cases.len());
    for case in &cases {
        let group = signer_store::group(tx, &case.id).await?;
        let person = parts::person(tx, &case.id).await?;
        let sender = (!group.has_sender_left).then(|| marks::of_person(context.portal.marks_key(), &person));
        counted.push(Counted { case_id: case.id.clone(), sender, signers: signer_marks(tx, &case.id, group.signers).await? });
    }
    Ok(count(&counted, &links))
}

async fn signer_marks(tx: &mut Tx, case_id: &str, signers: i64) -> Result<Vec<Vec<String>>> {
    if signers == 0 {
        return Ok(Vec::new());
    }
    if signers > MARKS_MAX {
        return Ok(vec![Vec::new(); usize::try_from(signers).unwrap_or(0)]);
    }
    let mut marks: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (signer_id, mark) in signer_store::marks(tx, case_id, MARKS_MAX * 3).await? {
        let marks = marks.entry(signer_id).or_default();
        if !mark.is_empty() {
            marks.push(mark);
        }
    }
    Ok(marks.into_values().collect())
}

/// The entries of a record this official may read: what tells of a denunciation on the other side is only for those who see one.
pub fn readable(context: &PageContext, case: &Case, history: Vec<Entry>) -> Vec<Entry> {
    let sees_sealed = check(&context.actor, Action::SeeSealedTrace(case)).is_ok();
    let is_readable = |entry: &Entry| sees_sealed || !matches!(&entry.event, Event::Related(relation) if relation.is_sealed());
    history.into_iter().filter(is_readable).collect()
}
