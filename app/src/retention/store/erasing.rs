//! SQL that deletes. Every statement of retention that takes something away stands here.
//!
//! Bytes go, not only rows: on SQLite what is deleted is overwritten with zeros ([`begin`]); PostgreSQL gives the room free and overwrites
//! it later (its autovacuum). The record, the case, its letters' numbers and all sums stay.

use crate::db::{Kind, Tx};
use crate::error::Result;
use crate::outbox::{self, Job};
use crate::portal::Portal;
use crate::retention::what::What;
use crate::search::store::{Index, remove};
use crate::vault::kept::Purpose;
use chrono::{DateTime, Utc};

/// From here to [`end`] SQLite overwrites what it deletes.
pub async fn begin(tx: &mut Tx) -> Result<()> {
    if tx.kind() == Kind::Sqlite {
        tx.exec("PRAGMA secure_delete = ON", ()).await?;
    }
    Ok(())
}

/// The end of what [`begin`] began, before the commit.
pub async fn end(tx: &mut Tx) -> Result<()> {
    if tx.kind() == Kind::Sqlite {
        tx.exec("PRAGMA secure_delete = FAST", ()).await?;
    }
    Ok(())
}

/// Deletes one thing that is due.
pub async fn erase(tx: &mut Tx, portal: &Portal, what: What, id: &str) -> Result<()> {
    let now = portal.now();
    match what {
        What::PeopleOpinion | What::PeopleComplaint | What::PeopleDenunciation => {
            people_of_case(tx, id).await?;
            signers_of_case(tx, id).await?;
            note(tx, id, "people", "time", now).await
        }
        What::WordsOpinion | What::WordsComplaint | What::WordsDenunciation => {
            words_of_case(tx, portal, id).await?;
            note(tx, id, "words", "time", now).await
        }
        What::BookingPeople => booking(tx, id).await,
        What::VisitPeople => visit(tx, id).await,
        What::Askers => asker(tx, id).await,
        What::Supporters => supporters(tx, id).await,
        What::Followers => follower(tx, id).await,
        _ => Ok(()),
    }
}

async fn one(tx: &mut Tx, sql: &'static str, id: &str) -> Result<()> {
    tx.exec(sql, (id.to_owned(),)).await?;
    Ok(())
}

/// What is sealed of one thing. Goes before the row that owns it: without the row nothing would lead to it.
async fn sealed(tx: &mut Tx, purpose: Purpose, owner_id: &str) -> Result<()> {
    tx.exec("DELETE FROM sealed_values WHERE purpose = $1 AND owner_id = $2", (purpose.code().to_owned(), owner_id.to_owned())).await?;
    Ok(())
}

/// Writes down that something of a case or a signer was deleted.
pub async fn note(tx: &mut Tx, owner_id: &str, what: &str, cause: &str, at: DateTime<Utc>) -> Result<()> {
    tx.exec(
        "INSERT INTO erasures (owner_id, what, at, cause) VALUES ($1, $2, $3, $4) ON CONFLICT (owner_id, what) DO NOTHING",
        (owner_id.to_owned(), what.to_owned(), at, cause.to_owned()),
    )
    .await?;
    Ok(())
}

/// The sender of a case: who they are, by what they are recognised again, and on whose own page the case stands.
pub async fn people_of_case(tx: &mut Tx, case_id: &str) -> Result<()> {
    one(tx, "DELETE FROM sealed_people WHERE owner_id = $1", case_id).await?;
    one(tx, "DELETE FROM case_people WHERE case_id = $1", case_id).await?;
    one(tx, "DELETE FROM citizen_cases WHERE case_id = $1", case_id).await?;
    one(tx, "DELETE FROM case_marks WHERE case_id = $1", case_id).await
}

/// One who signed.
pub async fn signer(tx: &mut Tx, signer_id: &str) -> Result<()> {
    one(tx, "DELETE FROM sealed_people WHERE owner_id = $1", signer_id).await?;
    one(tx, "DELETE FROM signer_people WHERE signer_id = $1", signer_id).await?;
    one(tx, "DELETE FROM signer_marks WHERE signer_id = $1", signer_id).await?;
    one(tx, "UPDATE case_signers SET has_email = FALSE WHERE id = $1", signer_id).await
}

/// All who signed a case.
async fn signers_of_case(tx: &mut Tx, case_id: &str) -> Result<()> {
    one(tx, "DELETE FROM sealed_people WHERE owner_id IN (SELECT id FROM case_signers WHERE case_id = $1)", case_id).await?;
    one(tx, "DELETE FROM signer_people WHERE signer_id IN (SELECT id FROM case_signers WHERE case_id = $1)", case_id).await?;
    one(tx, "DELETE FROM signer_marks WHERE case_id = $1", case_id).await?;
    one(tx, "UPDATE case_signers SET has_email = FALSE WHERE case_id = $1", case_id).await
}

/// What was written and sent in a case, by anybody, and is not public. An answer that is public stays, and what hidden words were goes.
pub async fn words_of_case(tx: &mut Tx, portal: &Portal, case_id: &str) -> Result<()> {
    for purpose in [Purpose::Words, Purpose::Working, Purpose::Rating, Purpose::Part] {
        sealed(tx, purpose, case_id).await?;
    }
    for sql in [
        "DELETE FROM sealed_values WHERE purpose = 'message' AND owner_id IN (SELECT id FROM messages WHERE case_id = $1)",
        "DELETE FROM sealed_values WHERE purpose = 'note' AND owner_id IN (SELECT id FROM notes WHERE case_id = $1)",
        "DELETE FROM case_texts WHERE case_id = $1",
        "DELETE FROM messages WHERE case_id = $1",
        "DELETE FROM nudges WHERE case_id = $1",
        "DELETE FROM notes WHERE case_id = $1",
        "DELETE FROM split_originals WHERE part_id = $1",
        "DELETE FROM redactions WHERE case_id = $1",
        "DELETE FROM answers WHERE case_id = $1 AND (state <> 'approved' OR NOT EXISTS (SELECT 1 FROM public_cases p WHERE p.case_id = $1))",
        // What the public reads is all that stays of an answer: where words of it were hidden, they go from the answer itself.
        "UPDATE answers SET body = public_body WHERE case_id = $1 AND public_body IS NOT NULL",
        "DELETE FROM public_texts WHERE case_id = $1 AND NOT EXISTS (SELECT 1 FROM public_cases p WHERE p.case_id = $1)",
        "DELETE FROM sealed_values WHERE purpose = 'draft' AND owner_id IN (SELECT id FROM step_drafts WHERE case_id = $1)",
        "UPDATE step_drafts SET reason = '', return_reason = '' WHERE case_id = $1",
        "UPDATE ratings SET comment = '' WHERE case_id = $1",
        "UPDATE complaint_limitations SET obstacle = '' WHERE case_id = $1",
        "DELETE FROM sealed_values WHERE purpose = 'letter' AND owner_id IN (SELECT id FROM letters WHERE case_id = $1)",
        "DELETE FROM letter_texts WHERE letter_id IN (SELECT id FROM letters WHERE case_id = $1)",
    ] {
        one(tx, sql, case_id).await?;
    }
    papers_of_case(tx, portal, case_id).await?;
    let key: Option<(i64,)> = tx.find("SELECT search_key FROM cases WHERE id = $1", (case_id.to_owned(),)).await?;
    match key {
        Some((key,)) => remove(tx, Index::Desk, key).await,
        None => Ok(()),
    }
}

/// Papers of a case and the versions of them that are not public. A paper the public sees as it came stays where the page shows it.
async fn papers_of_case(tx: &mut Tx, portal: &Portal, case_id: &str) -> Result<()> {
    let versions: Vec<(String, bool)> = tx
        .all(
            "SELECT id, stored_id = id AND id <> paper_id FROM public_papers WHERE case_id = $1 AND (is_public = FALSE OR ended_at IS NOT NULL)",
            (case_id.to_owned(),),
        )
        .await?;
    for (version_id, has_own_bytes) in versions {
        one(tx, "DELETE FROM public_papers WHERE id = $1", &version_id).await?;
        // Where nothing was covered, and of photos from before there were versions, the bytes are the paper's: they go with it, or stay with
        // another version of it that is public.
        if has_own_bytes {
            delete_bytes(tx, portal, version_id)?;
        }
    }
    let papers: Vec<(String,)> = tx
        .all(
            "SELECT id FROM papers
             WHERE case_id = $1 AND NOT EXISTS (SELECT 1 FROM public_papers v WHERE v.stored_id = papers.id)",
            (case_id.to_owned(),),
        )
        .await?;
    for (paper_id,) in papers {
        sealed(tx, Purpose::Paper, &paper_id).await?;
        one(tx, "DELETE FROM unscanned_papers WHERE paper_id = $1", &paper_id).await?;
        one(tx, "DELETE FROM papers WHERE id = $1", &paper_id).await?;
        delete_bytes(tx, portal, paper_id)?;
    }
    one(tx, "UPDATE papers SET original_name = '' WHERE case_id = $1", case_id).await
}

/// The bytes go as soon as this is committed, and the job is tried again until they have.
fn delete_bytes(tx: &mut Tx, portal: &Portal, paper_id: String) -> Result<()> {
    outbox::add(tx, portal.new_id(), &Job::DeletePaper { paper_id }, portal.now())
}

/// Who booked a slot.
pub async fn booking(tx: &mut Tx, booking_id: &str) -> Result<()> {
    sealed(tx, Purpose::Booking, booking_id).await?;
    one(tx, "UPDATE reception_bookings SET has_email = FALSE WHERE id = $1", booking_id).await?;
    one(tx, "DELETE FROM reception_booking_people WHERE booking_id = $1", booking_id).await?;
    one(tx, "DELETE FROM reception_booking_marks WHERE booking_id = $1", booking_id).await
}

async fn visit(tx: &mut Tx, visit_id: &str) -> Result<()> {
    sealed(tx, Purpose::Visit, visit_id).await?;
    sealed(tx, Purpose::VisitPapers, visit_id).await?;
    one(tx, "DELETE FROM reception_visit_people WHERE visit_id = $1", visit_id).await?;
    one(tx, "DELETE FROM reception_papers WHERE visit_id = $1", visit_id).await
}

/// Who registered for a dialogue.
pub async fn registration(tx: &mut Tx, registration_id: &str) -> Result<()> {
    sealed(tx, Purpose::Registration, registration_id).await?;
    one(tx, "UPDATE dialogue_registrations SET has_email = FALSE WHERE id = $1", registration_id).await?;
    one(tx, "DELETE FROM dialogue_registration_people WHERE registration_id = $1", registration_id).await?;
    one(tx, "DELETE FROM dialogue_registration_marks WHERE registration_id = $1", registration_id).await
}

/// Addresses of a dialogue's supporters.
async fn supporters(tx: &mut Tx, dialogue_id: &str) -> Result<()> {
    let contacts = "DELETE FROM sealed_values
         WHERE purpose = 'contact'
           AND owner_id IN (SELECT dialogue_id || ' ' || device FROM question_contacts WHERE dialogue_id = $1)";
    one(tx, contacts, dialogue_id).await?;
    one(tx, "DELETE FROM question_contacts WHERE dialogue_id = $1", dialogue_id).await
}

/// One who follows a promise.
async fn follower(tx: &mut Tx, follower_id: &str) -> Result<()> {
    sealed(tx, Purpose::Follower, follower_id).await?;
    one(tx, "DELETE FROM commitment_followers WHERE id = $1", follower_id).await
}

/// Who asked a question. What is public of it stays.
pub async fn asker(tx: &mut Tx, question_id: &str) -> Result<()> {
    sealed(tx, Purpose::Asker, question_id).await?;
    one(tx, "UPDATE questions SET village = '', email = '', body = '', has_email = FALSE WHERE id = $1", question_id).await
}

/// How an asker wanted to be called in public.
pub async fn asker_name(tx: &mut Tx, question_id: &str) -> Result<()> {
    one(tx, "UPDATE questions SET name = '' WHERE id = $1", question_id).await
}

/// One step of taking the words of deleted rows out of SQLite's word index: rows are only marked as gone there until its pieces are merged.
/// True while there is more to do.
pub async fn tidy_index(tx: &mut Tx, is_first: bool) -> Result<bool> {
    /// Pages merged in one step; a negative number begins.
    const PAGES: i64 = 200;
    /// Changed rows of a step that did nothing (SQLite's own words: "less than 2").
    const IDLE_ROWS: i64 = 2;
    if tx.kind() != Kind::Sqlite {
        return Ok(false);
    }
    let changes = "SELECT total_changes()";
    let (before,): (i64,) = tx.one(changes, ()).await?;
    tx.exec("INSERT INTO desk_search (desk_search, rank) VALUES ('merge', $1)", (if is_first { -PAGES } else { PAGES },)).await?;
    let (after,): (i64,) = tx.one(changes, ()).await?;
    Ok(after - before >= IDLE_ROWS)
}
