//! Where the bytes of papers lie: a folder on this machine, a bucket, or memory (tests).
//!
//! The database row says which papers exist; this file only keeps bytes under keys. Put the bytes
//! first and the row after, so that a row never points at nothing; bytes without a row are
//! rubbish that the retention job may delete.
//!
//! A put is durable when it returns: the folder is written with `fsync` on the file and its
//! directory (a temporary `name#1` is renamed into place, so no reader sees half a paper; a crash
//! can leave such a temporary file behind), and a bucket answers only after it has stored the bytes.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use object_store::aws::AmazonS3Builder;
use object_store::client::{HttpClient, HttpConnector};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as StorePath;
use object_store::prefix::PrefixStore;
use object_store::{ClientConfigKey, ClientOptions, ObjectStore, ObjectStoreExt};
use reqwest::redirect::Policy;

/// Longest key: `case-id/paper-id-thumb` needs about 80.
pub const KEY_CHARS_MAX: usize = 200;

/// How long a bucket may take to answer, and to be reached: after that another try begins.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(30);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// What can go wrong with the store. All of it is the portal's fault (500 or, for
/// [`FilesError::Store`], 503), never the visitor's: keys are made of our own ids.
#[derive(Debug, thiserror::Error)]
pub enum FilesError {
    /// The setting is neither empty, nor `memory:`, nor `s3://bucket/prefix`. Stops the start.
    #[error("unknown place for papers: {0:?} (leave empty for the folder, or s3://bucket/prefix)")]
    Url(String),
    /// The folder cannot be made. Stops the start.
    #[error("folder for papers {path}: {source}")]
    Folder { path: String, source: std::io::Error },
    /// A key with other characters than `a-z 0-9 _ - /`, or an empty part.
    #[error("bad key of a paper: {0:?}")]
    Key(String),
    /// The store did not answer or refused.
    #[error("store of papers: {0}")]
    Store(#[from] object_store::Error),
}

/// The store of papers. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Files(Arc<dyn ObjectStore>);

impl Files {
    /// Opens the store that `url` names:
    ///
    /// - empty: the folder `dir`, made if missing, readable by the portal's own account only;
    /// - `s3://bucket` or `s3://bucket/prefix`: a bucket, with key, region and end point from the
    ///   usual `AWS_…` variables (no request is made here: call [`Files::check`] at the start);
    /// - `memory:`: forgets everything at the end, for tests.
    ///
    /// Anything else is an error, so that a typing mistake does not silently start an empty folder.
    pub fn open(url: &str, dir: &Path) -> Result<Files, FilesError> {
        if url.is_empty() {
            return Files::in_folder(dir);
        }
        if url == "memory:" {
            return Ok(Files::in_memory());
        }
        match url.strip_prefix("s3://") {
            Some(place) => Files::in_bucket(url, place),
            None => Err(FilesError::Url(url.to_string())),
        }
    }

    /// A store that forgets, for tests.
    pub fn in_memory() -> Files {
        Files(Arc::new(InMemory::new()))
    }

    fn in_folder(dir: &Path) -> Result<Files, FilesError> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(dir).map_err(|source| FilesError::Folder { path: dir.display().to_string(), source })?;
        Ok(Files(Arc::new(LocalFileSystem::new_with_prefix(dir)?.with_fsync(true))))
    }

    fn in_bucket(url: &str, place: &str) -> Result<Files, FilesError> {
        let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
        if bucket.is_empty() {
            return Err(FilesError::Url(url.to_string()));
        }
        // The HTTP client inside takes the process's cryptography and panics where there is none. The error says: there is one already.
        rustls::crypto::ring::default_provider().install_default().ok();
        let store = AmazonS3Builder::from_env().with_bucket_name(bucket).with_http_connector(StraightTo).build()?;
        let prefix = prefix.trim_end_matches('/');
        if prefix.is_empty() {
            return Ok(Files(Arc::new(store)));
        }
        let prefix = StorePath::parse(prefix).map_err(|_| FilesError::Url(url.to_string()))?;
        Ok(Files(Arc::new(PrefixStore::new(store, prefix))))
    }

    /// Asks the store for a key that does not exist: proves at the start that it can be reached and read.
    pub async fn check(&self) -> Result<(), FilesError> {
        self.get("check/nothing-here").await.map(|_| ())
    }

    /// Keeps bytes under a key; an earlier value is replaced.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), FilesError> {
        self.0.put(&store_path(key)?, bytes.into()).await?;
        Ok(())
    }

    /// The bytes under a key, or `None` if there are none.
    pub async fn get(&self, key: &str) -> Result<Option<Bytes>, FilesError> {
        match self.0.get(&store_path(key)?).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(other) => Err(other.into()),
        }
    }

    /// Removes a key. Removing what is not there is fine, so the job that does it can be repeated.
    pub async fn delete(&self, key: &str) -> Result<(), FilesError> {
        match self.0.delete(&store_path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }
}

/// Connects to the store and to nothing else: an answer that sends elsewhere is a failure, for papers and the store's own signatures go nowhere
/// that was not configured.
#[derive(Clone, Copy, Debug)]
struct StraightTo;

impl HttpConnector for StraightTo {
    fn connect(&self, options: &ClientOptions) -> object_store::Result<HttpClient> {
        // Without encryption only where the operator says so, or towards the machine's own address of credentials.
        let may_be_plain = options.get_config_value(&ClientConfigKey::AllowHttp).is_some_and(|value| value == "true");
        let client = reqwest::Client::builder().redirect(Policy::none()).https_only(!may_be_plain).http1_only();
        let client = client.connect_timeout(CONNECT_TIMEOUT).timeout(REQUEST_TIMEOUT).build();
        Ok(HttpClient::new(client.map_err(|error| object_store::Error::Generic { store: "S3", source: Box::new(error) })?))
    }
}

/// Only names made of ids: no dots (so no `..`), no empty part, nothing a shell or a URL reads twice.
fn store_path(key: &str) -> Result<StorePath, FilesError> {
    let bad = || FilesError::Key(key.chars().take(KEY_CHARS_MAX).collect());
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'/' | b'_' | b'-');
    if key.len() > KEY_CHARS_MAX || !key.bytes().all(allowed) || key.split('/').any(str::is_empty) {
        return Err(bad());
    }
    StorePath::parse(key).map_err(|_| bad())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A folder of its own for one test, removed at the end.
    struct Folder(std::path::PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("nghe-dan-files-{}-{name}", std::process::id()));
            Folder(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            std::fs::remove_dir_all(&self.0).unwrap();
        }
    }

    async fn lives_and_dies(files: &Files) {
        let key = "case-1/paper_2/thumb";
        files.check().await.unwrap();
        assert_eq!(files.get(key).await.unwrap(), None);
        files.put(key, Bytes::from_static(b"one")).await.unwrap();
        files.put(key, Bytes::from_static(b"two")).await.unwrap();
        assert_eq!(files.get(key).await.unwrap().as_deref(), Some(&b"two"[..]));
        assert_eq!(files.get("case-1/paper_3").await.unwrap(), None);
        files.delete(key).await.unwrap();
        assert_eq!(files.get(key).await.unwrap(), None);
        files.delete(key).await.unwrap();
    }

    #[tokio::test]
    async fn in_memory() {
        lives_and_dies(&Files::open("memory:", Path::new("/nowhere")).unwrap()).await;
    }

    #[tokio::test]
    async fn in_a_folder_that_is_made() {
        let folder = Folder::new("made");
        let dir = folder.0.join("deeper");
        let files = Files::open("", &dir).unwrap();
        lives_and_dies(&files).await;
        files.put("a/b", Bytes::from_static(b"kept")).await.unwrap();
        assert_eq!(std::fs::read(dir.join("a").join("b")).unwrap(), b"kept");
        let again = Files::open("", &dir).unwrap();
        assert_eq!(again.get("a/b").await.unwrap().as_deref(), Some(&b"kept"[..]));
    }

    #[cfg(unix)]
    #[test]
    fn the_folder_is_private() {
        use std::os::unix::fs::PermissionsExt;
        let folder = Folder::new("private");
        Files::open("", &folder.0).unwrap();
        assert_eq!(std::fs::metadata(&folder.0).unwrap().permissions().mode() & 0o777, 0o700);
    }

    #[test]
    fn the_folder_is_written_with_fsync() {
        let folder = Folder::new("fsync");
        let files = Files::open("", &folder.0).unwrap();
        assert!(format!("{files:?}").contains("fsync: true"), "{files:?}");
    }

    #[test]
    fn a_folder_that_cannot_be_made_stops_the_start() {
        let error = Files::open("", Path::new("/dev/null/papers")).unwrap_err();
        assert!(matches!(error, FilesError::Folder { .. }), "{error}");
    }

    #[test]
    fn unknown_places_are_refused() {
        for url in ["file:///tmp", "S3://bucket", "s3:bucket", "s3://", "s3:///prefix", "s3://b/a//b", "./papers", " "] {
            let error = Files::open(url, Path::new("/nowhere")).unwrap_err();
            assert!(matches!(error, FilesError::Url(_)), "{url}: {error}");
        }
    }

    #[test]
    fn a_bucket_with_and_without_prefix() {
        let shown = |url| format!("{}", Files::open(url, Path::new("/nowhere")).unwrap().0);
        assert!(shown("s3://papers").contains("papers"));
        assert!(shown("s3://papers/").contains("papers"));
        assert!(shown("s3://papers/nghe-dan/x/").contains("nghe-dan/x"));
    }

    #[tokio::test]
    async fn keys_made_of_anything_else_are_refused() {
        let files = Files::in_memory();
        let long = "a".repeat(KEY_CHARS_MAX + 1);
        for key in ["", "/", "/a", "a/", "a//b", "..", "a/../b", "a.jpg", "A", "a b", "a#1", "a%2e", "đơn", "a\\b", "a\0", &long] {
            assert!(matches!(files.put(key, Bytes::new()).await, Err(FilesError::Key(_))), "put {key:?}");
            assert!(matches!(files.get(key).await, Err(FilesError::Key(_))), "get {key:?}");
            assert!(matches!(files.delete(key).await, Err(FilesError::Key(_))), "delete {key:?}");
        }
        files.put(&long[1..], Bytes::new()).await.unwrap();
    }

    proptest! {
        #[test]
        fn a_good_key_is_kept_as_it_is(key in "[a-z0-9_-]{1,20}(/[a-z0-9_-]{1,20}){0,3}") {
            let path = store_path(&key).unwrap();
            prop_assert_eq!(path.as_ref(), key.as_str());
        }

        #[test]
        fn any_key_is_kept_as_it_is_or_refused(key in any::<String>()) {
            if let Ok(path) = store_path(&key) {
                prop_assert_eq!(path.as_ref(), key.as_str());
            }
        }
    }
}
