//! SQL that moves the words of a denunciation behind the vault: where a case becomes one or ceases to be one, and those from before they
//! were sealed.

use super::drafts;
use super::parts::CaseText;
use crate::db::Tx;
use crate::error::Result;
use crate::petitions::rules::{Case, Kind};
use crate::vault::kept::{self, Purpose};

/// After a case changed its kind: words, messages, notes, reasons of drafts and what was written with a rating are sealed; of what is none any more they are opened.
///
/// # Errors
/// [`crate::error::AppError::Unavailable`] where a key is not there: nothing is lost, nothing stays in the open.
pub async fn follow(tx: &mut Tx, before: Kind, after: &Case) -> Result<()> {
    match (before == Kind::Denunciation, after.kind == Kind::Denunciation) {
        (false, true) => {
            seal_words(tx, &after.id).await?;
            let messages: Vec<(String, String)> = tx.all("SELECT id, body FROM messages WHERE case_id = $1 AND body <> ''", (after.id.clone(),)).await?;
            seal_messages(tx, messages)?;
            let notes: Vec<(String, String)> = tx.all("SELECT id, body FROM notes WHERE case_id = $1 AND body <> ''", (after.id.clone(),)).await?;
            seal_notes(tx, notes)?;
            let ratings: Vec<(String, String)> =
                tx.all("SELECT case_id, comment FROM ratings WHERE case_id = $1 AND comment <> ''", (after.id.clone(),)).await?;
            seal_ratings(tx, ratings)?;
            let drafts: Vec<(String, String, String)> = tx
                .all("SELECT id, reason, return_reason FROM step_drafts WHERE case_id = $1 AND (reason <> '' OR return_reason <> '')", (after.id.clone(),))
                .await?;
            seal_drafts(tx, drafts)
        }
        (true, false) => open_all(tx, after).await,
        _ => Ok(()),
    }
}

async fn seal_words(tx: &mut Tx, case_id: &str) -> Result<()> {
    let text: Option<CaseText> =
        tx.find("SELECT title, body, place, about, latitude_e6, longitude_e6 FROM case_texts WHERE case_id = $1", (case_id.to_owned(),)).await?;
    if let Some(text) = text {
        kept::put(tx, Purpose::Words, case_id, &text)?;
        tx.later("DELETE FROM case_texts WHERE case_id = $1", (case_id.to_owned(),))?;
    }
    Ok(())
}

fn seal_messages(tx: &mut Tx, rows: Vec<(String, String)>) -> Result<()> {
    for (id, body) in rows {
        kept::put(tx, Purpose::Message, &id, &body)?;
        tx.later("UPDATE messages SET body = '' WHERE id = $1", (id,))?;
    }
    Ok(())
}

fn seal_notes(tx: &mut Tx, rows: Vec<(String, String)>) -> Result<()> {
    for (id, body) in rows {
        kept::put(tx, Purpose::Note, &id, &body)?;
        tx.later("UPDATE notes SET body = '' WHERE id = $1", (id,))?;
    }
    Ok(())
}

fn seal_ratings(tx: &mut Tx, rows: Vec<(String, String)>) -> Result<()> {
    for (case_id, comment) in rows {
        kept::put(tx, Purpose::Rating, &case_id, &comment)?;
        tx.later("UPDATE ratings SET comment = '' WHERE case_id = $1", (case_id,))?;
    }
    Ok(())
}

fn seal_drafts(tx: &mut Tx, rows: Vec<(String, String, String)>) -> Result<()> {
    for (id, reason, return_reason) in rows {
        kept::put(tx, Purpose::Draft, &id, &drafts::Words { reason, return_reason })?;
        tx.later("UPDATE step_drafts SET reason = '', return_reason = '' WHERE id = $1", (id,))?;
    }
    Ok(())
}

async fn open_all(tx: &mut Tx, case: &Case) -> Result<()> {
    if let Some(text) = kept::get::<CaseText>(tx, Purpose::Words, &case.id).await?.readable()? {
        super::parts::insert_text(tx, case.kind, &case.id, &text)?;
        kept::remove(tx, Purpose::Words, &case.id)?;
    }
    kept::remove(tx, Purpose::Working, &case.id)?;
    if let Some(comment) = kept::get::<String>(tx, Purpose::Rating, &case.id).await?.readable()? {
        tx.later("UPDATE ratings SET comment = $2 WHERE case_id = $1", (case.id.clone(), comment))?;
        kept::remove(tx, Purpose::Rating, &case.id)?;
    }
    let ids: Vec<(String,)> = tx.all("SELECT id FROM messages WHERE case_id = $1 AND body = ''", (case.id.clone(),)).await?;
    for (id,) in ids {
        if let Some(body) = kept::get::<String>(tx, Purpose::Message, &id).await?.readable()? {
            tx.later("UPDATE messages SET body = $2 WHERE id = $1", (id.clone(), body))?;
            kept::remove(tx, Purpose::Message, &id)?;
        }
    }
    let ids: Vec<(String,)> = tx.all("SELECT id FROM notes WHERE case_id = $1 AND body = ''", (case.id.clone(),)).await?;
    for (id,) in ids {
        if let Some(body) = kept::get::<String>(tx, Purpose::Note, &id).await?.readable()? {
            tx.later("UPDATE notes SET body = $2 WHERE id = $1", (id.clone(), body))?;
            kept::remove(tx, Purpose::Note, &id)?;
        }
    }
    let ids: Vec<(String,)> = tx.all("SELECT id FROM step_drafts WHERE case_id = $1", (case.id.clone(),)).await?;
    for (id,) in ids {
        if let Some(drafts::Words { reason, return_reason }) = kept::get(tx, Purpose::Draft, &id).await?.readable()? {
            tx.later("UPDATE step_drafts SET reason = $2, return_reason = $3 WHERE id = $1", (id.clone(), reason, return_reason))?;
            kept::remove(tx, Purpose::Draft, &id)?;
        }
    }
    Ok(())
}

/// Seals words, messages and notes of denunciations from before they were sealed; gives how many rows.
pub async fn seal_open(tx: &mut Tx, limit: i64) -> Result<usize> {
    let cases: Vec<(String,)> =
        tx.all("SELECT c.id FROM cases c JOIN case_texts t ON t.case_id = c.id WHERE c.kind = 'denunciation' ORDER BY c.id LIMIT $1", (limit,)).await?;
    for (case_id,) in &cases {
        seal_words(tx, case_id).await?;
    }
    if !cases.is_empty() {
        return Ok(cases.len());
    }
    let messages: Vec<(String, String)> = tx
        .all(
            "SELECT m.id, m.body FROM messages m JOIN cases c ON c.id = m.case_id WHERE c.kind = 'denunciation' AND m.body <> '' ORDER BY m.id LIMIT $1",
            (limit,),
        )
        .await?;
    let notes: Vec<(String, String)> = tx
        .all(
            "SELECT n.id, n.body FROM notes n JOIN cases c ON c.id = n.case_id WHERE c.kind = 'denunciation' AND n.body <> '' ORDER BY n.id LIMIT $1",
            (limit,),
        )
        .await?;
    let ratings: Vec<(String, String)> = tx
        .all("SELECT r.case_id, r.comment FROM ratings r JOIN cases c ON c.id = r.case_id WHERE c.kind = 'denunciation' AND r.comment <> '' LIMIT $1", (limit,))
        .await?;
    let drafts: Vec<(String, String, String)> = tx
        .all(
            "SELECT d.id, d.reason, d.return_reason FROM step_drafts d JOIN cases c ON c.id = d.case_id
             WHERE c.kind = 'denunciation' AND (d.reason <> '' OR d.return_reason <> '') ORDER BY d.id LIMIT $1",
            (limit,),
        )
        .await?;
    let n = messages.len() + notes.len() + ratings.len() + drafts.len();
    seal_drafts(tx, drafts)?;
    seal_ratings(tx, ratings)?;
    seal_messages(tx, messages)?;
    seal_notes(tx, notes)?;
    Ok(n)
}
