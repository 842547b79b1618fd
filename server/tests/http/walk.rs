//! Every route as every kind of visitor, against one printed table.
//!
//! The routes come from the route table itself, so a new route without a row here fails. What somebody may not see must not
//! exist for them: 404, whatever the method.

use crate::harness::petitions_of::{actor, case, file_report, give_to_economy};
use crate::harness::{Browser, PHU_THONG, PHU_THONG_BODY, PHU_THONG_CULTURE, TestApp};
use app::dialogues::actions as dialogues;
use app::dialogues::rules::{Facts, Kind, Mode};
use app::petitions::actions::Act;
use app::petitions::coordinating;
use app::petitions::store::coordinations;
use app::routes::Audience;
use axum::http::Method;
use std::fmt::Write;

/// Everybody who could come by.
const VISITORS: [&str; 9] = ["visitor", "code", "other code", "an", "ha", "cu", "du", "gi", "hu"];

/// Routes are walked by so many at once: each has a portal of its own.
const WALKERS: usize = 2;

#[test]
fn every_route_answers_every_visitor_as_the_table_says() {
    let begin = |walker| {
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(walk(walker))
        })
    };
    let walkers: Vec<_> = (0..WALKERS).map(begin).collect();
    let mut rows = Vec::new();
    for walker in walkers {
        rows.extend(walker.join().expect("a walk to its end"));
    }
    rows.sort();
    let head = VISITORS.iter().fold(format!("{:<38}", ""), |head, visitor| format!("{head} {visitor:<10}"));
    let table: String = std::iter::once(head).chain(rows.into_iter().map(|(_, row)| row)).map(|line| format!("{}\n", line.trim_end())).collect();
    let expected = include_str!("walk.txt");
    assert!(table == expected, "the table has changed; if every change is meant, this is the new server/tests/http/walk.txt:\n{table}");
}

/// Every so many-th route, beginning with the walker's own: its place and its row.
async fn walk(walker: usize) -> Vec<(usize, String)> {
    let mut rows = Vec::new();
    for (place, route) in app::routes::all().table.into_iter().enumerate().filter(|(place, _)| place % WALKERS == walker) {
        let mut row = format!("{:<38}", format!("{} {}", route.method, route.path));
        let app = TestApp::new().await;
        let mut world = World::new(&app).await;
        for (n, visitor) in VISITORS.into_iter().enumerate() {
            // A portal for every route, and for a form a case for every question: an answer may change it.
            if n > 0 && route.method == Method::POST {
                world = World::new(&app).await;
            }
            let answer = world.ask(&app, visitor, &route.method, route.path).await;
            write!(row, " {answer:<10}").expect("a string takes all");
            judge(route.audience, visitor, &route.method, route.path, &answer);
        }
        rows.push((place, row));
    }
    rows
}

/// What must hold whatever the table says.
fn judge(audience: Audience, visitor: &str, method: &Method, path: &str, answer: &str) {
    let stranger = matches!(visitor, "visitor" | "code" | "other code");
    let about_a_case = path.starts_with("/can-bo/don/");
    match audience {
        Audience::Officials | Audience::Administrators if stranger => {
            assert!(answer == "sign in" || (method == Method::POST && answer == "401"), "{method} {path} as {visitor}: {answer}");
        }
        Audience::Administrators if visitor != "gi" => assert_eq!(answer, "404", "{method} {path} as {visitor}"),
        Audience::Officials if about_a_case && matches!(visitor, "gi" | "hu" | "cu") => {
            assert_eq!(answer, "404", "{method} {path} as {visitor}: a case they may not see does not exist");
        }
        Audience::CodeHolder if !matches!(visitor, "code" | "other code") => {
            assert!(answer == "code" || (method == Method::POST && answer == "401"), "{method} {path} as {visitor}: {answer}");
        }
        Audience::Public => assert!(!answer.starts_with('5') && answer != "sign in", "{method} {path} as {visitor}: {answer}"),
        _ => assert!(!answer.starts_with('5'), "{method} {path} as {visitor}: {answer}"),
    }
}

/// A case of Phủ Thông that lies with its economy unit, another one beside it, the codes of both, and a dialogue it has drafted.
pub struct World {
    /// The case that addresses name.
    pub case_id: String,
    asked_id: String,
    dialogue_id: String,
    code: String,
    other_code: String,
}

impl World {
    /// All of it anew.
    pub async fn new(app: &TestApp) -> Self {
        let (case_id, code) = file_report(app, "Cống trước nhà văn hóa bị tắc").await;
        give_to_economy(app, &case_id).await;
        let (_, other_code) = file_report(app, "Đèn đường không sáng").await;
        Self { asked_id: ask_for_opinion(app, &case_id, PHU_THONG_CULTURE).await, case_id, dialogue_id: draft_dialogue(app).await, code, other_code }
    }

    /// A world around one case; its codes open nothing.
    pub fn around(case_id: String) -> Self {
        Self { case_id, asked_id: "999".to_owned(), dialogue_id: String::new(), code: String::new(), other_code: String::new() }
    }

    /// The same with what an agency was asked.
    pub fn with_question(self, asked_id: String) -> Self {
        Self { asked_id, ..self }
    }

    /// Who asks, in a browser of their own at an address of their own, so that no answer depends on an earlier one.
    async fn browser(&self, app: &TestApp, visitor: &str) -> Browser {
        let mut browser = app.visitor();
        match visitor {
            "visitor" => {}
            "code" => enter(&mut browser, &self.code).await,
            "other code" => enter(&mut browser, &self.other_code).await,
            login => browser = app.official(login).await,
        }
        let host = VISITORS.iter().position(|known| *known == visitor).and_then(|i| u8::try_from(i).ok()).expect("a known visitor");
        browser.address = ([192, 0, 2, host], 40_000).into();
        browser
    }

    async fn ask(&self, app: &TestApp, visitor: &str, method: &Method, path: &str) -> String {
        let mut browser = self.browser(app, visitor).await;
        self.answer(app, &mut browser, method, path).await
    }

    /// What a browser is told that asks for a route: a status, or where it is sent.
    pub async fn answer(&self, app: &TestApp, browser: &mut Browser, method: &Method, path: &str) -> String {
        let answer = if *method == Method::GET {
            browser.get(&self.address(path)).await
        } else {
            let fields = self.own_fields(app, browser, path).await;
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let takes_files = matches!(path, "/gui" | "/tra-cuu/don/giay-to" | "/can-bo/loi-hua/{id}/bang-chung" | "/can-bo/doi-thoai/{dialogue}/anh");
            if takes_files { browser.post_files(&self.address(path), &fields, &[]).await } else { browser.post(&self.address(path), &fields).await }
        };
        match answer.location() {
            Some(to) if to.starts_with("/dang-nhap") => "sign in".to_owned(),
            Some(to) if to == "/tra-cuu" => "code".to_owned(),
            Some(_) => "goes on".to_owned(),
            None => answer.status.to_string(),
        }
    }

    /// A route with its parts filled: the case, a colleague's account; other parts name things that are not there.
    fn address(&self, path: &str) -> String {
        let path = match path.split_once("{id}") {
            Some(("/can-bo/don/", after)) => format!("/can-bo/don/{}{after}", self.case_id),
            Some(("/can-bo/tai-khoan/", after)) => format!("/can-bo/tai-khoan/account-ha{after}"),
            _ => path.replace("{dialogue}", &self.dialogue_id).replace("{asked}", &self.asked_id),
        };
        let path = path.replace("{step}", "thu-ly");
        ["{number}", "{code}", "{file}", "{id}", "{paper}", "{letter}", "{mau}"].into_iter().fold(path, |path, part| path.replace(part, "999"))
    }

    /// What the page itself would send along: the version an official saw, the hidden fields of the citizen's page. Nothing is typed.
    async fn own_fields(&self, app: &TestApp, browser: &mut Browser, path: &str) -> Vec<(String, String)> {
        if path.starts_with("/can-bo/don/") {
            return vec![("version".to_owned(), case(app, &self.case_id).await.version.to_string())];
        }
        if !path.starts_with("/tra-cuu/don/") && !path.starts_with("/tra-cuu/du-lieu/") {
            return Vec::new();
        }
        let page = browser.get("/tra-cuu/don").await;
        let names = page.attribute("input[type=hidden]", "name");
        names.iter().map(|name| (name.clone(), page.field(name))).collect()
    }
}

/// Intake asks an agency for its opinion; gives the question's id. Not the handler: one of the forms may take their role away.
pub async fn ask_for_opinion(app: &TestApp, case_id: &str, agency_id: &str) -> String {
    let (an, before) = (actor(app, "an").await, case(app, case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &an };
    let asked = coordinating::ask(&mut act, &before, agency_id, "Ai xây cống này?", app::clock::day(app.portal.now())).await;
    asked.expect("asked").expect("may be asked");
    let rows = coordinations::of_case(&mut tx, case_id).await.expect("read");
    tx.commit().await.expect("kept");
    rows.into_iter().find(|row| row.agency_id == agency_id).expect("a row").id
}

async fn draft_dialogue(app: &TestApp) -> String {
    let begins_at = app.portal.now() + chrono::Duration::days(20);
    let facts = Facts {
        kind: Kind::Periodic,
        mode: Mode::InPerson,
        title: "Nước sạch".to_owned(),
        about: "Cấp nước.".to_owned(),
        area_code: PHU_THONG.to_owned(),
        place: "Hội trường".to_owned(),
        villages: String::new(),
        spot: None,
        online_address: String::new(),
        joining: "Đến dự.".to_owned(),
        head_post: "Chủ tịch".to_owned(),
        others: String::new(),
        begins_at,
        ends_at: begins_at + chrono::Duration::hours(3),
    };
    let (id, an) = (app.portal.new_id(), actor(app, "an").await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = dialogues::Act { tx: &mut tx, portal: &app.portal, actor: &an };
    dialogues::draft(&mut act, &id, PHU_THONG_BODY, facts, None).await.expect("drafted");
    tx.commit().await.expect("kept");
    id
}

async fn enter(browser: &mut Browser, code: &str) {
    let answer = browser.post("/tra-cuu", &[("code", code)]).await;
    assert_eq!(answer.location().as_deref(), Some("/tra-cuu/don"), "the code opens its case: {}", answer.text());
}
