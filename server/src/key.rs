//! The keys that lie in the data folder, apart from the database: files that only their owner reads.
//!
//! `marks.key` recognises senders again, seals the record and leads from a code to its case. A lost one shuts every code for good, loses old
//! matches of phones and addresses, and seals can no longer be checked. `identity.keys` opens who wrote: a lost one makes names, phones and addresses unreadable for good, and nothing else. Several
//! processes on one PostgreSQL need the same files. `record.mark` is no key: it says how far the record had come, and each process has its own.

use app::codes::rules::CodeKey;
use app::db::Keys;
use app::error::{AppError, Result};
use app::id::Random;
use app::petitions::recognition::Key;
use app::record::mark::Mark;
use app::record::rules::RecordKey;
use app::vault::Vault;
use app::vault::keys::{KEY_BYTES, Ring};
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Name of the file with the key of marks.
const MARKS_FILE: &str = "marks.key";
/// Before the key of a folder whose marks and derived keys are made with HMAC.
const MARKS_BY_HMAC: u8 = 2;
/// Name of the file with the mark of the record.
const RECORD_MARK_FILE: &str = "record.mark";
/// Name of the file with the keys of identities.
const IDENTITY_FILE: &str = "identity.keys";
/// Name of the file it is written to before it takes its place.
const IDENTITY_FILE_NEW: &str = "identity.keys.new";
/// Only the owner reads and writes.
const OWNER_ONLY: u32 = 0o600;

fn broken(path: &Path, why: impl std::fmt::Display) -> AppError {
    AppError::config(format!("the key {}: {why}", path.display()))
}

/// Makes a file with these bytes, on the disk when this returns. False if there is one already.
fn make(path: &Path, bytes: &[u8]) -> Result<bool> {
    match OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(path) {
        Ok(mut file) => {
            file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|error| broken(path, error))?;
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(broken(path, error)),
    }
}

/// The key of marks of a data folder; made at the first start.
///
/// # Errors
/// [`AppError::Config`] if the file cannot be read or made, or is no key.
pub fn marks(folder: &Path, random: &Random) -> Result<Key> {
    let path = folder.join(MARKS_FILE);
    make(&path, &[&[MARKS_BY_HMAC][..], &random.bytes::<KEY_BYTES>()].concat())?;
    let bytes = std::fs::read(&path).map_err(|error| broken(&path, error))?;
    match (bytes.first().copied(), bytes.len()) {
        // A folder from before there was more than one way.
        (_, KEY_BYTES) => bytes.try_into().map(Key::from_before).map_err(|_| broken(&path, "not 32 bytes")),
        (Some(MARKS_BY_HMAC), _) => bytes[1..].try_into().map(Key::new).map_err(|_| broken(&path, "not a way and 32 bytes")),
        _ => Err(broken(&path, "neither 32 bytes nor a way and 32 bytes")),
    }
}

/// The keys of a database: those of people, and what follows from the key of marks.
pub fn of_database(vault: Vault, marks: &Key) -> Keys {
    Keys { vault, record: RecordKey::of(marks), codes: CodeKey::of(marks) }
}

/// The mark of the record of a data folder.
///
/// # Errors
/// [`AppError::Config`] if the file cannot be read.
pub fn record_mark(folder: &Path) -> Result<Mark> {
    let path = folder.join(RECORD_MARK_FILE);
    Mark::open(&path).map_err(|error| broken(&path, error))
}

/// The keys of identities of a data folder; made at the first start.
///
/// # Errors
/// [`AppError::Config`] if the file cannot be read or made, or a line is no key.
pub fn identities(folder: &Path, random: &Random) -> Result<Vault> {
    let path = folder.join(IDENTITY_FILE);
    if make(&path, Ring::of(random.bytes()).written().as_bytes())? {
        tracing::warn!("a new key for people's names and addresses was made: keep a copy of {} apart from the copies of the database", path.display());
    }
    let ring = read_ring(&path)?;
    let source = move || read_ring(&path).map_err(|error| tracing::error!(%error, "the keys of identities cannot be read anew")).ok();
    Ok(Vault::new(ring, random.clone(), Some(Box::new(source))))
}

fn read_ring(path: &Path) -> Result<Ring> {
    let text = std::fs::read_to_string(path).map_err(|error| broken(path, error))?;
    let ring = Ring::read(&text).map_err(|line| broken(path, format!("line {line} is no key")))?;
    if ring.sealing().is_none() { Err(broken(path, "has no key in it")) } else { Ok(ring) }
}

/// Puts another ring in the place of the data folder's, whole or not at all.
///
/// # Errors
/// [`AppError::Config`] if it cannot be written.
pub fn put_identities(folder: &Path, ring: &Ring) -> Result<()> {
    let (path, new) = (folder.join(IDENTITY_FILE), folder.join(IDENTITY_FILE_NEW));
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(broken(&new, error)),
        _ => {}
    }
    make(&new, ring.written().as_bytes())?;
    std::fs::rename(&new, &path).map_err(|error| broken(&path, error))?;
    // The name is in its place when the folder is on the disk.
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| broken(&path, error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use app::vault::envelope::Opened;

    #[test]
    fn a_folder_keeps_its_keys() {
        let folder = tempfile::tempdir().expect("a folder");
        let random = Random::seeded(1);
        let first = marks(folder.path(), &random).expect("made");
        assert!(marks(folder.path(), &random).expect("read") == first);
        assert_eq!(std::fs::read(folder.path().join(MARKS_FILE)).expect("read").len(), 33);
        std::fs::write(folder.path().join(MARKS_FILE), [5; 32]).expect("written");
        assert!(marks(folder.path(), &random).expect("read") == Key::from_before([5; 32]), "a folder from before keeps its way");
        std::fs::write(folder.path().join(MARKS_FILE), "short").expect("written");
        assert!(marks(folder.path(), &random).is_err(), "a broken key is not silently replaced");

        let ring = identities(folder.path(), &random).expect("made").ring();
        assert_eq!(identities(folder.path(), &random).expect("read").ring(), ring);
        for broken in ["", "# nothing\n", "name key\n"] {
            std::fs::write(folder.path().join(IDENTITY_FILE), broken).expect("written");
            assert!(identities(folder.path(), &random).is_err(), "{broken:?}");
        }
    }

    #[test]
    fn a_running_portal_learns_of_a_key_that_another_process_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let random = Random::seeded(1);
        let (running, command) = (identities(folder.path(), &random).expect("made"), identities(folder.path(), &random).expect("read"));
        let old = running.seal("x", b"text").expect("sealed");
        put_identities(folder.path(), &command.ring().with([9; 32])).expect("written");
        command.reload();
        let new = command.rewrap("x", &old).expect("wrapped anew");
        assert_ne!(new.key_name, old.key_name);
        assert_eq!(running.open("x", &new), Opened::Plain(b"text".to_vec()), "looks into the file before it gives up");
        assert_eq!(running.seal("x", b"text").expect("sealed").key_name, new.key_name, "and seals with the new key from then on");
    }
}
