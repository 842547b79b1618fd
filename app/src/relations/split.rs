//! Taking a part out of a petition with several contents (tách đơn): the part becomes a case of its own, with its own kind,
//! authority and words, and the clock from the first receipt (Law on Denunciations, Article 24; Circular 05/2021/TT-TTCP, Article 6).
//!
//! The sender's code opens the petition it was given for, and from its page the other part. Nobody else gets from one to the other
//! unless they may see both. If the part is a denunciation, the rest must no longer tell of it: the official writes what
//! remains, the petition as it was sent is kept with the part, and the record of the rest speaks only to those who see denunciations.

use super::links::LINKS_OF_ONE;
use super::store::links as store;
use super::store::links::LinkRow;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, desk_document, note_row, record, reindex};
use crate::petitions::code::CaseCode;
use crate::petitions::procedure::first_last_day;
use crate::petitions::relation::{Relation, Tie};
use crate::petitions::rules::{self, Case, Event, Filing, Kind};
use crate::petitions::store as cases;
use crate::petitions::store::parts::{self, CaseText};
use crate::search::store::Index;

/// What is taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPart {
    /// What the part is in law.
    pub kind: Kind,
    /// The authority that is competent for it.
    pub body_id: String,
    /// Its sentence.
    pub title: String,
    /// Its words, out of the petition.
    pub body: String,
    /// Sentence and words that remain, where the part must not be read in them; none: the petition stays as it was sent.
    pub remains: Option<(String, String)>,
    /// Papers that go with the part.
    pub papers: Vec<String>,
    /// Why.
    pub reason: String,
}

/// Whether a part of that kind asks for words that remain: a denunciation must not be read in the rest, nor the rest in one.
pub fn must_part_words(whole: Kind, part: Kind) -> bool {
    (whole == Kind::Denunciation) != (part == Kind::Denunciation)
}

/// Takes a part out of `case`. Gives the case as it is now and the part.
///
/// # Errors
/// [`AppError::Conflict`] where the case has ended or somebody was faster, [`AppError::BadRequest`] for an authority that is none
/// and for words that should have been parted.
pub async fn split(act: &mut Act<'_>, case: &Case, part: &NewPart) -> Result<(Case, Case)> {
    check(act.actor, Action::Split(case))?;
    let today = crate::clock::day(act.portal.now());
    if !act.portal.directory().agency(&part.body_id).is_some_and(|agency| agency.is_body() && agency.exists_on(today)) {
        return Err(AppError::BadRequest("no such authority"));
    }
    let is_parted = must_part_words(case.kind, part.kind);
    // A denunciation's own words stay sealed with it: only what is taken out of an open petition is cut from that.
    if is_parted && part.kind == Kind::Denunciation && part.remains.is_none() {
        return Err(AppError::BadRequest("words that remain are missing"));
    }
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let whole_text = parts::text(act.tx, &case.id).await?;
    if whole_text.is_locked {
        return Err(AppError::Unavailable("the key of a petition's words is not there".into()));
    }
    let new = file_part(act, case, part, &whole_text).await?;
    let link = LinkRow { id: act.portal.new_id(), case_id: new.id.clone(), other_id: case.id.clone(), kind: Tie::Part };
    store::insert(act.tx, &link, &case.body_id, &by, act.portal.now()).await?;
    for paper in &part.papers {
        crate::redaction::actions::end_all_of(act, &case.id, paper).await?;
        store::move_paper(act.tx, paper, &case.id, &new.id).await?;
    }
    if let Some((title, body)) = &part.remains {
        store::keep_original(act.tx, &new.id, &whole_text.title, &whole_text.body)?;
        parts::set_words(act.tx, case, title, body).await?;
        reindex(act, case).await?;
    }
    // The reason may tell of the other side: it is written where it may be read.
    let (note_here, note_there) = reasons(act, case, &new, &part.reason).await?;
    let (seals_here, seals_there) = (is_sealed_for(case, &new), is_sealed_for(&new, case));
    let new = record(act, &new, &Event::Related(Relation::SplitFrom { is_sealed: seals_there, note_id: note_there })).await?;
    let whole = record(act, case, &Event::Related(Relation::SplitOff { is_sealed: seals_here, note_id: note_here })).await?;
    Ok((whole, new))
}

/// Whether what is recorded on `here` tells of a denunciation that those who see `here` may not know of.
fn is_sealed_for(here: &Case, there: &Case) -> bool {
    here.kind != Kind::Denunciation && there.kind == Kind::Denunciation
}

async fn reasons(act: &mut Act<'_>, here: &Case, there: &Case, reason: &str) -> Result<(Option<String>, Option<String>)> {
    let note_here = if is_sealed_for(here, there) { None } else { Some(note_row(act, here, reason).await?) };
    let note_there = if is_sealed_for(there, here) { None } else { Some(note_row(act, there, reason).await?) };
    Ok((note_here, note_there))
}

/// The part as a case: filed when the petition was, by the same sender, under a code nobody holds.
async fn file_part(act: &mut Act<'_>, case: &Case, part: &NewPart, whole_text: &CaseText) -> Result<Case> {
    let now = act.portal.now();
    let filing = Filing {
        kind: part.kind,
        body_id: part.body_id.clone(),
        area_code: case.area_code.clone(),
        may_publish: case.may_publish && part.kind.can_be_public(),
        received_on: case.received_on,
        due_on: first_last_day(&act.portal.directory(), part.kind, case.received_on, &case.area_code, &part.body_id)?,
        papers: i64::try_from(part.papers.len()).unwrap_or(i64::MAX),
    };
    let new = rules::file(act.portal.new_id(), act.portal.random().search_key(now), &filing, case.filed_at);
    let text = CaseText { title: part.title.clone(), body: part.body.clone(), ..whole_text.clone() };
    let person = parts::person(act.tx, &case.id).await?;
    cases::insert(act.tx, &new, &filing, &CaseCode::of_token(&act.portal.random().token()).hash())?;
    parts::insert_text(act.tx, new.kind, &new.id, &text)?;
    parts::insert_person(act.tx, &new.id, &person)?;
    if new.kind != Kind::Denunciation {
        crate::search::store::insert(act.tx, Index::Desk, new.search_key, &desk_document(&new.body_id, &text))?;
    }
    Ok(new)
}

/// The link of a case with the petition it was taken out of.
pub async fn origin(tx: &mut Tx, case_id: &str) -> Result<Option<LinkRow>> {
    Ok(store::of_case(tx, case_id, LINKS_OF_ONE).await?.into_iter().find(|row| row.kind == Tie::Part && row.case_id == case_id))
}

/// Takes a wrong split back: the part ends, its papers and words belong to the petition again.
///
/// # Errors
/// [`AppError::Conflict`] where the case is no part, has ended, or somebody was faster.
pub async fn take_back(act: &mut Act<'_>, part: &Case, reason: &str) -> Result<Case> {
    check(act.actor, Action::Split(part))?;
    let link = origin(act.tx, &part.id).await?.ok_or(AppError::Conflict)?;
    let whole = cases::by_id(act.tx, &link.other_id).await?.ok_or(AppError::Conflict)?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    store::end(act.tx, &link.id, &by, act.portal.now()).await?;
    for paper in crate::papers::store::of_case(act.tx, &part.id).await? {
        crate::redaction::actions::end_all_of(act, &part.id, &paper.id).await?;
        store::move_paper(act.tx, &paper.id, &part.id, &whole.id).await?;
    }
    if let Some((title, body)) = store::original(act.tx, &part.id).await? {
        parts::set_words(act.tx, &whole, &title, &body).await?;
        reindex(act, &whole).await?;
    }
    let (note_there, note_here) = reasons(act, &whole, part, reason).await?;
    let returned = Relation::PartReturned { is_sealed: is_sealed_for(&whole, part), note_id: note_there };
    record(act, &whole, &Event::Related(returned)).await?;
    record(act, part, &Event::Related(Relation::PartEnded { is_sealed: is_sealed_for(part, &whole), note_id: note_here })).await
}

/// The other parts of a petition that its sender reaches with the same code: the petition and all that was taken out of it.
pub async fn siblings(tx: &mut Tx, case_id: &str) -> Result<Vec<Case>> {
    let whole_id = origin(tx, case_id).await?.map_or_else(|| case_id.to_owned(), |row| row.other_id);
    let links = store::of_case(tx, &whole_id, LINKS_OF_ONE).await?;
    let parts = links.into_iter().filter(|row| row.kind == Tie::Part && row.other_id == whole_id).map(|row| row.case_id);
    let mut siblings = Vec::new();
    for id in std::iter::once(whole_id.clone()).chain(parts).filter(|id| id != case_id) {
        if let Some(case) = cases::by_id(tx, &id).await? {
            siblings.push(case);
        }
    }
    Ok(siblings)
}

/// Whether this actor may know of the case on the other side of a split.
pub fn may_know(actor: &Actor, other: &Case) -> bool {
    check(actor, Action::See(other)).is_ok()
}
