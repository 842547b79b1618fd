//! What is pressed and typed on the stage.

use super::actions::{Place, Said, correct, order, put, turn, write_down};
use super::rules::{ANSWER_CHARS_MAX, MESSAGE_CHARS_MAX, Move, POST_CHARS_MAX, REASON_CHARS_MAX, Refusal, Turn};
use super::stage_pages::{page, staged};
use super::stage_views::DEED;
use super::{stage_path, store};
use crate::accounts::keep_form_and_sign_in;
use crate::db::Tx;
use crate::dialogues::questions::rules::{Question, Stage};
use crate::dialogues::questions::store::by_number;
use crate::dialogues::rules::Dialogue;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::petitions::actions::Act;
use crate::ui::context::PageContext;
use crate::ui::see_other;
use axum::Form;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

/// The field that a refusal of the stage stands at.
const STAGE: &str = "stage";

/// A press, understood.
enum Press {
    Turn(Turn),
    Move(Move),
    /// The one on the stage was answered, and the first that waits is called up.
    Next,
    Order(Place),
}

impl Press {
    fn read(form: &mut FormState) -> Option<Self> {
        Some(match form.value(DEED) {
            "start" => Self::Turn(Turn::Start),
            "pause" => Self::Turn(Turn::Pause(form.optional("message", MESSAGE_CHARS_MAX))),
            "tell" => Self::Turn(Turn::Tell(form.optional("message", MESSAGE_CHARS_MAX))),
            "end" => Self::Turn(Turn::End),
            "take" => Self::Move(Move::Take),
            "answered" => Self::Move(Move::Answered),
            "back" => Self::Move(Move::Back),
            "out" => Self::Move(Move::Out(form.optional("reason", REASON_CHARS_MAX))),
            "later" => match crate::deadlines::pages::day(form.value("day")) {
                Some(day) => Self::Move(Move::Later(day)),
                None => {
                    form.wrong(STAGE, "live.refused.day");
                    return None;
                }
            },
            "next" => Self::Next,
            "first" => Self::Order(Place::First),
            "last" => Self::Order(Place::Last),
            _ => return None,
        })
    }

    /// Where the question stands once the press has done its work: pressed twice, the second finds it there.
    fn leads_to(&self) -> Option<Stage> {
        match self {
            Self::Move(Move::Take) => Some(Stage::Now),
            Self::Move(Move::Answered) | Self::Next => Some(Stage::Answered),
            Self::Move(Move::Later(_)) => Some(Stage::Later),
            Self::Move(Move::Back) => Some(Stage::Queued),
            Self::Move(Move::Out(_)) => Some(Stage::Out),
            Self::Turn(_) | Self::Order(_) => None,
        }
    }
}

/// Puts a refusal into the form, in words.
fn refuse(form: &mut FormState, refusal: Refusal) {
    let key = match refusal {
        Refusal::Another { number } => return form.wrong_with(STAGE, "live.refused.another", vec![("n", number.to_string())]),
        Refusal::NotNow => "live.refused.not_now",
        Refusal::Closed => "live.closed",
        Refusal::NotPublic => "live.refused.not_public",
        Refusal::ReasonNeeded => "live.refused.reason",
        Refusal::DayWrong => "live.refused.day",
    };
    form.wrong(STAGE, key);
}

async fn question(tx: &mut Tx, dialogue: &Dialogue, form: &FormState) -> Result<Question> {
    let number = form.value("question").parse().map_err(|_| AppError::NotFound)?;
    by_number(tx, &dialogue.id, number).await?.ok_or(AppError::NotFound)
}

/// `POST /can-bo/doi-thoai/{dialogue}/dieu-hanh`
pub(super) async fn act(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let done = see_other(&context.href(&stage_path(&id)));
    let Some(press) = Press::read(&mut form) else {
        form.wrong(STAGE, "live.refused.not_now");
        return back(&context, &id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    match pressed(&context, &id, &form, &press).await {
        Ok(Ok(())) => Ok(done),
        Ok(Err(refusal)) => {
            refuse(&mut form, refusal);
            back(&context, &id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(AppError::Conflict) => {
            form.wrong(STAGE, "live.refused.overtaken");
            back(&context, &id, form, StatusCode::CONFLICT).await
        }
        Err(error) => Err(error),
    }
}

/// The stage again, with what is wrong and without opening a form that was not asked for.
async fn back(context: &PageContext, id: &str, mut form: FormState, status: StatusCode) -> Result<Response> {
    form.forget("question");
    page(context, id, &form, status, false).await
}

async fn pressed(context: &PageContext, id: &str, form: &FormState, press: &Press) -> Result<std::result::Result<(), Refusal>> {
    let mut tx = context.portal.db().write().await?;
    let dialogue = staged(&mut tx, context, id).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let result = match press {
        Press::Turn(wanted) => {
            let live = store::live(act.tx, &dialogue.id).await?;
            if live.version.to_string() != form.value("live_version") {
                // Pressed twice: the second press finds what it wanted.
                let is_done = super::rules::turned(live.phase, wanted).is_err() && matches!(wanted, Turn::Start | Turn::End | Turn::Pause(_));
                return if is_done { Ok(Ok(())) } else { Err(AppError::Conflict) };
            }
            turn(&mut act, &dialogue, &live, wanted).await?
        }
        Press::Move(_) | Press::Next | Press::Order(_) => {
            let question = question(act.tx, &dialogue, form).await?;
            if question.version.to_string() != form.value("version") {
                return if press.leads_to() == Some(question.stage) { Ok(Ok(())) } else { Err(AppError::Conflict) };
            }
            match press {
                Press::Order(place) => order(&mut act, &dialogue, &question, *place).await?,
                Press::Move(wanted) => put(&mut act, &dialogue, &question, wanted).await?,
                Press::Turn(_) | Press::Next => next(&mut act, &dialogue, &question).await?,
            }
        }
    };
    if result.is_ok() {
        tx.commit().await?;
    }
    Ok(result)
}

/// Answered, and the first that waits is called up.
async fn next(act: &mut Act<'_>, dialogue: &Dialogue, on: &Question) -> Result<std::result::Result<(), Refusal>> {
    if let Err(refusal) = put(act, dialogue, on, &Move::Answered).await? {
        return Ok(Err(refusal));
    }
    let board = super::board::Board::load(act.tx, dialogue.clone()).await?;
    let Some(first) = board.queue.first() else { return Ok(Ok(())) };
    let question = by_number(act.tx, &dialogue.id, first.question.number).await?.ok_or(AppError::NotFound)?;
    put(act, dialogue, &question, &Move::Take).await
}

/// `POST /can-bo/doi-thoai/{dialogue}/dieu-hanh/ghi`
pub(super) async fn write(context: PageContext, Path(id): Path<String>, Form(pairs): Form<Vec<(String, String)>>) -> Result<Response> {
    let mut form = FormState::from_pairs(pairs);
    if context.actor.official().is_none() {
        return Ok(keep_form_and_sign_in(&context, &form));
    }
    let post = form.required("post", "live.write.post_missing", POST_CHARS_MAX);
    let body = form.required("body", "live.write.body_missing", ANSWER_CHARS_MAX);
    if !form.is_valid() {
        return page(&context, &id, &form, StatusCode::UNPROCESSABLE_ENTITY, false).await;
    }
    let mut tx = context.portal.db().write().await?;
    let dialogue = staged(&mut tx, &context, &id).await?;
    let mut act = Act { tx: &mut tx, portal: &context.portal, actor: &context.actor };
    let written = match form.value("answer") {
        "" => {
            let question = question(act.tx, &dialogue, &form).await?;
            write_down(&mut act, &dialogue, &question, Said { post, body }).await?.map(|()| true)
        }
        answer_id => {
            let seen = store::answer(act.tx, answer_id).await?.filter(|answer| answer.dialogue_id == dialogue.id).ok_or(AppError::NotFound)?;
            if seen.version.to_string() == form.value("answer_version") {
                correct(&mut act, &dialogue, &seen, &post, &body).await?
            } else {
                // What was sent twice stands there already.
                Ok(seen.body == body && seen.post == post)
            }
        }
    };
    match written {
        Ok(true) => {
            tx.commit().await?;
            Ok(see_other(&context.href(&stage_path(&id))))
        }
        Ok(false) => {
            drop(tx);
            page(&context, &id, &form, StatusCode::CONFLICT, true).await
        }
        Err(refusal) => {
            drop(tx);
            refuse(&mut form, refusal);
            page(&context, &id, &form, StatusCode::UNPROCESSABLE_ENTITY, false).await
        }
    }
}
