//! A visitor clicks everything there is to click, and finds nothing about a person.

use crate::harness::petitions_of::{people, sealed_values};
use crate::harness::{Browser, TestApp};
use app::demo::{self, Options};
use std::collections::{BTreeSet, VecDeque};
use tokio::task::JoinSet;

/// Cases of the invented province.
const CASES: u64 = 60;
/// A visitor gives up after so many pages; the test fails if there are more.
const PAGES_MAX: usize = 6_000;
/// Pages that are opened at once.
const AT_ONCE: usize = 4;

/// What a private row says: name, phone, e-mail, address, ID number, original text.
type Private = (String, String, String, String, String, String);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_a_visitor_can_reach_tells_who_wrote() {
    let app = TestApp::new().await;
    let options = Options { seed: 1, cases: CASES, today: app.portal.directory().today() };
    demo::fill(app.portal.db(), &app.portal.directory(), options).await.expect("an empty database takes a demo");
    demo::together::fill(&app.portal).await.expect("people who belong together");
    demo::dialogues::fill(&app.portal).await.expect("dialogues");
    demo::questions::fill(&app.portal).await.expect("questions");
    demo::receptions::fill(&app.portal).await.expect("a year of receptions");
    demo::promises::fill(&app.portal).await.expect("promises");
    let pages = crawl(&app).await;
    assert!(pages.iter().any(|(address, _)| address.starts_with("/cong-khai/")), "the register leads to cases");
    let everything: String = pages.iter().map(|(_, body)| body.as_str()).collect::<Vec<_>>().join("\n");
    let secrets = secrets(&app).await;
    assert!(secrets.len() > usize::try_from(CASES).expect("a number"), "there is something to look for");
    let leaks: Vec<_> = secrets.iter().filter(|secret| everything.contains(secret.as_str())).collect();
    assert!(leaks.is_empty(), "in reach of everybody: {leaks:?}");
}

/// Everything behind a link, from the two front pages on. Several pages at once: there are thousands, and each is taken apart.
async fn crawl(app: &TestApp) -> Vec<(String, String)> {
    let mut waiting: VecDeque<String> = ["/", "/en", "/sitemap.xml", "/robots.txt", "/gui", "/tra-cuu", "/dang-nhap"].map(str::to_owned).into();
    let mut seen: BTreeSet<String> = waiting.iter().cloned().collect();
    let mut pages = Vec::new();
    let mut opened = JoinSet::new();
    loop {
        while opened.len() < AT_ONCE
            && let Some(address) = waiting.pop_front()
        {
            opened.spawn(open(app.visitor(), address));
        }
        let Some(page) = opened.join_next().await else { return pages };
        let (address, body, links) = page.expect("a page");
        for link in links {
            if seen.insert(link.clone()) {
                waiting.push_back(link);
            }
        }
        pages.push((address, body));
        assert!(pages.len() < PAGES_MAX, "the portal has no end of pages: {:?}", pages.iter().rev().take(5).map(|(address, _)| address).collect::<Vec<_>>());
    }
}

/// A page, what it says, and the portal's own addresses it leads to.
async fn open(mut visitor: Browser, address: String) -> (String, String, BTreeSet<String>) {
    let answer = visitor.get(&address).await;
    assert!(answer.status < 500, "{address} answers {}", answer.status);
    let mut links = answer.links();
    links.extend(answer.location());
    links.extend(answer.body.split("<loc>").skip(1).filter_map(|rest| rest.split_once("</loc>")).map(|(link, _)| link.to_owned()));
    let ours = links.into_iter().filter_map(|link| {
        let link = link.strip_prefix("https://nghedan.test").unwrap_or(&link);
        let link = link.split('#').next().unwrap_or_default().to_owned();
        let is_ours = link.starts_with('/') && !link.starts_with("//") && !link.starts_with("/assets") && !link.starts_with("/icons");
        is_ours.then_some(link)
    });
    (address, answer.body, ours.collect())
}

/// Every private value that is long enough to be told from chance.
async fn secrets(app: &TestApp) -> BTreeSet<String> {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let rows: Vec<Private> = tx.all("SELECT '', '', '', '', '', body FROM case_texts", ()).await.expect("readable");
    let people = people(&mut tx).await.into_iter().map(|(_, who)| (who.name, who.phone, who.email, who.address, who.id_number, String::new()));
    // What moderation has not let out; of what it has, the name and the wording are public.
    let questions: Vec<Private> =
        tx.all("SELECT '', '', '', '', '', body FROM questions WHERE state <> 'open' OR is_private = TRUE", ()).await.expect("readable");
    let kept = sealed_values(&mut tx).await.into_iter().map(|(purpose, value)| {
        let field = |name: &str| value[name].as_str().unwrap_or_default().to_owned();
        // How an asker wants to be called is public where the question is.
        let name = if purpose == "asker" { String::new() } else { field("name") };
        let words = ["body", "content", "matter", "other_need"].map(field).concat();
        (name, field("phone"), field("email"), field("address"), field("id_number"), words)
    });
    let rows: Vec<Private> = rows.into_iter().chain(questions).chain(people).chain(kept).collect();
    let codes: Vec<(String,)> = tx.all("SELECT code_hash FROM case_codes", ()).await.expect("readable");
    let mut secrets: BTreeSet<String> = codes.into_iter().map(|(hash,)| hash).collect();
    // The one code that exists outside a citizen's hands: that of the demo's case to try.
    let code = demo::citizen_code();
    secrets.extend([code.groups().join(" "), code.groups().concat()]);
    for (name, phone, email, _address, id_number, body) in rows {
        secrets.extend([phone, email, id_number].into_iter().filter(|value| value.len() >= 9));
        secrets.extend(Some(name).filter(|name| name.split(' ').count() >= 2));
        // Pages escape quotes and ampersands; the first piece without any is enough to find the text again.
        secrets.extend(body.split(['"', '&', '<', '>', '\'', '\n']).map(str::trim).find(|piece| piece.chars().count() >= 40).map(str::to_owned));
    }
    secrets
}
