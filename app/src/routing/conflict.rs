//! Whom a case is about, and what follows: who stays away, and where the case goes when that is the whole authority. Pure.

use super::Tables;
use super::rules::{About, CompetenceRule, Competent, Instance, Question, Refusal, competent};
use crate::accounts::store::RoleOf;
use crate::agencies::Directory;
use crate::permissions::Role;
use crate::petitions::barred::Party;
use crate::petitions::rules::{Case, Event, Kind, apply};
use crate::words::Lang;
use chrono::NaiveDate;

/// Where a case goes when the authority that has it is complained of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Onward {
    /// To the one who decides by rule.
    To(Competent),
    /// Nowhere: by law this very authority decides first (a first complaint about its own decision). The row says so.
    Stays(Box<CompetenceRule>),
    /// To nobody in this portal.
    Nobody(Refusal),
}

/// Where a case goes on `day` when `body_id`, its head or all of it, is complained of.
pub fn onward(tables: &Tables, kind: Kind, body_id: &str, day: NaiveDate, directory: &Directory) -> Onward {
    let question = Question { kind, instance: Instance::First, contested_id: body_id, about: About::Head, day };
    match competent(&tables.competence, &question, directory) {
        Ok(found) if found.agency_id == body_id => Onward::Stays(Box::new(found.rule)),
        Ok(found) => Onward::To(found),
        Err(refusal) => Onward::Nobody(refusal),
    }
}

/// All who must stay away if these are complained of: a head takes the whole authority along, and a person denounced their unit,
/// for a denunciation never goes to the unit of the person denounced.
pub fn completed(case: &Case, chosen: &[Party], staff: &[RoleOf]) -> Vec<Party> {
    let mut all = Vec::new();
    for party in chosen {
        let Party::Account(account_id) = party else {
            all.push(party.clone());
            continue;
        };
        let roles = || staff.iter().filter(|member| member.account_id == *account_id);
        if roles().any(|member| member.role == Role::Head) {
            all.push(Party::Body(case.body_id.clone()));
        }
        if case.kind == Kind::Denunciation {
            all.extend(roles().filter(|member| member.agency_id != case.body_id).map(|member| Party::Unit(member.agency_id.clone())));
        }
        all.push(party.clone());
    }
    all.sort();
    all.dedup();
    all
}

/// Why a bar cannot be recorded: a key of words with its places.
pub type Wrong = (&'static str, Vec<(&'static str, String)>);

/// Whether these parties can be barred from the case as it stands; gives where it goes if its whole authority is among them.
///
/// # Errors
/// Key and places of the sentence that says which rule stands against it.
pub fn check(directory: &Directory, case: &Case, parties: &[Party], day: NaiveDate, lang: Lang) -> Result<Option<Competent>, Wrong> {
    if !parties.contains(&Party::Body(case.body_id.clone())) {
        return Ok(None);
    }
    let found = match onward(directory.routing(), case.kind, &case.body_id, day, directory) {
        Onward::To(found) => found,
        Onward::Stays(rule) => return Err(("routing.bar.stays", vec![("reason", rule.reason(lang).to_owned()), ("source", rule.source.clone())])),
        Onward::Nobody(refusal) => return Err(refused(directory, &refusal, lang)),
    };
    if crate::petitions::barred::has_body(&case.barred, &found.agency_id) {
        return Err(("routing.bar.superior_barred", vec![("agency", directory.agency_name(&found.agency_id).to_owned())]));
    }
    let event = Event::Forwarded { from_body_id: case.body_id.clone(), to_body_id: found.agency_id.clone(), note_id: String::new() };
    // They stay away in the same transaction: what is sealed or formal can be handed up then, too.
    let tokens: Vec<String> = parties.iter().map(Party::token).collect();
    let barred = Case { barred: crate::petitions::barred::with(&case.barred, &tokens), ..case.clone() };
    if apply(&barred, &event, case.changed_at).is_err() {
        return Err(("routing.bar.not_now", Vec::new()));
    }
    Ok(Some(found))
}

/// A refusal in words: key and places.
pub fn refused(directory: &Directory, refusal: &Refusal, lang: Lang) -> Wrong {
    match refusal {
        Refusal::Outside(rule) => {
            let name = match &rule.relation {
                super::rules::Relation::Outside(vi, en) => if lang == Lang::En { en } else { vi }.clone(),
                _ => String::new(),
            };
            ("routing.refused.outside", vec![("name", name), ("reason", rule.reason(lang).to_owned()), ("source", rule.source.clone())])
        }
        Refusal::SplitAmong(ids) => {
            let names: Vec<&str> = ids.iter().map(|id| directory.agency_name(id)).collect();
            ("routing.refused.split", vec![("names", names.join("; "))])
        }
        Refusal::OwnCase => ("routing.refused.own_case", Vec::new()),
        Refusal::UnknownAgency | Refusal::Ended => ("routing.refused.ended", Vec::new()),
        Refusal::NoRule => ("routing.refused.no_rule", Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::{Files, competence_rules};
    use crate::petitions::rules::tests::case;
    use crate::routing::rules::tests::{day, directory};

    fn with_rules() -> Directory {
        let competence = competence_rules(&Files::built_in().competence_rules).expect("the shipped rows are right");
        directory().with_routing(Tables { competence, ..Tables::default() })
    }

    fn member(account_id: &str, role: Role, agency_id: &str) -> RoleOf {
        RoleOf { account_id: account_id.into(), display_name: account_id.into(), role, agency_id: agency_id.into() }
    }

    #[test]
    fn trap_15_a_denunciation_goes_neither_to_the_person_denounced_nor_to_their_unit() {
        let staff = [member("ha", Role::Handler, "economy"), member("em", Role::Head, "commune")];
        let denunciation = case(Kind::Denunciation, "commune", None, None);
        let report = case(Kind::Report, "commune", None, None);
        let ha = [Party::Account("ha".into())];
        assert_eq!(completed(&denunciation, &ha, &staff), [Party::Account("ha".into()), Party::Unit("economy".into())]);
        assert_eq!(completed(&report, &ha, &staff), ha, "colleagues of somebody reported may look into it");
        let em = completed(&report, &[Party::Account("em".into())], &staff);
        assert_eq!(em, [Party::Account("em".into()), Party::Body("commune".into())], "a head takes those under them along");
    }

    #[test]
    fn a_barred_authority_hands_the_case_up_by_rule() {
        let directory = with_rules();
        let today = day("2026-11-20");
        let to = |kind, body: &str| {
            let parties = [Party::Body(body.to_owned())];
            check(&directory, &case(kind, body, None, None), &parties, today, Lang::Vi).map(|found| found.map(|found| found.agency_id))
        };
        assert_eq!(to(Kind::Denunciation, "commune"), Ok(Some("province".into())));
        assert_eq!(to(Kind::Report, "department"), Ok(Some("province".into())));
        assert_eq!(to(Kind::Complaint, "commune").map_err(|wrong| wrong.0), Err("routing.bar.stays"), "a first complaint is its own by law");
        assert_eq!(to(Kind::Denunciation, "province").map_err(|wrong| wrong.0), Err("routing.refused.outside"));
        let mut proposed = case(Kind::Report, "commune", Some("economy"), None);
        proposed.state = crate::petitions::rules::State::Proposed;
        let parties = [Party::Body("commune".to_owned())];
        assert_eq!(check(&directory, &proposed, &parties, today, Lang::Vi).map_err(|wrong| wrong.0), Err("routing.bar.not_now"));
        let mut both = case(Kind::Report, "commune", None, None);
        both.barred = "b:province".into();
        assert_eq!(check(&directory, &both, &parties, today, Lang::Vi).map_err(|wrong| wrong.0), Err("routing.bar.superior_barred"));
    }
}
