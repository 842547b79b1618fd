//! Mails to askers and supporters. As with petitions a lock screen learns nothing: neither the dialogue nor the question.

use super::rules::State;
use super::store::{self, supports as rows};
use crate::db::Tx;
use crate::error::Result;
use crate::notices::Mail;
use crate::portal::Portal;
use crate::words::Lang;

/// How a question stands now, to its asker. None if no address was left, or there is nothing to tell any more.
pub async fn news(tx: &mut Tx, portal: &Portal, question_id: &str) -> Result<Option<Mail>> {
    let Some(question) = store::by_id(tx, question_id).await?.filter(|question| !question.email.is_empty()) else { return Ok(None) };
    let sentence = match question.state {
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
    let lang = Lang::from_code(&contact.language);
    let address = format!("{}{}", portal.settings().public_url, lang.href(&super::contact_path(&contact.token)));
    let link = lang.f("questions.mail.link", &[("address", &address)]);
    let lines = [lang.t("notices.greeting"), "", lang.t("questions.mail.asked"), link.as_str(), "", lang.t("questions.mail.not_you")];
    Ok(Some(Mail { to: contact.email.clone(), subject: lang.t("questions.mail.confirm_subject").to_owned(), body: lines.join("\n") }))
}
