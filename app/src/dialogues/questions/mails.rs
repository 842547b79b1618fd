//! Mails to askers and supporters. As with petitions a lock screen learns nothing: neither the dialogue nor the question.

use super::rules::{Stage, State};
use super::store::{self, supports as rows};
use crate::db::Tx;
use crate::dialogues::{public_path, store as dialogues};
use crate::error::{AppError, Result};
use crate::notices::Mail;
use crate::outbox::{self, Job};
use crate::portal::Portal;
use crate::words::Lang;

/// Those who are told in one transaction.
const PORTION: i64 = 200;

/// How a question stands now, to its asker. None if no address was left, or there is nothing to tell any more.
pub async fn news(tx: &mut Tx, portal: &Portal, question_id: &str) -> Result<Option<Mail>> {
    let Some(question) = store::by_id(tx, question_id).await? else { return Ok(None) };
    if question.is_locked {
        // Tried again until the key is back.
        return Err(AppError::Unavailable("the key of an asker's address is not there".into()));
    }
    if question.email.is_empty() {
        return Ok(None);
    }
    let on_stage = match &question.linked_to {
        Some(id) => store::by_id(tx, id).await?.is_some_and(|target| target.stage != Stage::Queued),
        None => question.stage != Stage::Queued,
    };
    let sentence = match question.state {
        State::Open | State::Linked if on_stage => "questions.mail.answered",
        State::Open if question.is_private => "questions.mail.taken",
        State::Open => "questions.mail.open",
        State::Refused => "questions.mail.refused",
        State::Linked => "questions.mail.linked",
        State::Waiting | State::Sealed | State::Withdrawn => return Ok(None),
    };
    let lang = Lang::from_code(&question.language);
    let address = format!("{}{}", portal.settings().public_url, lang.href(super::MINE));
    let look = lang.f("notices.look", &[("address", &address)]);
    let lines = [lang.t("notices.greeting"), "", lang.t(sentence), "", look.as_str(), "", lang.t("notices.foot")];
    Ok(Some(Mail { to: question.email.clone(), subject: lang.t("notices.subject").to_owned(), body: lines.join("\n") }))
}

/// The mail with the link that confirms an address. None if that is no longer needed.
pub async fn link(tx: &mut Tx, portal: &Portal, dialogue_id: &str, device: &str) -> Result<Option<Mail>> {
    let contact = rows::contact_of(tx, dialogue_id, device).await?;
    let Some(contact) = contact.filter(|contact| contact.confirmed_at.is_none()) else { return Ok(None) };
    let Some(contact) = contact.addressed(tx).await? else { return Ok(None) };
    let lang = Lang::from_code(&contact.language);
    let address = format!("{}{}", portal.settings().public_url, lang.href(&super::contact_path(&contact.token)));
    let link = lang.f("questions.mail.link", &[("address", &address)]);
    let lines = [lang.t("notices.greeting"), "", lang.t("questions.mail.asked"), link.as_str(), "", lang.t("questions.mail.not_you")];
    Ok(Some(Mail { to: contact.email.clone(), subject: lang.t("questions.mail.confirm_subject").to_owned(), body: lines.join("\n") }))
}

/// The result of a dialogue is out: puts a mail into the outbox for each asker of a question that came onto its stage, then for each address
/// that supports one. A portion at a time, each with the job for the next.
pub async fn fan_out(portal: &Portal, dialogue_id: &str, after_question: Option<i64>, after_contact: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let now = portal.now();
    let next = |after_question: Option<i64>, after_contact: String| Job::DialogueAnswers { dialogue_id: dialogue_id.to_owned(), after_question, after_contact };
    let next = if let Some(after) = after_question {
        let asked = store::answered_with_address(&mut tx, dialogue_id, after, PORTION).await?;
        let is_full = i64::try_from(asked.len()).unwrap_or(i64::MAX) >= PORTION;
        let last = asked.last().map(|(_, number)| *number).filter(|_| is_full);
        for (question_id, _) in asked {
            outbox::add(&mut tx, portal.new_id(), &Job::QuestionNews { question_id }, now)?;
        }
        Some(next(last, String::new()))
    } else {
        let contacts = rows::told(&mut tx, dialogue_id, after_contact, PORTION).await?;
        let is_full = i64::try_from(contacts.len()).unwrap_or(i64::MAX) >= PORTION;
        let last = contacts.last().map(|contact| contact.contact.clone()).filter(|_| is_full);
        for contact in contacts {
            let job = Job::SupporterNews { dialogue_id: dialogue_id.to_owned(), device: contact.device };
            outbox::add(&mut tx, portal.new_id(), &job, now)?;
        }
        last.map(|last| next(None, last))
    };
    if let Some(job) = next {
        outbox::add(&mut tx, portal.new_id(), &job, now)?;
    }
    tx.commit().await
}

/// "There are answers": where to look, to one who supports a question. None if the address was taken back.
pub async fn supporter_news(tx: &mut Tx, portal: &Portal, dialogue_id: &str, device: &str) -> Result<Option<Mail>> {
    let contact = rows::contact_of(tx, dialogue_id, device).await?.filter(|contact| contact.confirmed_at.is_some());
    let (Some(contact), Some(dialogue)) = (contact, dialogues::by_id(tx, dialogue_id).await?) else { return Ok(None) };
    let Some(contact) = contact.addressed(tx).await? else { return Ok(None) };
    let lang = Lang::from_code(&contact.language);
    let base = &portal.settings().public_url;
    let look = lang.f("questions.mail.look", &[("address", &format!("{base}{}", lang.href(&public_path(dialogue.number))))]);
    let leave = lang.f("questions.mail.leave", &[("address", &format!("{base}{}", lang.href(&super::contact_path(&contact.token))))]);
    let lines = [lang.t("notices.greeting"), "", lang.t("questions.mail.supported"), look.as_str(), "", leave.as_str()];
    Ok(Some(Mail { to: contact.email.clone(), subject: lang.t("notices.subject").to_owned(), body: lines.join("\n") }))
}
