//! The third screen: look over everything and send.

use super::islands::ForgetKept;
use super::recipient;
use super::rules::{self, Step};
use super::screen::{Screen, head, last_button, paper_list};
use super::what::kind_words;
use crate::petitions::rules::Kind;
use crate::relations::store::similar::Released;
use crate::relations::typing::list;
use crate::ui::limitation::{Reader, limitation};
use crate::ui::{Icon, Page, PageContext, Section, icon};
use axum::response::Response;
use leptos::prelude::*;

/// The screen. `alike` are released cases that could be joined instead; `has_changed` says that the draft changed elsewhere while it was being sent.
pub fn page(screen: &Screen<'_>, kind: Kind, alike: &[Released], has_changed: bool) -> Response {
    let lang = screen.context.lang;
    let status = if has_changed { axum::http::StatusCode::CONFLICT } else { axum::http::StatusCode::OK };
    Page::new(screen.context, Section::File, lang.t("filing.check.title")).status(status).islands().render(|| {
        let changed = has_changed.then(|| {
            view! { <div class="notice warn" role="alert">{icon(Icon::Warning)}<div><p>{lang.t("filing.check.changed")}</p></div></div> }
        });
        view! {
            {head(screen, Step::Check, "filing.check.question")}
            {changed}
            <dl class="review">{what_rows(screen, kind)}{whom_rows(screen, kind)}</dl>
            {rules::limitation(screen.form, kind).map(|stated| limitation(screen.context, &stated, screen.context.today, Reader::Complainant))}
            {publication(screen, kind)}
            {(!alike.is_empty()).then(|| list(screen.context, alike, false))}
            <form method="post" action=screen.context.href(Step::Check.path()) class="stack" data-forget="">
                {receiver(screen, kind)}
                {last_button(lang.t("filing.send"))}
            </form>
            <ForgetKept now=false form=String::new() />
        }
        .into_any()
    })
}

/// Where it goes and why.
fn receiver(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let (context, lang) = (screen.context, screen.context.lang);
    let province = &context.portal.settings().province_code;
    let Some(recipient) = recipient::of(&context.directory, province, screen.form, kind, lang) else { return ().into_any() };
    let sentence = lang.f("filing.check.receiver", &[("agency", context.directory.agency_name(&recipient.body_id))]);
    let Some((key, args)) = recipient.why else { return view! { <p class="small muted">{sentence}</p> }.into_any() };
    let args: Vec<(&str, &str)> = args.iter().map(|(name, value)| (*name, value.as_str())).collect();
    view! {
        <div class="notice" id="noi-nhan">
            {icon(Icon::Agency)}
            <div><b>{sentence}</b><p>{lang.f(key, &args)}</p><p><a href=format!("{}#about_who", context.href(Step::Whom.path()))>{lang.t("routing.filing.change")}</a></p></div>
        </div>
    }
    .into_any()
}

fn row(context: &PageContext, label: &'static str, value: impl Into<String>, step: Step, field: &'static str) -> AnyView {
    let lang = context.lang;
    let value: String = value.into();
    let value = if value.is_empty() { view! { <span class="muted">{lang.t("filing.check.nothing")}</span> }.into_any() } else { value.into_any() };
    let edit = format!("{}#{field}", context.href(step.path()));
    let label = lang.t(label);
    view! { <div><dt>{label}</dt><dd>{value}</dd><dd><a href=edit aria-label=lang.f("filing.check.edit_what", &[("what", label)])>{lang.t("filing.check.edit")}</a></dd></div> }
        .into_any()
}

fn what_rows(screen: &Screen<'_>, kind: Kind) -> Vec<AnyView> {
    let (form, context, lang) = (screen.form, screen.context, screen.context.lang);
    let mut rows = vec![
        row(context, "filing.kind.legend", kind_words(lang, kind).0, Step::What, "kind"),
        row(context, "filing.title.label", form.value("title"), Step::What, "title"),
        row(context, "filing.body.label", form.value("body"), Step::What, "body"),
    ];
    if screen.papers.is_empty() {
        rows.push(row(context, "papers.label", "", Step::What, "papers"));
    } else {
        let edit = format!("{}#papers", context.href(Step::What.path()));
        let label = lang.t("papers.label");
        rows.push(
            view! {
                <div>
                    <dt>{label}</dt>
                    <dd>{paper_list(context, screen.papers, false)}</dd>
                    <dd><a href=edit aria-label=lang.f("filing.check.edit_what", &[("what", label)])>{lang.t("filing.check.edit")}</a></dd>
                </div>
            }
            .into_any(),
        );
    }
    rows
}

fn whom_rows(screen: &Screen<'_>, kind: Kind) -> Vec<AnyView> {
    let (form, context, lang) = (screen.form, screen.context, screen.context.lang);
    let area = context.directory.area_name(form.value("area")).to_owned();
    let mut place = vec![area];
    if !form.value("place").is_empty() {
        place.push(form.value("place").to_owned());
    }
    if rules::position(form).0.is_some() {
        place.push(lang.t("filing.check.position").to_owned());
    }
    let person = rules::person(form, kind, lang);
    let mut rows = vec![
        row(context, "filing.check.place", place.join("\n"), Step::Whom, "area"),
        row(context, "filing.name.label", person.name, Step::Whom, "name"),
        row(context, "filing.address.label", person.address, Step::Whom, "address"),
    ];
    if kind == Kind::Denunciation {
        let told = if rules::is_tip(form, kind) { "sealed.tip.tip" } else { "sealed.tip.named" };
        rows.insert(1, row(context, "sealed.tip.row", lang.t(told), Step::Whom, "told_as"));
    }
    if kind.needs_identity() {
        rows.insert(1, row(context, "routing.filing.about_row", form.value("about"), Step::Whom, "about"));
        rows.push(row(context, "filing.id_number.label", person.id_number, Step::Whom, "id_number"));
    }
    if kind == Kind::Praise {
        rows.insert(1, row(context, "kinds.praise.whom", form.value("about"), Step::Whom, "about"));
    }
    rows.push(row(context, "filing.phone.label", person.phone, Step::Whom, "phone"));
    rows.push(row(context, "filing.email.label", person.email, Step::Whom, "email"));
    rows
}

/// What others will see of it, and what never.
fn publication(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let lang = screen.context.lang;
    let (title, text) = if !kind.can_be_public() {
        (lang.t("filing.sealed.title"), lang.t("filing.sealed.text"))
    } else if kind.must_be_published() {
        (lang.t("kinds.rule.public_title"), lang.t("kinds.rule.public_text"))
    } else if screen.form.is_ticked("no_publish") {
        (lang.t("filing.check.kept_title"), lang.t("filing.check.kept_text"))
    } else {
        (lang.t("filing.check.public_title"), lang.t("filing.check.public_text"))
    };
    view! { <div class="notice sealed">{icon(Icon::Lock)}<div><b>{title}</b><p>{text}</p></div></div> }.into_any()
}
