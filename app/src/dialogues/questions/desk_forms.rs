//! What officials type about questions, and what comes of it.

use super::actions::{self, Asked, NewQuestion};
use super::ask_pages::read;
use super::desk_pages::{moderated, new_page, page, taken_page};
use super::desk_question_path;
use super::moderation::{self, Outcome};
use super::rules::{ANSWER_CHARS_MAX, BODY_CHARS_MAX, Channel, Question, REASON_CHARS_MAX, Reason, Refusal, TOPIC_CHARS_MAX};
use super::store;
use crate::accounts::keep_form_and_sign_in;
use crate::accounts::session::leave_flash;
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::filing::rules::TITLE_CHARS_MAX;
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::petitions::rules::Kind;
use crate::routing::rules::About;
use crate::ui::{PageContext, see_other};
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use tower_sessions::Session;

/// Places in an agenda.
const POSITION_MAX: i64 = 10_000;
/// Longest typed number or address of a case.
const CASE_CHARS_MAX: usize = 200;

/// What a form asks for.
enum Deed {
    Open { text: String },
    Refuse { reason: Reason, words: String },
    Link { number: i64 },
    Unlink,
    Group { topic: String, position: i64 },
    Give { unit_id: Option<String> },
    Draft { text: String },
    Case { kind: Kind, title: String },
    Tie { named: String },
    Seal { about: About },
}

impl Deed {
    /// What the next page says.
    fn flash(&self) -> &'static str {
        match self {
            Self::Open { .. } => "question_opened",
            Self::Refuse { .. } => "question_refused",
            Self::Link { .. } => "question_linked",
            Self::Unlink => "question_unlinked",
            Self::Group { .. } => "question_grouped",
            Self::Give { .. } => "question_given",
            Self::Draft { .. } => "question_drafted",
            Self::Case { .. } | Self::Tie { .. } => "question_tied",
            Self::Seal { .. } => "question_sealed",
        }
    }

    /// The field a thing that is not there was typed into.
    fn field(&self) -> &'static str {
        match self {
            Self::Link { .. } => "number",
            Self::Give { .. } => "unit",
            Self::Tie { .. } => "case",
            _ => "deed",
        }
    }
}

/// The deed a form asks for; nothing where something is wrong.
fn deed(form: &mut FormState, topics: &[String], question: &Question) -> Result<Option<Deed>> {
    let deed = match form.value("deed") {
        "open" => Some(Deed::Open { text: form.optional("public_text", BODY_CHARS_MAX) }),
        "refuse" => {
            let reason = Reason::from_code(form.value("reason"));
            if reason.is_none() {
                form.wrong("reason", "questions.deed.reason_missing");
            }
            let words = form.optional("reason_words", REASON_CHARS_MAX);
            reason.map(|reason| Deed::Refuse { reason, words })
        }
        "link" => {
            let number = form.value("number").parse().ok();
            if number.is_none() {
                form.wrong("number", "questions.deed.link.missing");
            }
            number.map(|number| Deed::Link { number })
        }
        "unlink" => Some(Deed::Unlink),
        "group" => group(form, topics, question),
        "give" => Some(Deed::Give { unit_id: Some(form.value("unit").to_owned()).filter(|id| !id.is_empty()) }),
        "draft" => Some(Deed::Draft { text: form.required("answer", "questions.answer.missing", ANSWER_CHARS_MAX) }),
        "case" => {
            let kind = moderation::CASE_KINDS.into_iter().find(|kind| kind.code() == form.value("kind"));
            if kind.is_none() {
                form.wrong("kind", "questions.deed.case.kind_missing");
            }
            let title = form.required("title", "filing.title.missing", TITLE_CHARS_MAX);
            kind.map(|kind| Deed::Case { kind, title })
        }
        "tie" => Some(Deed::Tie { named: form.required("case", "questions.deed.tie.missing", CASE_CHARS_MAX) }),
        "seal" => {
            let about = About::from_code(form.value("about"));
            if about.is_none() {
                form.wrong("about", "questions.deed.seal.about_missing");
            }
            if !form.is_ticked("sure") {
                form.wrong("sure", "questions.deed.seal.sure_missing");
            }
            about.map(|about| Deed::Seal { about })
        }
        _ => return Err(AppError::NotFound),
    };
    Ok(deed.filter(|_| form.is_valid()))
}

fn group(form: &mut FormState, topics: &[String], question: &Question) -> Option<Deed> {
    let topic = form.optional("group", TOPIC_CHARS_MAX);
    if !topic.is_empty() && topic != question.topic_group && !topics.contains(&topic) {
        form.wrong("group", "questions.topic.unknown");
    }
    let typed = form.value("position").to_owned();
    let position = if typed.is_empty() { Some(0) } else { typed.parse().ok().filter(|n| (0..=POSITION_MAX).contains(n)) };
    if position.is_none() {
        form.wrong("position", "questions.deed.position.wrong");
    }
    position.map(|position| Deed::Group { topic, position })
}

async fn take(act: &mut Act<'_>, dialogue: &Dialogue, question: &Question, deed: &Deed) -> Result<Outcome> {
    match deed {
        Deed::Open { text } => moderation::open(act, dialogue, question, text, &question.topic_group).await,
        Deed::Refuse { reason, words } => moderation::refuse(act, dialogue, question, *reason, words).await,
        Deed::Link { number } => moderation::link(act, dialogue, question, *number).await,
        Deed::Unlink => moderation::unlink(act, dialogue, question).await,
        Deed::Group { topic, position } => moderation::group(act, dialogue, question, topic, *position).await,
        Deed::Give { unit_id } => moderation::give(act, dialogue, question, unit_id.as_deref()).await,
        Deed::Draft { text } => moderation::draft(act, dialogue, question, text).await,
        Deed::Case { kind, title } => moderation::make_case(act, dialogue, question, *kind, title).await,
        Deed::Tie { named } => moderation::tie(act, dialogue, question, named).await,
        Deed::Seal { about } => moderation::seal(act, dialogue, question, *about).await,
    }
}

/// Says in the form why something cannot happen.
pub(super) fn tell(form: &mut FormState, refusal: Refusal) {
    let (field, key) = match refusal {
        Refusal::NotNow => ("deed", "questions.refused.not_now"),
        Refusal::OnStage => ("deed", "questions.refused.on_stage"),
        Refusal::Private => ("number", "questions.refused.private"),
        Refusal::ReasonNeeded => ("reason_words", "questions.refused.reason"),
        Refusal::TextNeeded => ("public_text", "questions.refused.text"),
    };
    form.wrong(field, key);
}

/// `POST /can-bo/doi-thoai/{dialogue}/cau-hoi/{number}`
pub(super) async fn act(
    context: PageContext,
    session: Session,
    Path((id, number)): Path<(String, i64)>,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = moderated(&mut tx, &context, &id).await?;
    let question = store::by_number(&mut tx, &dialogue.id, number).await?.ok_or(AppError::NotFound)?;
    if form.value("version") != question.version.to_string() {
        drop(tx);
        form.wrong("deed", "questions.refused.meanwhile");
        return page(&context, &dialogue, question, &form, None, StatusCode::CONFLICT).await;
    }
    let topics = store::board(&mut tx, &dialogue.id).await?.topics();
    let Some(deed) = deed(&mut form, &topics, &question)? else {
        drop(tx);
        return page(&context, &dialogue, question, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    match take(&mut act, &dialogue, &question, &deed).await {
        Ok(Ok(())) => tx.commit().await?,
        Ok(Err(refusal)) => {
            drop(tx);
            tell(&mut form, refusal);
            return page(&context, &dialogue, question, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        // What was named is not there, or not for whoever named it.
        Err(AppError::NotFound) if deed.field() != "deed" => {
            drop(tx);
            form.wrong(deed.field(), "questions.refused.not_there");
            return page(&context, &dialogue, question, &form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        Err(error) => return Err(error),
    }
    leave_flash(&session, deed.flash()).await?;
    Ok(see_other(&context.href(&desk_question_path(&dialogue.id, number))))
}

/// `POST /can-bo/doi-thoai/{dialogue}/cau-hoi/moi`: a question taken down for somebody; sent twice it is one, with the same code.
///
/// # Errors
/// [`AppError::NotFound`] once the dialogue takes no question any more.
pub(super) async fn take_down(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = moderated(&mut tx, &context, &id).await?;
    let topics = store::board(&mut tx, &dialogue.id).await?.topics();
    let new = match read(&context, &mut tx, &dialogue, &topics, &mut form).await {
        Ok(new) => NewQuestion { channel: Channel::Desk, ..new },
        Err(error) => return Err(error),
    };
    if actions::moment(&dialogue, context.now).is_none() {
        form.wrong("body", "questions.closed");
    }
    if !form.is_valid() {
        drop(tx);
        return Ok(new_page(&context, &dialogue, &topics, &form, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let code = actions::code(&new.token);
    match actions::ask(&mut act, &dialogue, &new).await? {
        Asked::Yes | Asked::Before => {}
        // Each form is a device of its own here, so this cannot be; nothing is lost if it is.
        Asked::TooMany => return Err(AppError::Conflict),
    }
    let question = store::by_code_digest(act.tx, &code.hash()).await?.filter(|question| question.dialogue_id == dialogue.id).ok_or(AppError::NotFound)?;
    tx.commit().await?;
    Ok(taken_page(&context, &dialogue, &question, &code))
}
