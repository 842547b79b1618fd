//! Looking for the marks everywhere: what everybody is answered, what is stored, sent, logged and counted.

use crate::harness::browser::{Answer, Browser};
use crate::harness::pdf_text;
use crate::harness::{TestApp, database};
use crate::marks::found_in;
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io::Read;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Pages one person opens by following links. The test fails if there are more: a crawl that stops early proves nothing.
const PAGES_MAX: usize = 1_500;

/// Which mark was found where.
pub type Found = BTreeSet<(&'static str, String)>;

/// Everybody who looks, and what was found so far.
pub struct Sweep<'a> {
    /// The portal.
    pub app: &'a TestApp,
    /// Everybody's browser, by who they are.
    browsers: BTreeMap<&'static str, Browser>,
    routes: Vec<(Method, Vec<&'static str>)>,
    /// What was found.
    pub found: Found,
}

impl<'a> Sweep<'a> {
    /// Nobody has looked yet.
    pub fn new(app: &'a TestApp) -> Self {
        let routes = app::routes::all().table.into_iter().map(|route| (route.method, route.path.split('/').collect())).collect();
        Self { app, browsers: BTreeMap::new(), routes, found: Found::new() }
    }

    /// Somebody with their browser.
    pub fn lets_look(&mut self, who: &'static str, browser: Browser) {
        self.browsers.insert(who, browser);
    }

    /// Somebody's browser.
    pub fn browser(&mut self, who: &str) -> &mut Browser {
        self.browsers.get_mut(who).expect("somebody who looks")
    }

    /// Opens a page as somebody.
    pub async fn get(&mut self, who: &'static str, address: &str) -> Answer {
        let answer = self.browser(who).get(address).await;
        self.note(who, &Method::GET, address, &answer);
        answer
    }

    /// Sends a form as somebody.
    pub async fn post(&mut self, who: &'static str, address: &str, fields: &[(&str, &str)]) -> Answer {
        let answer = self.browser(who).post(address, fields).await;
        self.note(who, &Method::POST, address, &answer);
        answer
    }

    /// Writes down which marks an answer has: in its bytes however they are packed, in its headers, in the address it names.
    pub fn note(&mut self, who: &'static str, method: &Method, address: &str, answer: &Answer) {
        let place = format!("{who} {method} {}", self.pattern(method, address));
        let marks: Vec<_> = unpacked(&answer.bytes).iter().flat_map(|bytes| found_in(bytes).collect::<Vec<_>>()).collect();
        self.found.extend(marks.into_iter().map(|mark| (mark, place.clone())));
        let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
        self.found.extend(found_in(headers.as_bytes()).map(|mark| (mark, format!("{place}, headers"))));
        self.found.extend(found_in(address.as_bytes()).map(|mark| (mark, format!("{place}, address"))));
    }

    /// The route of an address; what is none is named as it is.
    fn pattern(&self, method: &Method, address: &str) -> String {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let path = path.strip_prefix("/en").filter(|rest| rest.is_empty() || rest.starts_with('/')).unwrap_or(path);
        let path = if path.is_empty() { "/" } else { path };
        let parts: Vec<&str> = path.split('/').collect();
        let fits = |pattern: &&(Method, Vec<&str>)| {
            let (of, pattern) = pattern;
            of == method && pattern.len() == parts.len() && pattern.iter().zip(&parts).all(|(one, part)| one.contains('{') || one == part)
        };
        // A part that is written out is nearer than one that stands for any.
        let nearest = self.routes.iter().filter(fits).min_by_key(|(_, pattern)| pattern.iter().filter(|part| part.contains('{')).count());
        nearest.map_or_else(|| path.to_owned(), |(_, pattern)| pattern.join("/"))
    }

    /// Follows every link from some addresses as somebody.
    pub async fn crawl(&mut self, who: &'static str, from: &[String]) {
        let mut waiting: VecDeque<String> = from.iter().cloned().collect();
        let mut seen: BTreeSet<String> = from.iter().cloned().collect();
        let mut shapes: BTreeMap<String, usize> = BTreeMap::new();
        let mut opened = 0;
        while let Some(address) = waiting.pop_front() {
            // Of pages that differ in a day or a place of a list only, a few tell as much as all.
            let shape = shapes.entry(self.pattern(&Method::GET, &address)).or_default();
            *shape += 1;
            if *shape > 24 {
                continue;
            }
            opened += 1;
            assert!(opened < PAGES_MAX, "{who} finds no end of pages");
            let answer = self.get(who, &address).await;
            assert!(answer.status < 500, "{who}: {address} answers {}", answer.status);
            let mut links = answer.links();
            links.extend(answer.location());
            links.extend(answer.body.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>")).map(|(link, _)| link.to_owned()));
            for link in links {
                let link = link.strip_prefix("https://nghedan.test").unwrap_or(&link).split('#').next().unwrap_or_default().to_owned();
                let is_ours = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets") && !link.starts_with("/icons");
                if is_ours && seen.insert(link.clone()) {
                    waiting.push_back(link);
                }
            }
        }
    }

    /// Looks into what is kept: the database with its log, papers, mails, counts, and what was logged at the finest level.
    pub async fn look_into_the_kept(&mut self, papers: &Path, log: &Log) {
        let database = database::everything(&self.app.portal, self.app.database_url()).await;
        self.keep("database", &[database]);
        let mut names = String::new();
        let mut files = Vec::new();
        for file in files_of(papers) {
            names.push_str(&file.display().to_string());
            files.extend(unpacked(&std::fs::read(&file).expect("a paper")));
        }
        assert!(!files.is_empty(), "papers were kept");
        self.keep("papers", &files);
        self.keep("names of papers", &[names.into_bytes()]);
        let mails = self.app.mailer.sent();
        assert!(!mails.is_empty(), "mails were sent");
        for mail in mails {
            self.keep("mail to", &[mail.to.into_bytes()]);
            self.keep("mail subject", &[mail.subject.into_bytes()]);
            self.keep("mail body", &[mail.body.into_bytes()]);
        }
        self.keep("log at trace level", &[log.bytes()]);
        let counts = self.app.visitor().get("/metrics").await.expect(200).bytes;
        assert!(String::from_utf8_lossy(&counts).contains("nghedan_requests_total"), "something was counted");
        self.keep("counts", &[counts]);
    }

    /// Writes down which marks kept bytes have.
    pub fn keep(&mut self, place: &str, pieces: &[Vec<u8>]) {
        let marks: Vec<_> = pieces.iter().flat_map(|bytes| found_in(bytes).collect::<Vec<_>>()).collect();
        self.found.extend(marks.into_iter().map(|mark| (mark, place.to_owned())));
    }
}

/// Bytes as they are, and what is packed in them: texts of PDFs, files of ZIPs (DOCX, XLSX, own data).
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = vec![bytes.to_vec()];
    if bytes.starts_with(b"%PDF") {
        pieces.push(pdf_text::text_of(bytes).into_bytes());
        pieces.push(pdf_text::without_blanks(&pdf_text::text_of(bytes)).into_bytes());
    }
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).expect("a file");
            let mut inside = file.name().expect("a name").as_bytes().to_vec();
            file.read_to_end(&mut inside).expect("readable");
            pieces.extend(unpacked(&inside));
        }
    }
    pieces
}

fn files_of(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() { files.extend(files_of(&entry)) } else { files.push(entry) }
    }
    files
}

/// Everything that is logged.
#[derive(Clone, Default)]
pub struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Begins to keep what is logged, at the finest level, for the whole process.
    pub fn begin() -> Self {
        let log = Self::default();
        let writer = log.clone();
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(move || writer.clone()).init();
        log
    }

    /// What was logged.
    pub fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
