//! Looking for the marks everywhere: what everybody is answered, what is stored, sent, logged and counted.

use super::forms::{found_in, named};
use super::marks::LEFT_IN;
use super::table::Hit;
use crate::harness::browser::{Answer, Browser};
use crate::harness::{TestApp, database};
use axum::http::Method;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use tracing_subscriber::EnvFilter;

/// Pages one person opens by following links. The test fails if there are more: a crawl that stops early proves nothing.
const PAGES_MAX: usize = 3_000;
/// Of pages that differ in a day or a place of a list only, so many tell as much as all. Pages of the petitions themselves are all opened.
const ALIKE_MAX: usize = 4;
/// The same of pages in English, which are the Vietnamese ones with other words around.
const ALIKE_ENGLISH_MAX: usize = 1;

/// Where what not everybody may see begins.
const PRIVATE: [&str; 4] = ["/can-bo", "/tra-cuu", "/gui", "/toi"];
/// Forms after which nobody is who they were.
const ENDS_A_VISIT: [&str; 5] = ["/dang-xuat", "/tra-cuu/thoat", "/toi/thoat", "/toi/dong", "/gui/xoa"];

/// Everybody who looks, and what was found so far.
pub struct Sweep<'a> {
    /// The portal.
    pub app: &'a TestApp,
    /// Everybody's browser, by who they are.
    browsers: BTreeMap<&'static str, Browser>,
    officials: BTreeSet<&'static str>,
    codes: BTreeMap<&'static str, String>,
    routes: Vec<(Method, Vec<&'static str>)>,
    /// Petitions whose pages are all opened.
    pub cases: Vec<String>,
    /// Addresses that showed somebody a mark and that not everybody may open.
    opened: BTreeSet<String>,
    /// What was found.
    pub found: BTreeSet<Hit>,
}

impl<'a> Sweep<'a> {
    /// Nobody has looked yet.
    pub fn new(app: &'a TestApp) -> Self {
        let routes = app::routes::all().table.into_iter().map(|route| (route.method, route.path.split('/').collect())).collect();
        Self {
            app,
            browsers: BTreeMap::new(),
            officials: BTreeSet::new(),
            codes: BTreeMap::new(),
            routes,
            cases: Vec::new(),
            opened: BTreeSet::new(),
            found: BTreeSet::new(),
        }
    }

    /// An official at their desk.
    pub async fn works(&mut self, login: &'static str) {
        self.officials.insert(login);
        self.browsers.insert(login, self.app.signed_in(login).await);
    }

    /// Somebody with their browser.
    pub fn lets_look(&mut self, who: &'static str, browser: Browser) {
        self.browsers.insert(who, browser);
    }

    /// Somebody has the code of a petition, and opens it.
    pub async fn has_code(&mut self, who: &'static str, code: String) {
        self.post(who, "/tra-cuu", &[("code", &code)]).await.expect(303);
        self.codes.insert(who, code);
    }

    /// The code somebody has.
    pub fn code_of(&self, who: &str) -> String {
        self.codes.get(who).expect("somebody with a code").clone()
    }

    /// Time passes: everybody signs in anew and opens their petition again.
    pub async fn time_is(&mut self, at: &str) {
        self.app.set_time(at);
        for (login, browser) in &mut self.browsers {
            if self.officials.contains(login) {
                *browser = self.app.signed_in(login).await;
            }
        }
        for (who, code) in self.codes.clone() {
            self.has_code(who, code).await;
        }
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
        let place = format!("{method} {}", self.pattern(method, address));
        let headers: String = answer.headers.iter().map(|(name, value)| format!("{name}: {}\n", String::from_utf8_lossy(value.as_bytes()))).collect();
        let has_marks = self.keep(who, &place, &answer.bytes);
        self.keep(who, &format!("{place}, headers"), headers.as_bytes());
        self.keep(who, &format!("{place}, address"), address.as_bytes());
        // With the address the browser's history keeps the title.
        if let Some((title, _)) = answer.body.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>")) {
            self.keep(who, &format!("{place}, title"), title.as_bytes());
        }
        let is_private = PRIVATE.iter().any(|begin| address.strip_prefix("/en").unwrap_or(address).starts_with(begin));
        if *method == Method::GET && has_marks && is_private {
            self.opened.insert(address.to_owned());
        }
    }

    /// Opens as somebody whatever showed anybody something that is not for all, packed as browsers ask for it.
    pub async fn try_what_others_saw(&mut self, who: &'static str) {
        for address in self.opened.clone() {
            let answer = self.browser(who).get_with(&address, &[("accept-encoding", "gzip")]).await;
            assert!(answer.status < 500, "{who}: {address} answers {}", answer.status);
            self.note(who, &Method::GET, &address, &answer);
        }
    }

    /// Sends every form there is as somebody, without a word in it, about one petition: pages of errors are pages, too.
    pub async fn send_empty_forms(&mut self, who: &'static str, case_id: &str) {
        for route in app::routes::all().table.into_iter().filter(|route| route.method == Method::POST) {
            let address = route.path.replace("/can-bo/don/{id}", &format!("/can-bo/don/{case_id}")).replace("{step}", "thu-ly");
            if !address.contains('{') && !ENDS_A_VISIT.contains(&address.as_str()) {
                let answer = self.post(who, &address, &[]).await;
                assert!(answer.status < 500, "{who}: POST {address} answers {}", answer.status);
            }
        }
    }

    /// Writes down which marks bytes have; whether they have any.
    pub fn keep(&mut self, who: &'static str, place: &str, bytes: &[u8]) -> bool {
        let fields = found_in(bytes);
        let has_marks = !fields.is_empty();
        self.found.extend(fields.into_iter().map(|field| Hit { field, place: place.to_owned(), who }));
        has_marks
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

    /// Follows every link from some addresses as somebody, in both languages.
    pub async fn crawl(&mut self, who: &'static str, from: &[String]) {
        let mut waiting: VecDeque<String> = from.iter().cloned().collect();
        let mut seen: BTreeSet<String> = from.iter().cloned().collect();
        let mut alike: [BTreeMap<String, usize>; 2] = Default::default();
        let mut opened = 0;
        while let Some(address) = waiting.pop_front() {
            let is_english = address == "/en" || address.starts_with("/en/");
            let so_far = alike[usize::from(is_english)].entry(self.pattern(&Method::GET, &address)).or_default();
            *so_far += 1;
            let is_of_case = self.cases.iter().any(|id| address.contains(id.as_str()));
            let alike_max = if is_english { ALIKE_ENGLISH_MAX } else { ALIKE_MAX };
            if *so_far > alike_max && (is_english || !is_of_case) {
                continue;
            }
            opened += 1;
            assert!(opened < PAGES_MAX, "{who} finds no end of pages");
            let answer = self.get(who, &address).await;
            assert!(answer.status < 500, "{who}: {address} answers {}", answer.status);
            for link in links(&answer) {
                if seen.insert(link.clone()) {
                    waiting.push_back(link);
                }
            }
        }
    }

    /// Looks into what is kept: the database with its log, papers, mails, counts, and what was logged at the finest level.
    pub async fn look_into_the_kept(&mut self, papers: &Path) {
        let database = database::everything(&self.app.portal, self.app.database_url()).await;
        assert!(!database.is_empty(), "there is a database");
        self.keep("-", "database", &database);
        let files = files_of(papers);
        assert!(!files.is_empty(), "papers were kept");
        for file in files {
            self.keep("-", "papers", &std::fs::read(&file).expect("a paper"));
            self.keep("-", "names of papers", file.display().to_string().as_bytes());
        }
        let mails = self.app.mailer.sent();
        assert!(!mails.is_empty(), "mails were sent");
        for mail in mails {
            self.keep("-", "mail to", mail.to.as_bytes());
            self.keep("-", "mail subject", mail.subject.as_bytes());
            self.keep("-", "mail body", mail.body.as_bytes());
        }
        assert!(Log::lines() > 0, "something was logged");
        let logged = Log::found().into_iter().filter(|field| *field != LEFT_IN);
        self.found.extend(logged.map(|field| Hit { field, place: "log at trace level".into(), who: "-" }));
        let counts = self.app.visitor().get("/metrics").await.expect(200).bytes;
        assert!(String::from_utf8_lossy(&counts).contains("nghedan_requests_total"), "something was counted");
        self.keep("-", "counts", &counts);
    }
}

/// The portal's own addresses an answer leads to, pictures among them, without its styles and scripts.
fn links(answer: &Answer) -> impl Iterator<Item = String> {
    // Read off the text: thousands of pages are opened, and building a tree of each takes longer than all else.
    let named = |what: &'static str| answer.body.split(what).skip(1).filter_map(|rest| rest.split_once('"')).map(|(link, _)| link.replace("&amp;", "&"));
    let mut links: Vec<String> = named(" href=\"").chain(named(" src=\"")).collect();
    links.extend(answer.location());
    links.extend(answer.body.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>")).map(|(link, _)| link.to_owned()));
    links.into_iter().filter_map(|link| {
        let link = link.strip_prefix("https://nghedan.test").unwrap_or(&link).split('#').next().unwrap_or_default().to_owned();
        let is_ours = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets") && !link.starts_with("/icons");
        is_ours.then_some(link)
    })
}

fn files_of(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() { files.extend(files_of(&entry)) } else { files.push(entry) }
    }
    files
}

/// What was logged so far: how many lines, and the marks in them.
static LOGGED: Mutex<(usize, BTreeSet<&'static str>)> = Mutex::new((0, BTreeSet::new()));

/// Looks through everything that is logged at the finest level, the way the portal logs; by the whole process, for pieces of a request run on
/// other threads. Lines of other tests go by, too, and do no harm: they have no marks.
pub struct Log;

impl Log {
    /// Begins to look, once.
    pub fn begin() {
        static BEGUN: OnceLock<()> = OnceLock::new();
        BEGUN.get_or_init(|| {
            server::health::count();
            server::logging::begin(EnvFilter::new("trace"), false, || Self).expect("nobody else logs");
        });
    }

    /// How many lines were logged so far.
    pub fn lines() -> usize {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).0
    }

    /// Fields whose marks were logged so far.
    pub fn found() -> BTreeSet<&'static str> {
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        let found = named(bytes);
        let mut logged = LOGGED.lock().unwrap_or_else(PoisonError::into_inner);
        logged.0 += 1;
        logged.1.extend(found);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}
