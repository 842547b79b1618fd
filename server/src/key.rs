//! The keys that lie in the data folder, apart from the database: files that only their owner reads.
//!
//! `marks.key` recognises senders again, seals the record and leads from a code to its case. A lost one shuts every code for good, loses old
//! matches of phones and addresses, and seals can no longer be checked. `identity.keys` opens who wrote: a lost one makes names, phones and addresses unreadable for good, and nothing else. Several
//! processes on one PostgreSQL need the same files. Where a key service is named, both files hold only what it made of the keys ([`service`]). `record.mark` is no key: it says how far the record had come, and each process has its own.

pub mod service;
pub mod transit;

use app::codes::rules::CodeKey;
use app::db::Keys;
use app::error::{AppError, Result};
use app::id::Random;
use app::petitions::recognition::Key as MarksKey;
use app::record::mark::Mark;
use app::record::rules::RecordKey;
use app::vault::Vault;
use app::vault::keys::{self, KEY_BYTES, Key, Line, Ring};
use service::KeyService;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Name of the file with the key of marks.
const MARKS_FILE: &str = "marks.key";
/// Name of the file with the mark of the record.
const RECORD_MARK_FILE: &str = "record.mark";
/// Name of the file with the keys of identities.
const IDENTITY_FILE: &str = "identity.keys";
/// A key service that said no, or nothing, is asked again after this time.
const ASKED_AGAIN_AFTER: Duration = Duration::from_secs(30);
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

/// The keys of a database: those of people, and what follows from the key of marks.
pub fn of_database(vault: Vault, marks: &MarksKey) -> Keys {
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

/// The files of keys of a data folder, and the service that holds them closed, where there is one.
#[derive(Clone)]
pub struct Keeper {
    folder: PathBuf,
    service: Option<Arc<dyn KeyService>>,
}

/// What the service has opened in this process, and when it last would not.
#[derive(Default)]
struct Asked {
    opened: HashMap<String, Key>,
    refused: Option<Instant>,
}

impl Asked {
    /// The ring of a file, as far as the service has opened it here.
    fn ring(&self, path: &Path, file: &str) -> Result<Ring> {
        let ring = Ring::read(file, &|text| self.opened.get(text).cloned()).map_err(|line| no_key(path, line))?;
        if ring.sealing().is_none() { Err(broken(path, "has no key in it")) } else { Ok(ring) }
    }
}

impl Keeper {
    /// The keeper of a folder. Without a service the files hold the keys as they are.
    pub fn new(folder: &Path, service: Option<Arc<dyn KeyService>>) -> Self {
        Self { folder: folder.to_owned(), service }
    }

    /// The key of marks; made at the first start.
    ///
    /// # Errors
    /// [`AppError::Config`] if the file cannot be read or made, is no key, or the service does not open it.
    pub async fn marks(&self, random: &Random) -> Result<MarksKey> {
        let path = self.folder.join(MARKS_FILE);
        if !path.exists() {
            make(&path, &self.written_marks(&MarksKey::new(random.bytes())).await?)?;
        }
        let bytes = std::fs::read(&path).map_err(|error| broken(&path, error))?;
        // An open key is no longer than its own bytes, what a service makes of one always is.
        let sealed = std::str::from_utf8(&bytes).ok().filter(|_| MarksKey::read(&bytes).is_none()).and_then(|text| keys::sealed(text.trim_end()));
        let key = match sealed {
            None => bytes,
            Some(text) => self.opened(&path, text).await?,
        };
        MarksKey::read(&key).ok_or_else(|| broken(&path, "neither 32 bytes nor a way and 32 bytes"))
    }

    /// The keys of identities; made at the first start.
    ///
    /// # Errors
    /// [`AppError::Config`] if the file cannot be read or made, a line is no key, or the service does not open one.
    pub async fn identities(&self, random: &Random) -> Result<Vault> {
        let path = self.folder.join(IDENTITY_FILE);
        if !path.exists() && make(&path, self.written(&Ring::of(random.bytes())).await?.as_bytes())? {
            tracing::warn!("a new key for people's names and addresses was made: keep a copy of {} apart from the copies of the database", path.display());
        }
        let mut asked = Asked::default();
        let ring = self.read_ring(&path, &mut asked).await?;
        let (keeper, asked) = (self.clone(), Mutex::new(asked));
        let source = move || keeper.read_again(&path, &mut asked.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Vault::new(ring, random.clone(), Some(Box::new(source))))
    }

    /// Puts another ring in the place of the data folder's, whole or not at all.
    ///
    /// # Errors
    /// [`AppError::Config`] if it cannot be written, or the service does not seal it.
    pub async fn put_identities(&self, ring: &Ring) -> Result<()> {
        replace(&self.folder, IDENTITY_FILE, self.written(ring).await?.as_bytes())
    }

    /// Writes the files anew: sealed by the service, or as the keys are.
    ///
    /// # Errors
    /// [`AppError::Config`] if there is no service, it says no, or a file cannot be written; each file is then as it was or whole.
    pub async fn rewrite(&self, random: &Random, is_sealed: bool) -> Result<()> {
        if self.service.is_none() {
            return Err(AppError::config("no key service is named: --key-service"));
        }
        let (marks, ring) = (self.marks(random).await?, self.identities(random).await?.ring());
        let writes = if is_sealed { self.clone() } else { Self::new(&self.folder, None) };
        writes.put_identities(&ring).await?;
        replace(&self.folder, MARKS_FILE, &writes.written_marks(&marks).await?)
    }

    async fn written_marks(&self, key: &MarksKey) -> Result<Vec<u8>> {
        let written = key.written();
        match &self.service {
            None => Ok(written),
            Some(service) => Ok(format!("{}\n", keys::written_sealed(&service.seal(&written).await.map_err(AppError::config)?)).into_bytes()),
        }
    }

    async fn written(&self, ring: &Ring) -> Result<String> {
        let Some(service) = &self.service else { return Ok(ring.written()) };
        let mut sealed = Vec::new();
        for key in ring.keys() {
            sealed.push(service.seal(&key.bytes).await.map_err(AppError::config)?);
        }
        Ok(ring.written_sealed(&sealed))
    }

    async fn opened(&self, path: &Path, text: &str) -> Result<Vec<u8>> {
        let Some(service) = &self.service else { return Err(broken(path, "a key service has sealed it: name it with --key-service")) };
        service.open(text).await.map_err(|error| broken(path, error))
    }

    async fn read_ring(&self, path: &Path, asked: &mut Asked) -> Result<Ring> {
        let file = read_file(path)?;
        for (number, line) in keys::lines(&file).map_err(|line| no_key(path, line))? {
            let Line::Sealed { name, text } = line else { continue };
            if asked.opened.contains_key(&text) {
                continue;
            }
            let bytes: [u8; KEY_BYTES] = self.opened(path, &text).await?.try_into().map_err(|_| broken(path, format!("line {number} is no key")))?;
            let key = Key::new(bytes);
            if key.name != name {
                return Err(broken(path, format!("line {number} is another key than it says")));
            }
            asked.opened.insert(text, key);
        }
        asked.ring(path, &file)
    }

    /// The keys as the file has them now; the service is asked for none that it opened before, and not again right after it said no.
    fn read_again(&self, path: &Path, asked: &mut Asked) -> Option<Ring> {
        let file = read_file(path).map_err(|error| tracing::error!(%error, "the keys of identities cannot be read anew")).ok()?;
        if let Ok(ring) = asked.ring(path, &file) {
            return Some(ring);
        }
        if asked.refused.is_some_and(|at| at.elapsed() < ASKED_AGAIN_AFTER) {
            return None;
        }
        // Whoever looks for a key may stand in any runtime, or in none: the service is asked beside it.
        let answered = std::thread::scope(|scope| {
            let asking = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(AppError::internal)?;
                runtime.block_on(self.read_ring(path, asked))
            });
            asking.join().unwrap_or_else(|_| Err(AppError::config("asking the key service broke off")))
        });
        asked.refused = answered.is_err().then(Instant::now);
        answered.map_err(|error| tracing::error!(%error, "the keys of identities cannot be read anew")).ok()
    }
}

fn read_file(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| broken(path, error))
}

fn no_key(path: &Path, line: usize) -> AppError {
    broken(path, format!("line {line} is no key"))
}

/// Puts a file in the place of another, whole or not at all.
fn replace(folder: &Path, name: &str, bytes: &[u8]) -> Result<()> {
    let (path, new) = (folder.join(name), folder.join(format!("{name}.new")));
    match std::fs::remove_file(&new) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(broken(&new, error)),
        _ => {}
    }
    make(&new, bytes)?;
    std::fs::rename(&new, &path).map_err(|error| broken(&path, error))?;
    // The name is in its place when the folder is on the disk.
    std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| broken(&path, error))
}

#[cfg(test)]
mod tests {
    use super::service::{Answer, ServiceError};
    use super::*;
    use app::vault::envelope::Opened;
    use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

    fn plain(folder: &tempfile::TempDir) -> Keeper {
        Keeper::new(folder.path(), None)
    }

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().expect("a folder")
    }

    /// Turns each byte round; counts what it is asked, and can be away.
    #[derive(Default)]
    struct Turning {
        asked: AtomicU64,
        is_away: AtomicBool,
    }

    impl Turning {
        fn answer<T>(&self, answer: T) -> std::result::Result<T, ServiceError> {
            self.asked.fetch_add(1, Ordering::Relaxed);
            if self.is_away.load(Ordering::Relaxed) { Err(ServiceError::Away("nobody there".to_owned())) } else { Ok(answer) }
        }
    }

    impl KeyService for Turning {
        fn seal<'a>(&'a self, key: &'a [u8]) -> Answer<'a, String> {
            let turned: Vec<u8> = key.iter().map(|byte| !byte).collect();
            Box::pin(async move { self.answer(data_encoding::HEXLOWER.encode(&turned)) })
        }

        fn open<'a>(&'a self, sealed: &'a str) -> Answer<'a, Vec<u8>> {
            let turned = data_encoding::HEXLOWER.decode(sealed.as_bytes()).unwrap_or_default();
            Box::pin(async move { self.answer(turned.iter().map(|byte| !byte).collect()) })
        }
    }

    #[tokio::test]
    async fn a_folder_keeps_its_keys() {
        let (folder, random) = (folder(), Random::seeded(1));
        let keeper = plain(&folder);
        let first = keeper.marks(&random).await.expect("made");
        assert!(keeper.marks(&random).await.expect("read") == first);
        assert_eq!(std::fs::read(folder.path().join(MARKS_FILE)).expect("read").len(), 33);
        std::fs::write(folder.path().join(MARKS_FILE), [5; 32]).expect("written");
        assert!(keeper.marks(&random).await.expect("read") == MarksKey::from_before([5; 32]), "a folder from before keeps its way");
        std::fs::write(folder.path().join(MARKS_FILE), "short").expect("written");
        assert!(keeper.marks(&random).await.is_err(), "a broken key is not silently replaced");

        let ring = keeper.identities(&random).await.expect("made").ring();
        assert_eq!(keeper.identities(&random).await.expect("read").ring(), ring);
        for broken in ["", "# nothing\n", "name key\n"] {
            std::fs::write(folder.path().join(IDENTITY_FILE), broken).expect("written");
            assert!(keeper.identities(&random).await.is_err(), "{broken:?}");
        }
    }

    #[tokio::test]
    async fn a_running_portal_learns_of_a_key_that_another_process_made() {
        for service in [None, Some(Arc::new(Turning::default()) as Arc<dyn KeyService>)] {
            let (folder, random) = (folder(), Random::seeded(1));
            let keeper = Keeper::new(folder.path(), service);
            let (running, command) = (keeper.identities(&random).await.expect("made"), keeper.identities(&random).await.expect("read"));
            let old = running.seal("x", b"text").expect("sealed");
            keeper.put_identities(&command.ring().with([9; 32])).await.expect("written");
            command.reload();
            let new = command.rewrap("x", &old).expect("wrapped anew");
            assert_ne!(new.key_name, old.key_name);
            assert_eq!(running.open("x", &new), Opened::Plain(b"text".to_vec()), "looks into the file before it gives up");
            assert_eq!(running.seal("x", b"text").expect("sealed").key_name, new.key_name, "and seals with the new key from then on");
        }
    }

    #[tokio::test]
    async fn with_a_service_the_folder_alone_opens_nothing() {
        let (folder, random, service) = (folder(), Random::seeded(1), Arc::new(Turning::default()));
        let (open, closed) = (plain(&folder), Keeper::new(folder.path(), Some(service.clone())));
        let (marks, vault) = (open.marks(&random).await.expect("made"), open.identities(&random).await.expect("made"));
        let written = || ["identity.keys", "marks.key"].map(|name| std::fs::read(folder.path().join(name)).expect("there"));
        let (before, sealed) = (written(), vault.seal("x", b"text").expect("sealed"));

        assert!(open.rewrite(&random, true).await.is_err(), "nobody to seal them");
        closed.rewrite(&random, true).await.expect("sealed");
        for (text, key) in written().iter().zip([vault.ring().keys()[0].bytes.to_vec(), marks.written()]) {
            let holds = |form: &[u8]| text.windows(form.len()).any(|part| part == form);
            assert!(!holds(&key) && !holds(data_encoding::BASE64.encode(&key).as_bytes()), "a key lies in its file");
        }
        let told = [open.marks(&random).await.err(), open.identities(&random).await.err()].map(|error| error.expect("closed").to_string());
        assert!(told.iter().all(|told| told.contains("--key-service")), "{told:?}");
        assert!(closed.marks(&random).await.expect("opened") == marks);
        assert_eq!(closed.identities(&random).await.expect("opened").open("x", &sealed), Opened::Plain(b"text".to_vec()));

        closed.rewrite(&random, false).await.expect("given back");
        assert_eq!(written(), before);
    }

    #[tokio::test]
    async fn a_service_is_asked_once_for_a_key_and_may_be_away_afterwards() {
        let (folder, random, service) = (folder(), Random::seeded(1), Arc::new(Turning::default()));
        let keeper = Keeper::new(folder.path(), Some(service.clone()));
        let running = keeper.identities(&random).await.expect("made");
        let sealed = running.seal("x", b"text").expect("sealed");
        let asked = service.asked.load(Ordering::Relaxed);
        running.reload();
        assert_eq!(service.asked.load(Ordering::Relaxed), asked, "what is known is not asked again");

        keeper.put_identities(&running.ring().with([9; 32])).await.expect("written");
        service.is_away.store(true, Ordering::Relaxed);
        running.reload();
        let refused = service.asked.load(Ordering::Relaxed);
        running.reload();
        assert_eq!(service.asked.load(Ordering::Relaxed), refused, "nor is one that is away asked at once again");
        assert_eq!(running.open("x", &sealed), Opened::Plain(b"text".to_vec()), "the portal goes on with what it has");
        let error = keeper.identities(&random).await.expect_err("no start without it").to_string();
        assert!(error.contains("nobody there"), "{error}");
    }

    #[tokio::test]
    async fn a_key_of_another_name_is_not_taken() {
        let (folder, random) = (folder(), Random::seeded(1));
        let keeper = Keeper::new(folder.path(), Some(Arc::new(Turning::default())));
        keeper.identities(&random).await.expect("made");
        let path = folder.path().join(IDENTITY_FILE);
        let text = std::fs::read_to_string(&path).expect("there");
        let other = data_encoding::HEXLOWER.encode(&[!7_u8; KEY_BYTES]);
        let name = text.lines().find_map(|line| line.split_once(" sealed:")).expect("a line").0.to_owned();
        std::fs::write(&path, format!("{name} sealed:{other}\n")).expect("written");
        let error = keeper.identities(&random).await.expect_err("refused").to_string();
        assert!(error.contains("another key than it says"), "{error}");
    }
}
