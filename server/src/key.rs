//! The key by which senders are recognised again: a file in the data folder, apart from the database.
//!
//! Several processes on one PostgreSQL need the same file. A lost key loses nothing but old matches of phones and addresses.

use app::error::{AppError, Result};
use app::id::Random;
use app::petitions::recognition::Key;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Name of the file.
const FILE: &str = "marks.key";

/// The key of a data folder; made at the first start, readable by the owner alone.
///
/// # Errors
/// [`AppError::Config`] if the file cannot be read or made, or is not 32 bytes.
pub fn read_or_make(folder: &Path, random: &Random) -> Result<Key> {
    let path = folder.join(FILE);
    let broken = |why: String| AppError::config(format!("the key {}: {why}", path.display()));
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path) {
        Ok(mut file) => {
            let bytes = random.bytes::<32>();
            file.write_all(&bytes).and_then(|()| file.sync_all()).map_err(|error| broken(error.to_string()))?;
            Ok(Key::new(bytes))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let bytes = std::fs::read(&path).map_err(|error| broken(error.to_string()))?;
            let bytes: [u8; 32] = bytes.try_into().map_err(|_| broken("not 32 bytes".to_owned()))?;
            Ok(Key::new(bytes))
        }
        Err(error) => Err(broken(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let random = Random::seeded(1);
        let first = read_or_make(folder.path(), &random).expect("made");
        assert!(read_or_make(folder.path(), &random).expect("read") == first);
        std::fs::write(folder.path().join(FILE), "short").expect("written");
        assert!(read_or_make(folder.path(), &random).is_err(), "a broken key is not silently replaced");
    }
}
