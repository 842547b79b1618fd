//! The GETs: which letter, a new letter's form, and a draft as it will look with what can be done with it.

use super::rules::{Drafter, Fit, INTERIM, REPLY, SUPPLEMENT, fit};
use crate::accounts::session::FLASH;
use crate::db::Tx;
use crate::desk::islands::DeskKeys;
use crate::desk::law::letters::{LetterOf, earlier, words};
use crate::desk::law::view::signature_fields;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::letters::actions::{self, Known};
use crate::letters::own::{REMINDER, draft_of, may_draft};
use crate::letters::store::{self, Course, Letter};
use crate::letters::templates::Template;
use crate::letters::{html, sheet::Sheet};
use crate::permissions::{Action, check};
use crate::petitions::actions::{Act, answer_text};
use crate::petitions::escalating::{Seat, seat};
use crate::petitions::rules::Case;
use crate::petitions::store::parts;
use crate::ui::fields::FieldLook;
use crate::ui::flash_line;
use crate::ui::{Icon, Page, PageContext, Section, error_summary, icon, text_area};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The fields of a letter's words, as the steps of the law have them.
pub const FIELDS: LetterOf = LetterOf { code: "", field: "letter_body", to_field: "letter_to" };
/// Field of the reason for sending a draft back.
pub const RETURN_REASON: &str = "return_reason";
/// Field of the id that a new letter will have.
pub const ONCE: &str = "once";
/// Field of the moment the draft that was shown was written.
pub const SEEN: &str = "seen";

/// Where somebody comes back to: the case, or what was put before the authority above it.
pub fn back_href(context: &PageContext, seat: &Seat) -> String {
    context.href(&if seat.is_above() { format!("/can-bo/cap-duoi/{}", seat.case.id) } else { format!("/can-bo/don/{}", seat.case.id) })
}

fn back(context: &PageContext, seat: &Seat) -> AnyView {
    let key = if seat.is_above() { "own_letters.back_above" } else { "own_letters.back" };
    view! { <a class="back" href=back_href(context, seat)>{icon(Icon::Back)}{context.lang.t(key)}</a> }.into_any()
}

/// Who drafts, as far as it decides which letters fit.
pub fn drafter(context: &PageContext, desk: &Case, is_above: bool) -> Drafter {
    Drafter { may_remind: check(&context.actor, Action::Remind(desk)).is_ok(), is_above }
}

/// `GET /can-bo/don/{id}/soan`: the letters that fit, and why the others do not.
pub async fn choose(context: PageContext, Path(case_id): Path<String>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    check(&context.actor, Action::DraftLetter(&seat.desk))?;
    let templates = actions::templates_for(&mut tx, seat.case.kind, context.today).await?;
    drop(tx);
    let lang = context.lang;
    let drafter = drafter(&context, &seat.desk, seat.is_above());
    let path = format!("/can-bo/don/{case_id}");
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    for template in templates {
        let to = lang.t(template.addressee.key());
        match fit(&template.code, &seat.case, context.today, drafter) {
            Fit::Fits => {
                let href = context.href(&format!("{path}/soan/{}", template.code));
                open.push(view! {
                    <li>
                        <span class="thumb">{icon(Icon::Paper)}</span>
                        <span class="grow"><a href=href>{template.name}</a><small>{to}</small></span>
                    </li>
                });
            }
            Fit::WithStep(step) => {
                let href = context.href(&format!("{path}/thu-tuc/{}", step.code()));
                closed.push(view! { <li><b>{template.name}</b>": "{lang.t("own_letters.with_step")}" "<a href=href>{lang.t(step.key())}</a></li> }.into_any());
            }
            Fit::NotNow(why) => closed.push(view! { <li><b>{template.name}</b>": "{lang.t(why.key())}</li> }.into_any()),
            Fit::Foreign => {}
        }
    }
    Ok(Page::new(&context, Section::Desk, lang.t("own_letters.choose_title")).islands().render(|| {
        view! {
            <div class="stack">
                {back(&context, &seat)}
                <h1>{lang.t("own_letters.choose_title")}</h1>
                <p class="muted">{lang.t("own_letters.choose_text")}</p>
            </div>
            {(!open.is_empty()).then(|| view! { <ul class="files letter-choice">{open}</ul> })}
            {(!closed.is_empty()).then(|| view! { <details class="more"><summary>{lang.t("own_letters.not_now")}</summary><ul class="small">{closed}</ul></details> })}
            <DeskKeys />
        }
        .into_any()
    }))
}

/// What a letter of a template may be told of a case beside its facts: what earlier letters say, and who has it in hand.
pub async fn known(tx: &mut Tx, seat: &Seat) -> Result<Known> {
    Ok(earlier(&store::of_case(tx, &seat.case.id).await?))
}

/// Whom a letter is written to when somebody begins it: a reminder goes to whoever has the case.
pub fn addressee(context: &PageContext, seat: &Seat, code: &str) -> String {
    if code != REMINDER {
        return String::new();
    }
    let id = if seat.is_above() { seat.case.body_id.as_str() } else { seat.case.agency_id() };
    context.directory.agency_name(id).to_owned()
}

/// `GET /can-bo/don/{id}/soan/{code}`: a new letter.
pub async fn new(context: PageContext, Path((case_id, code)): Path<(String, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    let template = fitting(&mut tx, &context, &seat, &code).await?;
    let known = known(&mut tx, &seat).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    may_draft(&context.actor, &seat, &code)?;
    let mut form = FormState::default();
    form.set(FIELDS.field, actions::prefill(&mut act, &seat.desk, &code, &known).await?);
    form.set(FIELDS.to_field, addressee(&context, &seat, &code));
    form.set(ONCE, context.portal.new_id());
    let beside = beside(&mut tx, &seat, &code).await?;
    drop(tx);
    Ok(new_page(&context, &seat, &template, &form, beside, StatusCode::OK))
}

/// The template of a code, if its letter can be drafted on this case now.
///
/// # Errors
/// [`AppError::NotFound`] for one that has nothing to do with it, [`AppError::Conflict`] for one that does not fit now.
pub async fn fitting(tx: &mut Tx, context: &PageContext, seat: &Seat, code: &str) -> Result<Template> {
    check(&context.actor, Action::DraftLetter(&seat.desk))?;
    let template = actions::template(tx, code, context.today).await?;
    if !template.fits(seat.case.kind) {
        return Err(AppError::NotFound);
    }
    match fit(code, &seat.case, context.today, drafter(context, &seat.desk, seat.is_above())) {
        Fit::Fits => Ok(template),
        Fit::Foreign => Err(AppError::NotFound),
        Fit::NotNow(super::rules::Why::NotYours) => Err(AppError::Forbidden("role")),
        Fit::NotNow(_) | Fit::WithStep(_) => Err(AppError::Conflict),
    }
}

/// What stands beside the form to be looked at while writing: what the citizen was asked, the answer that was let out.
pub async fn beside(tx: &mut Tx, seat: &Seat, code: &str) -> Result<Option<(&'static str, String)>> {
    Ok(match code {
        SUPPLEMENT | INTERIM => {
            let asked = parts::messages(tx, &seat.case.id).await?.into_iter().rev().find(|message| !message.is_from_citizen());
            asked.map(|message| ("own_letters.beside.asked", message.body))
        }
        REPLY => answer_text(tx, &seat.case).await?.map(|text| ("own_letters.beside.answer", text)),
        _ => None,
    })
}

/// The page with a new letter's form: fresh, or as it came back.
pub fn new_page(
    context: &PageContext,
    seat: &Seat,
    template: &Template,
    form: &FormState,
    beside: Option<(&'static str, String)>,
    status: StatusCode,
) -> Response {
    let lang = context.lang;
    let action = context.href(&format!("/can-bo/don/{}/soan/{}", seat.case.id, template.code));
    let hidden = view! { <input type="hidden" name=ONCE value=form.value(ONCE).to_owned() /> }.into_any();
    Page::new(context, Section::Desk, template.name.clone()).status(status).islands().render(|| {
        view! {
            <div class="stack">
                {back(context, seat)}
                {error_summary(lang, form)}
                <h1>{template.name.clone()}</h1>
                <p class="muted">{lang.t("own_letters.text")}</p>
            </div>
            {beside_view(context, beside)}
            {writing(context, &action, hidden, template, form)}
            <DeskKeys />
        }
        .into_any()
    })
}

fn beside_view(context: &PageContext, beside: Option<(&'static str, String)>) -> AnyView {
    beside.map(|(key, text)| view! { <details class="more"><summary>{context.lang.t(key)}</summary><div class="quote text">{text}</div></details> }).into_any()
}

/// The form of a letter's words with both ways on: keep it, or put it before whoever signs.
fn writing(context: &PageContext, action: &str, hidden: AnyView, template: &Template, form: &FormState) -> AnyView {
    let lang = context.lang;
    view! {
        <form method="post" action=action.to_owned() class="stack">
            {hidden}
            <p class="small muted">{lang.t("procedure.letters_hint")}</p>
            {words(lang, &FIELDS, template.addressee, form)}
            <p class="row">
                <button class="btn btn-main" name="action" value="send">{lang.t("own_letters.send")}</button>
                <button class="btn" name="action" value="save">{lang.t("own_letters.save")}</button>
            </p>
        </form>
    }
    .into_any()
}

/// A draft with everything its page shows.
pub struct Shown {
    /// The draft.
    pub letter: Letter,
    /// As it will look, without who the sender is.
    pub sheet: Sheet,
    /// Its template.
    pub template: Template,
    /// To whom, and the words as they are edited.
    pub words: (String, String),
    /// Why it came back.
    pub return_reason: String,
    /// What is looked at while writing.
    pub beside: Option<(&'static str, String)>,
}

/// Loads a draft.
///
/// # Errors
/// [`AppError::NotFound`], see [`draft_of`].
pub async fn load(tx: &mut Tx, context: &PageContext, seat: &Seat, letter_id: &str) -> Result<Shown> {
    let letter = draft_of(tx, seat, letter_id).await?;
    let text = store::text(tx, letter_id).await?.ok_or(AppError::NotFound)?;
    let template = actions::template(tx, &letter.template_code, letter.template_from).await?;
    let sheet = actions::sheet(tx, &context.directory, &seat.desk, &letter).await?;
    let beside = beside(tx, seat, &letter.template_code).await?;
    Ok(Shown { sheet, template, words: (text.to_name, text.body), return_reason: text.return_reason, beside, letter })
}

/// `GET /can-bo/don/{id}/du-thao/{letter}`.
pub async fn draft(context: PageContext, session: Session, Path((case_id, letter_id)): Path<(String, String)>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let seat = seat(&mut tx, &context.actor, &case_id).await?;
    let shown = load(&mut tx, &context, &seat, &letter_id).await?;
    drop(tx);
    let mut form = FormState::default();
    form.set(FIELDS.to_field, shown.words.0.clone());
    form.set(FIELDS.field, shown.words.1.clone());
    let flash: Option<String> = session.remove(FLASH).await.map_err(AppError::internal)?;
    let told = flash.as_deref().and_then(super::forms::told);
    Ok(draft_page(&context, &seat, shown, &form, Told { flash: told, refused: None }, StatusCode::OK))
}

/// What is said above a draft.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// What was done just before.
    pub flash: Option<&'static str>,
    /// Why nothing was done.
    pub refused: Option<&'static str>,
}

/// The page of a draft: how it will look, and what can be done with it by whoever looks.
pub fn draft_page(context: &PageContext, seat: &Seat, shown: Shown, form: &FormState, told: Told, status: StatusCode) -> Response {
    let lang = context.lang;
    let Shown { letter, sheet, template, return_reason, beside, .. } = shown;
    let action = context.href(&format!("/can-bo/don/{}/du-thao/{}", seat.case.id, letter.id));
    let seen = seen_mark(&letter);
    let is_waiting = letter.course == Course::Waiting;
    let may_write = !is_waiting && may_draft(&context.actor, seat, &letter.template_code).is_ok();
    let may_sign = is_waiting && check(&context.actor, Action::SignLetter(&seat.desk, &letter.drafted_by)).is_ok();
    let by = lang.f("letters.draft_by", &[("who", &letter.drafted_by_name), ("time", &lang.time(letter.drafted_at))]);
    Page::new(context, Section::Desk, letter.name.clone()).main_class("wrap wide page stack-l").status(status).islands().render(|| {
        let hidden = view! { <input type="hidden" name=SEEN value=seen.clone() /> }.into_any();
        view! {
            <div class="stack">
                {back(context, seat)}
                {error_summary(lang, form)}
                {told.flash.map(|key| flash_line(lang.t(key).to_owned()))}
                {told.refused.map(|key| view! { <div class="notice warn" role="alert">{icon(Icon::Warning)}<p>{lang.t(key)}</p></div> })}
                <h1 class="title-s">{letter.name.clone()}</h1>
                <p class="row"><span class="tag">{lang.t(letter.course.key())}</span><span class="small muted num">{by}</span></p>
                {(!return_reason.is_empty() && !is_waiting)
                    .then(|| view! { <p class="notice warn">{lang.f("procedure.draft.returned", &[("reason", &return_reason)])}</p> })}
                {is_waiting.then(|| (!may_sign).then(|| view! { <p class="notice info">{icon(Icon::Clock)}<span>{lang.t("own_letters.waits")}</span></p> }))}
            </div>
            {may_sign.then(|| deciding(context, &action, &seen, form))}
            {may_write.then(|| view! {
                {beside_view(context, beside)}
                {writing(context, &action, hidden, &template, form)}
                {discarding(context, &action, &seen)}
            })}
            <section class="stack"><h2 class="title-s">{lang.t("own_letters.preview")}</h2>{html::letter(&sheet.masked())}</section>
            <DeskKeys />
        }
        .into_any()
    })
}

/// What a form says of the draft it was shown with: whoever changes it makes another.
pub fn seen_mark(letter: &Letter) -> String {
    format!("{}.{}", letter.drafted_at.timestamp_micros(), letter.drafted_by)
}

fn deciding(context: &PageContext, action: &str, seen: &str, form: &FormState) -> AnyView {
    let lang = context.lang;
    let look = FieldLook {
        label: "procedure.draft.return_label",
        hint: Some("procedure.draft.return_hint"),
        chars_max: Some(crate::desk::forms::REASON_CHARS_MAX),
        ..FieldLook::default()
    };
    let is_open = form.error(RETURN_REASON, lang).is_some();
    view! {
        <section class="card stack" id="ky">
            <h2>{lang.t("own_letters.decide")}</h2>
            <form method="post" action=action.to_owned() class="stack">
                <input type="hidden" name=SEEN value=seen.to_owned() />
                {signature_fields(context, form)}
                <p class="row"><button class="btn btn-main" name="action" value="sign">{lang.t("own_letters.sign")}</button></p>
            </form>
            <details class="more" open=is_open>
                <summary>{lang.t("procedure.draft.return")}</summary>
                <form method="post" action=action.to_owned() class="stack">
                    <input type="hidden" name=SEEN value=seen.to_owned() />
                    {text_area(lang, form, RETURN_REASON, 3, look)}
                    <p class="row"><button class="btn btn-s" name="action" value="return">{lang.t("procedure.draft.return")}</button></p>
                </form>
            </details>
        </section>
    }
    .into_any()
}

fn discarding(context: &PageContext, action: &str, seen: &str) -> AnyView {
    let lang = context.lang;
    view! {
        <details class="more">
            <summary>{lang.t("own_letters.discard")}</summary>
            <form method="post" action=action.to_owned() class="stack">
                <input type="hidden" name=SEEN value=seen.to_owned() />
                <p>{lang.t("own_letters.discard_text")}</p>
                <p class="row"><button class="btn btn-s" name="action" value="discard">{lang.t("own_letters.discard")}</button></p>
            </form>
        </details>
    }
    .into_any()
}
