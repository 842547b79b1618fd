//! Cases that tests start from, made through the portal's own actions.

use super::{PHU_THONG, PHU_THONG_BODY, PHU_THONG_ECONOMY, TestApp};
use app::actor::Actor;
use app::db::Tx;
use app::petitions::actions::{self, Act, NewPetition};
use app::petitions::code::CaseCode;
use app::petitions::rules::{Case, Kind};
use app::petitions::store;
use app::petitions::store::parts::{CasePerson, CaseText};
use app::vault::envelope::{Opened, Sealed};

/// The name every sender in tests has; it must never show up where it does not belong.
pub const SENDER: &str = "Hoàng Thị Mẫu";
/// Their phone.
pub const SENDER_PHONE: &str = "0912345678";
/// Their address for notices.
pub const SENDER_EMAIL: &str = "mau@vi-du.example";

/// A petition of a kind to Phủ Thông.
pub fn petition(kind: Kind, title: &str) -> NewPetition {
    NewPetition {
        kind,
        area_code: PHU_THONG.into(),
        body_id: PHU_THONG_BODY.into(),
        may_publish: true,
        text: CaseText { title: title.into(), body: format!("{title}. Đã ba tuần nay."), place: "thôn Nà Món".into(), ..CaseText::default() },
        person: CasePerson {
            name: SENDER.into(),
            phone: SENDER_PHONE.into(),
            email: SENDER_EMAIL.into(),
            address: "thôn Nà Món".into(),
            id_number: String::new(),
            language: "vi".into(),
            is_locked: false,
        },
        papers: 0,
        limitation: None,
    }
}

/// Files a petition of a kind; gives its id and code.
pub async fn file(app: &TestApp, kind: Kind, title: &str) -> (String, String) {
    file_petition(app, &petition(kind, title)).await
}

/// Files a petition as it stands; gives its id and code.
pub async fn file_petition(app: &TestApp, petition: &NewPetition) -> (String, String) {
    let code = CaseCode::of_token(&app.portal.random().token());
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let case = actions::file(&mut Act { tx: &mut tx, portal: &app.portal, actor: &Actor::Visitor }, petition, &code).await.expect("filed");
    tx.commit().await.expect("kept");
    (case.id, code.groups().concat())
}

/// Files a report; gives its id and code.
pub async fn file_report(app: &TestApp, title: &str) -> (String, String) {
    file(app, Kind::Report, title).await
}

/// The case as it is stored.
pub async fn case(app: &TestApp, case_id: &str) -> Case {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    store::by_id(&mut tx, case_id).await.expect("readable").expect("there")
}

/// An official of the harness as an actor.
pub async fn actor(app: &TestApp, login: &str) -> Actor {
    let mut tx = app.portal.db().read().await.expect("a transaction");
    let official = app::accounts::store::official(&mut tx, &format!("account-{login}"), app::clock::day(app.portal.now())).await.expect("readable");
    Actor::Official(official.expect("an official of the harness"))
}

/// Intake takes a case up and gives it to the economy unit.
pub async fn give_to_economy(app: &TestApp, case_id: &str) {
    let intake = actor(app, "an").await;
    let before = case(app, case_id).await;
    let mut tx = app.portal.db().write().await.expect("a transaction");
    let mut act = Act { tx: &mut tx, portal: &app.portal, actor: &intake };
    let received = actions::receive(&mut act, &before).await.expect("received");
    actions::assign(&mut act, &received, Some(PHU_THONG_ECONOMY.into()), None).await.expect("assigned");
    tx.commit().await.expect("kept");
}

/// Everybody who wrote or stands behind a case, opened: owner and person, by owner.
pub async fn people(tx: &mut Tx) -> Vec<(String, CasePerson)> {
    let owners: Vec<(String,)> = tx.all("SELECT owner_id FROM sealed_people ORDER BY owner_id", ()).await.expect("readable");
    let mut people = Vec::with_capacity(owners.len());
    for (owner_id,) in owners {
        let person = store::people::person(tx, &owner_id).await.expect("readable");
        assert!(!person.is_locked, "the tests have the key");
        people.push((owner_id, person));
    }
    people
}

/// All other sealed values, opened: purpose and value.
pub async fn sealed_values(tx: &mut Tx) -> Vec<(String, serde_json::Value)> {
    let rows: Vec<(String, String, String, String, String)> =
        tx.all("SELECT purpose, owner_id, key_name, wrapped, sealed FROM sealed_values ORDER BY purpose, owner_id", ()).await.expect("readable");
    let open = |(purpose, owner_id, key_name, wrapped, sealed): (String, String, String, String, String)| {
        let Opened::Plain(plain) = tx.vault().open(&format!("{purpose} of {owner_id}"), &Sealed { key_name, wrapped, sealed }) else {
            panic!("the tests have the key of {purpose} {owner_id}")
        };
        (purpose, serde_json::from_slice(&plain).expect("JSON"))
    };
    rows.into_iter().map(open).collect()
}
