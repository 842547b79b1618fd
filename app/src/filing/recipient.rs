//! Which authority a draft goes to, and why: by the place, and for complaints and denunciations by whom it is about. Pure.
//!
//! The citizen may choose another one: a wrong address is put right by whoever receives it, a withheld petition is not.

use crate::agencies::{Agency, Directory};
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::routing::conflict::{self, Wrong};
use crate::routing::rules::{About, Instance, Question, Refusal, competent};
use crate::words::Lang;

/// The value that stands for the commune chosen above.
const COMMUNE: &str = "commune";
/// Other recipients the citizen may choose.
pub const CHOICES: [&str; 2] = [COMMUNE, "province"];

/// Where a draft goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recipient {
    /// The authority.
    pub body_id: String,
    /// Why: key of words and their places; none if the place alone decides.
    pub why: Option<Wrong>,
}

/// Whom a petition can be about, as values of the form with their words: the commune, an authority of the province. A
/// complaint is about a decision; a denunciation says whether it is about a head.
pub fn options(directory: &Directory, province: &str, kind: Kind, lang: Lang) -> Vec<(String, String)> {
    let value = |about: About, id: &str| format!("{}.{id}", about.code());
    let offices = directory.bodies().filter(|body| body.area_code == province && matches!(body.kind.as_str(), "department" | "inspectorate"));
    let committee = directory.body_for_area(province);
    if kind != Kind::Denunciation {
        let commune = (value(About::Staff, COMMUNE), lang.t("routing.filing.decision_commune").to_owned());
        let others = offices.chain(committee).map(|body| (value(About::Staff, &body.id), body.name.clone()));
        return std::iter::once(commune).chain(others).collect();
    }
    let both = |id: &str, name: &str| {
        [
            (value(About::Staff, id), lang.f("routing.filing.staff_of", &[("agency", name)])),
            (value(About::Head, id), lang.f("routing.filing.head_of", &[("agency", name)])),
        ]
    };
    let commune = both(COMMUNE, lang.t("routing.filing.commune"));
    commune.into_iter().chain(offices.chain(committee).flat_map(|body| both(&body.id, &body.short_name))).collect()
}

/// The agency and whose conduct a value of the form names; a value that names nobody (any more) is as none.
fn named<'a>(directory: &'a Directory, area_code: &str, value: &str) -> Option<(&'a Agency, About)> {
    let (about, id) = value.split_once('.')?;
    let agency = if id == COMMUNE { directory.body_for_area(area_code) } else { directory.agency(id).filter(|agency| agency.exists_on(directory.today())) };
    Some((agency?, About::from_code(about)?))
}

/// Where the draft goes. None for an area nobody serves.
pub fn of(directory: &Directory, province: &str, form: &FormState, kind: Kind, lang: Lang) -> Option<Recipient> {
    let local = directory.body_for_area(form.value("area"))?;
    if !kind.needs_identity() {
        return Some(Recipient { body_id: local.id.clone(), why: None });
    }
    let committee = directory.body_for_area(province)?;
    match form.value("send_to") {
        COMMUNE => return Some(Recipient { body_id: local.id.clone(), why: Some(("routing.filing.chosen", Vec::new())) }),
        "province" => return Some(Recipient { body_id: committee.id.clone(), why: Some(("routing.filing.chosen", Vec::new())) }),
        _ => {}
    }
    let Some((contested, about)) = named(directory, form.value("area"), form.value("about_who")) else {
        return Some(Recipient { body_id: local.id.clone(), why: None });
    };
    let question = Question { kind, instance: Instance::First, contested_id: &contested.id, about, day: directory.today() };
    Some(match competent(&directory.routing().competence, &question, directory) {
        Ok(found) => {
            let why = ("routing.filing.because", vec![("reason", found.rule.reason(lang).to_owned()), ("source", found.rule.source.clone())]);
            Recipient { body_id: found.agency_id, why: Some(why) }
        }
        // Nobody of this portal decides: the province's own office says where to go, and the page says so already.
        Err(refusal @ Refusal::Outside(_)) => {
            let (_, args) = conflict::refused(directory, &refusal, lang);
            Recipient { body_id: committee.id.clone(), why: Some(("routing.filing.outside", args)) }
        }
        Err(_) => Recipient { body_id: local.id.clone(), why: None },
    })
}
