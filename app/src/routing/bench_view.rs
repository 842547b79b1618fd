//! How the test bench looks.

use super::bench::PATH;
use super::bench_forms::{target_of, targets};
use super::conflict::refused;
use super::replay::{CASES_MAX, DAYS_BACK, Replay};
use super::rules::{About, CompetenceRule, Competent, Instance, Refusal, Relation};
use super::store::Author;
use super::subjects::{Level, Proposal, RoutingRule};
use crate::accounts::second::proof_field;
use crate::form::FormState;
use crate::petitions::rules::Kind;
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, check_box, error_summary, select_field, table, text_area, text_field};
use leptos::prelude::*;

/// What a form led to.
pub enum Outcome {
    /// A petition was tried.
    Tried(Box<Tried>),
    /// A change was run over the last month's cases.
    Replayed(Replay),
}

/// What the rules say of a petition.
pub struct Tried {
    /// Its kind.
    pub kind: Kind,
    /// Where its words lead.
    pub proposal: Option<Proposal>,
    /// Who decides first.
    pub first: Option<Result<Competent, Refusal>>,
    /// Who decides on a second complaint.
    pub second: Option<Result<Competent, Refusal>>,
}

/// What the page shows.
pub struct Shown<'a> {
    /// The request.
    pub context: &'a PageContext,
    /// What was typed, and what of it is wrong.
    pub form: FormState,
    /// What came of it.
    pub outcome: Option<Outcome>,
    /// Who added or ended rules.
    pub authors: Vec<Author>,
    /// Whether whoever looks may add and end rules.
    pub may_change: bool,
}

/// The page.
pub fn page_view(shown: &Shown<'_>) -> AnyView {
    let lang = shown.context.lang;
    let replayed = match &shown.outcome {
        Some(Outcome::Replayed(replay)) => replay_view(shown, replay),
        _ => ().into_any(),
    };
    let tried = match &shown.outcome {
        Some(Outcome::Tried(tried)) => tried_view(shown, tried),
        _ => ().into_any(),
    };
    let only_look = (!shown.may_change).then(|| view! { <p class="notice">{lang.t("routing.bench.only_look")}</p> });
    view! {
        <div class="stack-s">
            <h1 class="title-s">{lang.t("routing.bench.title")}</h1>
            <p class="small muted">{lang.t("routing.bench.lead")}</p>
        </div>
        {error_summary(lang, &shown.form)}
        {tried}
        {replayed}
        {try_form(shown)}
        {routing_table(shown)}
        {only_look}
        {ending(shown)}
        {rule_form(shown)}
        {competence_table(shown)}
    }
    .into_any()
}

fn kinds(shown: &Shown<'_>, of: &[Kind]) -> Vec<(String, String)> {
    of.iter().map(|kind| (kind.code().to_owned(), shown.context.lang.t(kind.key()).to_owned())).collect()
}

fn areas(shown: &Shown<'_>) -> Vec<(String, String)> {
    let context = shown.context;
    context.directory.communes_of(&context.portal.settings().province_code).map(|area| (area.code.clone(), area.full_name.clone())).collect()
}

fn try_form(shown: &Shown<'_>) -> AnyView {
    let (lang, form, context) = (shown.context.lang, &shown.form, shown.context);
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let optional = |label: &'static str, hint: Option<&'static str>| FieldLook { is_optional: true, ..look(label, hint) };
    let bodies = context.directory.bodies().map(|body| (body.id.clone(), body.name.clone())).collect();
    view! {
        <form method="post" action=context.href(PATH) class="card stack" id="thu">
            <h2 class="title-s">{lang.t("routing.bench.try")}</h2>
            {text_field(lang, form, "title", look("routing.bench.title_label", Some("filing.title.hint")))}
            {text_area(lang, form, "body", 3, optional("routing.bench.body_label", None))}
            {select_field(lang, form, "kind", kinds(shown, &Kind::ALL), "desk.choose_one", look("desk.kind.label", None))}
            {select_field(lang, form, "area", areas(shown), "filing.area.none", look("filing.area.label", None))}
            {select_field(lang, form, "contested", bodies, "routing.filing.unsure", optional("routing.bench.contested", Some("routing.bench.contested_hint")))}
            {check_box(form, "head", lang.t("routing.bench.head"), "")}
            <div class="row"><button class="btn btn-main" name="action" value="try">{lang.t("routing.bench.try_button")}</button></div>
        </form>
    }
    .into_any()
}

fn tried_view(shown: &Shown<'_>, tried: &Tried) -> AnyView {
    let (lang, directory) = (shown.context.lang, &shown.context.directory);
    let words = match &tried.proposal {
        None if tried.kind == Kind::Denunciation => view! { <p>{lang.t("routing.bench.not_by_words")}</p> }.into_any(),
        None => view! { <p>{lang.t("routing.bench.no_subject")}</p> }.into_any(),
        Some(proposal) => {
            let subject = directory.routing().subject(&proposal.subject).map_or("", |subject| subject.name(lang)).to_owned();
            let agency = directory.agency_name(proposal.agency_id());
            let words: Vec<String> = proposal.words.iter().map(|word| lang.f("routing.quoted", &[("word", word)])).collect();
            let because = lang.f("routing.proposal.because", &[("words", &words.join(", ")), ("reason", proposal.rule.reason(lang))]);
            view! {
                <p>{lang.f("routing.bench.subject", &[("subject", &subject)])}</p>
                <p><b>{lang.f("routing.proposal", &[("agency", agency)])}</b>" "{because}</p>
                <p class="small muted">{lang.f("routing.source", &[("source", &proposal.rule.source)])}</p>
            }
            .into_any()
        }
    };
    let decided = |key: &'static str, found: Option<&Result<Competent, Refusal>>| match found {
        None => ().into_any(),
        Some(Ok(found)) => {
            let sentence = lang.f(key, &[("agency", directory.agency_name(&found.agency_id))]);
            let why = lang.f("routing.filing.because", &[("reason", found.rule.reason(lang)), ("source", &found.rule.source)]);
            view! { <p><b>{sentence}</b>" "{why}</p> }.into_any()
        }
        Some(Err(refusal)) => {
            let (refused, args) = refused(directory, refusal, lang);
            let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
            view! { <p><b>{lang.f(key, &[("agency", "—")])}</b>" "{lang.f(refused, &args)}</p> }.into_any()
        }
    };
    view! {
        <section class="next" aria-label=lang.t("routing.bench.outcome") id="ket-qua">
            <h2 class="title-s">{lang.t("routing.bench.outcome")}</h2>
            {words}
            {decided("routing.bench.first", tried.first.as_ref())}
            {decided("routing.bench.second", tried.second.as_ref())}
        </section>
    }
    .into_any()
}

fn replay_view(shown: &Shown<'_>, replay: &Replay) -> AnyView {
    let (lang, context) = (shown.context.lang, shown.context);
    let figures =
        lang.f("routing.bench.replayed", &[("moved", &lang.number(replay.moved())), ("looked", &lang.number(replay.looked)), ("days", &DAYS_BACK.to_string())]);
    let cut = replay.is_cut.then(|| view! { <p class="small muted">{lang.f("routing.bench.cut", &[("n", &lang.number(CASES_MAX))])}</p> });
    let known = targets(&context.directory, &context.portal.settings().province_code, lang);
    let place = |target: &Option<String>| match target {
        None => lang.t("routing.bench.nowhere").to_owned(),
        Some(target) => known.iter().find(|(value, _)| value == target).map_or(target, |(_, words)| words).clone(),
    };
    let rows: Vec<_> = replay
        .rows
        .iter()
        .map(|row| {
            let examples: Vec<_> =
                row.examples.iter().map(|(id, title)| view! { <li><a href=context.href(&format!("/can-bo/don/{id}"))>{title.clone()}</a></li> }).collect();
            view! {
                <tr>
                    <th scope="row">{place(&row.from)}</th>
                    <td data-label=lang.t("routing.bench.to")>{place(&row.to)}</td>
                    <td data-label=lang.t("routing.bench.n")>{lang.number(row.n)}</td>
                    <td data-label=lang.t("routing.bench.examples")>{(!examples.is_empty()).then(|| view! { <ul class="small">{examples}</ul> })}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["routing.bench.from", "routing.bench.to", "routing.bench.n", "routing.bench.examples"];
    view! {
        <section class="stack-s" id="ket-qua">
            <h2 class="title-s">{lang.t("routing.bench.replay")}</h2>
            <p>{figures}</p>
            {cut}
            {(!rows.is_empty()).then(|| table(lang, "routing.bench.replay", &heads, rows))}
        </section>
    }
    .into_any()
}

fn span(shown: &Shown<'_>, from: chrono::NaiveDate, to: Option<chrono::NaiveDate>) -> String {
    let lang = shown.context.lang;
    match to {
        None => lang.f("routing.bench.since", &[("from", &lang.day_short(from))]),
        Some(to) => lang.f("routing.bench.span", &[("from", &lang.day_short(from)), ("to", &lang.day_short(to))]),
    }
}

/// The rules that hold or will; those that have ended are folded away.
fn routing_table(shown: &Shown<'_>) -> AnyView {
    let (lang, today) = (shown.context.lang, shown.context.today);
    let rules = &shown.context.directory.routing().routing;
    let (ended, now): (Vec<_>, Vec<_>) = rules.iter().partition(|rule| rule.valid_to.is_some_and(|last| last < today));
    let items = |of: Vec<&RoutingRule>| of.into_iter().map(|rule| routing_item(shown, rule)).collect::<Vec<_>>();
    let n = i64::try_from(ended.len()).unwrap_or(0);
    let ended = (n > 0).then(|| {
        let summary = lang.f("routing.bench.ended", &[("n", &lang.number(n))]);
        view! { <details class="more"><summary>{summary}</summary><ul class="rule-list">{items(ended)}</ul></details> }
    });
    view! {
        <section class="stack-s" id="quy-tac">
            <h2 class="title-s">{lang.t("routing.bench.rules")}</h2>
            <ul class="rule-list">{items(now)}</ul>
            {ended}
        </section>
    }
    .into_any()
}

fn routing_item(shown: &Shown<'_>, rule: &RoutingRule) -> AnyView {
    let (lang, context) = (shown.context.lang, shown.context);
    let subject = context.directory.routing().subject(&rule.subject).map_or(rule.subject.as_str(), |subject| subject.name(lang)).to_owned();
    let area = if rule.area_code.is_empty() { lang.t("routing.bench.any_area").to_owned() } else { context.directory.area_name(&rule.area_code).to_owned() };
    let place = rule.kind.map_or(area.clone(), |kind| format!("{area} · {}", lang.t(kind.key())));
    let line = lang.f("routing.bench.rule_line", &[("what", &subject), ("target", &target_words(shown, rule))]);
    let author = shown.authors.iter().find(|author| author.id == rule.id);
    let added =
        author.and_then(|author| Some(lang.f("routing.bench.added_by", &[("who", author.added_by.as_deref()?), ("time", &lang.time(author.added_at?))])));
    let ended =
        author.and_then(|author| Some(lang.f("routing.bench.ended_by", &[("who", author.ended_by.as_deref()?), ("time", &lang.time(author.ended_at?))])));
    let can_end = shown.may_change && rule.valid_to.is_none_or(|last| last > context.today);
    let end = can_end.then(|| {
        let href = format!("{}?ket-thuc={}#ket-thuc", context.href(PATH), rule.id);
        view! { <a href=href aria-label=lang.f("routing.bench.end_what", &[("what", &subject)])>{lang.t("routing.bench.end_link")}</a> }
    });
    let facts = [Some(place), Some(span(shown, rule.valid_from, rule.valid_to)), added, ended].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    view! {
        <li>
            <p class="row between"><b>{line}</b>{end}</p>
            <p class="small">{lang.f("routing.filing.because", &[("reason", rule.reason(lang)), ("source", &rule.source)])}</p>
            <p class="small muted num">{facts}</p>
        </li>
    }
    .into_any()
}

fn target_words(shown: &Shown<'_>, rule: &RoutingRule) -> String {
    let (lang, context) = (shown.context.lang, shown.context);
    let known = targets(&context.directory, &context.portal.settings().province_code, lang);
    let value = target_of(rule);
    known.into_iter().find(|(known, _)| *known == value).map_or_else(
        || if rule.level == Level::Commune { lang.f("routing.bench.commune_unit", &[("unit", &rule.unit)]) } else { rule.unit.clone() },
        |(_, words)| words,
    )
}

/// Whether the form that was sent is the one that ends a rule.
fn is_ending(form: &FormState) -> bool {
    form.value("action") == "end"
}

/// The form that gives a rule its last day, once one was chosen.
fn ending(shown: &Shown<'_>) -> AnyView {
    let (lang, context, form) = (shown.context.lang, shown.context, &shown.form);
    let chosen = context.directory.routing().routing.iter().find(|rule| rule.id == form.value("rule"));
    let Some(rule) = chosen.filter(|_| shown.may_change) else { return ().into_any() };
    let subject = context.directory.routing().subject(&rule.subject).map_or(rule.subject.as_str(), |subject| subject.name(lang)).to_owned();
    let look = FieldLook { label: "routing.bench.last_day", hint: Some("routing.bench.last_day_hint"), kind: "date", class: "field-s", ..FieldLook::default() };
    view! {
        <form method="post" action=format!("{}#ket-qua", context.href(PATH)) class="card stack" id="ket-thuc">
            <h2 class="title-s">{lang.f("routing.bench.end_what", &[("what", &subject)])}</h2>
            <p class="small">{target_words(shown, rule)}</p>
            <input type="hidden" name="rule" value=rule.id.clone() />
            {text_field(lang, form, "last_day", look)}
            {if is_ending(form) { proof_field(context, form, 0) } else { proof_field(context, &FormState::default(), 1) }}
            <div class="row">
                <button class="btn btn-main" name="action" value="end">{lang.t("routing.bench.end_button")}</button>
                <button class="btn" name="action" value="draft_end">{lang.t("routing.bench.draft_button")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// The form of a new rule; whoever may only look can still see what it would have done.
fn rule_form(shown: &Shown<'_>) -> AnyView {
    let (lang, context, form) = (shown.context.lang, shown.context, &shown.form);
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, ..FieldLook::default() };
    let subjects = context.directory.routing().subjects.iter().map(|subject| (subject.code.clone(), subject.name(lang).to_owned())).collect();
    let all = targets(&context.directory, &context.portal.settings().province_code, lang);
    let proof = shown.may_change.then(|| if is_ending(form) { proof_field(context, &FormState::default(), 2) } else { proof_field(context, form, 0) });
    let add = shown.may_change.then(|| view! { <button class="btn btn-main" name="action" value="add">{lang.t("routing.bench.add_button")}</button> });
    view! {
        <form method="post" action=format!("{}#ket-qua", context.href(PATH)) class="card stack" id="them">
            <h2 class="title-s">{lang.t("routing.bench.add")}</h2>
            <p class="small">{lang.t("routing.bench.add_text")}</p>
            {select_field(lang, form, "subject", subjects, "desk.choose_one", look("routing.bench.subject_label", None))}
            {select_field(lang, form, "rule_area", areas(shown), "routing.bench.any_area", FieldLook { is_optional: true, ..look("routing.bench.where", None) })}
            {select_field(lang, form, "rule_kind", kinds(shown, &Kind::PUBLIC), "desk.kind.all", FieldLook { is_optional: true, ..look("desk.kind.label", None) })}
            {select_field(lang, form, "target", all, "desk.choose_one", look("routing.bench.target", None))}
            {text_field(lang, form, "valid_from", FieldLook { kind: "date", class: "field-s", ..look("routing.bench.from_day", None) })}
            {text_field(lang, form, "note", look("routing.bench.note", Some("routing.bench.note_hint")))}
            {text_field(lang, form, "source", look("days_off.source.label", Some("routing.bench.source_hint")))}
            {proof}
            <div class="row">
                {add}
                <button class="btn" name="action" value="draft">{lang.t("routing.bench.draft_button")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// Competence by kind of petition, folded: it is looked up, not read.
fn competence_table(shown: &Shown<'_>) -> AnyView {
    let lang = shown.context.lang;
    let all = &shown.context.directory.routing().competence;
    let folded: Vec<_> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let items: Vec<_> = all.iter().filter(|rule| rule.kind == kind).map(|rule| competence_item(shown, rule)).collect();
            let n = lang.number(i64::try_from(items.len()).unwrap_or(0));
            let summary = lang.f("routing.bench.show_kind", &[("kind", lang.t(kind.key())), ("n", &n)]);
            view! { <details class="more"><summary>{summary}</summary><ul class="rule-list">{items}</ul></details> }
        })
        .collect();
    view! {
        <section class="stack-s" id="tham-quyen">
            <h2 class="title-s">{lang.t("routing.bench.competence")}</h2>
            <p class="small muted">{lang.t("routing.bench.competence_text")}</p>
            {folded}
        </section>
    }
    .into_any()
}

fn competence_item(shown: &Shown<'_>, rule: &CompetenceRule) -> AnyView {
    let lang = shown.context.lang;
    let contested = agency_kind(shown, &rule.contested);
    let contested = match rule.about {
        Some(About::Head) => lang.f("routing.bench.head_of", &[("agency", &contested)]),
        Some(About::Staff) => lang.f("routing.bench.staff_of", &[("agency", &contested)]),
        None => contested,
    };
    let contested = if rule.instance == Instance::Second { lang.f("routing.bench.second_time", &[("what", &contested)]) } else { contested };
    let decides = match &rule.relation {
        Relation::Itself => lang.t("routing.bench.itself").to_owned(),
        Relation::Above(kind) => agency_kind(shown, kind),
        Relation::Code(code) => {
            let code = code.replace("{province}", &shown.context.portal.settings().province_code);
            shown.context.directory.body_by_code(&code).map_or(code.clone(), |body| body.name.clone())
        }
        Relation::Outside(vi, en) => if lang == crate::words::Lang::En { en } else { vi }.clone(),
    };
    view! {
        <li>
            <p><b>{lang.f("routing.bench.rule_line", &[("what", &contested), ("target", &decides)])}</b></p>
            <p class="small">{lang.f("routing.filing.because", &[("reason", rule.reason(lang)), ("source", &rule.source)])}</p>
            <p class="small muted num">{span(shown, rule.valid_from, rule.valid_to)}</p>
        </li>
    }
    .into_any()
}

/// A kind of agency in words; one the words do not know is shown as the data have it.
fn agency_kind(shown: &Shown<'_>, kind: &str) -> String {
    let lang = shown.context.lang;
    let key = match kind {
        "" => "routing.agency.any",
        "province_committee" => "routing.agency.province_committee",
        "district_committee" => "routing.agency.district_committee",
        "commune_committee" => "routing.agency.commune_committee",
        "department" => "routing.agency.department",
        "inspectorate" => "routing.agency.inspectorate",
        "citizen_reception" => "routing.agency.citizen_reception",
        "unit" => "routing.agency.unit",
        "public_service_center" => "routing.agency.public_service_center",
        "party" => "routing.agency.party",
        "front" => "routing.agency.front",
        other => return other.to_owned(),
    };
    lang.t(key).to_owned()
}
