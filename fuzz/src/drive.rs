//! What strangers send, sent through the functions that read it. Each function here takes any bytes at all, and panics where the portal would have
//! failed: by a panic of its own, or by a promise that was not kept.
//!
//! Two programs use this file: the fuzzers (`cargo xtask fuzz`), and the tests of the server, which send everything in `seeds` and `corpus` through it.

use app::agencies::import::{self, Files as Data};
use app::citizens;
use app::clock::Clock;
use app::codes::rules::CodeKey;
use app::db::{Db, Keys};
use app::deadlines::Calendar;
use app::deadlines::month;
use app::deadlines::pages::day;
use app::deadlines::rules::{self as periods, Circumstances, Complexity, Direction, Rule};
use app::deadlines::telling;
use app::dialogues::attendance::door;
use app::filing::rules as filing;
use app::form::FormState;
use app::id::Random;
use app::letters::{markup, places};
use app::limits::network::{Cidr, Network};
use app::limits::work::{Challenge, StepKey};
use app::papers::clean::{self, CleanPaper};
use app::papers::files::Files;
use app::papers::kinds::{EDGE_PX_MAX, PAPER_BYTES_MAX, PAPERS_PER_CASE_MAX, PaperKind, sniff};
use app::papers::store::Held;
use app::papers::upload::{self, PARTS_MAX};
use app::petitions::code::CaseCode;
use app::petitions::markdown;
use app::petitions::recognition::Key;
use app::petitions::rules::Kind;
use app::portal::{Assets, Parts, Portal, Settings};
use app::publishing::filters::{Cursor, Filters};
use app::record::mark::Mark;
use app::record::verify::Kept;
use app::redaction::{choices, covers, rules as redaction};
use app::relations::{likeness, signing};
use app::routing::elsewhere;
use app::search::{Document, Pass, Query};
use app::text;
use app::ui::PageContext;
use app::vault::keys::Ring;
use app::words::Lang;
use axum::Form;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, FromRequestParts, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::OnceLock;
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The time everything happens at.
const NOW: &str = "2026-11-20T02:00:00Z";
/// Characters of a text that is looked through for what may name a person: no field takes more.
const TEXT_CHARS_MAX: usize = filing::BODY_CHARS_MAX;

fn runtime() -> &'static Runtime {
    static RUNTIME: OnceLock<Runtime> = OnceLock::new();
    RUNTIME.get_or_init(|| Builder::new_multi_thread().worker_threads(1).max_blocking_threads(2).enable_all().build().expect("a runtime"))
}

/// The legal periods and days off that are built in.
fn law() -> &'static (Vec<Rule>, Calendar) {
    static LAW: OnceLock<(Vec<Rule>, Calendar)> = OnceLock::new();
    LAW.get_or_init(|| {
        let files = Data::built_in();
        (import::deadline_rules(&files.deadline_rules).expect("rules"), import::calendar(&files.holidays).expect("days off"))
    })
}

// ---- a form without files ----

/// The body of a form: as axum reads it, as the screens of filing judge it, and as everything that reads a citizen's words does.
pub fn form(data: &[u8]) {
    let request = Request::post("/gui/o-dau").header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(Body::from(data.to_vec()));
    let read = runtime().block_on(Form::<Vec<(String, String)>>::from_request(request.expect("a request"), &()));
    let Ok(Form(pairs)) = read else { return };
    let form = FormState::from_pairs(pairs.clone());
    assert_eq!(FormState::from_pairs(form.values().clone()), form, "what was cleaned is clean");
    filed(&form);
    words(form.value("title"), form.value("body"));
    list(form.value("signers"));
    address(&pairs);
    hidden(form);
}

/// The screens of filing.
fn filed(form: &FormState) {
    let (rules, calendar) = law();
    let is_area = |code: &str| code == "01969";
    let mut first = form.clone();
    filing::check_what(&mut first);
    filing::first_incomplete(form, is_area);
    filing::position(form);
    for kind in Kind::ALL {
        let mut form = form.clone();
        filing::check_whom(&mut form, kind, is_area);
        filing::text(&form, kind);
        filing::person(&form, kind, Lang::Vi);
        if let Some(stated) = filing::limitation(&form, kind)
            && let Ok((rule, computed)) = stated.computed(rules, calendar)
        {
            assert!(!telling::lines(Lang::Vi, rule, &computed).is_empty());
        }
        for error in form.errors() {
            assert!(!error.sentence(Lang::Vi).is_empty() && !error.sentence(Lang::En).is_empty());
        }
    }
}

/// What reads a citizen's words: search, likeness, emergencies, names in them, and the Markdown of an answer.
fn words(title: &str, body: &str) {
    let body: String = body.chars().take(TEXT_CHARS_MAX).collect();
    Document::new(&[title, &body], Vec::new(), Vec::new());
    let query = Query::new(title, vec!["a01969".to_owned()], Vec::new());
    for pass in [Pass::Marked, Pass::Folded] {
        query.fts5(pass, None);
        query.tsquery(pass);
    }
    likeness::Words::of(&[title, &body]).probes(title);
    elsewhere::recognised(elsewhere::signs(), title, &body);
    text::excerpt(&body, 80);
    text::sort_key(title);
    let html = markdown::to_html(&body);
    assert!(!html.contains("<script") && !html.contains("<img"), "{html}");
    markdown::to_plain(&body);
    for line in body.lines() {
        markup::spans(line);
    }
    // What a template may not say is told, not drawn.
    drop(places::pieces(&body));
}

/// A list of signers.
fn list(text: &str) {
    let (lines, faults) = signing::read_list(text);
    assert!(lines.len() + faults.len() <= text.lines().count());
}

/// The query string of the register and of a place in a list.
fn address(pairs: &[(String, String)]) {
    let filters = Filters::read(pairs, &app::agencies::Directory::default());
    filters.query().fts5(Pass::Folded, None);
    for (_, value) in pairs {
        if let Some(cursor) = Cursor::read(value) {
            assert_eq!(Cursor::read(&cursor.text()), Some(cursor));
        }
        door::read(value);
        for cover in covers::read(value) {
            let (left, top, right, bottom) = cover.pixels(2000, 1400);
            assert!(left < right && right <= 2000 && top < bottom && bottom <= 1400, "{cover:?}");
        }
    }
}

/// What is hidden before a text becomes public is gone from it.
fn hidden(mut form: FormState) {
    let body: String = form.value("body").chars().take(TEXT_CHARS_MAX).collect();
    let known = redaction::Known { names: vec![form.value("name").to_owned()], phones: vec![form.value("phone").to_owned()], ..redaction::Known::default() };
    for suggestion in redaction::suggest(&body, &known) {
        assert!(body.get(suggestion.place.clone()).is_some_and(|words| !words.is_empty()), "{suggestion:?}");
        redaction::around(&body, &suggestion.place);
    }
    let hidden = choices::read(&mut form, choices::PUBLIC, &[&body]);
    let marked = redaction::hide(&body, &hidden);
    for hidden in &hidden {
        assert!(!redaction::contains(&marked, &hidden.words), "{hidden:?} in {marked}");
    }
    redaction::hide_in_markdown(&body, &hidden);
    redaction::without_marks(&marked);
}

// ---- a form with files ----

struct Desk {
    portal: Portal,
    /// The database's.
    _folder: TempDir,
}

fn desk() -> &'static Desk {
    static DESK: OnceLock<Desk> = OnceLock::new();
    DESK.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        let portal = runtime().block_on(async {
            let db = Db::open(&format!("sqlite:{}", folder.path().join("fuzz.db").display()), Keys::locked()).await.expect("a database");
            let settings = Settings {
                public_url: "https://nghedan.test".into(),
                province_code: "19".into(),
                secure_cookies: false,
                is_demo: false,
                identity: app::identity::Providers::default(),
                second_factor: app::accounts::second::rules::Policy::Offered,
            };
            let parts = Parts {
                db,
                clock: Clock::fixed(NOW.parse().expect("a time")),
                random: Random::seeded(7),
                files: Files::in_memory(),
                settings,
                assets: Assets::default(),
                marks_key: Key::new([7; 32]),
                record_mark: Mark::default(),
            };
            Portal::open(parts).await.expect("a portal")
        });
        Desk { portal, _folder: folder }
    })
}

/// A request with a form and files: first a byte that says in pieces of what size it comes, then its `Content-Type` up to the end of the line, then
/// its body.
pub fn multipart(data: &[u8]) {
    let Some((piece, rest)) = data.split_first() else { return };
    let Some(line) = rest.iter().position(|byte| *byte == b'\n') else { return };
    let (kind, body) = (&rest[..line], &rest[line + 1..]);
    let pieces: Vec<Result<Bytes, std::io::Error>> = body.chunks(usize::from(*piece).max(1) * 16).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
    let Ok(request) = Request::post("/gui").header(CONTENT_TYPE, kind).body(Body::from_stream(futures::stream::iter(pieces))) else { return };
    let portal = &desk().portal;
    runtime().block_on(async {
        let (mut parts, body) = request.into_parts();
        let Ok(context) = PageContext::from_request_parts(&mut parts, portal).await;
        let Ok(multipart) = Multipart::from_request(Request::from_parts(parts, body), portal).await else { return };
        if let Ok(upload) = upload::receive(&context, multipart, Held { papers: 0, bytes: 0 }).await {
            received(portal, upload).await;
        }
    });
}

async fn received(portal: &Portal, upload: upload::Upload) {
    let upload::Upload { mut form, papers, refused } = upload;
    assert!(papers.len() <= PAPERS_PER_CASE_MAX && form.values().len() + papers.len() + refused.len() <= PARTS_MAX);
    upload::note_refused(&mut form, "papers", &refused);
    assert!(form.errors().iter().all(|error| !error.sentence(Lang::Vi).is_empty()));
    for paper in papers {
        assert!(!paper.original_name.contains(['/', '\\', '\n', '\r', '\0']), "{:?}", paper.original_name);
        let (whole, small) = (app::papers::key(&paper.id), app::papers::thumb_key(&paper.id));
        let kept = portal.files().get(&whole).await.expect("the store").expect("what was taken is kept");
        assert!(kept.len() as u64 >= paper.bytes.unsigned_abs(), "sealed, so a little longer");
        portal.files().delete(&whole).await.expect("the store");
        portal.files().delete(&small).await.expect("the store");
    }
}

// ---- pictures and PDFs ----

/// A picture, as a citizen hands it in.
pub fn image(data: &[u8]) {
    let Some(kind) = sniff(data).ok().filter(|kind| kind.is_picture()) else { return };
    let Ok(paper) = clean::clean(kind, data) else { return };
    let (Some(width), Some(height), Some(thumb)) = (paper.width, paper.height, &paper.thumb) else { panic!("a picture has sides and a small one") };
    assert!((1..=EDGE_PX_MAX).contains(&width) && (1..=EDGE_PX_MAX).contains(&height));
    assert_eq!((sniff(&paper.bytes), sniff(thumb)), (Ok(paper.kind), Ok(PaperKind::Jpeg)));
    // What was kept is opened once more when something of it is covered.
    let kept = clean::decode_kept(paper.kind, &paper.bytes).expect("what we wrote");
    assert_eq!((kept.width(), kept.height()), (width, height));
    clean::encoded(paper.kind, &kept).expect("written once, written twice");
}

/// A PDF, as a citizen hands it in; its pages are drawn elsewhere, by a process of its own.
pub fn pdf(data: &[u8]) {
    let Ok(CleanPaper { bytes, kind, .. }) = clean::clean(PaperKind::Pdf, data) else { return };
    assert_eq!((kind, bytes.len()), (PaperKind::Pdf, data.len()), "every byte keeps its place");
    assert!(bytes.len() as u64 <= PAPER_BYTES_MAX);
    // What was blanked may have been what a bracket was closed by: then it is refused, or cleaned further.
    drop(clean::clean(PaperKind::Pdf, &bytes));
}

// ---- codes ----

/// Whatever is typed or sent as a secret, a token, a number or an address: each line by itself.
pub fn code(data: &[u8]) {
    let all = String::from_utf8_lossy(data);
    for line in all.lines() {
        if let Some(code) = CaseCode::parse(line) {
            assert_eq!(CaseCode::parse(&code.groups().join("-").to_lowercase()), Some(code.clone()));
            assert_eq!(CaseCode::hash_of_typed(line), code.hash());
        }
        let stored = CodeKey::new([1; 32]).stored(&CaseCode::hash_of_typed(line));
        assert_eq!(CodeKey::new([1; 32]).stored(&stored), stored);
        assert!(citizens::rules::typed_code(line).len() <= 8);
        citizens::rules::masked(line);
        citizens::rules::masked_number(line);
        app::id::is_sent_id(line);
        assert_eq!(app::vault::token::open("a token", "draft", line), None, "nobody guesses what only a device can seal");
        step(line);
        door::read(line);
    }
    // Files an operator hands in.
    drop((Ring::read(&all, &|_| None), Kept::read(&all)));
}

/// The token of a step, the ranges of networks.
fn step(line: &str) {
    let (key, now): (_, DateTime<Utc>) = (StepKey::of(&Key::new([7; 32])), NOW.parse().expect("a time"));
    let network = Network::of([203, 0, 113, 7].into());
    assert!(Challenge::read(&key, line, network, now).is_none());
    if let Ok(range) = line.parse::<Cidr>() {
        range.contains([203, 0, 113, 7].into());
    }
}

// ---- deadlines ----

/// What `nghedan due` and `/thoi-han` are asked: first a byte of circumstances, then lines: the rule's code, the day, and pauses. All of it is also read
/// as the files of rules and days off that an operator imports.
pub fn deadline(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let all = String::from_utf8_lossy(rest);
    let (rules, calendar) = law();
    let mut lines = all.lines();
    let (code, from) = (lines.next().unwrap_or_default(), lines.next().unwrap_or_default());
    let pauses = lines.filter_map(periods::pause).collect();
    let complexity = [Complexity::Usual, Complexity::Complex, Complexity::Most][usize::from(how >> 1) % 3];
    let circumstances = Circumstances { is_remote: how & 1 == 1, complexity, pauses };
    // The command line takes any day there is, the page those somebody lives in.
    if let Ok(day) = from.trim().parse::<NaiveDate>() {
        due(rules, calendar, &code.trim().to_uppercase(), day, &circumstances);
    }
    if let Some(day) = day(from) {
        due(rules, calendar, code, day, &circumstances);
        assert!(month::weeks(calendar, day).len() <= 6);
        let (latest, working) = month::before(calendar, day);
        assert!(working <= latest && latest < day);
        month::neighbours(day, day);
    }
    imported(&all);
}

fn due(rules: &[Rule], calendar: &Calendar, code: &str, day: NaiveDate, circumstances: &Circumstances) {
    let found = periods::pick(rules, code, day, circumstances).and_then(|rule| periods::compute(rule, day, circumstances, calendar).map(|due| (rule, due)));
    for lang in [Lang::Vi, Lang::En] {
        match &found {
            Ok((rule, computed)) => {
                assert_eq!(computed.last_day >= day, rule.direction == Direction::After, "{code} from {day}: {}", computed.last_day);
                assert!(!telling::lines(lang, rule, computed).is_empty());
            }
            Err(refusal) => assert!(!telling::refusal(lang, refusal, code, &telling::codes(rules).join(", ")).is_empty()),
        }
    }
}

/// Files of rules and days off. What is read of them is counted with, from a day the law knows.
fn imported(text: &str) {
    let read = import::calendar(text).ok();
    let (built_in_rules, built_in_days) = law();
    let today = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
    if let Some(calendar) = &read {
        for rule in built_in_rules {
            drop(periods::compute(rule, today, &Circumstances::default(), calendar));
        }
    }
    for rule in import::deadline_rules(text).unwrap_or_default() {
        drop(periods::compute(&rule, today, &Circumstances::default(), read.as_ref().unwrap_or(built_in_days)));
    }
}
