//! The people concerned confirm or contradict that a commitment was kept.
//!
//! One voice for each device, and one for each contact as far as one was left; how well each is proven is kept and told beside the sums
//! ([`Proof`]). A device may change its mind. The sums are exact at once; the public pages follow in portions ([`tell`]), so that a
//! thousand people at once do not empty the pages in memory a thousand times. The contact itself is not kept, only its marks.
//!
//! A sentence somebody writes is not public before an official has let it out ([`super::actions::decide_words`]).

use super::rules::Commitment;
use super::standing::Standing;
use super::store;
use super::store::voices::{self as rows, Sums, Voice};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::outbox::{self, Job};
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::recognition;
use crate::petitions::store::parts::CasePerson;
use crate::petitions::store::register;
use crate::portal::Portal;
use chrono::Duration;

/// Voices from one address within the window of failures, before a pause: a whole village may share an address.
pub const VOICES_MAX: i64 = 60;
/// Longest sentence, in characters.
pub const WORDS_CHARS_MAX: usize = 300;
/// How long voices are gathered before the public pages are renewed.
const GATHERED: Duration = Duration::seconds(20);

/// How well it is proven that a voice is a person's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It came from a device that had not spoken yet.
    Device,
    /// A telephone number or an e-mail address was left that nobody else had left.
    Contact,
    /// It came with the code of the case in which the promise was made.
    Code,
}

impl Proof {
    fn code(self) -> &'static str {
        match self {
            Self::Device => "device",
            Self::Contact => "contact",
            Self::Code => "code",
        }
    }
}

/// Says that it is done.
pub const CONFIRMED: &str = "confirmed";
/// Says that it is not.
pub const CONTRADICTED: &str = "contradicted";

/// What somebody says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether it is done.
    pub is_done: bool,
    /// A sentence; empty if none.
    pub words: String,
    /// Who says it, as far as they told.
    pub person: CasePerson,
}

/// What the database keeps of a device for a commitment.
pub fn key_hash(commitment_id: &str, device_token: &str) -> String {
    secret_hash("voice", &format!("{commitment_id} {device_token}"))
}

/// Says whether a commitment was kept, from a device; what the device said before is replaced.
///
/// # Errors
/// [`AppError::NotFound`] for a commitment that is not public, or of which nothing can be said yet or any more; [`AppError::Conflict`]
/// where the same form came twice at the same instant.
pub async fn say(act: &mut Act<'_>, number: i64, device_token: &str, said: &Said) -> Result<()> {
    check(act.actor, Action::UsePortal)?;
    let commitment = store::by_number(act.tx, number).await?.ok_or(AppError::NotFound)?;
    let today = crate::clock::day(act.portal.now());
    if !Standing::of(&commitment, today).takes_voices() {
        return Err(AppError::NotFound);
    }
    let marks = recognition::of_person(act.portal.marks_key(), &said.person);
    let proof = if marks.is_empty() { Proof::Device } else { Proof::Contact };
    speak(act, &commitment, &key_hash(&commitment.id, device_token), said, (proof, &marks)).await
}

/// The sender of the case in which the promise was made says it there.
pub(super) async fn say_in_case(act: &mut Act<'_>, commitment: &Commitment, is_done: bool) -> Result<()> {
    let said = Said { is_done, words: String::new(), person: CasePerson::default() };
    let key = secret_hash("voice of the sender", &commitment.id);
    speak(act, commitment, &key, &said, (Proof::Code, &[])).await
}

async fn speak(act: &mut Act<'_>, commitment: &Commitment, key: &str, said: &Said, (proof, marks): (Proof, &[String])) -> Result<()> {
    let known = rows::by_key(act.tx, &commitment.id, key).await?;
    let voice = Voice {
        id: known.as_ref().map_or_else(|| act.portal.new_id(), |voice| voice.id.clone()),
        says: if said.is_done { CONFIRMED } else { CONTRADICTED }.to_owned(),
        proof: proof.code().to_owned(),
        is_counted: true,
        words: said.words.clone(),
        words_state: if said.words.is_empty() { "none" } else { "waiting" }.to_owned(),
        at: act.portal.now(),
    };
    let before = match &known {
        Some(known) => known.clone(),
        // Stored first, because its contact points to it; what came twice at once ends here.
        None if rows::insert(act.tx, &commitment.id, key, &Voice { is_counted: false, ..voice.clone() }).await? => Voice { is_counted: false, ..voice.clone() },
        None => return Err(AppError::Conflict),
    };
    let after = settle(act.tx, &commitment.id, &before, voice, marks).await?;
    if before != after && !rows::change(act.tx, &before, &after).await? {
        return Err(AppError::Conflict);
    }
    gather(act, &commitment.id).await?;
    rows::add(act.tx, &commitment.id, &minus(part(&after), part(&before)))
}

/// What a voice is after it spoke: a contact left before still proves it, a sentence that did not change keeps what was decided about it.
async fn settle(tx: &mut Tx, commitment_id: &str, before: &Voice, mut voice: Voice, marks: &[String]) -> Result<Voice> {
    for mark in marks {
        voice.is_counted &= rows::claim_mark(tx, commitment_id, mark, &voice.id).await?;
    }
    if marks.is_empty() && before.proof == Proof::Contact.code() {
        (voice.proof, voice.is_counted) = (before.proof.clone(), before.is_counted);
    }
    if voice.words == before.words {
        voice.words_state.clone_from(&before.words_state);
    }
    Ok(voice)
}

/// What a voice adds to the sums.
fn part(voice: &Voice) -> Sums {
    let one = i64::from(voice.is_counted);
    let proven = if voice.proof == Proof::Device.code() { 0 } else { one };
    if voice.says == CONFIRMED {
        Sums { confirmed: one, confirmed_contact: proven, ..Sums::default() }
    } else {
        Sums { contradicted: one, contradicted_contact: proven, ..Sums::default() }
    }
}

fn minus(a: Sums, b: Sums) -> Sums {
    Sums {
        confirmed: a.confirmed - b.confirmed,
        contradicted: a.contradicted - b.contradicted,
        confirmed_contact: a.confirmed_contact - b.confirmed_contact,
        contradicted_contact: a.contradicted_contact - b.contradicted_contact,
    }
}

/// Sees to it that the public pages are renewed, soon.
async fn gather(act: &mut Act<'_>, commitment_id: &str) -> Result<()> {
    if !rows::is_telling(act.tx, commitment_id).await? && rows::begin_telling(act.tx, commitment_id).await? {
        let job = Job::TellVoices { commitment_id: commitment_id.to_owned() };
        outbox::add(act.tx, act.portal.new_id(), &job, act.portal.now() + GATHERED)?;
    }
    Ok(())
}

/// Renews the public pages. Done by the worker; may be repeated.
pub async fn tell(portal: &Portal, commitment_id: &str) -> Result<()> {
    let mut tx = portal.db().write().await?;
    rows::end_telling(&mut tx, commitment_id).await?;
    register::raise_version(&mut tx).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(says: &str, proof: Proof, is_counted: bool) -> Voice {
        Voice {
            id: "v".into(),
            says: says.into(),
            proof: proof.code().into(),
            is_counted,
            words: String::new(),
            words_state: "none".into(),
            at: chrono::DateTime::UNIX_EPOCH,
        }
    }

    #[test]
    fn changing_ones_mind_moves_one_from_sum_to_sum() {
        let (before, after) = (voice(CONFIRMED, Proof::Device, true), voice(CONTRADICTED, Proof::Contact, true));
        let by = minus(part(&after), part(&before));
        assert_eq!(by, Sums { confirmed: -1, contradicted: 1, confirmed_contact: 0, contradicted_contact: 1 });
    }

    #[test]
    fn a_contact_that_has_spoken_already_adds_nothing() {
        assert_eq!(part(&voice(CONFIRMED, Proof::Contact, false)), Sums::default());
    }

    #[test]
    fn one_device_has_another_key_for_each_commitment() {
        assert_ne!(key_hash("a", "token"), key_hash("b", "token"));
    }
}
