//! Papers of citizens are sealed before they reach the object store: each has a key of its own, which is a sealed value of the database.
//!
//! So neither the store nor a copy of the database alone shows a paper, and a change of keys wraps papers anew like everything else. A sealed
//! file begins with [`MARK`]; what does not is from before, or is meant for everybody (pictures of dialogues, evidence of promises).

use super::store;
use super::{key, thumb_key};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::Random;
use crate::portal::Portal;
use crate::vault::envelope::{lock_bytes, unlock_bytes};
use crate::vault::kept::{self, Kept, Purpose};
use crate::vault::keys::KEY_BYTES;
use bytes::Bytes;
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};

/// What a sealed file begins with. No picture and no PDF begins like this.
const MARK: &[u8] = b"NGHEDAN SEALED 1\n";
/// Papers looked for in one statement when those from before are sealed.
const PORTION: i64 = 50;

/// The key of a paper's files.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct FileKey([u8; KEY_BYTES]);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey([redacted])")
    }
}

/// What is sealed of a paper.
#[derive(Serialize, Deserialize)]
struct Stored {
    key: String,
    name: String,
}

impl FileKey {
    /// A new one.
    pub fn new(random: &Random) -> Self {
        Self(random.bytes())
    }

    /// The bytes as they lie in the store under `place`, which is part of what they are.
    ///
    /// # Errors
    /// [`AppError::Internal`] for a file longer than memory.
    pub fn lock(self, random: &Random, place: &str, plain: &[u8]) -> Result<Bytes> {
        let locked = lock_bytes(&self.0, random, place, plain).ok_or_else(|| AppError::internal("a paper cannot be sealed"))?;
        Ok(Bytes::from([MARK, &locked].concat()))
    }

    fn unlock(self, place: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        unlock_bytes(&self.0, place, bytes.strip_prefix(MARK)?)
    }

    fn of(stored: &Stored) -> Option<Self> {
        BASE64URL_NOPAD.decode(stored.key.as_bytes()).ok()?.try_into().ok().map(Self)
    }
}

/// Seals a paper's key and the name it came with.
///
/// # Errors
/// [`AppError::Unavailable`] without a key of the ring.
pub fn put_key(tx: &mut Tx, paper_id: &str, file_key: FileKey, name: &str) -> Result<()> {
    kept::put(tx, Purpose::Paper, paper_id, &Stored { key: BASE64URL_NOPAD.encode(&file_key.0), name: name.to_owned() })
}

/// The name a sealed paper came with; none where it is not sealed.
pub(super) fn name_of(joined: kept::Joined, vault: &crate::vault::Vault, paper_id: &str) -> Kept<String> {
    match joined.open::<Stored>(vault, Purpose::Paper, paper_id) {
        Kept::Open(stored) => Kept::Open(stored.name),
        Kept::Nothing => Kept::Nothing,
        Kept::Locked => Kept::Locked,
    }
}

/// The bytes of a paper under a place of the store, opened; none if there are none.
///
/// # Errors
/// [`AppError::Unavailable`] if the store does not answer, or the paper's key is not there.
pub async fn read(portal: &Portal, paper_id: &str, place: &str) -> Result<Option<Bytes>> {
    let Some(bytes) = portal.files().get(place).await? else { return Ok(None) };
    if !bytes.starts_with(MARK) {
        return Ok(Some(bytes));
    }
    let stored = kept::get::<Stored>(&mut portal.db().look().await?, Purpose::Paper, paper_id).await?.readable()?;
    let Some(stored) = stored else { return Ok(None) };
    let plain = FileKey::of(&stored).and_then(|file_key| file_key.unlock(place, &bytes));
    plain.map(|plain| Some(Bytes::from(plain))).ok_or_else(|| AppError::internal("a paper was changed in the store"))
}

/// Seals the papers of a denunciation that are not sealed yet: of one case, or of all. Gives how many. May be repeated, and goes on where it was
/// cut off: the key is stored first, then the bytes take the place of the open ones, then the row says so.
///
/// # Errors
/// [`AppError::Unavailable`] if the store does not answer.
pub async fn seal_open(portal: &Portal, case_id: &str) -> Result<u64> {
    let (mut sealed, mut after) = (0, String::new());
    loop {
        let mut tx = portal.db().read().await?;
        let rows = store::open_of_denunciations(&mut tx, case_id, &after, PORTION).await?;
        drop(tx);
        let Some((last, _)) = rows.last() else { return Ok(sealed) };
        after.clone_from(last);
        for (id, name) in &rows {
            sealed += u64::from(seal_one(portal, id, name).await?);
        }
    }
}

/// The same at the start of the portal: only until it was done once.
///
/// # Errors
/// As [`seal_open`].
pub async fn seal_from_before(portal: &Portal) -> Result<u64> {
    if store::are_old_sealed(&mut portal.db().read().await?).await? {
        return Ok(0);
    }
    let sealed = seal_open(portal, "").await?;
    let mut tx = portal.db().write().await?;
    store::set_old_sealed(&mut tx).await?;
    tx.commit().await?;
    Ok(sealed)
}

/// Gives false where an earlier key of it is lost: its bytes stay as they are.
async fn seal_one(portal: &Portal, id: &str, name: &str) -> Result<bool> {
    let mut tx = portal.db().write().await?;
    let file_key = match kept::get::<Stored>(&mut tx, Purpose::Paper, id).await? {
        Kept::Open(stored) => FileKey::of(&stored).ok_or_else(|| AppError::internal("a paper's key is none"))?,
        Kept::Locked => return Ok(false),
        Kept::Nothing => {
            let new = FileKey::new(portal.random());
            put_key(&mut tx, id, new, name)?;
            new
        }
    };
    tx.commit().await?;
    for place in [key(id), thumb_key(id)] {
        if let Some(bytes) = portal.files().get(&place).await?
            && !bytes.starts_with(MARK)
        {
            portal.files().put(&place, file_key.lock(portal.random(), &place, &bytes)?).await?;
        }
    }
    let mut tx = portal.db().write().await?;
    store::set_sealed(&mut tx, id).await?;
    tx.commit().await?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_under_its_own_place_with_its_own_key() {
        let random = Random::seeded(1);
        let (one, other) = (FileKey::new(&random), FileKey::new(&random));
        let locked = one.lock(&random, "papers/1", b"%PDF-1.7").expect("locked");
        assert!(locked.starts_with(MARK) && !locked.windows(4).any(|bytes| bytes == b"%PDF"));
        assert_eq!(one.unlock("papers/1", &locked).as_deref(), Some(&b"%PDF-1.7"[..]));
        assert_eq!(one.unlock("papers/2", &locked), None, "swapped in the store");
        assert_eq!(other.unlock("papers/1", &locked), None);
        assert_eq!(one.unlock("papers/1", b"%PDF-1.7"), None);
        assert_eq!(format!("{one:?}"), "FileKey([redacted])");
    }
}
