//! What happens to an account: it comes into being, is told about its holder, gets another contact, goes.

use super::codes::{self, Pending};
use super::rules;
use super::store::{self, By};
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::identity::Proven;
use crate::permissions::{Action, check};
use crate::petitions::rules::Kind;
use crate::petitions::store::people::{self, CasePerson};
use crate::portal::Portal;
use crate::ui::PageContext;
use chrono::{DateTime, Utc};
use tower_sessions::Session;

/// Who is signed in, for those who only need to know whether somebody is.
pub(super) fn holder(context: &PageContext) -> Option<String> {
    match &context.actor {
        Actor::AccountHolder { citizen_id } => Some(citizen_id.clone()),
        _ => None,
    }
}

/// The code was right: the account of its contact, which comes into being if there is none. None if the code was used meanwhile.
///
/// # Errors
/// [`AppError::Unavailable`] without a key to seal the contact with.
pub(super) async fn sign_in(context: &PageContext, pending: &Pending) -> Result<Option<(String, i64)>> {
    let mark = codes::mark(&context.portal, &pending.contact);
    let mut tx = context.portal.db().write().await?;
    if !codes::use_up(&mut tx, pending).await? {
        return Ok(None);
    }
    let known = store::find(&mut tx, By::Contact(&mark)).await?;
    let account = match known {
        Some(known) => known,
        None => {
            let id = context.portal.new_id();
            if !store::insert(&mut tx, &id, By::Contact(&mark), context.now).await? {
                return Err(AppError::Conflict);
            }
            let person = CasePerson { email: pending.contact.clone(), language: context.lang.code().to_owned(), ..CasePerson::default() };
            people::insert_person(&mut tx, &id, &person)?;
            (id, 0)
        }
    };
    tx.commit().await?;
    Ok(Some(account))
}

/// How changing the contact went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Changed {
    /// It is the account's; the round of sign-ins from now on.
    Done(i64),
    /// It is another account's.
    Taken,
    /// The code was used meanwhile.
    Used,
}

/// The new contact is proven: it takes the place of the old one, and sign-ins made with that are over.
pub(super) async fn change_contact(context: &PageContext, citizen_id: &str, pending: &Pending) -> Result<Changed> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let mark = codes::mark(&context.portal, &pending.contact);
    let mut tx = context.portal.db().write().await?;
    if store::find(&mut tx, By::Contact(&mark)).await?.is_some_and(|(id, _)| id != citizen_id) {
        return Ok(Changed::Taken);
    }
    if !codes::use_up(&mut tx, pending).await? {
        return Ok(Changed::Used);
    }
    store::set_contact(&mut tx, citizen_id, &mark).await?;
    change_person(&mut tx, citizen_id, |person| CasePerson { email: pending.contact.clone(), ..person }).await?;
    let round = store::by_id(&mut tx, citizen_id).await?.ok_or(AppError::NotFound)?.round;
    tx.commit().await?;
    Ok(Changed::Done(round))
}

/// Keeps what the holder tells of themselves. A name that was proven stays as it was proven.
pub(super) async fn tell(context: &PageContext, citizen_id: &str, told: CasePerson) -> Result<()> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let mut tx = context.portal.db().write().await?;
    let citizen = store::by_id(&mut tx, citizen_id).await?.ok_or(AppError::NotFound)?;
    let CasePerson { name, phone, address, .. } = told;
    let name = |was: String| if citizen.has_identity && !was.is_empty() { was } else { name };
    change_person(&mut tx, citizen_id, |person| CasePerson { name: name(person.name.clone()), phone, address, ..person }).await?;
    tx.commit().await
}

/// A person is read, changed and sealed anew.
async fn change_person(tx: &mut Tx, citizen_id: &str, change: impl FnOnce(CasePerson) -> CasePerson) -> Result<()> {
    let person = people::person(tx, citizen_id).await?;
    if person.is_locked {
        return Err(AppError::Unavailable("the key of this account is not there".into()));
    }
    people::replace(tx, citizen_id, &change(person)).await
}

/// All sign-ins of an account end.
pub(super) async fn leave_everywhere(context: &PageContext, citizen_id: &str) -> Result<()> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let mut tx = context.portal.db().write().await?;
    store::next_round(&mut tx, citizen_id).await?;
    tx.commit().await
}

/// The account goes for good, with what it knew. Its cases stay and are followed by their codes.
pub(super) async fn close(context: &PageContext, citizen_id: &str) -> Result<()> {
    check(&context.actor, Action::KeepOwnPage(citizen_id))?;
    let mut tx = context.portal.db().write().await?;
    store::delete(&mut tx, citizen_id).await?;
    tx.commit().await
}

/// How a national identity was taken.
pub(super) enum Identified {
    /// It is this account's; the round of its sign-ins.
    As(String, i64),
    /// It is another account's.
    Taken,
}

/// A national identity was proven: of the account `own`, or of whoever comes in with it. Name and ID number are kept as they were proven.
pub(super) async fn identify(context: &PageContext, own: Option<&str>, proven: &Proven) -> Result<Identified> {
    if let Some(own) = own {
        check(&context.actor, Action::KeepOwnPage(own))?;
    }
    let mark = rules::mark(context.portal.marks_key(), "identities of citizens' accounts", &[&proven.issuer, &proven.subject]);
    let mut tx = context.portal.db().write().await?;
    let known = store::find(&mut tx, By::Identity(&mark)).await?;
    let (id, round) = match (own, known) {
        (Some(own), Some((id, _))) if id != own => return Ok(Identified::Taken),
        (Some(own), _) => (own.to_owned(), store::by_id(&mut tx, own).await?.ok_or(AppError::NotFound)?.round),
        (None, Some(known)) => known,
        (None, None) => {
            let id = context.portal.new_id();
            if !store::insert(&mut tx, &id, By::Identity(&mark), context.now).await? {
                return Err(AppError::Conflict);
            }
            people::insert_person(&mut tx, &id, &CasePerson { language: context.lang.code().to_owned(), ..CasePerson::default() })?;
            (id, 0)
        }
    };
    store::set_identity(&mut tx, &id, &mark, &proven.level, context.now).await?;
    let told = |proven: &str, was: String| if proven.is_empty() { was } else { proven.to_owned() };
    change_person(&mut tx, &id, |person| CasePerson {
        name: told(&proven.name, person.name.clone()),
        id_number: told(&proven.id_number, person.id_number.clone()),
        ..person
    })
    .await?;
    tx.commit().await?;
    Ok(Identified::As(id, round))
}

/// Who is signed in in this browser, and what is known of them, for a petition they begin.
///
/// # Errors
/// A database that fails.
pub async fn person(portal: &Portal, session: &Session) -> Result<Option<(String, CasePerson)>> {
    let Actor::AccountHolder { citizen_id } = super::session::actor(portal, session).await? else { return Ok(None) };
    let person = people::person(&mut portal.db().look().await?, &citizen_id).await?;
    Ok(Some((citizen_id, person)))
}

/// A petition was filed from an account: it is kept there, unless it is a denunciation.
///
/// # Errors
/// A database that fails.
pub async fn filed(tx: &mut Tx, citizen_id: &str, case_id: &str, kind: Kind, now: DateTime<Utc>) -> Result<()> {
    if rules::is_listed(kind) { store::add_case(tx, citizen_id, case_id, now).await } else { Ok(()) }
}
