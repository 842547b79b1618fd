//! How relations look beside a case, and the pieces the pages of this folder share.

use super::beside::{Linked, Related};
use super::groups::people;
use super::likeness::Reason;
use super::rules::{Figures, is_many_people};
use super::signing::{Signatures, all_have_left};
use super::similar::Similar;
use crate::permissions::{Action, check};
use crate::petitions::recognition::Sign;
use crate::petitions::rules::{Case, Kind};
use crate::ui::{Icon, PageContext, clock_badge, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// Tags at the head of a case: many people, a repeat.
pub fn tags(lang: Lang, related: &Related) -> AnyView {
    let people = people(&related.group);
    let many = is_many_people(people).then(|| view! { <span class="tag">{lang.f("relations.tag.many", &[("n", &lang.number(people))])}</span> });
    let repeat = related.linked.iter().any(|linked| linked.is_first && linked.tie != crate::petitions::relation::Tie::Part);
    let repeat = repeat.then(|| view! { <span class="tag">{lang.t("relations.tag.repeat")}</span> });
    view! { {many}{repeat} }.into_any()
}

/// "3 đơn · 1 vụ việc · 12 người".
pub(super) fn figures_line(lang: Lang, figures: Figures) -> String {
    [
        lang.n("relations.petitions_one", "relations.petitions_many", figures.petitions),
        lang.n("relations.matters_one", "relations.matters_many", figures.matters),
        lang.n("relations.people_one", "relations.people_many", figures.people),
    ]
    .join(" · ")
}

/// The pane beside a case.
pub fn panel(context: &PageContext, case: &Case, related: &Related) -> AnyView {
    let lang = context.lang;
    let path = |end: &str| context.href(&format!("/can-bo/don/{}/{end}", case.id));
    let linked: Vec<_> = related.linked.iter().map(|linked| linked_item(context, linked)).collect();
    let linked = (!linked.is_empty()).then(|| view! { <ul class="related">{linked}</ul> });
    let similar: Vec<_> = related.similar.iter().map(|similar| similar_item(context, similar)).collect();
    let similar = if case.kind == Kind::Denunciation {
        view! { <p class="small muted">{lang.t("relations.sealed")}</p> }.into_any()
    } else if similar.is_empty() {
        view! { <p class="small muted">{lang.t("relations.similar.none")}</p> }.into_any()
    } else {
        view! { <h3 class="small muted normal">{lang.t("relations.similar.title")}</h3><ul class="related">{similar}</ul> }.into_any()
    };
    let may_relate = check(&context.actor, Action::Relate(case)).is_ok();
    let may_split = check(&context.actor, Action::Split(case)).is_ok() && case.is_open;
    let link =
        (may_relate && case.kind != Kind::Denunciation).then(|| view! { <a class="btn btn-s" href=path("lien-quan")>{lang.t("relations.open.links")}</a> });
    let split = may_split.then(|| view! { <a class="btn btn-s" href=path("tach")>{lang.t("relations.open.split")}</a> });
    view! {
        <section class="stack" id="lien-quan">
            <h2 class="title-s">{lang.t("relations.title")}</h2>
            <p class="num"><b>{figures_line(lang, related.figures)}</b></p>
            {notices(lang, case, related)}
            {linked}
            {similar}
            {figures_link(context, case)}
            <p class="row">{link}<a class="btn btn-s" href=path("nguoi-ky")>{lang.t("relations.open.signers")}</a>{split}</p>
        </section>
    }
    .into_any()
}

/// The way to the authority's own figures, for those who see all its cases.
fn figures_link(context: &PageContext, case: &Case) -> AnyView {
    let sees = check(&context.actor, Action::SeeMatters(&case.body_id)).is_ok();
    sees.then(|| view! { <p class="small"><a href=context.href("/can-bo/vu-viec")>{context.lang.t("relations.open.matters")}</a></p> }).into_any()
}

/// What a group needs from the official.
pub(super) fn notices(lang: Lang, case: &Case, related: &Related) -> AnyView {
    let group = &related.group;
    let signatures = Signatures { missing: group.unsigned, has_sender: group.has_sender_signed || group.has_sender_left, is_group: group.signers > 0 };
    let missing = (case.kind == Kind::Complaint && case.is_open && !signatures.are_complete()).then(|| {
        let n = group.unsigned + i64::from(!signatures.has_sender);
        view! { <div class="notice warn">{icon(Icon::Warning)}<div><p>{lang.f("relations.signatures.missing", &[("n", &lang.number(n))])}</p></div></div> }
    });
    let left = (case.is_open && all_have_left(group.has_sender_left, group.signers)).then(|| {
        view! { <div class="notice warn">{icon(Icon::Warning)}<div><b>{lang.t("relations.all_left.title")}</b><p>{lang.t("relations.all_left.text")}</p></div></div> }
    });
    view! { {missing}{left} }.into_any()
}

pub(super) fn title(lang: Lang, title: &str) -> String {
    if title.is_empty() { lang.t("relations.untitled").to_owned() } else { title.to_owned() }
}

pub(super) fn linked_item(context: &PageContext, linked: &Linked) -> AnyView {
    let lang = context.lang;
    let href = context.href(&format!("/can-bo/don/{}", linked.case.id));
    let which = match (linked.tie, linked.is_first) {
        (crate::petitions::relation::Tie::Part, true) => lang.t("relations.whole"),
        (crate::petitions::relation::Tie::Part, false) => lang.t("relations.part"),
        (_, true) => lang.t("relations.first"),
        (_, false) => lang.t("relations.later"),
    };
    let is_sealed = linked.case.kind == crate::petitions::rules::Kind::Denunciation && linked.title.is_empty();
    let words = if is_sealed { lang.t("sealed.title").to_owned() } else { title(lang, &linked.title) };
    view! {
        <li>
            <a href=href>{words}</a>
            <small>{format!("{} · {which} · {} · {}", lang.t(linked.tie.key()), lang.day_short(linked.case.received_on), lang.t(linked.case.state.key()))}</small>
        </li>
    }
    .into_any()
}

fn similar_item(context: &PageContext, similar: &Similar) -> AnyView {
    let href = context.href(&format!("/can-bo/don/{}", similar.case.id));
    view! { <li><a href=href>{title(context.lang, &similar.title)}</a>{similar_facts(context, similar)}</li> }.into_any()
}

/// Why a case is similar, and how it stands.
pub(super) fn similar_facts(context: &PageContext, similar: &Similar) -> AnyView {
    let lang = context.lang;
    let reasons: Vec<_> = similar.likeness.reasons.iter().map(|reason| view! { <li>{reason_words(context, &similar.case, reason)}</li> }).collect();
    view! {
        <ul class="reasons small">{reasons}</ul>
        <small class="row">
            <span class="num">{format!("{} · {}", lang.day_short(similar.case.received_on), lang.t(similar.case.state.key()))}</span>
            {clock_badge(lang, context.directory.calendar(), context.today, &similar.case)}
        </small>
    }
    .into_any()
}

fn reason_words(context: &PageContext, case: &Case, reason: &Reason) -> String {
    let lang = context.lang;
    match reason {
        Reason::Contact(Sign::Phone) => lang.t("relations.reason.phone").to_owned(),
        Reason::Contact(Sign::Email) => lang.t("relations.reason.email").to_owned(),
        Reason::Contact(Sign::IdNumber) => lang.t("relations.reason.id_number").to_owned(),
        Reason::Near(metres) => lang.f("relations.reason.near", &[("n", &lang.number((metres / 10 * 10).max(10)))]),
        Reason::Place(place) => lang.f("relations.reason.place", &[("place", place)]),
        Reason::Area => lang.f("relations.reason.area", &[("area", context.directory.area_name(&case.area_code))]),
        Reason::Words(n, words) => {
            let n = i64::try_from(*n).unwrap_or(i64::MAX);
            lang.f("relations.reason.words", &[("n", &lang.number(n)), ("words", &words.join(", "))])
        }
    }
}
