//! Following as one who joined; and on the sender's own page, the people behind the petition and its other parts.

use super::groups::people;
use super::joining;
use super::split;
use super::store::signers as store;
use super::store::signers::Signer;
use crate::accounts::session;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::id::secret_hash;
use crate::permissions::{Action, check};
use crate::petitions::actions::Act;
use crate::petitions::code::CaseCode;
use crate::petitions::register::PublicCase;
use crate::petitions::rules::Case;
use crate::petitions::store::{by_id, register};
use crate::ui::fields::FieldLook;
use crate::ui::{Page, PageContext, Section, check_box, clock_badge, error_summary, see_other, text_field};
use crate::words::Lang;
use axum::Form;
use axum::http::StatusCode;
use axum::response::Response;
use leptos::prelude::*;
use tower_sessions::Session;

/// The page of one who joined.
const SIGNER_PATH: &str = "/tra-cuu/cung";
/// Longest e-mail address.
const EMAIL_CHARS_MAX: usize = 254;
/// The longest text that is looked at as a code.
const TYPED_CHARS_MAX: usize = 100;

type Pairs = Form<Vec<(String, String)>>;

/// Opens the visit of a signer if what was typed is the code of one. One look for whatever was typed.
pub async fn enter_by_code(context: &PageContext, session: &Session, typed: &str) -> Result<Option<Response>> {
    let typed: String = typed.chars().take(TYPED_CHARS_MAX).collect();
    let signer = store::by_code_hash(&mut context.portal.db().look().await?, &CaseCode::hash_of_typed(&typed)).await?;
    let Some(signer) = signer else { return Ok(None) };
    session::begin_signer_visit(session, &signer.id, context.now).await?;
    Ok(Some(see_other(&context.href(SIGNER_PATH))))
}

/// What a signer sees.
struct Shown {
    signer: Signer,
    case: Case,
    row: Option<PublicCase>,
    email: String,
    people: i64,
}

async fn load(context: &PageContext) -> Result<Shown> {
    let Actor::Signer { signer_id } = &context.actor else { return Err(AppError::CodeNeeded) };
    check(&context.actor, Action::FollowAsSigner(signer_id))?;
    let mut tx = context.portal.db().read().await?;
    let signer = store::by_id(&mut tx, signer_id).await?.ok_or(AppError::CodeNeeded)?;
    let case = by_id(&mut tx, &signer.case_id).await?.ok_or(AppError::CodeNeeded)?;
    let row = register::by_case(&mut tx, &case.id).await?;
    let email = store::person(&mut tx, signer_id).await?.email;
    let people = people(&store::group(&mut tx, &case.id).await?);
    Ok(Shown { signer, case, row, email, people })
}

/// `GET /tra-cuu/cung`.
///
/// # Errors
/// [`AppError::CodeNeeded`] if no signer's visit is open.
pub async fn show(context: PageContext, session: Session) -> Result<Response> {
    let shown = load(&context).await?;
    let flash = session::take_flash(&session).await?;
    Ok(page(&context, &shown, &FormState::default(), flash, StatusCode::OK))
}

/// `POST /tra-cuu/cung/email`.
pub async fn email(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let shown = load(&context).await?;
    let mut form = FormState::from_pairs(pairs);
    let address = if form.is_ticked("remove") { String::new() } else { form.required("email", "following.email.missing", EMAIL_CHARS_MAX) };
    if !address.is_empty() && crate::filing::rules::email(&address).is_none() {
        form.wrong("email", "following.email.wrong");
    }
    if !form.is_valid() {
        return Ok(page(&context, &shown, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    match joining::change_email(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &shown.signer, &address).await {
        Err(AppError::Locked) => {
            drop(tx);
            form.wrong("email", "retention.locked");
            return Ok(page(&context, &shown, &form, None, StatusCode::SERVICE_UNAVAILABLE));
        }
        other => other?,
    }
    tx.commit().await?;
    session::leave_flash(&session, "relations.signer.flash.email").await?;
    Ok(see_other(&context.href(SIGNER_PATH)))
}

/// `POST /tra-cuu/cung/roi`: takes the signature back.
pub async fn leave(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let shown = load(&context).await?;
    let mut form = FormState::from_pairs(pairs);
    if !form.is_ticked("sure") {
        form.wrong("sure", "relations.signer.leave_missing");
        return Ok(page(&context, &shown, &form, None, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut tx = context.portal.db().write().await?;
    joining::leave(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &shown.signer).await?;
    tx.commit().await?;
    session::leave_flash(&session, "relations.signer.flash.left").await?;
    Ok(see_other(&context.href(SIGNER_PATH)))
}

fn page(context: &PageContext, shown: &Shown, form: &FormState, flash: Option<String>, status: StatusCode) -> Response {
    let lang = context.lang;
    let words = match flash.as_deref() {
        Some("relations.signer.flash.email") => Some(lang.t("relations.signer.flash.email")),
        Some("relations.signer.flash.left") => Some(lang.t("relations.signer.flash.left")),
        _ => None,
    };
    Page::new(context, Section::Follow, lang.t("relations.signer.title")).status(status).render(|| {
        view! {
            {words.map(|words| crate::ui::flash_line(words.to_owned()))}
            {error_summary(lang, form)}
            {what(context, shown)}
            <p class="no-print"><a href=lang.href(crate::retention::OWN)>{lang.t("retention.own.link")}</a></p>
            {foot(context, shown, form)}
        }
        .into_any()
    })
}

fn what(context: &PageContext, shown: &Shown) -> AnyView {
    let (lang, case) = (context.lang, &shown.case);
    let day = lang.day_short(crate::clock::day(shown.signer.added_at));
    let Some(row) = &shown.row else {
        // No longer public: nothing of it is shown, not even what it was about.
        return view! { <div class="stack"><h1>{lang.t("relations.signer.title")}</h1><p class="lead-text">{lang.t("relations.signer.gone")}</p></div> }
            .into_any();
    };
    let next = case.is_open.then(|| {
        view! {
            <section class="next">
                <p class="small muted">{lang.t("relations.signer.next")}</p>
                <p class="day num">{lang.day_long(case.due_on)}</p>
                <p>{clock_badge(lang, context.directory.calendar(), context.today, case)}</p>
            </section>
        }
    });
    view! {
        <div class="stack">
            <p class="small muted">{lang.f("relations.signer.since", &[("day", &day)])}</p>
            <h1 class="break">{row.title.clone()}</h1>
            <p class="row"><span class="tag">{lang.t(case.kind.key())}</span><span class="tag">{context.directory.area_name(&case.area_code).to_owned()}</span><span class="tag">{lang.t(case.state.key())}</span></p>
            <p class="num">{lang.n("relations.join.count_one", "relations.join.count_many", shown.people)}</p>
        </div>
        {next}
        <p><a class="btn btn-main btn-block" href=context.href(&format!("/cong-khai/{}", row.number))>{lang.t("relations.signer.look")}</a></p>
    }
    .into_any()
}

fn foot(context: &PageContext, shown: &Shown, form: &FormState) -> AnyView {
    let lang = context.lang;
    let end = view! { <form method="post" action=lang.href("/tra-cuu/thoat")><button class="btn btn-s">{lang.t("following.foot.leave")}</button></form> };
    if shown.signer.left_at.is_some() {
        return view! { <p>{lang.t("relations.signer.left")}</p>{end} }.into_any();
    }
    let now = if shown.email.is_empty() { "relations.signer.no_email" } else { "relations.signer.has_email" };
    let look = FieldLook { label: "following.email.label", kind: "email", autocomplete: "email", ..FieldLook::default() };
    let remove = (!shown.email.is_empty()).then(|| view! { <button class="btn btn-quiet" name="remove" value="1">{lang.t("following.email.remove")}</button> });
    let error = form.error("sure", lang);
    let is_bad = error.is_some();
    view! {
        <section class="stack no-print">
            <details class="more" open=form.error("email", lang).is_some()>
                <summary>{lang.t("following.email.title")}</summary>
                <p>{lang.t(now)}</p>
                <form method="post" action=lang.href("/tra-cuu/cung/email") class="stack" novalidate>
                    {text_field(lang, form, "email", look)}
                    <div class="row"><button class="btn">{lang.t("following.email.save")}</button>{remove}</div>
                </form>
            </details>
            <details class="more" open=is_bad>
                <summary>{lang.t("relations.signer.leave")}</summary>
                <p>{lang.t("relations.signer.leave_text")}</p>
                <form method="post" action=lang.href("/tra-cuu/cung/roi") class="stack">
                    <div class=if is_bad { "field bad" } else { "field" }>
                        {error.map(|error| view! { <span class="err" id="sure-e">{error}</span> })}
                        {check_box(form, "sure", lang.t("relations.signer.leave_sure"), "")}
                    </div>
                    <button class="btn btn-danger">{lang.t("relations.signer.leave_button")}</button>
                </form>
            </details>
            {end}
        </section>
    }
    .into_any()
}

// ---- the sender's own page ----

/// What the sender's page shows of relations.
#[derive(Clone, Debug, Default)]
pub struct SenderSide {
    /// How many people stand behind the petition.
    pub people: i64,
    /// Whether the sender has withdrawn and others go on.
    pub has_left: bool,
    /// Whether others signed.
    pub is_group: bool,
    /// The other parts of the petition.
    pub parts: Vec<Case>,
}

/// Loads it.
pub async fn sender_side(tx: &mut Tx, case_id: &str) -> Result<SenderSide> {
    let group = store::group(tx, case_id).await?;
    Ok(SenderSide { people: people(&group), has_left: group.has_sender_left, is_group: group.signers > 0, parts: split::siblings(tx, case_id).await? })
}

/// What a form says of the part it leads to. Tells nothing about it.
fn mark_of(case_id: &str) -> String {
    let mut mark = secret_hash("part of a petition", case_id);
    mark.truncate(16);
    mark
}

/// The section of the sender's page; `of` is the hidden field that says which case the page is of.
pub fn sender_section(lang: Lang, side: &SenderSide, of: AnyView) -> AnyView {
    let group = side.is_group.then(|| {
        let left = side.has_left.then(|| view! { <p>{lang.t("relations.sender.left")}</p> });
        view! { <p class="num">{lang.n("relations.sender.people_one", "relations.sender.people_many", side.people)}</p>{left} }
    });
    // A button that names no kind: whoever looks over the sender's shoulder learns nothing of a denunciation.
    let parts: Vec<_> = side
        .parts
        .iter()
        .enumerate()
        .map(|(i, part)| {
            let words = if side.parts.len() == 1 {
                lang.t("relations.sender.part").to_owned()
            } else {
                lang.f("relations.sender.part_n", &[("n", &(i + 1).to_string())])
            };
            view! { <button class="btn" name="part" value=mark_of(&part.id)>{words}</button> }
        })
        .collect();
    let parts = (!parts.is_empty()).then(|| {
        view! {
            <form method="post" action=lang.href("/tra-cuu/don/phan") class="stack-s">
                {of}
                <p>{lang.t("relations.sender.parts")}</p>
                <p class="row">{parts}</p>
            </form>
        }
    });
    view! { {group}{parts} }.into_any()
}

/// `POST /tra-cuu/don/phan`: the same code leads on to another part of the petition.
///
/// # Errors
/// [`AppError::NotFound`] for what is no part of it.
pub async fn other_part(context: PageContext, session: Session, Form(pairs): Pairs) -> Result<Response> {
    let Actor::Citizen { case_id } = &context.actor else { return Err(AppError::CodeNeeded) };
    let form = FormState::from_pairs(pairs);
    let mut tx = context.portal.db().read().await?;
    let case = by_id(&mut tx, case_id).await?.ok_or(AppError::CodeNeeded)?;
    check(&context.actor, Action::Follow(&case))?;
    let part = split::siblings(&mut tx, case_id).await?.into_iter().find(|part| mark_of(&part.id) == form.value("part"));
    drop(tx);
    let part = part.ok_or(AppError::NotFound)?;
    session::begin_visit(&session, &part.id, context.now).await?;
    Ok(see_other(&context.href("/tra-cuu/don")))
}
