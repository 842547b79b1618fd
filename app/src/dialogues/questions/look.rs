//! Pieces of pages that several of this folder share, and the ways that lead here from elsewhere.

use super::actions::moment;
use super::rules::{Question, Reason, Stage, State, Supports};
use super::store::PublicQuestion;
use super::{agenda_path, ask_path, desk_agenda_path, desk_list_path, list_path};
use crate::actor::Official;
use crate::dialogues::rules::Dialogue;
use crate::permissions::{Action, Role, check};
use crate::ui::{Icon, PageContext, icon};
use crate::words::Lang;
use leptos::prelude::*;

/// Name of a state.
pub(super) fn state_key(question: &Question) -> &'static str {
    match question.state {
        State::Waiting => "questions.state.waiting",
        State::Open if question.is_private => "questions.state.taken",
        State::Open => "questions.state.open",
        State::Refused => "questions.state.refused",
        State::Sealed => "questions.state.sealed",
        State::Withdrawn => "questions.state.withdrawn",
        State::Linked => "questions.state.linked",
    }
}

/// Words of a reason.
pub(super) fn reason_key(code: &str) -> &'static str {
    match Reason::from_code(code) {
        Some(Reason::OffTopic) => "questions.reason.off_topic",
        Some(Reason::Insulting) => "questions.reason.insulting",
        Some(Reason::PrivateLife) => "questions.reason.private_life",
        Some(Reason::Unclear) => "questions.reason.unclear",
        Some(Reason::Advertising) => "questions.reason.advertising",
        Some(Reason::NeedsPetition) => "questions.reason.needs_petition",
        Some(Reason::Other) | None => "questions.reason.other",
    }
}

/// A reason with what the moderator added.
pub(super) fn reason_words(lang: Lang, code: &str, words: &str) -> String {
    let reason = lang.t(reason_key(code));
    match (Reason::from_code(code), words.is_empty()) {
        (Some(Reason::Other), false) => words.to_owned(),
        (_, true) => reason.to_owned(),
        (_, false) => format!("{reason}: {words}"),
    }
}

/// Where a question is on the stage, as a badge; nothing while it waits there.
pub fn stage_badge(lang: Lang, stage: Stage, promised_on: Option<chrono::NaiveDate>) -> AnyView {
    let (class, words) = match stage {
        Stage::Queued => return ().into_any(),
        Stage::Now => ("soon", lang.t("questions.stage.now").to_owned()),
        Stage::Answered => ("ok", lang.t("questions.stage.answered").to_owned()),
        Stage::Later => match promised_on {
            Some(day) => ("soon", lang.f("questions.stage.later_by", &[("day", &lang.day_short(day))])),
            None => ("soon", lang.t("questions.stage.later").to_owned()),
        },
        Stage::Out => ("plain", lang.t("questions.stage.out").to_owned()),
    };
    view! { <span class=format!("clock {class}")>{words}</span> }.into_any()
}

/// How many support a question, and how well that is proven.
pub fn supports_words(lang: Lang, supports: Supports) -> String {
    if supports.people == 0 {
        return lang.t("questions.supports.none").to_owned();
    }
    let (people, contact, device) = (lang.number(supports.people), lang.number(supports.by_contact), lang.number(supports.by_device()));
    let args = [("n", people.as_str()), ("contact", contact.as_str()), ("device", device.as_str())];
    match (supports.by_contact, supports.people) {
        (0, 1) => lang.f("questions.supports.one_device", &args),
        (0, _) => lang.f("questions.supports.devices", &args),
        (1, 1) => lang.f("questions.supports.one_contact", &args),
        _ => lang.f("questions.supports", &args),
    }
}

impl PublicQuestion {
    /// Its supporters.
    pub fn supports(&self) -> Supports {
        Supports { people: self.people, by_contact: self.by_contact }
    }
}

/// Number, name and day of a public question.
pub(super) fn by_line(lang: Lang, question: &PublicQuestion) -> String {
    let number = lang.f("questions.number", &[("number", &question.number.to_string())]);
    let day = lang.day_short(crate::clock::day(question.asked_at));
    if question.name.is_empty() {
        format!("{number} · {day}")
    } else {
        format!("{number} · {} · {day}", lang.f("questions.asker", &[("name", &question.name)]))
    }
}

/// On the page of a dialogue: the ways to ask and to read.
pub fn invitation(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let lang = context.lang;
    if dialogue.state == crate::dialogues::rules::State::Cancelled {
        return ().into_any();
    }
    let can_ask = moment(dialogue, context.now).is_some();
    let lead = if can_ask { "questions.invite.lead" } else { "questions.invite.over" };
    view! {
        <section class="stack-s no-print" id="cau-hoi">
            <h2>{lang.t("questions.title")}</h2>
            <p>{lang.t(lead)}</p>
            <p class="row">
                {can_ask.then(|| view! { <a class="btn btn-main" href=lang.href(&ask_path(dialogue.number))>{icon(Icon::Plus)}{lang.t("questions.ask")}</a> })}
                <a class="btn" href=lang.href(&list_path(dialogue.number))>{lang.t("questions.read")}</a>
            </p>
            <p class="small"><a href=lang.href(super::MINE)>{lang.t("questions.mine.link")}</a></p>
        </section>
    }
    .into_any()
}

/// On the officials' page of a dialogue: the ways to its questions and its agenda.
pub fn desk_link(context: &PageContext, dialogue: &Dialogue) -> AnyView {
    let lang = context.lang;
    if check(&context.actor, Action::ModerateQuestions(&dialogue.body_id)).is_err() || !dialogue.is_public() {
        return ().into_any();
    }
    view! {
        <p class="row">
            <a class="btn" href=lang.href(&desk_list_path(&dialogue.id))>{icon(Icon::Dialogue)}{lang.t("questions.desk.link")}</a>
            <a class="btn" href=lang.href(&desk_agenda_path(&dialogue.id))>{lang.t("questions.agenda.link")}</a>
        </p>
    }
    .into_any()
}

/// Whether an official drafts answers: handlers, to whom questions are given.
pub fn answers(official: &Official) -> bool {
    official.holdings.iter().any(|held| held.role == Role::Handler)
}

/// Links between the public pages of a dialogue's questions.
pub(super) fn ways(context: &PageContext, dialogue: &Dialogue, has_agenda: bool) -> AnyView {
    let lang = context.lang;
    let can_ask = moment(dialogue, context.now).is_some();
    view! {
        <p class="row no-print">
            {can_ask.then(|| view! { <a class="btn btn-main" href=lang.href(&ask_path(dialogue.number))>{icon(Icon::Plus)}{lang.t("questions.ask")}</a> })}
            {has_agenda.then(|| view! { <a class="btn" href=lang.href(&agenda_path(dialogue.number))>{lang.t("questions.agenda.title")}</a> })}
        </p>
    }
    .into_any()
}
