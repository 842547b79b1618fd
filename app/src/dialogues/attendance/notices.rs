//! Telling those who registered: that they moved up, that the day moves or is called off, the day before. By mail where they left an
//! address; whoever did not is on the officials' list of calls. As elsewhere a lock screen learns nothing: neither the topic nor the place.

use super::MINE;
use super::rules::State;
use super::store::{halls, registrations as store};
use crate::db::Tx;
use crate::dialogues::rules::{Dialogue, Event, State as DialogueState};
use crate::dialogues::store as dialogues;
use crate::error::{AppError, Result};
use crate::notices::Mail;
use crate::outbox::{self, Job};
use crate::petitions::store::register::raise_version;
use crate::portal::Portal;
use crate::words::Lang;
use chrono::{DateTime, Days, Duration, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// How long registrations are gathered before the public page is renewed.
const GATHERED: Duration = Duration::seconds(20);
/// Registrations told of in one transaction.
const PORTION: i64 = 200;
/// The hour in Viet Nam at which people are reminded, the day before.
const REMINDED_HOUR: u32 = 8;

/// What somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Told {
    /// A seat has become theirs.
    MovedUp,
    /// It was put off.
    PutOff,
    /// It does not take place.
    Cancelled,
    /// It is tomorrow.
    Tomorrow,
}

impl Told {
    /// As it stands in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::MovedUp => "moved_up",
            Self::PutOff => "put_off",
            Self::Cancelled => "cancelled",
            Self::Tomorrow => "tomorrow",
        }
    }
}

/// What the worker does for this folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "task", rename_all = "snake_case")]
pub enum Task {
    /// A mail to one.
    One {
        /// The registration.
        registration_id: String,
        /// What they are told.
        told: Told,
    },
    /// A mail to all of a dialogue, a portion at a time.
    All {
        /// The dialogue.
        dialogue_id: String,
        /// What they are told.
        told: Told,
        /// The number of the last one who has theirs.
        after: i64,
    },
    /// The day before has come.
    Remind {
        /// The dialogue.
        dialogue_id: String,
        /// When it was to begin.
        begins_at: DateTime<Utc>,
    },
    /// Renew the public page.
    Renew {
        /// The dialogue.
        dialogue_id: String,
    },
}

fn add(tx: &mut Tx, portal: &Portal, task: Task, at: DateTime<Utc>) -> Result<()> {
    outbox::add(tx, portal.new_id(), &Job::Attendance { task }, at)
}

/// Tells one.
pub(super) fn tell(tx: &mut Tx, portal: &Portal, registration_id: &str, told: Told) -> Result<()> {
    add(tx, portal, Task::One { registration_id: registration_id.to_owned(), told }, portal.now())
}

/// Renews the public page in a moment.
pub(super) fn renew_soon(tx: &mut Tx, portal: &Portal, dialogue_id: &str) -> Result<()> {
    renew_at(tx, portal, dialogue_id, portal.now() + GATHERED)
}

/// Renews the public page at an instant.
pub(super) fn renew_at(tx: &mut Tx, portal: &Portal, dialogue_id: &str, at: DateTime<Utc>) -> Result<()> {
    add(tx, portal, Task::Renew { dialogue_id: dialogue_id.to_owned() }, at)
}

/// Sees to the reminder of the day before, if that day is still to come.
pub(super) fn remind_before(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue) -> Result<()> {
    let at = crate::clock::instant(dialogue.facts.day() - Days::new(1), NaiveTime::from_hms_opt(REMINDED_HOUR, 0, 0).unwrap_or_default());
    if at <= portal.now() {
        return Ok(());
    }
    add(tx, portal, Task::Remind { dialogue_id: dialogue.id.clone(), begins_at: dialogue.facts.begins_at }, at)
}

/// After something happened to a dialogue: whoever registered is told where it concerns them.
pub async fn after(tx: &mut Tx, portal: &Portal, dialogue: &Dialogue, event: &Event) -> Result<()> {
    let told = match event {
        Event::Postponed { .. } => Told::PutOff,
        Event::Cancelled { .. } => Told::Cancelled,
        _ => return Ok(()),
    };
    if halls::of(tx, &dialogue.id).await?.is_none_or(|hall| hall.last_number == 0) {
        return Ok(());
    }
    store::call_all(tx, &dialogue.id, told.code()).await?;
    if told == Told::PutOff {
        remind_before(tx, portal, dialogue)?;
    }
    add(tx, portal, Task::All { dialogue_id: dialogue.id.clone(), told, after: 0 }, portal.now())
}

/// Does a task; gives the mail that is to be sent. May be repeated.
pub async fn run(portal: &Portal, task: &Task) -> Result<Option<Mail>> {
    match task {
        Task::One { registration_id, told } => mail(&mut portal.db().read().await?, portal, registration_id, *told).await,
        Task::All { dialogue_id, told, after } => fan_out(portal, dialogue_id, *told, *after).await.map(|()| None),
        Task::Remind { dialogue_id, begins_at } => remind(portal, dialogue_id, *begins_at).await.map(|()| None),
        Task::Renew { dialogue_id } => {
            let mut tx = portal.db().write().await?;
            halls::end_telling(&mut tx, dialogue_id).await?;
            raise_version(&mut tx).await?;
            tx.commit().await?;
            Ok(None)
        }
    }
}

async fn remind(portal: &Portal, dialogue_id: &str, begins_at: DateTime<Utc>) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let dialogue = dialogues::by_id(&mut tx, dialogue_id).await?;
    // Put off or called off since: another reminder, or none.
    let is_due = dialogue.is_some_and(|dialogue| dialogue.state == DialogueState::Announced && dialogue.facts.begins_at == begins_at);
    if is_due && halls::remind(&mut tx, dialogue_id, begins_at).await? {
        add(&mut tx, portal, Task::All { dialogue_id: dialogue_id.to_owned(), told: Told::Tomorrow, after: 0 }, portal.now())?;
    }
    tx.commit().await
}

async fn fan_out(portal: &Portal, dialogue_id: &str, told: Told, after: i64) -> Result<()> {
    let mut tx = portal.db().write().await?;
    let portion = store::with_email(&mut tx, dialogue_id, told == Told::Tomorrow, after, PORTION).await?;
    let next = portion.last().map(|(number, _)| *number).filter(|_| i64::try_from(portion.len()).unwrap_or(i64::MAX) >= PORTION);
    for (_, registration_id) in portion {
        tell(&mut tx, portal, &registration_id, told)?;
    }
    if let Some(after) = next {
        add(&mut tx, portal, Task::All { dialogue_id: dialogue_id.to_owned(), told, after }, portal.now())?;
    }
    tx.commit().await
}

/// The mail, if the registration still stands and left an address.
async fn mail(tx: &mut Tx, portal: &Portal, registration_id: &str, told: Told) -> Result<Option<Mail>> {
    let listed = store::by_id(tx, registration_id).await?.filter(|listed| listed.registration.state != State::Cancelled && listed.has_email);
    let Some(listed) = listed else { return Ok(None) };
    if listed.person.is_locked {
        // Tried again until the key is back.
        return Err(AppError::Unavailable("the key of an address is not there".into()));
    }
    if listed.person.email.is_empty() {
        return Ok(None);
    }
    let Some(dialogue) = dialogues::by_id(tx, &listed.registration.dialogue_id).await? else { return Ok(None) };
    let lang = Lang::from_code(&listed.person.language);
    let facts = &dialogue.facts;
    let time = crate::clock::local(facts.begins_at).format("%H:%M").to_string();
    let (day, time) = (lang.day_long(facts.day()), time.as_str());
    let sentence = match told {
        Told::MovedUp => lang.f("attendance.mail.moved_up", &[("day", &day), ("time", time)]),
        Told::PutOff => lang.f("attendance.mail.put_off", &[("day", &day), ("time", time)]),
        Told::Cancelled => lang.t("attendance.mail.cancelled").to_owned(),
        Told::Tomorrow => lang.f("attendance.mail.tomorrow", &[("day", &day), ("time", time)]),
    };
    let address = format!("{}{}", portal.settings().public_url, lang.href(MINE));
    let look = lang.f("attendance.mail.look", &[("address", &address)]);
    let lines = [lang.t("notices.greeting"), "", sentence.as_str(), "", look.as_str(), "", lang.t("notices.foot")];
    Ok(Some(Mail { to: listed.person.email, subject: lang.t("notices.subject").to_owned(), body: lines.join("\n") }))
}
