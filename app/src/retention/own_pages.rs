//! `/tra-cuu/du-lieu`: one's own data, for whoever has shown the code of a case or of a signature.

use super::requests::Subject;
use super::rules::{Asked, Field, Ground};
use super::store::requests::{Request, of_owner};
use super::store::{Erasure, erasures};
use crate::accounts::session;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::following::{OF, mark_of};
use crate::form::FormState;
use crate::petitions::store::by_id;
use crate::petitions::store::people::{self, CasePerson};
use crate::relations::store::signers;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, check_box, choice, error_summary, icon, text_field};
use crate::words::Lang;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Requests shown.
const SHOWN_MAX: i64 = 20;

/// What the page shows.
pub(super) struct Own {
    pub subject: Subject,
    pub person: CasePerson,
    pub requests: Vec<Request>,
    pub erased: Vec<Erasure>,
}

impl Own {
    /// The data of whoever is visiting.
    ///
    /// # Errors
    /// [`AppError::CodeNeeded`] if no visit is open.
    pub async fn load(tx: &mut Tx, context: &PageContext) -> Result<Self> {
        let subject = match &context.actor {
            Actor::Citizen { case_id } => Subject::sender(by_id(tx, case_id).await?.ok_or(AppError::CodeNeeded)?),
            Actor::Signer { signer_id } => {
                let signer = signers::by_id(tx, signer_id).await?.ok_or(AppError::CodeNeeded)?;
                Subject::signer(by_id(tx, &signer.case_id).await?.ok_or(AppError::CodeNeeded)?, signer.id)
            }
            _ => return Err(AppError::CodeNeeded),
        };
        subject.check(&context.actor)?;
        let person = people::person(tx, &subject.owner_id).await?;
        let requests = of_owner(tx, &subject.case.id, &subject.owner_id, SHOWN_MAX).await?;
        let erased = erasures(tx, &subject.owner_id).await?;
        Ok(Self { subject, person, requests, erased })
    }

    /// The mark of whose page a form is of: two visits in one browser must not mix.
    pub fn mark(&self) -> String {
        mark_of(&self.subject.owner_id)
    }

    /// Where the way back leads.
    fn back(&self) -> &'static str {
        if self.subject.is_sender() { "/tra-cuu/don" } else { "/tra-cuu/cung" }
    }

    /// Whether something only the person knows must be typed.
    pub fn asks_for_proof(&self) -> bool {
        self.person.is_known()
    }
}

/// `GET /tra-cuu/du-lieu`
///
/// # Errors
/// [`AppError::CodeNeeded`] if no visit is open.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let own = Own::load(&mut tx, &context).await?;
    drop(tx);
    let flash = session::take_flash(&session).await?;
    Ok(page(&context, &own, Filled::Nothing, flash.as_deref(), StatusCode::OK))
}

/// Which form comes back, with what was typed.
#[derive(Clone, Copy)]
pub(super) enum Filled<'a> {
    /// None.
    Nothing,
    /// Taking the data away.
    Take(&'a FormState),
    /// Correcting.
    Correct(&'a FormState),
    /// Deleting.
    Erase(&'a FormState),
}

/// The page.
pub(super) fn page(context: &PageContext, own: &Own, filled: Filled<'_>, flash: Option<&str>, status: StatusCode) -> Response {
    let lang = context.lang;
    let title = lang.t("retention.own.title");
    let nothing = FormState::default();
    let (take, correct, erase) = match filled {
        Filled::Nothing => (&nothing, &nothing, &nothing),
        Filled::Take(form) => (form, &nothing, &nothing),
        Filled::Correct(form) => (&nothing, form, &nothing),
        Filled::Erase(form) => (&nothing, &nothing, form),
    };
    let told = flash.and_then(told).map(|key| crate::ui::flash_line(lang.t(key).to_owned()));
    Page::new(context, Section::Follow, title).status(status).render(|| {
        let locked = own.person.is_locked.then(|| view! { <p class="notice warn">{icon(Icon::Lock)}<span>{lang.t("retention.locked")}</span></p> });
        view! {
            {told}
            {[take, correct, erase].map(|form| error_summary(lang, form)).into_iter().collect::<Vec<_>>()}
            <div class="stack-s">
                <a class="back" href=lang.href(own.back())>{icon(Icon::Back)}{lang.t("retention.own.back")}</a>
                <h1>{title}</h1>
                <p class="lead-text">{lang.t("retention.own.lead")}</p>
            </div>
            {locked}
            {held(context, own)}
            {requests(lang, &own.requests)}
            {take_form(lang, own, take)}
            {(!own.person.is_locked).then(|| correct_form(lang, own, correct))}
            {erase_form(context, own, erase)}
        }
        .into_any()
    })
}

fn told(flash: &str) -> Option<&'static str> {
    ["retention.flash.corrected", "retention.flash.waits", "retention.flash.same", "retention.flash.asked", "retention.flash.on_hold"]
        .into_iter()
        .find(|key| *key == flash)
}

/// What there is, without showing it: whoever holds the phone next must not read it.
fn held(context: &PageContext, own: &Own) -> AnyView {
    let lang = context.lang;
    let known: Vec<&str> = Field::ALL.into_iter().filter(|field| !field.of(&own.person).is_empty()).map(|field| lang.t(field.key())).collect();
    let person = match (own.person.is_locked, known.is_empty()) {
        (true, _) => String::new(),
        (false, true) => lang.t("retention.own.no_person").to_owned(),
        (false, false) => lang.f("retention.own.person", &[("fields", &known.join(", ").to_lowercase())]),
    };
    let words_are_there = own.subject.is_sender() && !own.erased.iter().any(|erasure| erasure.what == "words");
    let until = super::rules::of(context.directory.retention_rules(), own_rule(own), context.today)
        .map(|rule| lang.f("retention.own.kept", &[("how_long", &super::how_long(lang, rule))]));
    let erased: Vec<_> = own.erased.iter().map(|erasure| erased_line(lang, erasure)).collect();
    view! {
        <section class="card stack-s">
            <h2>{lang.t("retention.own.held")}</h2>
            {(!person.is_empty()).then(|| view! { <p>{person}</p> })}
            {words_are_there.then(|| view! { <p>{lang.t("retention.own.words")}</p> })}
            {erased}
            {until.filter(|_| own.person.is_known()).map(|until| view! { <p class="small muted">{until}</p> })}
            <p class="small"><a href=lang.href("/rieng-tu")>{lang.t("nav.privacy")}</a></p>
        </section>
    }
    .into_any()
}

fn erased_line(lang: Lang, erasure: &Erasure) -> AnyView {
    let key = if erasure.what == "people" { "retention.erased.people" } else { "retention.erased.words" };
    view! { <p>{lang.f(key, &[("day", &lang.day_short(crate::clock::day(erasure.at)))])}</p> }.into_any()
}

/// The rule the person's own data are kept by.
fn own_rule(own: &Own) -> super::what::What {
    use super::what::What;
    use crate::petitions::rules::Kind;
    match own.subject.case.kind {
        Kind::Complaint => What::PeopleComplaint,
        Kind::Denunciation => What::PeopleDenunciation,
        _ => What::PeopleOpinion,
    }
}

fn requests(lang: Lang, requests: &[Request]) -> AnyView {
    if requests.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = requests.iter().map(|request| request_item(lang, request)).collect();
    view! { <section class="stack-s" id="yeu-cau"><h2>{lang.t("retention.own.requests")}</h2><ul class="rule-list">{items}</ul></section> }.into_any()
}

fn request_item(lang: Lang, request: &Request) -> AnyView {
    let fields: Vec<&str> = Field::list(&request.fields).into_iter().map(|field| lang.t(field.key())).collect();
    let what =
        if fields.is_empty() { lang.t(request.kind.key()).to_owned() } else { format!("{}: {}", lang.t(request.kind.key()), fields.join(", ").to_lowercase()) };
    let day = request.decided_at.map(|at| lang.day_short(crate::clock::day(at))).unwrap_or_default();
    let state = match request.state.as_str() {
        "granted" => lang.f("retention.own.granted", &[("day", &day)]),
        "refused" => lang.f("retention.own.refused", &[("day", &day)]),
        _ => lang.f("retention.own.waits", &[("day", &lang.day_long(request.answer_by))]),
    };
    let ground = Ground::from_code(&request.ground).map(|ground| view! { <p>{lang.t(ground.key())}</p> });
    let next = (request.state == "refused").then(|| view! { <p class="small">{lang.t("retention.own.next")}</p> });
    view! {
        <li>
            <p><b>{what}</b></p>
            <p class="num">{state}</p>
            {ground}
            {(!request.words.is_empty()).then(|| view! { <div class="quote"><p class="text break">{request.words.clone()}</p></div> })}
            {next}
            <p class="small muted num">{lang.f("retention.own.asked_at", &[("time", &lang.time(request.asked_at))])}</p>
        </li>
    }
    .into_any()
}

/// The field for what only the person knows; `twin` tells the forms' fields apart.
fn proof(lang: Lang, own: &Own, form: &FormState, twin: usize) -> AnyView {
    if !own.asks_for_proof() {
        return ().into_any();
    }
    let twin = if form.error("proof", lang).is_some() { 0 } else { twin };
    text_field(lang, form, "proof", FieldLook { label: "retention.own.proof", hint: Some("retention.own.proof_hint"), twin, ..FieldLook::default() })
}

fn of(own: &Own) -> AnyView {
    view! { <input type="hidden" name=OF value=own.mark() /> }.into_any()
}

fn take_form(lang: Lang, own: &Own, form: &FormState) -> AnyView {
    view! {
        <section class="stack-s">
            <h2>{lang.t("retention.take")}</h2>
            <p>{lang.t("retention.take.text")}</p>
            <form method="post" action=lang.href("/tra-cuu/du-lieu/tai") class="stack" autocomplete="off">
                {of(own)}
                {proof(lang, own, form, 1)}
                <p><button class="btn btn-main">{icon(Icon::Download)}{lang.t("retention.take.button")}</button></p>
            </form>
        </section>
    }
    .into_any()
}

/// Empty fields: what stays empty stays as it is, so that nobody reads what is there. A box takes a value away.
fn correct_form(lang: Lang, own: &Own, form: &FormState) -> AnyView {
    let is_bad = !form.is_valid();
    let look = |field: Field, kind: &'static str| FieldLook { label: field.key(), kind, is_optional: true, ..FieldLook::default() };
    let fields = Field::ALL.into_iter().map(|field| {
        let kind = match field {
            Field::Phone => "tel",
            Field::Email => "email",
            _ => "",
        };
        let waits = (!field.is_free(own.subject.case.kind)).then(|| view! { <p class="small muted">{lang.t("retention.correct.waits")}</p> });
        let removes =
            (!field.of(&own.person).is_empty() && field != Field::Name).then(|| check_box(form, remove_name(field), lang.t("retention.correct.remove"), ""));
        view! { <div class="stack-s">{text_field(lang, form, field.code(), look(field, kind))}{waits}{removes}</div> }
    });
    view! {
        <details class="more" open=is_bad id="sua">
            <summary>{lang.t("retention.correct")}</summary>
            <form method="post" action=lang.href("/tra-cuu/du-lieu/sua") class="stack" autocomplete="off" novalidate>
                {of(own)}
                <p>{lang.t("retention.correct.text")}</p>
                {fields.collect::<Vec<_>>()}
                {proof(lang, own, form, 2)}
                <p><button class="btn btn-main">{lang.t("retention.correct.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}

/// The box that takes a value away.
pub(super) fn remove_name(field: Field) -> &'static str {
    match field {
        Field::Name => "remove_name",
        Field::Phone => "remove_phone",
        Field::Email => "remove_email",
        Field::Address => "remove_address",
        Field::IdNumber => "remove_id_number",
    }
}

fn erase_form(context: &PageContext, own: &Own, form: &FormState) -> AnyView {
    let lang = context.lang;
    let day = super::requests::answer_by(&context.portal, Asked::ErasePerson, context.today);
    let (error, sure) = (form.error("what", lang), form.error("sure", lang));
    let class = if error.is_some() { "group bad" } else { "group" };
    let sure_class = if sure.is_some() { "field bad" } else { "field" };
    view! {
        <details class="more" open=!form.is_valid() id="xoa">
            <summary>{lang.t("retention.erase")}</summary>
            <form method="post" action=lang.href("/tra-cuu/du-lieu/xoa") class="stack" autocomplete="off">
                {of(own)}
                <p>{lang.f("retention.erase.text", &[("day", &lang.day_long(day))])}</p>
                <fieldset class=class id="what" tabindex="-1">
                    <legend>{lang.t("retention.erase.what")}</legend>
                    {error.map(|error| view! { <span class="err">{error}</span> })}
                    {choice(form, "what", "person", lang.t("retention.erase.person"), lang.t("retention.erase.person_text"))}
                    {own.subject.is_sender().then(|| choice(form, "what", "all", lang.t("retention.erase.all"), lang.t("retention.erase.all_text")))}
                </fieldset>
                {proof(lang, own, form, 3)}
                <div class=sure_class>
                    {sure.map(|error| view! { <span class="err" id="sure-e">{error}</span> })}
                    {check_box(form, "sure", lang.t("retention.erase.sure"), "")}
                </div>
                <p><button class="btn btn-danger">{icon(Icon::Trash)}{lang.t("retention.erase.button")}</button></p>
            </form>
        </details>
    }
    .into_any()
}
