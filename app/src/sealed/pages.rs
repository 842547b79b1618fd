//! `/can-bo/don/{id}/niem-phong`: the sealed part of a denunciation, for those who may open it.

use super::actions::{self, Open};
use super::rules::{Duty, OPEN_MINUTES, REASON_CHARS_MAX, What};
use super::working_pages;
use crate::accounts::second::proof;
use crate::accounts::session::take_flash;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::actions::seen;
use crate::petitions::rules::Case;
use crate::petitions::store::parts::{self, CasePerson, CaseText, Message};
use crate::petitions::store::working::{self, Working};
use crate::relations::store::signers;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, flash_line, icon, or_locked, select_field, text_area};
use crate::vault::kept::Kept;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// Signers shown with the identity.
const SIGNERS_MAX: i64 = 200;

/// A case's sealed part, as far as it is open to whoever looks.
pub(super) struct Sealed {
    pub case: Case,
    /// What is open in this session.
    pub open: Open,
    /// Who denounces: shown only while it is open, and compared with what is prepared for handlers.
    pub person: CasePerson,
    /// Who signs with them; nobody unless the identity is open.
    pub signers: Vec<CasePerson>,
    /// The original; nothing unless it is open.
    pub text: CaseText,
    /// Messages; none unless the original is open.
    pub messages: Vec<Message>,
    /// What they wrote about how they were answered; nothing unless the original is open.
    pub rated: String,
    /// Papers; their bytes only while the original is open.
    pub papers: Vec<Paper>,
    /// What handlers work on.
    pub working: Kept<Working>,
    flash: Option<String>,
}

impl Sealed {
    /// Loads it for whoever may open it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] where there is no such denunciation for whoever looks, [`AppError::Forbidden`] where it is not theirs to open.
    pub async fn load(context: &PageContext, session: &Session, case_id: &str) -> Result<Self> {
        let (hash, flash) = (actions::session_hash(session).await?, take_flash(session).await?);
        let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
        let mut tx = context.portal.db().read().await?;
        let case = seen(&mut tx, &context.actor, case_id).await?;
        check(&context.actor, Action::OpenSealed(&case))?;
        let open = actions::open_now(&mut tx, &case.id, &account_id, &hash, context.now).await?;
        let is_original = open.original.is_some();
        let mut people = Vec::new();
        if open.identity.is_some() {
            for signer in signers::after(&mut tx, &case.id, 0, SIGNERS_MAX).await? {
                people.push(signers::person(&mut tx, &signer.id).await?);
            }
        }
        Ok(Self {
            signers: people,
            rated: if is_original { parts::rating(&mut tx, &case.id).await?.map(|rating| rating.comment).unwrap_or_default() } else { String::new() },
            text: if is_original { parts::text(&mut tx, &case.id).await? } else { CaseText::default() },
            messages: if is_original { parts::messages(&mut tx, &case.id).await? } else { Vec::new() },
            papers: crate::papers::store::of_case(&mut tx, &case.id).await?,
            person: parts::person(&mut tx, &case.id).await?,
            working: working::of_case(&mut tx, &case.id).await?,
            open,
            case,
            flash,
        })
    }
}

/// `GET /can-bo/don/{id}/niem-phong`.
pub async fn show(context: PageContext, session: Session, Path(case_id): Path<String>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let sealed = Sealed::load(&context, &session, &case_id).await?;
    Ok(page(&context, &sealed, &FormState::default(), &FormState::default(), StatusCode::OK))
}

/// The page with its two forms: fresh, or as they came back. Its title stays in the browser's history and says nothing.
pub(super) fn page(context: &PageContext, sealed: &Sealed, opening: &FormState, preparing: &FormState, status: StatusCode) -> Response {
    let lang = context.lang;
    Page::new(context, Section::Desk, lang.t("sealed.page_title")).desk().passkeys().main_class("wrap wide page stack-l").status(status).render(|| {
        // Who has opened the original came to prepare: that goes on first.
        let is_preparing = sealed.open.original.is_some();
        let is_other_open = What::ALL.into_iter().any(|what| sealed.open.until(what).is_none());
        view! {
            <div class="stack-s">
                <a class="back" href=context.href(&format!("/can-bo/don/{}", sealed.case.id))>{icon(Icon::Back)}{lang.t("sealed.back")}</a>
                {flash(context, sealed)}
                {error_summary(lang, if opening.is_valid() { preparing } else { opening })}
                <h1>{lang.t("sealed.page.head")}</h1>
                <p class="muted">{lang.t("sealed.page.lead")}</p>
            </div>
            {opened(context, sealed)}
            {is_preparing.then(|| working_pages::section(context, sealed, preparing))}
            {is_other_open.then(|| open_form(context, sealed, opening))}
            {(!is_preparing).then(|| working_pages::section(context, sealed, preparing))}
        }
        .into_any()
    })
}

fn flash(context: &PageContext, sealed: &Sealed) -> AnyView {
    let key = match sealed.flash.as_deref() {
        Some("sealed.flash.opened") => "sealed.flash.opened",
        Some("sealed.flash.closed") => "sealed.flash.closed",
        Some("sealed.flash.prepared") => "sealed.flash.prepared",
        _ => return ().into_any(),
    };
    flash_line(context.lang.t(key).to_owned())
}

/// What is open, and the button that closes it.
fn opened(context: &PageContext, sealed: &Sealed) -> AnyView {
    let lang = context.lang;
    if !sealed.open.is_any() {
        return ().into_any();
    }
    let identity = sealed.open.identity.map(|until| {
        view! {
            <section class="card stack-s" id="danh-tinh">
                <h2 class="title-s">{lang.t(What::Identity.key())}</h2>
                <p class="small muted num">{lang.f("sealed.open_until", &[("time", &lang.time(until))])}</p>
                {person(context, &sealed.person)}
                {sealed.signers.iter().map(|signer| person(context, signer)).collect_view()}
            </section>
        }
    });
    let original = sealed.open.original.map(|until| {
        view! {
            <section class="card stack-s" id="ban-goc">
                <h2 class="title-s">{lang.t(What::Original.key())}</h2>
                <p class="small muted num">{lang.f("sealed.open_until", &[("time", &lang.time(until))])}</p>
                {words(context, sealed)}
            </section>
        }
    });
    view! {
        <div class="notice sealed">{icon(Icon::Eye)}<div><p>{lang.t("sealed.open_notice")}</p></div></div>
        {identity}
        {original}
        <form method="post" action=context.href(&format!("{}/dong", super::path(&sealed.case.id)))>
            <button class="btn btn-s">{icon(Icon::Lock)}{lang.t("sealed.close")}</button>
        </form>
    }
    .into_any()
}

fn person(context: &PageContext, person: &CasePerson) -> AnyView {
    let lang = context.lang;
    if person.is_locked {
        return view! { <div class="notice warn">{icon(Icon::Lock)}<p>{lang.t("desk.person.locked")}</p></div> }.into_any();
    }
    let fields = [
        ("desk.person.name", &person.name),
        ("desk.person.phone", &person.phone),
        ("desk.person.email", &person.email),
        ("desk.person.address", &person.address),
        ("desk.person.id_number", &person.id_number),
    ];
    let rows: Vec<_> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| view! { <dt>{lang.t(key)}</dt><dd class="break">{value.clone()}</dd> })
        .collect();
    if rows.is_empty() {
        return view! { <p class="muted">{lang.t("sealed.nameless")}</p> }.into_any();
    }
    view! { <dl class="dl">{rows}</dl> }.into_any()
}

fn words(context: &PageContext, sealed: &Sealed) -> AnyView {
    let (lang, text) = (context.lang, &sealed.text);
    if text.is_locked {
        return view! { <div class="notice warn">{icon(Icon::Lock)}<p>{lang.t("sealed.locked_words")}</p></div> }.into_any();
    }
    let place = (!text.place.is_empty()).then(|| view! { <p class="small muted">{icon(Icon::Pin)}" "{text.place.clone()}</p> });
    let about = (!text.about.is_empty()).then(|| view! { <p class="small">{lang.f("sealed.about", &[("who", &text.about)])}</p> });
    let messages: Vec<_> = sealed
        .messages
        .iter()
        .filter(|message| message.is_from_citizen())
        .map(|message| {
            view! { <li class="msg msg-citizen"><p class="msg-by"><time class="num">{lang.time(message.at)}</time></p><p class="break">{or_locked(lang, message.is_locked, &message.body)}</p></li> }
        })
        .collect();
    let messages = (!messages.is_empty()).then(|| view! { <h3 class="title-s">{lang.t("sealed.messages")}</h3><ol class="thread">{messages}</ol> });
    view! {
        <p><b>{text.title.clone()}</b></p>
        <p class="text break">{text.body.clone()}</p>
        {about}
        {place}
        {messages}
        {(!sealed.rated.is_empty()).then(|| view! { <h3 class="title-s">{lang.t("desk.rating")}</h3><p class="text break">{sealed.rated.clone()}</p> })}
        {working_pages::paper_list(context, sealed)}
    }
    .into_any()
}

fn open_form(context: &PageContext, sealed: &Sealed, form: &FormState) -> AnyView {
    let lang = context.lang;
    let whats = What::ALL.into_iter().filter(|what| sealed.open.until(*what).is_none());
    let whats = whats.map(|what| (what.code().to_owned(), lang.t(what.key()).to_owned())).collect();
    let duties = Duty::ALL.into_iter().map(|duty| (duty.code().to_owned(), lang.t(duty.key()).to_owned())).collect();
    let reason = FieldLook { label: "sealed.open.reason", hint: Some("sealed.open.reason_hint"), chars_max: Some(REASON_CHARS_MAX), ..FieldLook::default() };
    view! {
        <section class="stack" id="mo">
            <h2>{lang.t("sealed.open.title")}</h2>
            <p class="small muted">{lang.f("sealed.open.lead", &[("n", &OPEN_MINUTES.to_string())])}</p>
            <form method="post" action=context.href(&super::path(&sealed.case.id)) class="stack" autocomplete="off">
                {select_field(lang, form, "what", whats, "desk.choose_one", FieldLook { label: "sealed.open.what", ..FieldLook::default() })}
                {select_field(lang, form, "duty", duties, "desk.choose_one", FieldLook { label: "sealed.open.duty", hint: Some("sealed.open.duty_hint"), ..FieldLook::default() })}
                {text_area(lang, form, "reason", 3, reason)}
                {proof::field_now(context, form, 0)}
                <p><button class="btn btn-main">{icon(Icon::Eye)}{lang.t("sealed.open.button")}</button></p>
            </form>
        </section>
    }
    .into_any()
}
