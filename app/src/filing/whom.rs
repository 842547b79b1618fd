//! The second screen: where it happened, and who tells.

use super::islands::UsePosition;
use super::recipient;
use super::rules::{OBSTACLE_CHARS_MAX, Step, TIP, is_tip, kind};
use super::screen::{Screen, head, last_button};
use crate::agencies::directory::OldArea;
use crate::petitions::rules::Kind;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, Section, check_box, choice, error_summary, icon, select_field, text_area, text_field};
use axum::response::Response;
use leptos::prelude::*;

/// Old communes shown for one name.
pub const OLD_AREAS_MAX: i64 = 12;

/// The screen; `old_areas` are those of the old name that was looked for.
pub fn page(screen: &Screen<'_>, old_areas: &[OldArea]) -> Response {
    let lang = screen.context.lang;
    let kind = kind(screen.form).unwrap_or(Kind::Report);
    Page::new(screen.context, Section::File, screen.title("filing.whom.title")).status(screen.status()).islands().render(|| {
        view! {
            <form id="whom" method="post" action=screen.context.href(Step::Whom.path()) class="stack-l">
                {head(screen, Step::Whom, "filing.whom.question")}
                {error_summary(lang, screen.form)}
                {place(screen, old_areas)}
                {about(screen, kind)}
                {known(screen, kind)}
                {praised(screen, kind)}
                {person(screen, kind)}
                {notices(screen, kind)}
                {publication(screen, kind)}
                {last_button(lang.t("filing.go_on"))}
            </form>
        }
        .into_any()
    })
}

fn place(screen: &Screen<'_>, old_areas: &[OldArea]) -> AnyView {
    let (form, context, lang) = (screen.form, screen.context, screen.context.lang);
    let province = &context.portal.settings().province_code;
    let areas = context.directory.communes_of(province).map(|area| (area.code.clone(), area.full_name.clone())).collect();
    let province = context.directory.area_name(province).to_owned();
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.f("filing.where.title", &[("province", &province)])}</h2>
            {select_field(lang, form, "area", areas, "filing.area.none", FieldLook { label: "filing.area.label", hint: Some("filing.area.hint"), ..FieldLook::default() })}
            {old_names(screen, old_areas)}
            {text_field(lang, form, "place", FieldLook { label: "filing.place.label", hint: Some("filing.place.hint"), is_optional: true, ..FieldLook::default() })}
            <UsePosition
                latitude=form.value("latitude").to_owned()
                longitude=form.value("longitude").to_owned()
                ask=lang.t("filing.position.ask").to_owned()
                asking=lang.t("filing.position.asking").to_owned()
                got=lang.t("filing.position.got").to_owned()
                failed=lang.t("filing.position.failed").to_owned()
                remove=lang.t("filing.position.remove").to_owned()
            />
        </section>
    }
    .into_any()
}

/// Finds today's commune by a name of before the reform. A found one is a button that chooses it.
fn old_names(screen: &Screen<'_>, found: &[OldArea]) -> AnyView {
    let (form, context, lang) = (screen.form, screen.context, screen.context.lang);
    let is_open = !form.value("old_area").is_empty();
    let items: Vec<_> = found
        .iter()
        .map(|old| {
            let new = context.directory.area_name(&old.new_code).to_owned();
            let was = lang.f("filing.old_area.was", &[("old", &old.old_full_name), ("parent", &old.old_parent_full_name)]);
            view! { <li><button class="btn btn-block" name="take" value=old.new_code.clone()><span class="grow"><b>{new}</b><small>{was}</small></span></button></li> }
        })
        .collect();
    let outcome = match (is_open, items.is_empty()) {
        (false, _) => ().into_any(),
        (true, true) => {
            let province = context.directory.area_name(&context.portal.settings().province_code);
            view! { <p role="status">{lang.f("filing.old_area.none", &[("province", province)])}</p> }.into_any()
        }
        (true, false) => view! { <p role="status">{lang.t("filing.old_area.found")}</p><ul class="old-areas">{items}</ul> }.into_any(),
    };
    view! {
        <details class="more" open=is_open id="ten-cu">
            <summary>{lang.t("filing.old_area.title")}</summary>
            {text_field(lang, form, "old_area", FieldLook { label: "filing.old_area.label", hint: Some("filing.old_area.hint"), ..FieldLook::default() })}
            <button class="btn" name="action" value="find">{icon(Icon::Search)}{lang.t("filing.old_area.find")}</button>
            {outcome}
        </details>
    }
    .into_any()
}

/// Whom a complaint or denunciation is about: in words, and by what decides where it goes. Nothing of it must be filled in.
fn about(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let (form, context, lang) = (screen.form, screen.context, screen.context.lang);
    if !kind.needs_identity() {
        return ().into_any();
    }
    let is_denunciation = kind == Kind::Denunciation;
    let (title, who, hint) = if is_denunciation {
        ("routing.filing.denounced_title", "routing.filing.denounced_who", "routing.filing.denounced_hint")
    } else {
        ("routing.filing.decision_title", "routing.filing.decision_who", "routing.filing.decision_hint")
    };
    let options = recipient::options(&context.directory, &context.portal.settings().province_code, kind, lang);
    let choices = recipient::CHOICES.map(|choice| {
        let key = if choice == "province" { "routing.filing.send_province" } else { "routing.filing.send_commune" };
        (choice.to_owned(), lang.t(key).to_owned())
    });
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, is_optional: true, ..FieldLook::default() };
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t(title)}</h2>
            {text_field(lang, form, "about", look("routing.filing.about", Some(hint)))}
            {select_field(lang, form, "about_who", options, "routing.filing.unsure", look(who, Some("routing.filing.who_hint")))}
            <details class="more" open=!form.value("send_to").is_empty()>
                <summary>{lang.t("routing.filing.send_elsewhere")}</summary>
                {select_field(lang, form, "send_to", choices.to_vec(), "routing.filing.send_rule", look("routing.filing.send_to", None))}
            </details>
        </section>
    }
    .into_any()
}

/// When a contested decision was known, and what kept somebody from complaining. Nothing of it must be filled in.
fn known(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let (form, lang) = (screen.form, screen.context.lang);
    if kind != Kind::Complaint {
        return ().into_any();
    }
    let look = |label: &'static str, hint: Option<&'static str>| FieldLook { label, hint, is_optional: true, class: "field-s", ..FieldLook::default() };
    let has_obstacle = ["obstacle_from", "obstacle_to", "obstacle"].into_iter().any(|field| !form.value(field).is_empty() || form.error(field, lang).is_some());
    let reason = FieldLook { label: "limitation.reason", hint: Some("limitation.reason_hint"), chars_max: Some(OBSTACLE_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("limitation.title")}</h2>
            {text_field(lang, form, "known_on", look("limitation.known_on", Some("limitation.known_hint")))}
            <details class="more" open=has_obstacle>
                <summary>{lang.t("limitation.obstacle_title")}</summary>
                <p>{lang.t("limitation.obstacle_text")}</p>
                {text_field(lang, form, "obstacle_from", look("limitation.from", None))}
                {text_field(lang, form, "obstacle_to", look("limitation.to", None))}
                {text_area(lang, form, "obstacle", 2, reason)}
            </details>
        </section>
    }
    .into_any()
}

/// Whom praise is for, so that it reaches them.
fn praised(screen: &Screen<'_>, kind: Kind) -> AnyView {
    if kind != Kind::Praise {
        return ().into_any();
    }
    let look = FieldLook { label: "kinds.praise.whom", hint: Some("kinds.praise.whom_hint"), is_optional: true, ..FieldLook::default() };
    text_field(screen.context.lang, screen.form, "about", look)
}

fn person(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let (form, lang) = (screen.form, screen.context.lang);
    let is_needed = kind.asks_name() && !is_tip(form, kind);
    let why = match kind {
        Kind::Complaint => lang.t("filing.who.complaint"),
        Kind::Denunciation => lang.t("filing.who.denunciation"),
        Kind::AdministrativeRule => lang.t("kinds.rule.who"),
        Kind::Report | Kind::Recommendation | Kind::Praise => lang.t("filing.who.optional"),
    };
    let look = |label: &'static str, autocomplete: &'static str| FieldLook { label, autocomplete, is_optional: !is_needed, ..FieldLook::default() };
    let id_number = kind.needs_identity().then(|| {
        let look =
            FieldLook { label: "filing.id_number.label", hint: Some("filing.id_number.hint"), is_optional: true, class: "field-s", ..FieldLook::default() };
        text_field(lang, form, "id_number", look)
    });
    let notice = if kind.asks_name() { "notice sealed" } else { "notice" };
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("filing.who.title")}</h2>
            <div class=notice>{icon(Icon::Lock)}<div><p>{why}</p></div></div>
            {told_as(screen, kind)}
            {text_field(lang, form, "name", look("filing.name.label", "name"))}
            {text_field(lang, form, "address", look("filing.address.label", "street-address"))}
            {id_number}
        </section>
    }
    .into_any()
}

/// Under one's name, or as a tip without one: what each means, before anything is typed.
fn told_as(screen: &Screen<'_>, kind: Kind) -> AnyView {
    if kind != Kind::Denunciation {
        return ().into_any();
    }
    let lang = screen.context.lang;
    let mut form = screen.form.clone();
    if !is_tip(&form, kind) {
        form.set("told_as", "name");
    }
    view! {
        <fieldset class="group" id="told_as">
            <legend>{lang.t("sealed.tip.legend")}</legend>
            <span class="hint">{lang.t("sealed.tip.hint")}</span>
            {choice(&form, "told_as", "name", lang.t("sealed.tip.named"), lang.t("sealed.tip.named_text"))}
            {choice(&form, "told_as", TIP, lang.t("sealed.tip.tip"), lang.t("sealed.tip.tip_text"))}
        </fieldset>
    }
    .into_any()
}

fn notices(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let (form, lang) = (screen.form, screen.context.lang);
    let phone = FieldLook {
        label: "filing.phone.label",
        hint: Some("filing.phone.hint"),
        is_optional: kind != Kind::AdministrativeRule,
        kind: "tel",
        autocomplete: "tel",
        class: "field-s",
        ..FieldLook::default()
    };
    let email = FieldLook {
        label: "filing.email.label",
        hint: Some("filing.email.hint"),
        is_optional: true,
        kind: "email",
        autocomplete: "email",
        ..FieldLook::default()
    };
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("filing.told.title")}</h2>
            <p>{lang.t("filing.told.text")}</p>
            {text_field(lang, form, "phone", phone)}
            {text_field(lang, form, "email", email)}
        </section>
    }
    .into_any()
}

fn publication(screen: &Screen<'_>, kind: Kind) -> AnyView {
    let lang = screen.context.lang;
    if kind.must_be_published() {
        let (title, text) = (lang.t("kinds.rule.public_title"), lang.t("kinds.rule.public_text"));
        view! { <div class="notice info">{icon(Icon::Register)}<div><b>{title}</b><p>{text}</p></div></div> }.into_any()
    } else if kind.can_be_public() {
        check_box(screen.form, "no_publish", lang.t("filing.no_publish.label"), lang.t("filing.no_publish.text"))
    } else {
        let (title, text) = (lang.t("filing.sealed.title"), lang.t("filing.sealed.text"));
        view! { <div class="notice sealed">{icon(Icon::Lock)}<div><b>{title}</b><p>{text}</p></div></div> }.into_any()
    }
}
