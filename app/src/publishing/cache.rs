//! Public pages in memory.
//!
//! A public page is the same for everybody, so it is rendered once, compressed once, and served until something public
//! changes. A change raises `counters.public_version`; the process that made it clears its memory at once, others see the
//! number move. Pages also go after a while by themselves, because "2 days left" is true for one day only.

use crate::error::Result;
use crate::portal::Portal;
use crate::publishing::figures::Count;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;
use std::io::Write;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// Bytes of rendered pages kept, all forms counted.
const CACHE_BYTES_MAX: u64 = 24 * 1024 * 1024;
/// A page is rendered anew after this long even if nothing was written.
const PAGE_KEPT: Duration = Duration::from_secs(300);
/// Brotli's middle way: a page is compressed once and read many times, but somebody waits for the first time.
const BROTLI_QUALITY: u32 = 5;
const BROTLI_WINDOW: u32 = 20;

/// A rendered page in the forms it is sent in.
#[derive(Debug)]
pub struct CachedPage {
    status: StatusCode,
    plain: Form,
    brotli: Form,
    etag: HeaderValue,
}

#[derive(Debug)]
struct Form {
    headers: HeaderMap,
    body: Bytes,
}

/// The memory.
#[derive(Clone)]
pub struct PageCache {
    pages: moka::sync::Cache<String, Arc<CachedPage>>,
    generation: Arc<AtomicU64>,
    /// The public version the pages in memory belong to.
    version: Arc<AtomicI64>,
    /// The cells of the figures, which nearly every page needs, and the generation they belong to.
    figures: Arc<RwLock<Option<(u64, Figures)>>>,
}

/// The cells of the public figures.
pub type Figures = Arc<Vec<Count>>;

impl std::fmt::Debug for PageCache {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PageCache")
    }
}

impl Default for PageCache {
    fn default() -> Self {
        let pages = moka::sync::Cache::builder()
            .weigher(|key: &String, page: &Arc<CachedPage>| {
                u32::try_from(key.len() + page.plain.body.len() + page.brotli.body.len() + 2_048).unwrap_or(u32::MAX)
            })
            .max_capacity(CACHE_BYTES_MAX)
            .time_to_live(PAGE_KEPT)
            .build();
        Self { pages, generation: Arc::new(AtomicU64::new(0)), version: Arc::new(AtomicI64::new(0)), figures: Arc::default() }
    }
}

impl PageCache {
    /// The page of an address, if it is in memory.
    pub fn get(&self, address: &str) -> Option<Arc<CachedPage>> {
        self.pages.get(address)
    }

    /// The number to take before a page is rendered, for [`PageCache::put`].
    pub fn generation(&self) -> u64 {
        self.generation.load(Ordering::Acquire)
    }

    /// Keeps a page, unless something was written while it was rendered.
    pub fn put(&self, address: String, generation: u64, page: Arc<CachedPage>) {
        if self.generation() == generation {
            self.pages.insert(address, page);
        }
    }

    fn known_figures(&self) -> Option<Figures> {
        let known = self.figures.read().unwrap_or_else(PoisonError::into_inner);
        known.as_ref().filter(|(generation, _)| *generation == self.generation()).map(|(_, figures)| figures.clone())
    }

    /// Forgets all pages: something public has changed.
    pub fn clear(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.pages.invalidate_all();
    }
}

/// The cells of the figures, from memory if nothing public has changed.
pub async fn figures(portal: &Portal) -> Result<Figures> {
    let cache = portal.cache();
    if let Some(known) = cache.known_figures() {
        return Ok(known);
    }
    // Taken before the look: what is written meanwhile makes it another generation's.
    let generation = cache.generation();
    let figures: Figures = Arc::new(super::store::counts(&mut portal.db().look().await?).await?);
    *cache.figures.write().unwrap_or_else(PoisonError::into_inner) = Some((generation, figures.clone()));
    Ok(figures)
}

/// Forgets all pages if something public has changed since the last look. Called after every successful form, so that whoever
/// made the change sees it at once, and by the worker, for the changes of other processes.
pub async fn follow_changes(portal: &Portal) -> Result<()> {
    let version = crate::petitions::store::register::version(&mut portal.db().look().await?).await?;
    if portal.cache().version.swap(version, Ordering::AcqRel) != version {
        portal.cache().clear();
    }
    Ok(())
}

impl CachedPage {
    /// A page of this body; `headers` are those of every answer (security, cache policy, type).
    pub fn new(status: StatusCode, headers: &HeaderMap, body: Bytes) -> Self {
        let etag = etag(&body);
        let compressed = brotli(&body);
        let form = |body: Bytes, encoding: Option<&'static str>| {
            let mut headers = headers.clone();
            headers.insert(header::ETAG, etag.clone());
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
            headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
            if let Some(encoding) = encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
            Form { headers, body }
        };
        Self { status, plain: form(body, None), brotli: form(compressed, Some("br")), etag }
    }

    /// The answer to a request with these headers: 304 if the visitor has it, compressed if the visitor can read that.
    pub fn respond(&self, request: &HeaderMap) -> Response<Body> {
        let has = |name: header::HeaderName, wanted: &str| request.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(wanted));
        let form = if has(header::ACCEPT_ENCODING, "br") { &self.brotli } else { &self.plain };
        let is_known = self.etag.to_str().is_ok_and(|etag| has(header::IF_NONE_MATCH, etag));
        let mut response = Response::new(if is_known { Body::empty() } else { Body::from(form.body.clone()) });
        *response.headers_mut() = form.headers.clone();
        if is_known {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            response.headers_mut().remove(header::CONTENT_LENGTH);
        } else {
            *response.status_mut() = self.status;
        }
        response
    }
}

fn etag(body: &[u8]) -> HeaderValue {
    use sha2::{Digest, Sha256};
    let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(body)[..12]);
    HeaderValue::from_str(&format!("W/\"{hash}\"")).unwrap_or_else(|_| HeaderValue::from_static("W/\"0\""))
}

/// The compressed body; the plain one in the unlikely case that memory cannot be written to.
fn brotli(body: &[u8]) -> Bytes {
    let mut compressed = Vec::with_capacity(body.len() / 3);
    let mut writer = brotli::CompressorWriter::new(&mut compressed, 4_096, BROTLI_QUALITY, BROTLI_WINDOW);
    let written = writer.write_all(body).and_then(|()| writer.flush());
    drop(writer);
    if written.is_ok() { Bytes::from(compressed) } else { Bytes::copy_from_slice(body) }
}
