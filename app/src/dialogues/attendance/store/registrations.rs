//! SQL of registrations.

use crate::db::{Args, Tx};
use crate::dialogues::attendance::rules::{Group, State};
use crate::error::Result;
use crate::vault::Vault;
use crate::vault::kept::{self, Joined, Kept, Purpose};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// A registration.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Registration {
    /// Its id.
    pub id: String,
    /// The dialogue.
    pub dialogue_id: String,
    /// Its number, in the order they came.
    pub number: i64,
    /// How many people.
    pub people: i64,
    /// How it stands.
    pub state: State,
    /// When it was made.
    pub at: DateTime<Utc>,
    /// When it moved up from the wait list.
    pub moved_up_at: Option<DateTime<Utc>>,
    /// The official who wrote it down for somebody.
    pub account_id: Option<String>,
    /// How many of them came.
    pub arrived: i64,
    /// Of what somebody without e-mail has to be told; empty: nothing.
    pub call_for: String,
    /// When they were.
    pub called_at: Option<DateTime<Utc>>,
}

/// Who registered.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    /// Name.
    pub name: String,
    /// Village, in words.
    pub place: String,
    /// Phone, as it is kept.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Codes of needs, apart by blanks.
    pub needs: String,
    /// A need in words.
    pub other_need: String,
    /// Language of notices.
    pub language: String,
    /// They are stored, and the key is not there: nothing is known until it is.
    #[serde(skip)]
    pub is_locked: bool,
}

impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person([redacted])")
    }
}

/// A registration and who made it, for the people of the authority.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The registration.
    pub registration: Registration,
    /// Who; empty once it was deleted.
    pub person: Person,
    /// Whether they left an address for mail.
    pub has_email: bool,
}

/// The same as it is stored.
#[derive(Clone, Debug, sqlx::FromRow)]
struct Row {
    #[sqlx(flatten)]
    registration: Registration,
    has_email: bool,
    #[sqlx(flatten)]
    person: Joined,
}

impl Row {
    fn opened(self, vault: &Vault) -> Listed {
        let person = match self.person.open(vault, Purpose::Registration, &self.registration.id) {
            Kept::Open(person) => person,
            Kept::Nothing => Person::default(),
            Kept::Locked => Person { is_locked: true, ..Person::default() },
        };
        Listed { registration: self.registration, person, has_email: self.has_email }
    }
}

async fn listed(tx: &mut Tx, sql: &'static str, args: impl Args) -> Result<Vec<Listed>> {
    let rows: Vec<Row> = tx.all(sql, args).await?;
    Ok(rows.into_iter().map(|row| row.opened(tx.vault())).collect())
}

macro_rules! registration_sql {
    ($rest:literal) => {
        concat!("SELECT id, dialogue_id, number, people, state, at, moved_up_at, account_id, arrived, call_for, called_at FROM dialogue_registrations ", $rest)
    };
}

macro_rules! listed_sql {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.dialogue_id, r.number, r.people, r.state, r.at, r.moved_up_at, r.account_id, r.arrived, r.call_for, r.called_at, r.has_email,
                    p.key_name, p.wrapped, p.sealed
             FROM dialogue_registrations r
             LEFT JOIN sealed_values p ON p.purpose = 'registration' AND p.owner_id = r.id ",
            $rest
        )
    };
}

/// The registration of a code.
pub async fn by_code_hash(tx: &mut Tx, code_hash: &str) -> Result<Option<Registration>> {
    let stored = tx.stored_code(code_hash);
    tx.find(registration_sql!("WHERE code_hash = $1"), (stored,)).await
}

/// A registration with its person, by its id.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Listed>> {
    Ok(listed(tx, listed_sql!("WHERE r.id = $1"), (id.to_owned(),)).await?.pop())
}

/// The same by its number.
pub async fn by_number(tx: &mut Tx, dialogue_id: &str, number: i64) -> Result<Option<Listed>> {
    Ok(listed(tx, listed_sql!("WHERE r.dialogue_id = $1 AND r.number = $2"), (dialogue_id.to_owned(), number)).await?.pop())
}

/// All of a dialogue, in their order.
pub async fn all(tx: &mut Tx, dialogue_id: &str, limit: i64) -> Result<Vec<Listed>> {
    listed(tx, listed_sql!("WHERE r.dialogue_id = $1 ORDER BY r.number LIMIT $2"), (dialogue_id.to_owned(), limit)).await
}

/// Registrations opened in one statement while a name is looked for.
const LOOKED_THROUGH: i64 = 500;

/// Those at the door, narrowed to a part of the folded name or to a number; an empty name and 0 narrow nothing. Names are sealed, so they are
/// opened and compared here: a dialogue has a few hundred.
pub async fn at_door(tx: &mut Tx, dialogue_id: &str, name: &str, number: i64, limit: i64) -> Result<Vec<Listed>> {
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let (mut found, mut after) = (Vec::new(), 0);
    loop {
        let portion = listed(
            tx,
            listed_sql!(
                "WHERE r.dialogue_id = $1 AND r.number > $2 AND (r.state <> 'cancelled' OR r.arrived > 0) AND ($3 = 0 OR r.number = $3)
                 ORDER BY r.number
                 LIMIT $4"
            ),
            (dialogue_id.to_owned(), after, number, LOOKED_THROUGH),
        )
        .await?;
        let is_last = i64::try_from(portion.len()).unwrap_or(i64::MAX) < LOOKED_THROUGH;
        after = portion.last().map_or(after, |last| last.registration.number);
        found.extend(portion.into_iter().filter(|listed| name.is_empty() || crate::text::fold(&listed.person.name).contains(name)));
        if is_last || found.len() >= most {
            found.truncate(most);
            return Ok(found);
        }
    }
}

/// How many registrations of a dialogue wait with a lower number.
pub async fn waiting_before(tx: &mut Tx, dialogue_id: &str, number: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one("SELECT count(*) FROM dialogue_registrations WHERE dialogue_id = $1 AND state = 'waiting' AND number < $2", (dialogue_id.to_owned(), number))
        .await?;
    Ok(n)
}

/// Those who wait behind a number, in their order.
pub async fn waiting_after(tx: &mut Tx, dialogue_id: &str, number: i64, limit: i64) -> Result<Vec<Group>> {
    tx.all(
        "SELECT number, people
         FROM dialogue_registrations
         WHERE dialogue_id = $1 AND state = 'waiting' AND number > $2
         ORDER BY number
         LIMIT $3",
        (dialogue_id.to_owned(), number, limit),
    )
    .await
}

/// The number of a registration of a dialogue that stands behind one of these marks.
pub async fn known(tx: &mut Tx, dialogue_id: &str, marks: &[String]) -> Result<Option<i64>> {
    for mark in marks {
        let found: Option<(i64,)> = tx
            .find(
                "SELECT r.number
                 FROM dialogue_registration_marks m
                 JOIN dialogue_registrations r ON r.id = m.registration_id
                 WHERE m.dialogue_id = $1 AND m.mark = $2 AND r.state <> 'cancelled'
                 ORDER BY r.number
                 LIMIT 1",
                (dialogue_id.to_owned(), mark.clone()),
            )
            .await?;
        if let Some((number,)) = found {
            return Ok(Some(number));
        }
    }
    Ok(None)
}

/// Adds a registration with its person and marks.
pub async fn insert(tx: &mut Tx, new: &Registration, code_hash: &str, person: &Person, marks: &[String]) -> Result<()> {
    let stored = tx.stored_code(code_hash);
    tx.exec(
        "INSERT INTO dialogue_registrations (id, dialogue_id, number, code_hash, people, state, at, account_id, has_email, arrived, call_for)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, '')",
        (new.id.clone(), new.dialogue_id.clone(), new.number, stored, new.people, new.state, new.at, new.account_id.clone(), !person.email.is_empty()),
    )
    .await?;
    kept::put(tx, Purpose::Registration, &new.id, person)?;
    for mark in marks {
        tx.exec(
            "INSERT INTO dialogue_registration_marks (dialogue_id, mark, registration_id) VALUES ($1, $2, $3)",
            (new.dialogue_id.clone(), mark.clone(), new.id.clone()),
        )
        .await?;
    }
    Ok(())
}

/// Gives a registration back; false if it was, or somebody of it has come.
pub async fn cancel(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<bool> {
    let rows = tx
        .exec(
            "UPDATE dialogue_registrations
             SET state = 'cancelled', cancelled_at = $2, call_for = ''
             WHERE id = $1 AND state <> 'cancelled' AND arrived = 0",
            (id.to_owned(), at),
        )
        .await?;
    Ok(rows == 1)
}

/// A registration leaves the wait list for its seats. Gives its id, and whether it has an address for mail.
pub async fn move_up(tx: &mut Tx, dialogue_id: &str, number: i64, at: DateTime<Utc>) -> Result<(String, bool)> {
    tx.one(
        "UPDATE dialogue_registrations
         SET state = 'seated', moved_up_at = $3
         WHERE dialogue_id = $1 AND number = $2 AND state = 'waiting'
         RETURNING id, has_email",
        (dialogue_id.to_owned(), number, at),
    )
    .await
}

/// Somebody without e-mail has to be told something.
pub async fn call(tx: &mut Tx, id: &str, what: &str) -> Result<()> {
    tx.exec("UPDATE dialogue_registrations SET call_for = $2, called_at = NULL WHERE id = $1", (id.to_owned(), what.to_owned())).await?;
    Ok(())
}

/// The same for all of a dialogue without e-mail.
pub async fn call_all(tx: &mut Tx, dialogue_id: &str, what: &str) -> Result<()> {
    tx.exec(
        "UPDATE dialogue_registrations
         SET call_for = $2, called_at = NULL
         WHERE dialogue_id = $1 AND state <> 'cancelled' AND has_email = FALSE",
        (dialogue_id.to_owned(), what.to_owned()),
    )
    .await?;
    Ok(())
}

/// They were told.
pub async fn called(tx: &mut Tx, id: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec("UPDATE dialogue_registrations SET called_at = COALESCE(called_at, $2) WHERE id = $1 AND call_for <> ''", (id.to_owned(), at)).await?;
    Ok(())
}

/// Writes what somebody needs.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] where the key is not there: the rest could not be kept.
pub async fn set_needs(tx: &mut Tx, id: &str, needs: &str, other: &str) -> Result<()> {
    let Some(person) = kept::get::<Person>(tx, Purpose::Registration, id).await?.readable()? else { return Ok(()) };
    kept::put(tx, Purpose::Registration, id, &Person { needs: needs.to_owned(), other_need: other.to_owned(), ..person })
}

/// Those with an address for mail behind a number: their numbers and ids, in their order.
pub async fn with_email(tx: &mut Tx, dialogue_id: &str, only_seated: bool, after: i64, limit: i64) -> Result<Vec<(i64, String)>> {
    tx.all(
        "SELECT r.number, r.id
         FROM dialogue_registrations r
         WHERE r.dialogue_id = $1 AND r.number > $2 AND r.has_email = TRUE AND r.state <> 'cancelled' AND ($3 = FALSE OR r.state = 'seated')
         ORDER BY r.number
         LIMIT $4",
        (dialogue_id.to_owned(), after, only_seated, limit),
    )
    .await
}

/// Forgets who registered for dialogues before a day, and by what they are known.
pub async fn forget_before(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    tx.exec(
        "DELETE FROM sealed_values
         WHERE purpose = 'registration'
           AND owner_id IN (SELECT r.id FROM dialogue_registrations r JOIN dialogues d ON d.id = r.dialogue_id WHERE d.held_on < $1)",
        (day,),
    )
    .await?;
    tx.exec("DELETE FROM dialogue_registration_marks WHERE dialogue_id IN (SELECT id FROM dialogues WHERE held_on < $1)", (day,)).await?;
    Ok(())
}

/// Seals who registered before they were sealed, and deletes where they stood; gives how many.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    type Row = (String, String, String, String, String, String, String, String);
    let rows: Vec<Row> = tx
        .all(
            "SELECT registration_id, name, place, phone, email, needs, other_need, language
             FROM dialogue_registration_people
             ORDER BY registration_id
             LIMIT $1",
            (limit,),
        )
        .await?;
    let n = rows.len();
    for (id, name, place, phone, email, needs, other_need, language) in rows {
        kept::put(tx, Purpose::Registration, &id, &Person { name, place, phone, email, needs, other_need, language, is_locked: false })?;
        tx.later("DELETE FROM dialogue_registration_people WHERE registration_id = $1", (id,))?;
    }
    Ok(n)
}
