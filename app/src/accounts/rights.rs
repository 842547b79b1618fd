//! What somebody may do at an authority, and by which of their roles. Nothing is decided here: every line asks
//! [`crate::permissions::check`] about an example, once with all roles and once with each alone.

use crate::actor::{Actor, Holding, Official};
use crate::permissions::{Action, Role, check};
use crate::petitions::barred::Party;
use crate::petitions::rules::{Case, Filing, Kind, file};
use chrono::{DateTime, NaiveDate, Utc};

/// How a case lies to somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// Given to them by name.
    Given,
    /// With their unit, given to a colleague.
    Unit,
    /// At their authority, with another unit.
    Body,
    /// At another authority.
    Elsewhere,
    /// About them.
    About,
}

/// A right and the roles that give it; no role: it is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Right {
    /// Key of its name in the catalogues.
    pub key: &'static str,
    /// The roles each of which gives it alone.
    pub by: Vec<Role>,
}

/// Account of nobody, unit and authority of nowhere: ids are never such words.
const SOMEBODY_ELSE: &str = "-";

type OfCase = for<'a> fn(&'a Case) -> Action<'a>;

/// Rights in a case, by key.
const OF_CASE: [(&str, OfCase); 19] = [
    ("rights.see", |case| Action::See(case)),
    ("rights.identity", |case| Action::SeeIdentity(case)),
    ("rights.open_sealed", |case| Action::OpenSealed(case)),
    ("rights.triage", |case| Action::Triage(case)),
    ("rights.handle", |case| Action::Handle(case)),
    ("rights.note", |case| Action::Note(case)),
    ("rights.coordinate", |case| Action::Coordinate(case)),
    ("rights.draft_letter", |case| Action::DraftLetter(case)),
    ("rights.approve", |case| Action::ApproveAnswer(case, SOMEBODY_ELSE)),
    ("rights.release", |case| Action::ApprovePublicText(case, SOMEBODY_ELSE)),
    ("rights.take_paper_back", |case| Action::TakePaperBack(case)),
    ("rights.sign", |case| Action::SignLetter(case, SOMEBODY_ELSE)),
    ("rights.close", |case| Action::Close(case)),
    ("rights.mark", |case| Action::Mark(case)),
    ("rights.remind", |case| Action::Remind(case)),
    ("rights.relate", |case| Action::Relate(case)),
    ("rights.split", |case| Action::Split(case)),
    ("rights.hold", |case| Action::HoldCase(case)),
    ("rights.own_data", |case| Action::DecideOwnData(case)),
];

type OfBody = for<'a> fn(&'a str) -> Action<'a>;

/// Rights at an authority, by key.
const OF_BODY: [(&str, OfBody); 18] = [
    ("rights.lead", |body| Action::Lead(body)),
    ("rights.words", |body| Action::ManageDeskWords(body)),
    ("rights.asked", |body| Action::SeeAsked(body)),
    ("rights.dialogue", |body| Action::PrepareDialogue(body)),
    ("rights.announce", |body| Action::AnnounceDialogue(body)),
    ("rights.write_at_dialogue", |body| Action::WriteAtDialogue(body)),
    ("rights.promise", |body| Action::MakeCommitment(body)),
    ("rights.receptions", |body| Action::SeeReceptions(body)),
    ("rights.keep_receptions", |body| Action::KeepReceptions(body)),
    ("rights.matters", |body| Action::SeeMatters(body)),
    ("rights.accounts", |body| Action::ManageAccounts(body)),
    ("rights.deeds", |body| Action::SeeDeeds(body)),
    ("rights.openings", |body| Action::SeeOpenings(body)),
    ("rights.calendar", |body| Action::ManageCalendar(body)),
    ("rights.templates", |body| Action::ManageLetterTemplates(body)),
    ("rights.routing", |body| Action::ManageRouting(body)),
    ("rights.retention", |body| Action::ManageRetention(body)),
    ("rights.retention_release", |body| Action::ReleaseRetention(body, None)),
];
/// Those of [`OF_BODY`] that only the province's own authority has to give.
const OF_PROVINCE: [&str; 5] = ["rights.calendar", "rights.templates", "rights.routing", "rights.retention", "rights.retention_release"];

/// Rights in a case of that kind that lies so to somebody.
pub(super) fn of_case(official: &Official, body_id: &str, kind: Kind, relation: Relation) -> Vec<Right> {
    let example = example(official, body_id, kind, relation);
    OF_CASE.iter().map(|(key, action)| Right { key, by: roles_that_allow(official, action(&example)) }).collect()
}

/// Rights at an authority, beside cases. `is_province`: it is the province's own, which keeps what is the same for all.
pub(super) fn of_body(official: &Official, body_id: &str, is_province: bool) -> Vec<Right> {
    let asked = OF_BODY.iter().filter(|(key, _)| is_province || !OF_PROVINCE.contains(key));
    asked.map(|(key, action)| Right { key, by: roles_that_allow(official, action(body_id)) }).collect()
}

/// The relations in which somebody's roles can tell cases apart: only who handles has cases given.
pub(super) fn relations(official: &Official) -> &'static [Relation] {
    let handles = official.holdings.iter().any(|holding| holding.role == Role::Handler);
    if handles { &[Relation::Given, Relation::Unit, Relation::Body] } else { &[Relation::Body] }
}

/// Each role that gives the right alone. None where all together do not give it.
fn roles_that_allow(official: &Official, action: Action<'_>) -> Vec<Role> {
    let with = |holdings: Vec<Holding>| Actor::Official(Official { holdings, ..official.clone() });
    if check(&with(official.holdings.clone()), action).is_err() {
        return Vec::new();
    }
    let mut roles: Vec<Role> = official.holdings.iter().filter(|held| check(&with(vec![(*held).clone()]), action).is_ok()).map(|held| held.role).collect();
    roles.sort();
    roles.dedup();
    roles
}

fn example(official: &Official, body_id: &str, kind: Kind, relation: Relation) -> Case {
    let unit = official.holdings.iter().find(|held| held.role == Role::Handler).map_or(body_id, |held| &held.agency_id);
    let (at_body, unit, handler) = match relation {
        Relation::Given | Relation::About => (body_id, unit, official.account_id.as_str()),
        Relation::Unit => (body_id, unit, SOMEBODY_ELSE),
        Relation::Body => (body_id, SOMEBODY_ELSE, SOMEBODY_ELSE),
        Relation::Elsewhere => (SOMEBODY_ELSE, SOMEBODY_ELSE, SOMEBODY_ELSE),
    };
    let day = NaiveDate::default();
    let filing = Filing { kind, body_id: at_body.to_owned(), area_code: String::new(), may_publish: true, received_on: day, due_on: day, papers: 0 };
    let barred = if relation == Relation::About { Party::Account(official.account_id.clone()).token() } else { String::new() };
    Case { unit_id: Some(unit.to_owned()), handler_id: Some(handler.to_owned()), barred, ..file(String::new(), 0, &filing, DateTime::<Utc>::default()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(roles: &[(Role, &str)]) -> Official {
        let holding = |(role, agency): &(Role, &str)| Holding { role: *role, agency_id: (*agency).into(), agency_name: String::new(), body_id: "body".into() };
        Official { account_id: "me".into(), name: "Me".into(), holdings: roles.iter().map(holding).collect() }
    }

    fn by(rights: &[Right], key: &str) -> Vec<Role> {
        rights.iter().find(|right| right.key == key).expect("a right").by.clone()
    }

    #[test]
    fn a_right_names_each_role_that_gives_it() {
        let both = with(&[(Role::Intake, "body"), (Role::Handler, "roads")]);
        let given = of_case(&both, "body", Kind::Report, Relation::Given);
        assert_eq!(by(&given, "rights.see"), [Role::Intake, Role::Handler]);
        assert_eq!(by(&given, "rights.triage"), [Role::Intake]);
        assert_eq!(by(&given, "rights.handle"), [Role::Handler]);
        assert_eq!(by(&given, "rights.approve"), []);
        assert_eq!(relations(&both).len(), 3);
        assert_eq!(relations(&with(&[(Role::Head, "body")])), [Relation::Body]);
    }

    #[test]
    fn trap_30_an_administrator_manages_and_sees_no_case() {
        let admin = with(&[(Role::Administrator, "body")]);
        for kind in [Kind::Report, Kind::Denunciation] {
            assert!(of_case(&admin, "body", kind, Relation::Body).iter().all(|right| right.by.is_empty()));
        }
        let rights = of_body(&admin, "body", false);
        assert_eq!(by(&rights, "rights.accounts"), [Role::Administrator]);
        assert!(rights.iter().all(|right| right.key != "rights.calendar"), "a commune has none to give");
        assert_eq!(by(&of_body(&admin, "body", true), "rights.calendar"), [Role::Administrator]);
    }

    #[test]
    fn a_denunciation_is_seen_by_whoever_has_it_and_not_by_the_unit() {
        let handler = with(&[(Role::Handler, "roads")]);
        let see = |kind, relation| !by(&of_case(&handler, "body", kind, relation), "rights.see").is_empty();
        assert!(see(Kind::Denunciation, Relation::Given) && !see(Kind::Denunciation, Relation::Unit));
        assert!(see(Kind::Report, Relation::Unit) && !see(Kind::Report, Relation::Body));
    }

    #[test]
    fn whom_a_case_is_about_and_who_works_elsewhere_has_no_right_in_it() {
        let head = with(&[(Role::Head, "body"), (Role::Handler, "roads")]);
        for relation in [Relation::About, Relation::Elsewhere] {
            assert!(of_case(&head, "body", Kind::Complaint, relation).iter().all(|right| right.by.is_empty()), "{relation:?}");
        }
    }
}
