//! Where the rules would send a case: beside the forms that give it to a unit or to another authority.

use super::step_forms::Around;
use super::steps::Step;
use crate::agencies::Directory;
use crate::petitions::barred;
use crate::petitions::rules::{Case, State};
use crate::petitions::store::parts::CaseText;
use crate::routing::subjects::{Matter, Proposal, propose};
use crate::ui::{Icon, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// What the rules propose for a case by its words.
pub fn of(directory: &Directory, case: &Case, text: &CaseText) -> Option<Proposal> {
    let matter = Matter { kind: case.kind, area_code: &case.area_code, title: &text.title, body: &text.body, day: directory.today() };
    propose(directory.routing(), &matter, directory).filter(|proposal| {
        let is_away = proposal.unit_id.as_deref().is_some_and(|unit| barred::has_unit(&case.barred, unit));
        !is_away && !barred::has_body(&case.barred, &proposal.body_id)
    })
}

/// The unit of the case's own authority that is proposed.
pub fn unit<'a>(case: &Case, proposal: Option<&'a Proposal>) -> Option<&'a str> {
    proposal.filter(|proposal| proposal.body_id == case.body_id).and_then(|proposal| proposal.unit_id.as_deref())
}

/// Another authority that is proposed.
pub fn elsewhere<'a>(case: &Case, proposal: Option<&'a Proposal>) -> Option<&'a Proposal> {
    proposal.filter(|proposal| proposal.body_id != case.body_id)
}

/// "Because it says “ổ gà”: the unit for infrastructure looks after roads."
pub fn because(lang: Lang, proposal: &Proposal) -> String {
    let words: Vec<String> = proposal.words.iter().take(3).map(|word| lang.f("routing.quoted", &[("word", word)])).collect();
    lang.f("routing.proposal.because", &[("words", &words.join(", ")), ("reason", proposal.rule.reason(lang))])
}

/// The line above a form: what is proposed and why.
pub fn line(around: Around<'_>, proposal: &Proposal) -> AnyView {
    let lang = around.context.lang;
    let agency = around.context.directory.agency_name(proposal.agency_id()).to_owned();
    view! {
        <div class="notice info">
            {icon(Icon::Agency)}
            <div>
                <p><b>{lang.f("routing.proposal", &[("agency", &agency)])}</b>" "{because(lang, proposal)}</p>
                <p class="small muted">{lang.f("routing.source", &[("source", &proposal.rule.source)])}</p>
            </div>
        </div>
    }
    .into_any()
}

/// At the head of a case that nobody has begun to handle: it may belong elsewhere.
pub fn elsewhere_notice(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let is_early = matches!(file.case.state, State::Submitted | State::Received) && file.is_open(Step::Forward);
    let Some(proposal) = elsewhere(&file.case, file.proposal.as_ref()).filter(|_| is_early) else { return ().into_any() };
    let agency = around.context.directory.agency_name(proposal.agency_id()).to_owned();
    view! {
        <div class="notice info" id="de-xuat-chuyen">
            {icon(Icon::Agency)}
            <div>
                <p><b>{lang.f("routing.elsewhere", &[("agency", &agency)])}</b>" "{because(lang, proposal)}</p>
                <p><a href=around.unfold_href(Step::Forward)>{lang.t("routing.elsewhere.link")}</a></p>
            </div>
        </div>
    }
    .into_any()
}
