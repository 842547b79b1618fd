//! Everything that changes a draft, up to sending it.

use super::cookie::DRAFT_DAYS;
use super::recipient;
use super::rules::{self, Step};
use super::store::{self, DraftRow, DraftToSend};
use crate::actor::Actor;
use crate::citizens;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::id::secret_hash;
use crate::outbox::{self, Job};
use crate::papers;
use crate::papers::store::{Owner, Paper};
use crate::papers::upload::NewPaper;
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, NewPetition, file_as};
use crate::petitions::code::CaseCode;
use crate::petitions::store::parts::CasePerson;
use crate::portal::Portal;
use crate::vault::token as sealed_for;
use crate::words::Lang;
use chrono::{DateTime, Duration, Utc};
use std::collections::BTreeMap;

/// What the envelope of a draft is about.
const ABOUT_DRAFT: &str = "draft of a petition";
/// Drafts forgotten in one transaction, so that nobody who files waits for the sweep.
const SWEEP_DRAFTS: i64 = 100;
/// The field of a draft that says from whose page it was begun.
const ACCOUNT: &str = "_account";

/// A draft as screens need it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Its id in the database; empty if there is none yet.
    pub id: String,
    /// All that was typed so far, on any screen.
    pub form: FormState,
    /// Photos and papers, oldest first.
    pub papers: Vec<Paper>,
    /// The case it became.
    pub case_id: Option<String>,
    /// When it was last saved; none if there is no draft yet.
    pub saved_at: Option<DateTime<Utc>>,
}

/// The id of a token's draft in the database.
pub fn draft_id(token: &str) -> String {
    secret_hash("draft", token)
}

/// The draft of this device; an empty one if there is none or it has expired.
pub async fn load(portal: &Portal, token: Option<&str>) -> Result<Draft> {
    let Some(token) = token else { return Ok(Draft::default()) };
    let mut tx = portal.db().read().await?;
    let Some(row) = store::by_id(&mut tx, &draft_id(token), portal.now()).await? else { return Ok(Draft::default()) };
    let papers = if row.case_id.is_none() { papers::store::of_draft(&mut tx, &row.id).await? } else { Vec::new() };
    Ok(Draft { form: typed(&row, token)?, id: row.id, papers, case_id: row.case_id, saved_at: Some(row.changed_at) })
}

/// What was typed. Only the device that typed it can read it: the key follows from its token.
fn typed(row: &DraftRow, token: &str) -> Result<FormState> {
    if row.data.is_empty() {
        return Ok(FormState::default());
    }
    // A draft from before they were sealed is JSON.
    let plain = if row.data.starts_with('{') { Some(row.data.clone()) } else { sealed_for::open(token, ABOUT_DRAFT, &row.data) };
    let plain = plain.ok_or_else(|| AppError::internal("a draft does not fit its token"))?;
    Ok(FormState::from_pairs(serde_json::from_str::<BTreeMap<String, String>>(&plain)?))
}

/// What one screen sent.
#[derive(Clone, Copy, Debug)]
pub struct Typed<'a> {
    /// The form as it came.
    pub form: &'a FormState,
    /// The fields of that screen: what of them did not come is no longer there (an unticked box).
    pub fields: &'a [&'a str],
    /// Papers that came with it.
    pub papers: &'a [NewPaper],
    /// A paper to take away.
    pub remove: Option<&'a str>,
}

/// How saving went.
#[derive(Clone, Debug)]
pub enum Saved {
    /// It is safe; the draft has this token from now on.
    Draft {
        /// The token for the cookie.
        token: String,
        /// All that was typed so far.
        form: FormState,
        /// All its papers.
        papers: Vec<Paper>,
    },
    /// The draft was sent before; nothing was changed.
    Sent,
}

/// Saves a screen, right or wrong. Makes the draft if this device has none, or only one that expired.
pub async fn save(portal: &Portal, token: Option<&str>, typed_now: Typed<'_>) -> Result<Saved> {
    check(&Actor::Visitor, Action::UsePortal)?;
    let now = portal.now();
    let mut tx = portal.db().write().await?;
    let row = match token {
        Some(token) => store::by_id(&mut tx, &draft_id(token), now).await?,
        None => None,
    };
    // A token whose draft is gone is not used again: the code that follows from it may stand on somebody's paper.
    let (token, mut form) = match (token, row) {
        (_, Some(row)) if row.case_id.is_some() => return Ok(Saved::Sent),
        (Some(token), Some(row)) => (token.to_owned(), typed(&row, token)?),
        _ => (portal.random().token(), FormState::default()),
    };
    for field in typed_now.fields {
        if typed_now.form.is_ticked(field) { form.set(field, typed_now.form.value(field)) } else { form.forget(field) }
    }
    let id = draft_id(&token);
    let sealed = sealed_for::seal(portal.random(), &token, ABOUT_DRAFT, &serde_json::to_string(form.values())?);
    let sealed = sealed.ok_or_else(|| AppError::internal("a draft cannot be sealed"))?;
    if !store::put(&mut tx, &id, &sealed, now, now + Duration::days(DRAFT_DAYS)).await? {
        return Ok(Saved::Sent);
    }
    for paper in typed_now.papers {
        papers::store::insert(&mut tx, Owner::Draft(&id), paper).await?;
    }
    if let Some(paper_id) = typed_now.remove
        && papers::store::delete_of_draft(&mut tx, &id, paper_id).await?
    {
        outbox::add(&mut tx, portal.new_id(), &Job::DeletePaper { paper_id: paper_id.to_owned() }, now)?;
    }
    let papers = papers::store::of_draft(&mut tx, &id).await?;
    tx.commit().await?;
    Ok(Saved::Draft { token, form, papers })
}

/// Begins a petition from somebody's own page: what is known of them is filled in where nothing was typed. Gives the token for the cookie.
pub async fn begin_from_own_page(portal: &Portal, token: Option<&str>, citizen_id: &str, person: &CasePerson) -> Result<String> {
    let draft = load(portal, token).await?;
    // A petition that was sent stays what it is: this one is another.
    let token = token.filter(|_| draft.case_id.is_none());
    let known = [("name", &person.name), ("phone", &person.phone), ("email", &person.email), ("address", &person.address), ("id_number", &person.id_number)];
    let mut form = FormState::default();
    form.set(ACCOUNT, citizen_id);
    let mut fields = vec![ACCOUNT];
    for (field, value) in known {
        if !value.is_empty() && (token.is_none() || draft.form.value(field).is_empty()) {
            form.set(field, value.clone());
            fields.push(field);
        }
    }
    match save(portal, token, Typed { form: &form, fields: &fields, papers: &[], remove: None }).await? {
        Saved::Draft { token, .. } => Ok(token),
        Saved::Sent => Err(AppError::Conflict),
    }
}

/// How sending went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// It is filed, now or by an earlier press of the button.
    Filed,
    /// A screen is not complete.
    Incomplete(Step),
    /// The draft changed while it was being sent: look over it again.
    Changed,
}

/// Files the draft. However often and however simultaneously it is called, there is one case.
///
/// The transaction is kept short: what was typed is read and checked before it, and its first statement takes the draft out of
/// everybody else's hands. `account` is whose page is open in this browser: what was begun there is kept there.
pub async fn send(portal: &Portal, token: &str, lang: Lang, account: Option<&str>) -> Result<Sent> {
    let found = store::to_send(&mut portal.db().look().await?, &draft_id(token), portal.now()).await?;
    let Some(DraftToSend { draft: row, papers }) = found else { return Ok(Sent::Incomplete(Step::What)) };
    if row.case_id.is_some() {
        return Ok(Sent::Filed);
    }
    let form = typed(&row, token)?;
    let petition = match petition(portal, &form, papers, lang)? {
        Ok(petition) => petition,
        Err(step) => return Ok(Sent::Incomplete(step)),
    };

    let mut tx = portal.db().write().await?;
    let case_id = portal.new_id();
    if !store::mark_sent(&mut tx, &row, &case_id, portal.now()).await? {
        let now = store::by_id(&mut tx, &row.id, portal.now()).await?;
        return Ok(if now.is_some_and(|row| row.case_id.is_some()) { Sent::Filed } else { Sent::Changed });
    }
    let mut act = Act { tx: &mut tx, portal, actor: &Actor::Visitor };
    file_as(&mut act, case_id.clone(), &petition, &CaseCode::of_token(token)).await?;
    if papers > 0 {
        papers::store::move_to_case(&mut tx, &row.id, &case_id).await?;
    }
    if let Some(citizen_id) = account.filter(|id| form.value(ACCOUNT) == *id) {
        citizens::filed(&mut tx, citizen_id, &case_id, petition.kind, portal.now()).await?;
    }
    tx.commit().await?;
    Ok(Sent::Filed)
}

/// The petition a complete draft makes; else the first screen that is not complete.
fn petition(portal: &Portal, form: &FormState, papers: i64, lang: Lang) -> Result<std::result::Result<NewPetition, Step>> {
    let directory = portal.directory();
    let step = rules::first_incomplete(form, |code| rules::is_area(&directory, &portal.settings().province_code, code));
    let Some(kind) = rules::kind(form).filter(|_| step == Step::Check) else { return Ok(Err(step)) };
    let area_code = form.value("area").to_owned();
    let recipient = recipient::of(&directory, &portal.settings().province_code, form, kind, lang);
    let recipient = recipient.ok_or_else(|| AppError::internal("no authority for an area of the province"))?;
    Ok(Ok(NewPetition {
        kind,
        body_id: recipient.body_id,
        area_code,
        may_publish: kind.must_be_published() || !form.is_ticked("no_publish"),
        text: rules::text(form, kind),
        person: rules::person(form, kind, lang),
        papers,
        limitation: rules::limitation(form, kind),
    }))
}

/// Deletes a draft that was not sent, with its papers.
pub async fn delete(portal: &Portal, token: &str) -> Result<()> {
    let id = draft_id(token);
    let mut tx = portal.db().write().await?;
    if store::delete(&mut tx, &id).await? {
        forget_papers(&mut tx, portal, &id).await?;
        tx.commit().await?;
    }
    Ok(())
}

async fn forget_papers(tx: &mut Tx, portal: &Portal, draft_id: &str) -> Result<()> {
    for paper in papers::store::of_draft(tx, draft_id).await? {
        papers::store::delete_of_draft(tx, draft_id, &paper.id).await?;
        outbox::add(tx, portal.new_id(), &Job::DeletePaper { paper_id: paper.id }, portal.now())?;
    }
    Ok(())
}

/// Forgets drafts nobody has touched for [`DRAFT_DAYS`], with the papers of those that were not sent. Gives how many went.
/// Called by the worker; may be repeated.
pub async fn forget_expired_drafts(portal: &Portal) -> Result<u64> {
    let now = portal.now();
    let mut forgotten = 0;
    loop {
        let mut tx = portal.db().write().await?;
        let expired = store::expired(&mut tx, now, SWEEP_DRAFTS).await?;
        let mut gone = 0;
        for (id,) in &expired {
            if store::delete_expired(&mut tx, id, now).await? {
                forget_papers(&mut tx, portal, id).await?;
                gone += 1;
            }
        }
        tx.commit().await?;
        forgotten += gone;
        if gone == 0 || expired.len() < usize::try_from(SWEEP_DRAFTS).unwrap_or(usize::MAX) {
            return Ok(forgotten);
        }
    }
}
