//! Following a commitment, or all of an authority's, by mail and without an account.
//!
//! Whoever asks gets one mail with a link; only who opens it and presses the button is told anything more. A mail says that there is
//! news and where, nothing else. Every mail has the link by which one leaves with one press; leaving deletes the address.

use super::rules::Commitment;
use super::store;
use super::store::followers::{self as rows, Follower};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::notices::Mail;
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::recognition::Key;
use crate::portal::Portal;
use crate::words::Lang;
use chrono::Duration;

/// The path of the pages.
pub const PATH: &str = "/theo-doi-loi-hua";
/// Questions from one address within the window of failures, before a pause.
pub const ASKED_MAX: i64 = 20;
/// Mails with a link that one address gets within the window: nobody can fill somebody else's letter box.
pub const ASKED_OF_EMAIL_MAX: i64 = 3;
/// Those who follow that are told in one transaction.
const PORTION: i64 = 200;
/// What hashes of followers' addresses are for.
const MARK: &str = "follower of commitments";
/// How long the link to confirm works.
pub const UNCONFIRMED_KEPT: Duration = Duration::days(7);

/// The subject of a commitment.
pub fn of_commitment(id: &str) -> String {
    format!("c:{id}")
}

/// The subject of an authority.
pub fn of_body(body_id: &str) -> String {
    format!("b:{body_id}")
}

/// Somebody wants to follow. The answer is the same whether they do already.
pub async fn ask(act: &mut Act<'_>, subject: &str, email: &str, lang: Lang) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    let email = email.trim().to_lowercase();
    let new = Follower {
        id: act.portal.new_id(),
        subject: subject.to_owned(),
        mark: act.portal.marks_key().hash(MARK, &email),
        email,
        language: lang.code().to_owned(),
        token: act.portal.random().token(),
        asked_at: act.portal.now(),
        confirmed_at: None,
    };
    let follower = rows::ask(act.tx, &new).await?;
    // Also for whoever follows already, to whom no mail goes: what somebody follows shows in no answer, not even in its time.
    let job = Job::FollowerConfirm { follower_id: follower.id };
    outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now())
}

/// The row of a link.
///
/// # Errors
/// [`AppError::NotFound`] if there is none: never asked, too long ago, or left.
pub async fn by_token(tx: &mut Tx, token: &str) -> Result<Follower> {
    rows::by_token(tx, token).await?.ok_or(AppError::NotFound)
}

/// The button behind the link was pressed.
pub async fn confirm(act: &mut Act<'_>, token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    let follower = by_token(act.tx, token).await?;
    rows::confirm(act.tx, &follower.id, act.portal.now()).await
}

/// No mails any more; the address is deleted. Leaving twice is leaving.
pub async fn leave(act: &mut Act<'_>, token: &str) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    match rows::by_token(act.tx, token).await? {
        Some(follower) => rows::leave(act.tx, &follower.id).await,
        None => Ok(()),
    }
}

/// Forgets addresses whose link was never opened.
pub async fn forget_unconfirmed(tx: &mut Tx, portal: &Portal) -> Result<()> {
    rows::forget_unconfirmed(tx, portal.now() - UNCONFIRMED_KEPT).await.map(drop)
}

/// Puts a mail for each of those who follow into the outbox: first those of the commitment, then those of its authority who do not follow
/// it under the same address too. A portion at a time, each with the job for the next.
pub async fn fan_out(portal: &Portal, commitment_id: &str, is_of_body: bool, after: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let Some(commitment) = store::by_id(&mut tx, commitment_id).await?.filter(|commitment| commitment.is_public) else { return Ok(()) };
    let own = of_commitment(&commitment.id);
    let ids = if is_of_body {
        rows::told(&mut tx, &of_body(&commitment.body_id), &own, after, PORTION).await?
    } else {
        rows::told(&mut tx, &own, "", after, PORTION).await?
    };
    let now = portal.now();
    let is_full = i64::try_from(ids.len()).unwrap_or(i64::MAX) >= PORTION;
    let next = match ids.last() {
        Some((last,)) if is_full => Some((is_of_body, last.clone())),
        _ if !is_of_body => Some((true, String::new())),
        _ => None,
    };
    for (follower_id,) in ids {
        outbox::add(&mut tx, portal.new_id(), &Job::FollowerNotice { follower_id, commitment_id: commitment_id.to_owned() }, now)?;
    }
    if let Some((is_of_body, after)) = next {
        outbox::add(&mut tx, portal.new_id(), &Job::CommitmentNews { commitment_id: commitment_id.to_owned(), is_of_body, after }, now)?;
    }
    tx.commit().await
}

/// "There is news": where to look, and how to leave. None if they left, or it is no longer public.
pub async fn news(tx: &mut Tx, portal: &Portal, follower_id: &str, commitment_id: &str) -> Result<Option<Mail>> {
    let Some(follower) = addressed(tx, follower_id).await?.filter(|follower| follower.confirmed_at.is_some()) else { return Ok(None) };
    let Some(path) = store::by_id(tx, commitment_id).await?.as_ref().and_then(Commitment::path) else { return Ok(None) };
    let lang = Lang::from_code(&follower.language);
    let base = &portal.settings().public_url;
    let look = lang.f("commitments.mail.look", &[("address", &format!("{base}{}", lang.href(&path)))]);
    Ok(Some(mail(lang, &follower, base, lang.t("commitments.mail.news"), &look)))
}

/// The mail with the link that confirms the address. None if that is no longer needed.
pub async fn link(tx: &mut Tx, portal: &Portal, follower_id: &str) -> Result<Option<Mail>> {
    let Some(follower) = addressed(tx, follower_id).await?.filter(|follower| follower.confirmed_at.is_none()) else { return Ok(None) };
    let lang = Lang::from_code(&follower.language);
    let base = &portal.settings().public_url;
    let link = lang.f("commitments.mail.link", &[("address", &address(lang, &follower, base))]);
    let lines = [lang.t("notices.greeting"), "", lang.t("commitments.mail.asked"), link.as_str(), "", lang.t("commitments.mail.not_you")];
    Ok(Some(Mail { to: follower.email.clone(), subject: lang.t("commitments.mail.confirm_subject").to_owned(), body: lines.join("\n") }))
}

/// One who follows, with the address.
async fn addressed(tx: &mut Tx, follower_id: &str) -> Result<Option<Follower>> {
    match rows::by_id(tx, follower_id).await? {
        Some(follower) => follower.addressed(tx).await,
        None => Ok(None),
    }
}

/// Seals addresses from before they were sealed; gives how many.
///
/// # Errors
/// [`AppError::Unavailable`] without a key.
pub async fn seal_open(tx: &mut Tx, marks_key: &Key, limit: i64) -> Result<usize> {
    let open = rows::open_addresses(tx, limit).await?;
    for (id, email) in &open {
        rows::seal_address(tx, id, email, &marks_key.hash(MARK, email)).await?;
    }
    Ok(open.len())
}

fn address(lang: Lang, follower: &Follower, base: &str) -> String {
    format!("{base}{}", lang.href(&format!("{PATH}/{}", follower.token)))
}

fn mail(lang: Lang, follower: &Follower, base: &str, sentence: &str, look: &str) -> Mail {
    let leave = lang.f("commitments.mail.leave", &[("address", &address(lang, follower, base))]);
    let lines = [lang.t("notices.greeting"), "", sentence, look, "", leave.as_str(), "", lang.t("notices.foot")];
    Mail { to: follower.email.clone(), subject: lang.t("notices.subject").to_owned(), body: lines.join("\n") }
}
