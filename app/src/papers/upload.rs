//! Reading a form with files (`multipart/form-data`): texts into a [`FormState`], files into the store, clean.
//!
//! Nothing is given up for one bad file: what is refused is named, the texts and all other files stay. A file that is too large is
//! read on and thrown away, because a browser shows an answer only after it could send everything; that has an end at
//! [`REQUEST_BYTES_MAX`]. One file at a time is in memory, and few are cleaned at once ([`CLEANERS`]).
//!
//! Routes that take such forms switch axum's own body limit off: `handler.layer(DefaultBodyLimit::disable())`.

use super::clean::{CleanPaper, clean};
use super::kinds::{PAPER_BYTES_MAX, PaperKind, Refused, SNIFF_BYTES, check_room, check_size, sniff};
use super::scanning::{self, Arrival};
use super::sealed::FileKey;
use super::store::Held;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::portal::Portal;
use crate::ui::PageContext;
use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartError};
use bytes::Bytes;
use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

/// Most bytes of one text field; what is longer is cut off. Far above what any field takes, so that too long a text comes back
/// with its message and whole.
pub const TEXT_BYTES_MAX: usize = 256 * 1024;
/// Most parts of one form, texts and files together.
pub const PARTS_MAX: usize = 100;
/// Most bytes read of one request; beyond, nothing more is read.
pub const REQUEST_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Longest file name kept, in characters.
const NAME_CHARS_MAX: usize = 120;
/// How many pictures are opened at once: each may take 350 MB for a moment.
static CLEANERS: Semaphore = Semaphore::const_new(2);

/// A paper whose bytes are in the store and whose row is still to be written ([`super::store::insert`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaper {
    /// Its id.
    pub id: String,
    /// What is kept; may differ from what was handed in.
    pub kind: PaperKind,
    /// Size of what is kept, in bytes.
    pub bytes: i64,
    /// Width of a picture, in pixels.
    pub width: Option<i64>,
    /// Height of a picture, in pixels.
    pub height: Option<i64>,
    /// Whether there is a small picture.
    pub has_thumb: bool,
    /// The name it came with, cleaned; never a path.
    pub original_name: String,
    /// The key its bytes are sealed with, if they are.
    pub file_key: Option<FileKey>,
    /// When it came.
    pub at: DateTime<Utc>,
}

/// A form with files, read to its end.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// The texts.
    pub form: FormState,
    /// What was taken, in the order of the form.
    pub papers: Vec<NewPaper>,
    /// What was not, with its name.
    pub refused: Vec<(String, Refused)>,
}

/// Reads a form with files that a citizen sends: they are sealed. `held` is what the draft or case has already.
///
/// # Errors
/// [`AppError::BadRequest`] if the form is broken or has too many parts, [`AppError::Unavailable`] if the store does not take a file.
pub async fn receive(context: &PageContext, multipart: Multipart, held: Held) -> Result<Upload> {
    read(context, multipart, held, true).await
}

/// The same for files that everybody will see: pictures of dialogues, evidence of promises.
///
/// # Errors
/// As [`receive`].
pub async fn receive_open(context: &PageContext, multipart: Multipart, held: Held) -> Result<Upload> {
    read(context, multipart, held, false).await
}

async fn read(context: &PageContext, multipart: Multipart, held: Held, is_sealed: bool) -> Result<Upload> {
    let stored = Stored { portal: &context.portal, ids: Vec::new() };
    let mut reading = Reading { context, held, is_sealed, left: REQUEST_BYTES_MAX, pairs: Vec::new(), papers: Vec::new(), refused: Vec::new(), stored };
    if let Err(error) = reading.parts(multipart).await {
        // One after the other: if the sender goes now, the rest is taken away without waiting.
        while let Some(id) = reading.stored.ids.last() {
            take_away(&context.portal, id).await;
            reading.stored.ids.pop();
        }
        return Err(error);
    }
    // From here on they are in the hands of whoever asked.
    reading.stored.ids.clear();
    Ok(Upload { form: FormState::from_pairs(reading.pairs), papers: reading.papers, refused: reading.refused })
}

/// What was stored while a form is still being read. Where that comes to no end, because the form is broken further on, the store refuses, or the
/// sender is gone and nobody reads on, no row will ever name these bytes, so nothing else would find them: they are taken away again.
struct Stored<'a> {
    portal: &'a Portal,
    ids: Vec<String>,
}

/// The sender is gone: what reads the form is dropped in the middle, and nobody is left to wait.
impl Drop for Stored<'_> {
    fn drop(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        let Ok(runtime) = tokio::runtime::Handle::try_current() else { return };
        if !ids.is_empty() {
            let portal = self.portal.clone();
            runtime.spawn(async move {
                for id in ids {
                    take_away(&portal, &id).await;
                }
            });
        }
    }
}

/// Deletes the bytes of a paper. What cannot be deleted is told to the operator: the sender can do nothing about it.
async fn take_away(portal: &Portal, id: &str) {
    if let Err(error) = super::delete_bytes(portal, id).await {
        tracing::warn!(%error, id, "a file of a form that came to no end could not be deleted");
    }
}

fn broken(error: &MultipartError) -> AppError {
    if error.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE { AppError::TooLarge } else { AppError::BadRequest("broken multipart form") }
}

struct Reading<'a> {
    context: &'a PageContext,
    held: Held,
    /// Whether the files are sealed.
    is_sealed: bool,
    /// Bytes that may still be read.
    left: u64,
    pairs: Vec<(String, String)>,
    papers: Vec<NewPaper>,
    refused: Vec<(String, Refused)>,
    stored: Stored<'a>,
}

impl Reading<'_> {
    /// Reads the parts to the last, or to the most that may be sent.
    async fn parts(&mut self, mut multipart: Multipart) -> Result<()> {
        let mut parts = 0;
        while self.left > 0 {
            let Some(field) = multipart.next_field().await.map_err(|error| broken(&error))? else { break };
            parts += 1;
            if parts > PARTS_MAX {
                return Err(AppError::BadRequest("too many parts"));
            }
            self.part(field).await?;
        }
        Ok(())
    }

    async fn part(&mut self, field: Field<'_>) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(file_name) {
            Some(file) => self.file(field, file).await,
            None => {
                let bytes = self.text(field).await?;
                self.pairs.push((name, String::from_utf8_lossy(&bytes).into_owned()));
                Ok(())
            }
        }
    }

    async fn text(&mut self, mut field: Field<'_>) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.chunk(&mut field).await? {
            let room = TEXT_BYTES_MAX - bytes.len();
            bytes.extend_from_slice(&chunk[..chunk.len().min(room)]);
        }
        // The cut may have gone through a letter: its first half would come back as a question mark.
        if bytes.len() == TEXT_BYTES_MAX
            && let Err(error) = std::str::from_utf8(&bytes)
            && error.error_len().is_none()
        {
            bytes.truncate(error.valid_up_to());
        }
        Ok(bytes)
    }

    async fn file(&mut self, field: Field<'_>, name: String) -> Result<()> {
        let outcome = match self.file_bytes(field).await? {
            // A file field in which nothing was chosen comes as an empty file without a name.
            Err(Refused::Empty) if name.is_empty() => return Ok(()),
            Err(refused) => Err(refused),
            Ok((kind, bytes)) => self.accepted(kind, bytes).await,
        };
        match outcome {
            Ok((paper, is_scanned)) => {
                let paper = self.keep(paper, name, is_scanned).await?;
                self.papers.push(paper);
            }
            Err(refused) => self.refused.push((name, refused)),
        }
        Ok(())
    }

    /// Reads a file to its end. From the moment it cannot be taken, its bytes are no longer kept.
    async fn file_bytes(&mut self, mut field: Field<'_>) -> Result<std::result::Result<(PaperKind, Vec<u8>), Refused>> {
        let mut bytes = Vec::new();
        let mut outcome = Ok(());
        while let Some(chunk) = self.chunk(&mut field).await? {
            if outcome.is_err() {
                continue;
            }
            bytes.extend_from_slice(&chunk);
            outcome = self.may_go_on(&bytes);
            if outcome.is_err() {
                bytes = Vec::new();
            }
        }
        // Cut off by the limit of the request: what there is of it is not the file.
        if outcome.is_ok() && self.left == 0 {
            outcome = Err(Refused::TooLarge { limit_bytes: PAPER_BYTES_MAX });
        }
        let size = bytes.len() as u64;
        Ok(outcome.and_then(|()| check_size(size)).and_then(|()| sniff(&bytes)).map(|kind| (kind, bytes)))
    }

    fn may_go_on(&self, bytes: &[u8]) -> std::result::Result<(), Refused> {
        check_size(bytes.len() as u64)?;
        check_room(self.held.papers, self.held.bytes, 0)?;
        if bytes.len() >= SNIFF_BYTES { sniff(bytes).map(|_| ()) } else { Ok(()) }
    }

    /// A whole file of a kind we take: whether there is room for its bytes, what the virus scanner says, what is left when it is clean. Gives the
    /// paper and whether it was scanned.
    async fn accepted(&self, kind: PaperKind, bytes: Vec<u8>) -> std::result::Result<(CleanPaper, bool), Refused> {
        let portal = &self.context.portal;
        let room = portal.limits().take_upload(&self.context.origin, bytes.len() as u64, self.context.now.timestamp_micros());
        room.map_err(|seconds| Refused::Later { seconds })?;
        let is_scanned = match scanning::arriving(portal, &bytes).await {
            Arrival::Clean => true,
            Arrival::Later => false,
            Arrival::Infected => {
                self.tell_infected();
                return Err(Refused::Infected);
            }
            Arrival::NotNow => return Err(Refused::NotScanned),
        };
        Ok((self.cleaned(kind, bytes).await?, is_scanned))
    }

    /// Whoever sends something that was made to harm is a line of the security log.
    fn tell_infected(&self) {
        let actor = &self.context.actor;
        let source = crate::limits::source_mark(&self.context.portal, &self.context.address.0);
        let account = actor.account_id().unwrap_or_default();
        tracing::info!(target: "security", event = "infected file", actor = actor.kind(), account, source, "security");
    }

    async fn cleaned(&self, kind: PaperKind, bytes: Vec<u8>) -> std::result::Result<CleanPaper, Refused> {
        let _permit = CLEANERS.acquire().await.map_err(|_| Refused::Damaged)?;
        // A decoder that panics has met a damaged file, not a fault of ours.
        let paper = tokio::task::spawn_blocking(move || clean(kind, &bytes)).await.map_err(|_| Refused::Damaged)??;
        check_room(self.held.papers, self.held.bytes, paper.bytes.len() as u64)?;
        Ok(paper)
    }

    /// Puts the bytes into the store. The row comes later, so that no row ever points at nothing.
    async fn keep(&mut self, paper: CleanPaper, original_name: String, is_scanned: bool) -> Result<NewPaper> {
        let portal = &self.context.portal;
        let id = portal.new_id();
        // Before the first byte: half of it may be in the store when the rest fails.
        self.stored.ids.push(id.clone());
        let size = paper.bytes.len() as u64;
        let file_key = self.is_sealed.then(|| FileKey::new(portal.random()));
        self.put(&super::key(&id), file_key, paper.bytes).await?;
        let has_thumb = paper.thumb.is_some();
        if let Some(thumb) = paper.thumb {
            self.put(&super::thumb_key(&id), file_key, thumb).await?;
        }
        if !is_scanned {
            // After the bytes, which the worker looks for, and before the paper's own row, by which it could be asked for.
            scanning::note_waiting(portal, &id).await?;
        }
        self.held.papers += 1;
        self.held.bytes += size;
        let (width, height) = (paper.width.map(i64::from), paper.height.map(i64::from));
        let bytes = i64::try_from(size).unwrap_or(i64::MAX);
        Ok(NewPaper { id, kind: paper.kind, bytes, width, height, has_thumb, original_name, file_key, at: self.context.portal.now() })
    }

    async fn put(&self, place: &str, file_key: Option<FileKey>, plain: Vec<u8>) -> Result<()> {
        let bytes = match file_key {
            Some(file_key) => file_key.lock(self.context.portal.random(), place, &plain)?,
            None => Bytes::from(plain),
        };
        Ok(self.context.portal.files().put(place, bytes).await?)
    }

    /// The next piece of a part, within the limit of the whole request.
    async fn chunk(&mut self, field: &mut Field<'_>) -> Result<Option<Bytes>> {
        if self.left == 0 {
            return Ok(None);
        }
        let chunk = field.chunk().await.map_err(|error| broken(&error))?;
        if let Some(chunk) = &chunk {
            self.left = self.left.saturating_sub(chunk.len() as u64);
        }
        Ok(chunk)
    }
}

/// The last part of what a browser says the file was called, without anything that could change a page around it.
fn file_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    crate::text::clean(last).replace(['\n', '\t'], " ").trim().chars().take(NAME_CHARS_MAX).collect()
}

/// Says at a field of the form which files were not taken, and why.
pub fn note_refused(form: &mut FormState, field: &'static str, refused: &[(String, Refused)]) {
    for (name, refused) in refused {
        let name = ("name", name.clone());
        match refused {
            Refused::Empty => form.wrong_with(field, "papers.refused.empty", vec![name]),
            Refused::TooLarge { limit_bytes } if *limit_bytes == PAPER_BYTES_MAX => {
                form.wrong_with(field, "papers.refused.too_large", vec![name, ("mb", megabytes(*limit_bytes))]);
            }
            Refused::TooLarge { limit_bytes } => form.wrong_with(field, "papers.refused.no_room", vec![name, ("mb", megabytes(*limit_bytes))]),
            Refused::TooMany => form.wrong_with(field, "papers.refused.too_many", vec![name, ("n", super::kinds::PAPERS_PER_CASE_MAX.to_string())]),
            Refused::Heic => form.wrong_with(field, "papers.refused.heic", vec![name]),
            Refused::Video => form.wrong_with(field, "papers.refused.video", vec![name]),
            Refused::Unknown => form.wrong_with(field, "papers.refused.unknown", vec![name]),
            Refused::Damaged => form.wrong_with(field, "papers.refused.damaged", vec![name]),
            Refused::TooManyPixels => form.wrong_with(field, "papers.refused.too_many_pixels", vec![name]),
            Refused::Encrypted => form.wrong_with(field, "papers.refused.encrypted", vec![name]),
            Refused::Active => form.wrong_with(field, "papers.refused.active", vec![name]),
            Refused::Later { seconds } => form.wrong_with(field, "papers.refused.later", vec![name, ("minutes", seconds.div_ceil(60).to_string())]),
            Refused::Infected => form.wrong_with(field, "papers.refused.infected", vec![name]),
            Refused::NotScanned => form.wrong_with(field, "papers.refused.not_scanned", vec![name]),
        }
    }
}

fn megabytes(bytes: u64) -> String {
    (bytes / (1024 * 1024)).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        assert_eq!(file_name("C:\\anh\\duong \u{202e}gpj.exe"), "duong gpj.exe");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name(""), "");
        assert_eq!(file_name(&"ả".repeat(500)).chars().count(), NAME_CHARS_MAX);
    }
}
