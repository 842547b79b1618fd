//! Every route of a case as every role, by what the case is to whoever asks: theirs, sealed, about themselves, somewhere else, handed on.
//!
//! As with the walk over all routes the rows come from the route table itself: a new route of a case without rows here fails.

use crate::harness::petitions_of::{actor, case, file, file_petition, petition};
use crate::harness::{CHO_DON_BODY, PHU_THONG_CULTURE, PHU_THONG_ECONOMY, PROVINCE_BODY, TestApp};
use crate::walk::{World, ask_for_opinion};
use app::petitions::actions::{self, Act};
use app::petitions::rules::Kind;
use axum::http::Method;
use std::fmt::Write;

/// Officials of Phủ Thông: intake, the handler it is given to, a colleague of the same unit, one of another unit, approver, head, administrator.
const OWN: [&str; 7] = ["an", "ha", "bi", "cu", "du", "em", "gi"];
/// The head of another commune; intake, handler and head of the province.
const OTHERS: [&str; 4] = ["hu", "to", "va", "xa"];

/// The address of what an agency was asked: the culture unit's, so that only `cu` knows of it.
const ASKED: &str = "/can-bo/phoi-hop/{asked}";

/// What a case is to whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Relation {
    /// A report at Phủ Thông, with `ha` of the economy unit.
    Given,
    /// A denunciation, likewise.
    Sealed,
    /// A report, likewise, that is about whoever asks.
    About,
    /// A report at Chợ Đồn.
    Elsewhere,
    /// A report that Phủ Thông handed on to the province.
    HandedOn,
    /// As the first; the culture unit and Chợ Đồn were asked for their opinion.
    Asked,
}

impl Relation {
    const ALL: [Self; 6] = [Self::Given, Self::Sealed, Self::About, Self::Elsewhere, Self::HandedOn, Self::Asked];

    /// Who may know of the case at all. For everybody else nothing of it exists.
    fn knows(self, login: &str) -> bool {
        match self {
            // Whoever is asked knows the words and the question, by an address of its own; of the case itself nothing.
            Self::Given | Self::Asked => OWN.contains(&login) && !matches!(login, "cu" | "gi"),
            Self::Sealed => matches!(login, "an" | "ha" | "du" | "em"),
            Self::About => false,
            Self::Elsewhere => login == "hu",
            // Not the province's handler: it was given to nobody there yet.
            Self::HandedOn => matches!(login, "to" | "xa"),
        }
    }
}

#[test]
fn every_route_of_a_case_answers_by_role_and_relation_as_the_table_says() {
    let walkers: Vec<_> = [0, 1]
        .map(|walker| {
            std::thread::spawn(move || {
                let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
                runtime.block_on(walk(walker))
            })
        })
        .into();
    let mut rows: Vec<_> = walkers.into_iter().flat_map(|walker| walker.join().expect("a walk to its end")).collect();
    rows.sort();
    let head = OWN.iter().chain(&OTHERS).fold(format!("{:<56}", ""), |head, login| format!("{head} {login:<7}"));
    let table: String = std::iter::once(head).chain(rows.into_iter().map(|(_, row)| row)).map(|line| format!("{}\n", line.trim_end())).collect();
    let expected = include_str!("walk_relations.txt");
    assert!(table == expected, "the table has changed; if every change is meant, this is the new server/tests/http/walk_relations.txt:\n{table}");
}

/// Every second route of a case, beginning with the walker's own.
async fn walk(walker: usize) -> Vec<((usize, usize), String)> {
    let mut rows = Vec::new();
    let is_of_case = |path: &str| path.starts_with("/can-bo/don/{id}") || path.starts_with(ASKED);
    let routes = app::routes::all().table.into_iter().filter(|route| is_of_case(route.path));
    for (place, route) in routes.enumerate().filter(|(place, _)| place % 2 == walker) {
        let app = TestApp::new().await;
        for (n, relation) in Relation::ALL.into_iter().enumerate() {
            let mut row = format!("{:<56}", format!("{} {} {relation:?}", route.method, route.path.trim_start_matches("/can-bo/don")));
            let mut world = None;
            for login in OWN.iter().chain(&OTHERS) {
                // A form may change the case, and whom a case is about differs: a new one for each question.
                let known = if route.method == Method::POST || relation == Relation::About { None } else { world.take() };
                let known = match known {
                    Some(known) => known,
                    None => case_that_is(&app, relation, login).await,
                };
                let answer = known.answer(&app, &mut app.signed_in(login).await, &route.method, route.path).await;
                let is_known = if route.path.starts_with(ASKED) { relation == Relation::Asked && *login == "cu" } else { relation.knows(login) };
                if !is_known {
                    assert_eq!(answer, "404", "{} {} as {login}, {relation:?}: it does not exist for them", route.method, route.path);
                }
                assert!(!answer.starts_with('5'), "{} {} as {login}, {relation:?}: {answer}", route.method, route.path);
                write!(row, " {answer:<7}").expect("a string takes all");
                world = Some(known);
            }
            rows.push(((place, n), row));
        }
    }
    rows
}

/// A case that is so to whoever asks.
async fn case_that_is(app: &TestApp, relation: Relation, login: &str) -> World {
    let (kind, title) = if relation == Relation::Sealed { (Kind::Denunciation, "Nhận tiền của dân") } else { (Kind::Report, "Cống bị tắc") };
    let (case_id, _) = match relation {
        Relation::Elsewhere => elsewhere(app).await,
        _ => file(app, kind, title).await,
    };
    match relation {
        Relation::Elsewhere => {}
        Relation::HandedOn => hand_on(app, &case_id).await,
        Relation::Given | Relation::Sealed | Relation::About => give_to_ha(app, &case_id).await,
        Relation::Asked => {
            give_to_ha(app, &case_id).await;
            ask_for_opinion(app, &case_id, CHO_DON_BODY).await;
            let asked_id = ask_for_opinion(app, &case_id, PHU_THONG_CULTURE).await;
            return World::around(case_id).with_question(asked_id);
        }
    }
    if relation == Relation::About {
        let mut tx = app.portal.db().write().await.expect("a transaction");
        tx.exec("UPDATE cases SET barred = $2 WHERE id = $1", (case_id.clone(), format!("a:account-{login}"))).await.expect("barred");
        tx.commit().await.expect("kept");
    }
    World::around(case_id)
}

async fn elsewhere(app: &TestApp) -> (String, String) {
    let mut there = petition(Kind::Report, "Cầu gãy");
    (there.area_code, there.body_id) = ("02020".into(), CHO_DON_BODY.into());
    file_petition(app, &there).await
}

async fn give_to_ha(app: &TestApp, case_id: &str) {
    let (intake, before) = (actor(app, "an").await, case(app, case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let received = actions::receive(&mut act, &before).await.expect("received");
    actions::assign(&mut act, &received, Some(PHU_THONG_ECONOMY.into()), Some("account-ha".into())).await.expect("assigned");
    tx.commit().await.expect("kept");
}

async fn hand_on(app: &TestApp, case_id: &str) {
    let (intake, before) = (actor(app, "an").await, case(app, case_id).await);
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let received = actions::receive(&mut act, &before).await.expect("received");
    actions::forward(&mut act, &received, PROVINCE_BODY, "Thuộc thẩm quyền tỉnh").await.expect("handed on");
    tx.commit().await.expect("kept");
}
