//! What officials do to keep people out of what becomes public: hide words, cover pictures, take a paper back. Permission → rules → store.
//!
//! Nothing here lets anything out: that is the second person's, in [`crate::petitions::actions`], which calls [`release_papers`].

use super::covers::{self, Cover};
use super::rules::{self, Hidden, Known};
use super::store::{self, Draft, PUBLIC_TEXT, PublicPaper};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::papers::clean::CleanPaper;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, note_row, record, waiting_answer};
use crate::petitions::rules::{Case, Event};
use crate::petitions::store::parts::CasePerson;
use crate::relations::store::signers;

/// People who sign with the sender and are looked for in texts.
const SIGNERS_LOOKED_FOR: i64 = 50;

/// What the portal knows of the people of a case: the sender, those who sign with them, and whom it is about.
///
/// # Errors
/// Those of the database.
pub async fn known(tx: &mut Tx, case: &Case, person: &CasePerson, about: &str) -> Result<Known> {
    let mut known = Known::default();
    add_person(&mut known, person);
    for signer in signers::after(tx, &case.id, 0, SIGNERS_LOOKED_FOR).await? {
        add_person(&mut known, &signers::person(tx, &signer.id).await?);
    }
    if !about.trim().is_empty() {
        known.names.push(about.to_owned());
    }
    Ok(known)
}

fn add_person(known: &mut Known, person: &CasePerson) {
    let add = |values: &mut Vec<String>, value: &str| {
        if !value.trim().is_empty() {
            values.push(value.to_owned());
        }
    };
    add(&mut known.names, &person.name);
    add(&mut known.phones, &person.phone);
    add(&mut known.id_numbers, &person.id_number);
    add(&mut known.emails, &person.email);
    add(&mut known.addresses, &person.address);
}

/// Keeps the text behind a public text that was just proposed.
///
/// # Errors
/// Those of [`check`] and of the database.
pub async fn keep_draft(act: &mut Act<'_>, case: &Case, draft: &Draft) -> Result<()> {
    check(act.actor, Action::Handle(case))?;
    store::put_draft(act.tx, &case.id, PUBLIC_TEXT, draft).await
}

/// Hides words of the answer that was just drafted from the public; the citizen reads it whole.
///
/// # Errors
/// [`AppError::Conflict`] where no answer waits.
pub async fn hide_in_answer(act: &mut Act<'_>, case: &Case, hidden: Vec<Hidden>) -> Result<()> {
    check(act.actor, Action::Handle(case))?;
    let answer = waiting_answer(act.tx, case).await?.ok_or(AppError::Conflict)?;
    let public = (!hidden.is_empty()).then(|| rules::hide_in_markdown(&answer.body, &hidden));
    store::set_public_answer(act.tx, &answer.id, public.as_deref()).await?;
    store::put_draft(act.tx, &case.id, &answer.id, &Draft { hidden, ..Draft::default() }).await
}

/// Says of each paper (its id) whether it goes with the public text that is proposed. What was covered goes covered; a photo of which nothing was
/// covered goes as it is; a PDF only as pictures of its pages.
///
/// # Errors
/// Those of [`check`] and of the database.
pub async fn propose_papers(act: &mut Act<'_>, case: &Case, chosen: &[(String, bool)]) -> Result<()> {
    check(act.actor, Action::Handle(case))?;
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let papers = crate::papers::store::of_case(act.tx, &case.id).await?;
    let versions = store::versions(act.tx, &case.id).await?;
    for (paper_id, is_chosen) in chosen {
        let Some(paper) = papers.iter().find(|paper| paper.id == *paper_id) else { continue };
        let newest = newest(&versions, &paper.id);
        for version in versions.iter().filter(|version| version.paper_id == paper.id) {
            let is_proposed = *is_chosen && newest.is_some_and(|newest| newest.id == version.id);
            store::set_proposed(act.tx, &version.id, is_proposed).await?;
        }
        if *is_chosen && newest.is_none() && paper.is_picture() {
            let id = act.portal.new_id();
            let plain = PublicPaper { is_proposed: true, ..PublicPaper::plain(id, &case.id, paper, &author, act.portal.now()) };
            store::insert_version(act.tx, &plain).await?;
        }
    }
    Ok(())
}

/// The newest version of a paper: the one that goes out when the paper is chosen.
pub fn newest<'a>(versions: &'a [PublicPaper], paper_id: &str) -> Option<&'a PublicPaper> {
    versions.iter().rev().find(|version| version.paper_id == paper_id)
}

/// With the public text that a second person lets out: what was chosen becomes public, what was public and is no longer chosen ends.
///
/// # Errors
/// Those of the database.
pub(crate) async fn release_papers(act: &mut Act<'_>, case: &Case) -> Result<()> {
    for version in store::versions(act.tx, &case.id).await? {
        if version.is_proposed {
            store::set_public(act.tx, &version.id).await?;
        } else if version.is_public {
            end(act, &version).await?;
        }
    }
    Ok(())
}

/// A covered paper whose bytes are in the store.
#[derive(Clone, Debug)]
pub struct Covered {
    /// Its id.
    pub id: String,
    /// What was made; its bytes are stored already.
    pub clean: CleanPaper,
    /// What it is, in words for everybody.
    pub title: String,
    /// What was covered.
    pub covers: Vec<Cover>,
}

/// Keeps a covered version of a paper. It becomes public only when it is proposed with the public text and a second person lets it out. Earlier
/// versions that are not public end, and none of the paper stays chosen: what waits for the second person must not change under their hands.
///
/// # Errors
/// [`AppError::Conflict`] where the case may not become public.
pub async fn add_covered(act: &mut Act<'_>, case: &Case, paper: &Paper, covered: &Covered) -> Result<Case> {
    check(act.actor, Action::Handle(case))?;
    let author = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    for version in store::versions(act.tx, &case.id).await?.iter().filter(|version| version.paper_id == paper.id) {
        if version.is_public {
            store::set_proposed(act.tx, &version.id, false).await?;
        } else {
            end(act, version).await?;
        }
    }
    let clean = &covered.clean;
    let version = PublicPaper {
        stored_id: covered.id.clone(),
        kind: clean.kind.as_str().to_owned(),
        bytes: i64::try_from(clean.bytes.len()).unwrap_or(i64::MAX),
        width: clean.width.map(i64::from),
        height: clean.height.map(i64::from),
        has_thumb: clean.thumb.is_some(),
        title: covered.title.clone(),
        covers: covers::write(&covered.covers),
        ..PublicPaper::plain(covered.id.clone(), &case.id, paper, &author, act.portal.now())
    };
    store::insert_version(act.tx, &version).await?;
    record(act, case, &Event::PaperCovered { public_id: version.id }).await
}

/// Takes a version of a paper back, for a reason that stays in the record. A public one is gone from this moment: its address says so, pages are
/// rendered anew, its bytes are deleted.
///
/// # Errors
/// [`AppError::NotFound`] where there is none, [`AppError::Conflict`] where somebody was faster.
pub async fn take_back(act: &mut Act<'_>, case: &Case, public_id: &str, reason: &str) -> Result<Case> {
    check(act.actor, Action::TakePaperBack(case))?;
    let version = store::version(act.tx, &case.id, public_id).await?.ok_or(AppError::NotFound)?;
    end(act, &version).await?;
    let note_id = note_row(act, case, reason).await?;
    record(act, case, &Event::PaperTakenBack { public_id: version.id, note_id }).await
}

/// All versions of a paper end: the paper goes to another case.
///
/// # Errors
/// Those of the database.
pub async fn end_all_of(act: &mut Act<'_>, case_id: &str, paper_id: &str) -> Result<()> {
    let versions = store::versions(act.tx, case_id).await?;
    for version in versions.iter().filter(|version| version.paper_id == paper_id) {
        end(act, version).await?;
    }
    Ok(())
}

async fn end(act: &mut Act<'_>, version: &PublicPaper) -> Result<()> {
    let now = act.portal.now();
    store::end_version(act.tx, &version.id, now).await?;
    if version.has_own_bytes() && version.paper_id != version.id {
        outbox::add(act.tx, act.portal.new_id(), &Job::DeletePaper { paper_id: version.id.clone() }, now)?;
    }
    Ok(())
}
