//! How far the record had come when this data folder last saw it: the number and link of a page, kept outside of the database.
//!
//! Whoever may write to the database could take out its last pages, change what was on them and let the portal make new ones: the key would
//! seal the lie. The mark tells: the page it names must still be there, with its link. Where it is not, the portal goes on working and
//! writing entries, but closes no page until `nghedan audit accept` says that the database was put back from a copy on purpose.

use super::rules::Page;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A page that was seen, and its link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// Its number.
    pub page: i64,
    /// Its link.
    pub link: String,
}

impl Seen {
    /// As it stands in the file.
    fn written(&self) -> String {
        format!("{} {}\n", self.page, self.link)
    }

    fn read(text: &str) -> Option<Self> {
        let (page, link) = text.trim().split_once(' ')?;
        Some(Self { page: page.parse().ok()?, link: link.to_owned() })
    }
}

impl From<&Page> for Seen {
    fn from(page: &Page) -> Self {
        Self { page: page.page, link: page.link.clone() }
    }
}

/// The mark of a data folder. Cheap to clone; all clones are one.
#[derive(Clone, Debug, Default)]
pub struct Mark(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// None: only in memory.
    file: Option<PathBuf>,
    seen: Mutex<Option<Seen>>,
}

impl Mark {
    /// The one in a file; none was seen yet if there is no file.
    ///
    /// # Errors
    /// A file that cannot be read, or is no mark: it is not silently replaced.
    pub fn open(file: &Path) -> std::io::Result<Self> {
        let seen = match std::fs::read_to_string(file) {
            Ok(text) => Some(Seen::read(&text).ok_or_else(|| std::io::Error::other("is no mark (PAGE LINK)"))?),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        Ok(Self(Arc::new(Inner { file: Some(file.to_owned()), seen: Mutex::new(seen) })))
    }

    /// The page that was seen last.
    pub fn seen(&self) -> Option<Seen> {
        self.0.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Keeps another page. Blocks for a write to the disk.
    ///
    /// # Errors
    /// A disk that fails.
    pub fn keep(&self, seen: Seen) -> std::io::Result<()> {
        // Under the lock: two who keep at once must not leave the older one in the file.
        let mut kept = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &self.0.file {
            let new = file.with_extension("new");
            std::fs::write(&new, seen.written())?;
            std::fs::rename(&new, file)?;
        }
        *kept = Some(seen);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_keeps_the_mark_and_a_broken_one_is_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("record.mark");
        let mark = Mark::open(&file).expect("no file yet");
        assert_eq!(mark.seen(), None);
        let seen = Seen { page: 12, link: "abc".into() };
        mark.keep(seen.clone()).expect("kept");
        assert_eq!(mark.clone().seen(), Some(seen.clone()));
        assert_eq!(Mark::open(&file).expect("a file").seen(), Some(seen));
        std::fs::write(&file, "twelve").expect("written");
        assert!(Mark::open(&file).is_err());
        assert_eq!(Mark::default().seen(), None);
    }
}
