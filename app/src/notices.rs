//! Mails to citizens. What a lock screen shows tells nothing: not the kind, not the matter, not the agency.

use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::petitions::rules::Kind;
use crate::petitions::store::{self, parts};
use crate::portal::Portal;
use crate::words::Lang;
use chrono::NaiveDate;

/// A mail ready to be sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Mail {
    /// Where to.
    pub to: String,
    /// The subject: the same for every event.
    pub subject: String,
    /// Plain text.
    pub body: String,
}

impl std::fmt::Debug for Mail {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Mail([redacted])")
    }
}

/// The mail that tells of an event, if the citizen left an address.
pub async fn mail(tx: &mut Tx, portal: &Portal, case_id: &str, event: &str) -> Result<Option<Mail>> {
    let Some(case) = store::by_id(tx, case_id).await? else { return Ok(None) };
    let person = parts::person(tx, case_id).await?;
    if person.is_locked {
        // Tried again until the key is back.
        return Err(AppError::Unavailable("the key of an address is not there".into()));
    }
    if person.email.is_empty() {
        return Ok(None);
    }
    let lang = Lang::from_code(&person.language);
    let address = format!("{}{}", portal.settings().public_url, lang.href("/tra-cuu"));
    let look = lang.f("notices.look", &[("address", &address)]);
    // Of a sealed case not even what happened, nor a day by which one could tell its kind.
    let (event, due_on) = if case.kind == Kind::Denunciation { ("", None) } else { (event, case.last_day().filter(|_| case.is_open)) };
    Ok(Some(news(lang, person.email, event, due_on, look)))
}

/// "There is news": what happened in plain words, by when an answer is owed, where to look.
pub fn news(lang: Lang, to: String, event: &str, due_on: Option<NaiveDate>, look: String) -> Mail {
    let mut lines = vec![lang.t("notices.greeting").to_owned(), String::new(), lang.t(sentence(event)).to_owned()];
    if let Some(day) = due_on {
        lines.push(lang.f("notices.due", &[("day", &lang.day_long(day))]));
    }
    lines.extend([String::new(), look, String::new(), lang.t("notices.foot").to_owned()]);
    Mail { to, subject: lang.t("notices.subject").to_owned(), body: lines.join("\n") }
}

/// What happened, in words that would tell a stranger nothing.
fn sentence(event: &str) -> &'static str {
    match event {
        "filed" => "notices.filed",
        "received" => "notices.received",
        "asked" => "notices.asked",
        "answered" => "notices.answered",
        "forwarded" => "notices.forwarded",
        "withdrawn" => "notices.withdrawn",
        "closed" => "notices.closed",
        "reopened" => "notices.reopened",
        "rescheduled" => "notices.rescheduled",
        "period_changed" => "periods.notice.period",
        "right_moved" => "periods.notice.right",
        _ => "notices.moved",
    }
}
