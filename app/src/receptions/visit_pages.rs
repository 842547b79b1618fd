//! A visit: entering it on the day, and its page with what is filled in later.

use super::DESK;
use super::actions::sessions::seen;
use super::look::{hours, keeps, options};
use super::rules::Refusal;
use super::store::bookings::{self, BookingPerson};
use super::store::sessions::{self, Reception};
use super::store::visits::{self, Paper, Visit, VisitPerson, kind_key};
use crate::deadlines::{ClockTone, tone};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Kind;
use crate::ui::clock::tone_class;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, error_summary, icon, or_locked, select_field, text_area, text_field};
use crate::words::Lang;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;

/// The kinds the register's sixth column knows (KN, TC, KN, PA – never abbreviated here); none of them is `other`.
pub(super) const KINDS: [Kind; 4] = [Kind::Complaint, Kind::Denunciation, Kind::Recommendation, Kind::Report];
/// The value of none of them.
pub(super) const OTHER: &str = "other";
/// The field with the form's token.
pub(super) const TOKEN: &str = "_token";
/// The field with the booked slot.
pub(super) const BOOKING: &str = "_booking";
/// What becomes of the matter: nothing, a case that is there, a new one.
pub(super) const CASE_MODES: [(&str, &str); 3] =
    [("none", "reception.visit.case_none"), ("known", "reception.visit.case_known"), ("new", "reception.visit.case_new")];

/// `GET /can-bo/tiep-dan/ngay/{id}/luot`
///
/// # Errors
/// [`AppError::NotFound`] for a session whose day has not come.
pub async fn new(context: PageContext, Path(id): Path<String>, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let row = seen(&mut act, &id).await?;
    check(&context.actor, Action::KeepReceptions(&row.body_id))?;
    if row.day > context.today {
        return Err(AppError::NotFound);
    }
    let mut form = FormState::default();
    form.set(TOKEN, context.portal.random().token());
    for (field, value) in [("people", "1"), ("same_people", "0"), ("is_competent", "1"), ("case_mode", "none")] {
        form.set(field, value);
    }
    if let Some((_, booking_id)) = pairs.iter().find(|(name, _)| name == "hen")
        && let Some(booking) = bookings::by_id(&mut tx, booking_id).await?.filter(|booking| booking.reception_id == row.id)
    {
        let BookingPerson { name, phone, matter, .. } = bookings::person(&mut tx, &booking.id).await?;
        for (field, value) in [(BOOKING, booking.id.clone()), ("name", name), ("phone", phone), ("content", matter)] {
            form.set(field, value);
        }
        if booking.case_id.is_some() {
            form.set("case_mode", "booked");
        }
    }
    drop(tx);
    Ok(new_page(&context, &row, &form, StatusCode::OK))
}

/// The page, after a form too.
pub(super) fn new_page(context: &PageContext, row: &Reception, form: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Receptions, lang.t("reception.visit.new")).main_class("wrap page stack-l").status(status);
    page.render(|| {
        view! {
            <a class="back" href=context.href(&format!("{DESK}/ngay/{}", row.id))>{icon(Icon::Back)}{row.post.clone()}", "{lang.day_short(row.day)}</a>
            {error_summary(lang, form)}
            <div class="stack-s"><h1 class="title-s">{lang.t("reception.visit.new")}</h1><p class="small muted num">{lang.day_long(row.day)}", "{hours(row)}</p></div>
            <form method="post" action=context.href(&format!("{DESK}/ngay/{}/luot", row.id)) class="stack-l">
                <input type="hidden" name=TOKEN value=form.value(TOKEN).to_owned() />
                <input type="hidden" name=BOOKING value=form.value(BOOKING).to_owned() />
                {who(lang, form)}
                {what(lang, form)}
                {case_fields(context, form)}
                {refusal_fields(lang, form)}
                <p><button class="btn btn-main">{icon(Icon::Check)}{lang.t("reception.visit.save")}</button></p>
            </form>
        }
        .into_any()
    })
}

fn look(label: &'static str, hint: Option<&'static str>) -> FieldLook {
    FieldLook { label, hint, ..FieldLook::default() }
}

fn who(lang: Lang, form: &FormState) -> AnyView {
    let short = |label: &'static str, hint: Option<&'static str>| FieldLook { class: "field-s", ..look(label, hint) };
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("reception.visit.who")}</h2>
            {text_field(lang, form, "name", look("reception.visit.name", None))}
            {text_field(lang, form, "address", look("reception.visit.address", None))}
            {text_field(lang, form, "id_number", FieldLook { is_optional: true, ..look("reception.visit.id_number", Some("reception.visit.id_hint")) })}
            <div class="two">
                {text_field(lang, form, "people", short("reception.visit.people", Some("reception.visit.people_hint")))}
                {text_field(lang, form, "same_people", short("reception.visit.same_people", Some("reception.visit.same_hint")))}
            </div>
            {text_area(lang, form, "representatives", 2, FieldLook { is_optional: true, ..look("reception.visit.representatives", Some("reception.visit.representatives_hint")) })}
        </section>
    }
    .into_any()
}

fn what(lang: Lang, form: &FormState) -> AnyView {
    let kinds =
        KINDS.iter().map(|kind| (kind.code().to_owned(), lang.t(kind.key()).to_owned())).chain([(OTHER.to_owned(), lang.t("reception.kind_other").to_owned())]);
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("reception.visit.what")}</h2>
            {select_field(lang, form, "kind", kinds.collect(), "reception.choose", look("reception.register.kind", Some("reception.visit.kind_hint")))}
            {text_area(lang, form, "content", 5, look("reception.register.content", Some("reception.visit.content_hint")))}
            {text_field(lang, form, "earlier_no", FieldLook { is_optional: true, class: "field-s", ..look("reception.visit.earlier", Some("reception.visit.earlier_hint")) })}
            {check_box(form, "is_competent", lang.t("reception.visit.competent"), "")}
            {text_area(lang, form, "papers", 3, FieldLook { is_optional: true, ..look("reception.visit.papers", Some("reception.visit.papers_hint")) })}
        </section>
    }
    .into_any()
}

fn case_fields(context: &PageContext, form: &FormState) -> AnyView {
    let lang = context.lang;
    let mut modes: Vec<(String, String)> = CASE_MODES.iter().map(|(code, key)| ((*code).to_owned(), lang.t(key).to_owned())).collect();
    if form.value("case_mode") == "booked" {
        modes.push(("booked".to_owned(), lang.t("reception.visit.case_booked").to_owned()));
    }
    let province = context.portal.settings().province_code.as_str();
    let areas = context.directory.communes_of(province).map(|area| (area.code.clone(), area.full_name.clone())).collect();
    view! {
        <section class="card stack">
            <h2 class="title-s">{lang.t("reception.visit.case_title")}</h2>
            {select_field(lang, form, "case_mode", modes, "reception.choose", look("reception.visit.case_mode", Some("reception.visit.case_mode_hint")))}
            {text_field(lang, form, "case_code", FieldLook { is_optional: true, ..look("reception.book.case_code", Some("reception.visit.case_code_hint")) })}
            <fieldset class="stack">
                <legend><b>{lang.t("reception.visit.case_new")}</b></legend>
                {text_field(lang, form, "title", FieldLook { is_optional: true, ..look("filing.title.label", None) })}
                {select_field(lang, form, "area", areas, "filing.area.none", FieldLook { is_optional: true, ..look("filing.area.label", None) })}
                {text_field(lang, form, "phone", FieldLook { is_optional: true, ..look("reception.visit.phone", None) })}
                {check_box(form, "may_publish", lang.t("reception.visit.may_publish"), lang.t("reception.visit.may_publish_text"))}
                {check_box(form, "is_read_back", lang.t("reception.visit.read_back"), lang.t("reception.visit.read_back_text"))}
            </fieldset>
        </section>
    }
    .into_any()
}

fn refusal_fields(lang: Lang, form: &FormState) -> AnyView {
    view! {
        <details class="more" open=!form.value("refusal").is_empty()>
            <summary>{lang.t("reception.refusal.title")}</summary>
            <p class="small">{lang.t("reception.refusal.text")}</p>
            {select_field(lang, form, "refusal", options!(lang, Refusal), "reception.refusal.none", look("reception.refusal.ground", Some("reception.refusal.hint")))}
        </details>
    }
    .into_any()
}

/// After a petition was written down: the visit is entered, and here is the code for the person. Reloading shows the same.
pub(super) fn filed_page(context: &PageContext, row: &Reception, visit: &Visit, code: &CaseCode) -> Response {
    let lang = context.lang;
    let page = Page::new(context, Section::Receptions, lang.t("reception.filed.title")).main_class("wrap page stack-l");
    let groups = code.groups().join(" ");
    page.render(|| {
        view! {
            <section class="receipt stack">
                {icon(Icon::Check)}
                <h1 class="title-s">{lang.t("reception.filed.title")}</h1>
                <p>{lang.f("reception.visit.no", &[("no", &visit.no.to_string())])}</p>
                <p class="strong">{lang.t("reception.filed.code")}</p>
                <p class="code-big num" id="code">{groups}</p>
                <p>{lang.f("reception.filed.keep", &[("address", &format!("{}/tra-cuu", context.portal.settings().public_url))])}</p>
            </section>
            <p class="row no-print">
                <a class="btn" href=context.href(&format!("{DESK}/luot/{}/bien-nhan", visit.id))>{icon(Icon::Print)}{lang.t("reception.receipt_paper.link")}</a>
                <a class="btn btn-main" href=context.href(&format!("{DESK}/ngay/{}#so", row.id))>{lang.t("reception.filed.back")}</a>
            </p>
        }
        .into_any()
    })
}

/// A visit with what belongs to it, for those who may see it.
pub(super) struct Seen {
    pub visit: Visit,
    pub person: VisitPerson,
    pub papers: Vec<Paper>,
    pub row: Reception,
}

/// Loads a visit.
///
/// # Errors
/// [`AppError::NotFound`] both where there is none and where it may not be seen.
pub(super) async fn seen_visit(context: &PageContext, id: &str) -> Result<Seen> {
    check(&context.actor, Action::UseDesk)?;
    let mut tx = context.portal.db().read().await?;
    let visit = visits::by_id(&mut tx, id).await?.ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeReceptions(&visit.body_id))?;
    let person = visits::person(&mut tx, id).await?;
    let papers = visits::papers(&mut tx, id).await?;
    let row = sessions::by_id(&mut tx, &visit.reception_id).await?.ok_or(AppError::NotFound)?;
    Ok(Seen { visit, person, papers, row })
}

/// `GET /can-bo/tiep-dan/luot/{id}`
pub async fn show(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let seen = seen_visit(&context, &id).await?;
    let visit = &seen.visit;
    let mut form = FormState::default();
    for (field, value) in [
        ("resolved_by", &visit.resolved_by),
        ("guided_to", &visit.guided_to),
        ("handled_by", &visit.handled_by),
        ("result", &visit.result),
        ("note", &visit.note),
    ] {
        form.set(field, value.clone());
    }
    if visit.is_competent {
        form.set("is_competent", "1");
    }
    form.set("sent_on", context.today.to_string());
    Ok(visit_page(&context, &seen, &form, StatusCode::OK))
}

/// The page, after a form too.
pub(super) fn visit_page(context: &PageContext, seen: &Seen, form: &FormState, status: StatusCode) -> Response {
    let (lang, visit) = (context.lang, &seen.visit);
    let title = lang.f("reception.visit.no", &[("no", &visit.no.to_string())]);
    let page = Page::new(context, Section::Receptions, title.clone()).main_class("wrap page stack-l").status(status);
    let may_keep = keeps(context, &visit.body_id);
    page.render(|| {
        view! {
            <a class="back" href=context.href(&format!("{DESK}/ngay/{}#so", seen.row.id))>{icon(Icon::Back)}{seen.row.post.clone()}", "{lang.day_short(seen.row.day)}</a>
            {error_summary(lang, form)}
            <h1 class="title-s">{title}</h1>
            {facts(context, seen)}
            <p class="row no-print">
                {(!seen.papers.is_empty()).then(|| view! { <a class="btn btn-s" href=context.href(&format!("{DESK}/luot/{}/bien-nhan", visit.id))>{icon(Icon::Print)}{lang.t("reception.receipt_paper.link")}</a> })}
                {visit.refusal_due_on.map(|_| view! { <a class="btn btn-s" href=context.href(&format!("{DESK}/luot/{}/tu-choi", visit.id))>{icon(Icon::Print)}{lang.t("reception.refusal_paper.link")}</a> })}
            </p>
            {refusal_notice(context, visit, form, may_keep)}
            {may_keep.then(|| follow_up(context, visit, form))}
        }
        .into_any()
    })
}

fn facts(context: &PageContext, seen: &Seen) -> AnyView {
    let (lang, visit, person) = (context.lang, &seen.visit, &seen.person);
    let case = visit.case_id.as_ref().map(|id| view! { <dt>{lang.t("reception.visit.case_title")}</dt><dd><a href=context.href(&format!("/can-bo/don/{id}"))>{lang.t("reception.visit.case")}</a></dd> });
    let words = if visit.is_sealed() {
        view! { <dt>{lang.t("reception.register.person")}</dt><dd>{icon(Icon::Lock)}" "{lang.t("reception.sealed.name")}</dd> }.into_any()
    } else {
        let speakers = (!person.representatives.is_empty())
            .then(|| view! { <dt>{lang.t("reception.visit.representatives")}</dt><dd class="text">{person.representatives.clone()}</dd> });
        view! {
            <dt>{lang.t("reception.visit.name")}</dt><dd>{or_locked(lang, person.is_locked, &person.name)}</dd>
            <dt>{lang.t("reception.visit.address")}</dt><dd>{person.address.clone()}</dd>
            <dt>{lang.t("reception.visit.id_number")}</dt><dd class="num">{person.id_number.clone()}</dd>
            <dt>{lang.t("reception.register.content")}</dt><dd class="text">{person.content.clone()}</dd>
            {speakers}
        }
        .into_any()
    };
    let papers: Vec<_> =
        seen.papers.iter().map(|paper| view! { <li>{paper.name.clone()}{(!paper.state.is_empty()).then(|| format!(" – {}", paper.state))}</li> }).collect();
    let papers = (!papers.is_empty()).then(|| view! { <dt>{lang.t("reception.visit.papers")}</dt><dd><ul>{papers}</ul></dd> });
    let refusal = visit.refusal.map(|ground| view! { <dt>{lang.t("reception.refusal.ground")}</dt><dd>{lang.t(ground.key())}</dd> });
    view! {
        <dl class="dl">
            {words}
            <dt>{lang.t("reception.register.kind")}</dt><dd>{lang.t(kind_key(visit.kind))}</dd>
            <dt>{lang.t("reception.visit.people")}</dt><dd class="num">{lang.number(visit.people)}</dd>
            <dt>{lang.t("reception.visit.same_people")}</dt><dd class="num">{lang.number(visit.same_people)}</dd>
            <dt>{lang.t("reception.visit.competent")}</dt><dd>{lang.t(if visit.is_competent { "reception.yes" } else { "reception.no" })}</dd>
            {papers}
            {refusal}
            {case}
        </dl>
    }
    .into_any()
}

/// The written notice: owed by a day, or sent.
fn refusal_notice(context: &PageContext, visit: &Visit, form: &FormState, may_keep: bool) -> AnyView {
    let lang = context.lang;
    let Some(due) = visit.refusal_due_on else { return ().into_any() };
    if let Some(on) = visit.refusal_sent_on {
        let words = lang.f("reception.refusal.sent", &[("number", &visit.refusal_number), ("day", &lang.day_short(on))]);
        return view! { <p class="notice info">{icon(Icon::Check)}<span>{words}</span></p> }.into_any();
    }
    let tone = tone(context.directory.calendar(), context.today, due);
    let key = if tone == ClockTone::Late { "reception.owed.late" } else { "reception.owed.by" };
    view! {
        <section class="card stack" id="thong-bao">
            <h2 class="title-s">{lang.t("reception.owed.one")}</h2>
            <p><span class=format!("clock {}", tone_class(tone))>{lang.f(key, &[("day", &lang.day_short(due))])}</span></p>
            {may_keep.then(|| view! {
                <form method="post" action=context.href(&format!("{DESK}/luot/{}", visit.id)) class="stack">
                    <input type="hidden" name="version" value=visit.version.to_string() />
                    {text_field(lang, form, "number", look("reception.refusal.number", None))}
                    {text_field(lang, form, "sent_on", FieldLook { kind: "date", class: "field-s", ..look("reception.refusal.sent_on", None) })}
                    <p><button class="btn btn-main" name="action" value="sent">{lang.t("reception.refusal.sent_button")}</button></p>
                </form>
            })}
        </section>
    }
    .into_any()
}

fn follow_up(context: &PageContext, visit: &Visit, form: &FormState) -> AnyView {
    let lang = context.lang;
    let optional = |label: &'static str| FieldLook { is_optional: true, ..look(label, None) };
    view! {
        <form method="post" action=context.href(&format!("{DESK}/luot/{}", visit.id)) class="card stack">
            <input type="hidden" name="version" value=visit.version.to_string() />
            <h2 class="title-s">{lang.t("reception.visit.follow")}</h2>
            {text_field(lang, form, "resolved_by", optional("reception.register.resolved_by"))}
            {check_box(form, "is_competent", lang.t("reception.visit.competent"), "")}
            {text_field(lang, form, "guided_to", optional("reception.register.guided_to"))}
            {text_field(lang, form, "handled_by", optional("reception.register.handled_by"))}
            {text_area(lang, form, "result", 2, optional("reception.register.result"))}
            {text_area(lang, form, "note", 2, optional("reception.register.note"))}
            <p><button class="btn btn-main" name="action" value="follow">{lang.t("reception.save")}</button></p>
        </form>
    }
    .into_any()
}
