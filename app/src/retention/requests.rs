//! What people ask about their own data: correcting it, at once where nothing legal depends on it, and deleting it, which an official
//! decides within the legal period. The record says that it was asked and decided, never what.

use super::holds::is_held;
use super::rules::{Asked, Field, Ground, changed, codes, only, with_fields};
use super::store::erasing;
use super::store::requests::{self as store, Request};
use crate::actor::Actor;
use crate::db::Tx;
use crate::deadlines::rules::usual;
use crate::error::{AppError, Result};
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::recognition;
use crate::petitions::rules::{Case, Kind};
use crate::petitions::store::people::{self, CasePerson};
use crate::portal::Portal;
use crate::record::actions::write;
use crate::record::deeds::Deed;
use chrono::{Duration, NaiveDate};

/// How long the address waits that only tells what became of a request.
pub const NOTICE_KEPT: Duration = Duration::days(7);
/// Longest words of an official to whoever asked, in characters.
pub const WORDS_CHARS_MAX: usize = 1_000;
// Sealed values that wait with a request: what is to be written, what a held case had before, where the answer goes.
const NEW: &str = "new";
const OLD: &str = "old";
const NOTICE: &str = "notice";

/// Whose data: the sender's of a case, or a signer's.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The case.
    pub case: Case,
    /// Owner of the sealed row: the case's id, or the signer's.
    pub owner_id: String,
}

impl Subject {
    /// The sender of a case.
    pub fn sender(case: Case) -> Self {
        Self { owner_id: case.id.clone(), case }
    }

    /// One who signed it.
    pub fn signer(case: Case, signer_id: String) -> Self {
        Self { owner_id: signer_id, case }
    }

    /// Whether it is the sender.
    pub fn is_sender(&self) -> bool {
        self.owner_id == self.case.id
    }

    /// Whether whoever asks has shown the code of these data.
    ///
    /// # Errors
    /// [`AppError::CodeNeeded`] if not.
    pub fn check(&self, actor: &Actor) -> Result<()> {
        if self.is_sender() { check(actor, Action::Follow(&self.case)) } else { check(actor, Action::FollowAsSigner(&self.owner_id)) }
    }
}

/// What became of a correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Corrected {
    /// All of it stands.
    AtOnce,
    /// Some of it, or all, waits for an official.
    Waits,
    /// Nothing was changed.
    Same,
    /// An earlier correction waits; another one is not taken.
    Before,
}

/// Corrects a person: contacts at once, what the law asks of the sender by an official's decision.
///
/// # Errors
/// [`AppError::Locked`] where the key of the old values is not there.
pub async fn correct(act: &mut Act<'_>, subject: &Subject, after: &CasePerson) -> Result<Corrected> {
    subject.check(act.actor)?;
    let before = people::person(act.tx, &subject.owner_id).await?;
    if before.is_locked {
        return Err(AppError::Locked);
    }
    let fields = changed(&before, after);
    // Held back means: as it was can still be read. Contacts are no part of the case.
    let held = is_held(act.tx, &subject.case.id, crate::clock::day(act.portal.now())).await?;
    let (free, bound): (Vec<Field>, Vec<Field>) = fields.into_iter().partition(|field| field.is_contact() || (field.is_free(subject.case.kind) && !held));
    if free.is_empty() && bound.is_empty() {
        return Ok(Corrected::Same);
    }
    if !bound.is_empty() {
        let request = new_request(act.portal, subject, Asked::Correct, codes(&bound));
        if !store::insert(act.tx, &request).await? {
            return Ok(Corrected::Before);
        }
        people::insert_person(act.tx, &Request::sealed_owner(&request.id, NEW), &only(after, &bound))?;
        write(act.tx, act.portal, act.actor, &subject.case.body_id, &Deed::DataAsked { case_id: subject.case.id.clone(), request_id: request.id }).await?;
    }
    if !free.is_empty() {
        apply(act, subject, &with_fields(&before, after, &free)).await?;
        let now = act.portal.now();
        let request = new_request(act.portal, subject, Asked::Correct, codes(&free));
        let request = Request { state: "granted".to_owned(), decided_at: Some(now), answer_by: crate::clock::day(now), ..request };
        store::insert(act.tx, &request).await?;
        let deed = Deed::DataCorrected { case_id: subject.case.id.clone(), request_id: request.id };
        write(act.tx, act.portal, act.actor, &subject.case.body_id, &deed).await?;
    }
    Ok(if bound.is_empty() { Corrected::AtOnce } else { Corrected::Waits })
}

/// Writes a person anew, and by what they are recognised. The old values are overwritten.
async fn apply(act: &mut Act<'_>, subject: &Subject, person: &CasePerson) -> Result<()> {
    erasing::begin(act.tx).await?;
    people::replace(act.tx, &subject.owner_id, person).await?;
    if subject.is_sender() {
        recognition::follow(act.tx, act.portal, &subject.case).await?;
    } else {
        let marks = if subject.case.kind == Kind::Denunciation { Vec::new() } else { recognition::of_person(act.portal.marks_key(), person) };
        store::set_signer_marks(act.tx, &subject.case.id, &subject.owner_id, &marks, !person.email.is_empty()).await?;
    }
    erasing::end(act.tx).await
}

fn new_request(portal: &Portal, subject: &Subject, kind: Asked, fields: String) -> Request {
    let now = portal.now();
    Request {
        id: portal.new_id(),
        case_id: subject.case.id.clone(),
        owner_id: subject.owner_id.clone(),
        kind,
        fields,
        state: "waiting".to_owned(),
        asked_at: now,
        answer_by: answer_by(portal, kind, crate::clock::day(now)),
        decided_by: None,
        decided_at: None,
        ground: String::new(),
        words: String::new(),
    }
}

/// Last day of the answer to what is asked on a day (Decree 356/2025; days are rows of the legal periods). The day itself where no such
/// rule is the law.
pub fn answer_by(portal: &Portal, kind: Asked, day: NaiveDate) -> NaiveDate {
    let directory = portal.directory();
    usual(directory.deadline_rules(), kind.period(), day, directory.calendar()).map_or(day, |(_, computed)| computed.last_day)
}

/// Asks for a deletion. A held case is answered at once. False where the same waits already.
///
/// # Errors
/// [`AppError::CodeNeeded`] without the code of these data.
pub async fn ask_erasure(act: &mut Act<'_>, subject: &Subject, kind: Asked) -> Result<bool> {
    subject.check(act.actor)?;
    let now = act.portal.now();
    let mut request = new_request(act.portal, subject, kind, String::new());
    if is_held(act.tx, &subject.case.id, crate::clock::day(now)).await? {
        request.state = "refused".to_owned();
        request.decided_at = Some(now);
        request.ground = Ground::Hold.code().to_owned();
    }
    let is_new = store::insert(act.tx, &request).await?;
    if is_new {
        let deed = Deed::DataAsked { case_id: subject.case.id.clone(), request_id: request.id };
        write(act.tx, act.portal, act.actor, &subject.case.body_id, &deed).await?;
    }
    Ok(is_new)
}

/// What an official makes of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// It is done as asked.
    Grant,
    /// Of "delete everything" only who the person is.
    GrantPerson,
    /// It is not, for a reason the law names.
    Refuse(Ground),
}

/// Decides a request that waits. What was granted is done in the same transaction; the answer goes out by mail where there is an address.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not; [`AppError::Conflict`] where it was decided, or a hold forbids it; [`AppError::Locked`] where
/// the key of the values is not there.
pub async fn decide(act: &mut Act<'_>, case: &Case, request: &Request, decision: &Decision, words: &str) -> Result<()> {
    check(act.actor, Action::DecideOwnData(case))?;
    let by = act.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let (now, is_granted) = (act.portal.now(), !matches!(decision, Decision::Refuse(_)));
    let held = is_held(act.tx, &case.id, crate::clock::day(now)).await?;
    if held && is_granted && request.kind.is_erasure() {
        return Err(AppError::Conflict);
    }
    let ground = match decision {
        // Held back meanwhile: nobody is told more than that.
        Decision::Refuse(_) if held && request.kind.is_erasure() => Ground::Hold.code(),
        Decision::Refuse(ground) => ground.code(),
        Decision::Grant | Decision::GrantPerson => "",
    };
    store::decide(act.tx, &request.id, if is_granted { "granted" } else { "refused" }, (&by, now), (ground, words)).await?;
    let subject = Subject { case: case.clone(), owner_id: request.owner_id.clone() };
    let person = people::person(act.tx, &subject.owner_id).await?;
    if !person.email.is_empty() {
        let address = CasePerson { email: person.email.clone(), language: person.language.clone(), ..CasePerson::default() };
        people::insert_person(act.tx, &Request::sealed_owner(&request.id, NOTICE), &address)?;
        outbox::add(act.tx, act.portal.new_id(), &Job::DataAnswer { request_id: request.id.clone() }, now)?;
    }
    if is_granted {
        grant(act, &subject, request, (&person, held), decision).await?;
    }
    store::forget_sealed(act.tx, &request.id, NEW).await?;
    let deed = Deed::DataDecided { case_id: case.id.clone(), request_id: request.id.clone(), granted: is_granted };
    write(act.tx, act.portal, act.actor, &case.body_id, &deed).await
}

async fn grant(act: &mut Act<'_>, subject: &Subject, request: &Request, (person, held): (&CasePerson, bool), decision: &Decision) -> Result<()> {
    if request.kind == Asked::Correct {
        let new = people::person(act.tx, &Request::sealed_owner(&request.id, NEW)).await?;
        if new.is_locked || person.is_locked {
            return Err(AppError::Locked);
        }
        let fields = Field::list(&request.fields);
        if held {
            // Held back means: as it was can still be read. It goes with the hold.
            people::insert_person(act.tx, &Request::sealed_owner(&request.id, OLD), &only(person, &fields))?;
        }
        return apply(act, subject, &with_fields(person, &new, &fields)).await;
    }
    let now = act.portal.now();
    erasing::begin(act.tx).await?;
    if subject.is_sender() {
        erasing::people_of_case(act.tx, &subject.case.id).await?;
    } else {
        erasing::signer(act.tx, &subject.owner_id).await?;
    }
    erasing::note(act.tx, &subject.owner_id, "people", "asked", now).await?;
    if request.kind == Asked::EraseAll && subject.is_sender() && *decision == Decision::Grant {
        erasing::words_of_case(act.tx, act.portal, &subject.case.id).await?;
        erasing::note(act.tx, &subject.case.id, "words", "asked", now).await?;
    }
    erasing::end(act.tx).await
}

/// The new values of a correction that waits, for whoever decides; the opening is in the case's history like every opening of an identity.
///
/// # Errors
/// [`AppError::Forbidden`] for whoever may not know who the sender is.
pub async fn open_values(act: &mut Act<'_>, case: &Case, request: &Request, reason: &str) -> Result<(CasePerson, CasePerson)> {
    check(act.actor, Action::DecideOwnData(case))?;
    crate::petitions::actions::open_identity(act, case, reason).await?;
    let new = people::person(act.tx, &Request::sealed_owner(&request.id, NEW)).await?;
    Ok((people::person(act.tx, &request.owner_id).await?, new))
}

/// The mail that tells that a request was answered; nothing of what it was.
///
/// # Errors
/// A database that fails.
pub async fn mail(tx: &mut Tx, portal: &Portal, request_id: &str) -> Result<Option<crate::notices::Mail>> {
    let address = people::person(tx, &Request::sealed_owner(request_id, NOTICE)).await?;
    if address.email.is_empty() {
        return Ok(None);
    }
    let lang = crate::words::Lang::from_code(&address.language);
    let href = format!("{}{}", portal.settings().public_url, lang.href("/tra-cuu"));
    let look = lang.f("notices.look", &[("address", &href)]);
    Ok(Some(crate::notices::news(lang, address.email, "data_answered", None, look)))
}

/// The answer was sent: its address goes.
///
/// # Errors
/// A database that fails.
pub async fn told(portal: &Portal, request_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    erasing::begin(&mut tx).await?;
    store::forget_sealed(&mut tx, request_id, NOTICE).await?;
    erasing::end(&mut tx).await?;
    tx.commit().await
}

/// Clears away what only waited: addresses of answers nobody could be told, what held cases had before.
///
/// # Errors
/// A database that fails.
pub async fn forget_old(tx: &mut Tx, portal: &Portal) -> Result<()> {
    erasing::begin(tx).await?;
    store::forget_leftovers(tx, portal.now() - NOTICE_KEPT, crate::clock::day(portal.now())).await?;
    erasing::end(tx).await
}
