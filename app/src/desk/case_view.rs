//! The page of a case: the step that is due, the words, what happened.

use super::case::CaseFile;
use super::forms::REASON_CHARS_MAX;
use super::law;
use super::law::view::{Steps, procedure, steps, waiting_draft};
use super::look::{Beside, Conflict, Look};
use super::marks_view::{marks, notices};
use super::public_view::{answer_for_public, public_side, public_versions};
use super::queue_view::{case_title, queue_href, queue_pane, title};
use super::side_view::side;
use super::step_forms::{Around, button, one_text, step_form, step_list};
use super::steps::{Step, next_step};
use super::timeline::timeline;
use crate::letters::views::For;
use crate::papers::store::Paper;
use crate::permissions::{Action, check};
use crate::petitions::markdown;
use crate::petitions::rules::{Event, Kind, State};
use crate::petitions::store::parts::{Answer, Note};
use crate::redaction::choices;
use crate::relations;
use crate::ui::fields::area_text;
use crate::ui::flash_line;
use crate::ui::{Icon, PageContext, clock_badge, error_summary, icon, or_locked};
use crate::words::Lang;
use leptos::prelude::*;

/// The three panes: queue, case, facts.
pub fn case_panes(context: &PageContext, file: &CaseFile, look: &Look, beside: &Beside) -> AnyView {
    let around = Around { context, file, look, beside };
    let by_law = steps(context, file);
    view! {
        <div class="split at-case">
            {queue_pane(context, beside, Some(&file.case.id))}
            <main id="main" class="pane stack-l" tabindex="-1">
                {head(around)}
                {look.conflict.map(|conflict| conflict_notice(around, conflict))}
                {notices(around)}
                {super::above::notice(around)}
                {super::letters::view::waiting(around)}
                {super::proposal::elsewhere_notice(around)}
                {next_box(around, &by_law)}
                {refused(around)}
                {marks(around)}
                {decide_answer(around)}
                {waiting_draft(around)}
                {procedure(around, &by_law)}
                {step_list(around)}
                {super::letters::view::offers(around)}
                {super::coordination::line(around)}
                {texts(around)}
                {crate::letters::views::list(context, &file.letters, For::Officials)}
                {papers(around)}
                {thread(around)}
                {answers(around)}
                {rating(around)}
                <section class="stack"><h2>{context.lang.t("desk.timeline")}</h2>{timeline(context.lang, &context.directory, file, 0)}</section>
            </main>
            {side(around)}
        </div>
    }
    .into_any()
}

fn head(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let (lang, case) = (context.lang, &file.case);
    let is_sealed = case.kind == Kind::Denunciation;
    view! {
        <div class="stack">
            <a class="back only-small" href=queue_href(context, &around.beside.place)>{icon(Icon::Back)}{lang.t("desk.queue")}</a>
            {around.look.flash.clone().map(flash_line)}
            {around.look.returned.as_ref().map(|(_, form)| error_summary(lang, form))}
            <h1>{case_title(lang, case, &file.text.title)}</h1>
            <p class="row">
                <span class="tag">{lang.t(case.kind.key())}</span>
                {is_tip(file).then(|| view! { <span class="tag">{lang.t("sealed.tip.tag")}</span> })}
                <span class="tag">{lang.t(case.state.key())}</span>
                <span class="tag">{context.directory.area_name(&case.area_code).to_owned()}</span>
                {file.public_number.map(|number| {
                    let href = context.href(&format!("/cong-khai/{number}"));
                    view! { <a class="tag num" href=href>{lang.f("desk.public_number", &[("number", &number.to_string())])}</a> }
                })}
                {relations::tags(lang, &file.related)}
            </p>
            {is_sealed.then(|| view! { <div class="notice sealed">{icon(Icon::Lock)}<div><b>{lang.t("desk.sealed.title")}</b><p>{lang.t("desk.sealed.text")}</p>{is_tip(file).then(|| view! { <p>{lang.t("sealed.tip.officials")}</p> })}{sealed_link(around)}</div></div> })}
        </div>
    }
    .into_any()
}

/// Whether it is a denunciation nobody has put their name under.
fn is_tip(file: &CaseFile) -> bool {
    file.case.kind == Kind::Denunciation && file.person.name.is_empty() && !file.person.is_locked
}

/// The way to the sealed part, for those who may open it.
fn sealed_link(around: Around<'_>) -> AnyView {
    let (context, case) = (around.context, &around.file.case);
    let may_open = check(&context.actor, Action::OpenSealed(case)).is_ok();
    may_open.then(|| view! { <p><a href=context.href(&crate::sealed::path(&case.id))>{context.lang.t("sealed.link")}</a></p> }).into_any()
}

/// Somebody was faster: what they did, and what was typed if its form is no longer there.
fn conflict_notice(around: Around<'_>, conflict: Conflict) -> AnyView {
    let lang = around.context.lang;
    let has_changes = around.file.history.iter().any(|entry| entry.seq > conflict.seen_version);
    let (head, text) = if has_changes { ("desk.conflict.title", "desk.conflict.text") } else { ("desk.conflict.gone_title", "desk.conflict.gone_text") };
    let orphan = around.look.returned.as_ref().filter(|(step, _)| !around.file.is_open(*step)).map(|(_, form)| {
        let typed: Vec<_> = form
            .values()
            .iter()
            .filter(|(name, value)| !matches!(name.as_str(), "version" | "action") && !value.trim().is_empty())
            .map(|(_, value)| view! { <div class="field"><textarea readonly rows="5" aria-label=lang.t("kept.text")>{area_text(value)}</textarea></div> })
            .collect();
        (!typed.is_empty()).then(|| view! { <p><b>{lang.t("desk.conflict.kept")}</b></p>{typed} })
    });
    let to_form = around.look.returned.as_ref().filter(|(step, form)| around.file.is_open(*step) && form.values().len() > 1).map(|(step, _)| {
        view! { <p><a href=format!("#buoc-{}", step.code())>{lang.t("desk.conflict.to_form")}</a></p> }
    });
    view! {
        <div class="notice warn" role="alert" id="conflict">
            {icon(Icon::Warning)}
            <div class="stack-s">
                <b>{lang.t(head)}</b>
                <p>{lang.t(text)}</p>
                {has_changes.then(|| timeline(lang, &around.context.directory, around.file, conflict.seen_version))}
                {to_form}
                {orphan}
            </div>
        </div>
    }
    .into_any()
}

/// Why the signature was refused.
fn refused(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    around
        .look
        .refusal
        .map(|refusal| {
            let words = crate::procedures::telling::refusal(lang, refusal);
            view! { <div class="notice warn" role="alert">{icon(Icon::Warning)}<div><b>{lang.t("procedure.refused.head")}</b><p>{words}</p></div></div> }
        })
        .into_any()
}

/// Whose turn it is, what the step is, and its last day.
fn next_box(around: Around<'_>, steps: &Steps) -> AnyView {
    let (context, file) = (around.context, around.file);
    let (lang, case) = (context.lang, &file.case);
    let next = next_step(case, &file.open, &file.facts);
    let by_law = if next.is_none() { law::view::next(around, steps) } else { None };
    let is_turn = next.is_some() || by_law.is_some();
    let turn = match next {
        None if by_law.is_some() => {
            let words = by_law.as_ref().map_or("", |(words, _)| words);
            view! { {lang.t("desk.next.yours")}" "<b>{words}</b> }.into_any()
        }
        Some(step) => view! { {lang.t("desk.next.yours")}" "<b>{lang.t(step.key())}</b> }.into_any(),
        None => view! { {lang.t(waiting_for(file, &context.actor))} }.into_any(),
    };
    let day = case.is_open.then(|| {
        view! {
            <div class="row">
                {case.last_day().map(|day| view! { <p class="day num">{lang.f("desk.next.by", &[("day", &lang.day_long(day))])}</p> })}
                {clock_badge(lang, context.directory.calendar(), context.today, case)}
            </div>
        }
    });
    let law = case.is_open.then(|| view! { <details><summary>{lang.t("desk.next.why")}</summary>{law::view::due_clock(context, file)}</details> });
    view! {
        <section class=if is_turn { "next gold" } else { "next" } aria-label=lang.t("desk.next.label")>
            <p class="small muted">{turn}</p>
            {day}
            {by_law.map(|(words, href)| view! { <p><a class="btn btn-s btn-main" href=href>{words}</a></p> })}
            {next_buttons(around, next)}
            {law}
        </section>
    }
    .into_any()
}

fn next_buttons(around: Around<'_>, next: Option<Step>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let main = next.map(|step| match step {
        Step::Receive | Step::Close | Step::Release => step_form(around, step, ().into_any(), button(around, step.key(), "btn btn-s btn-main")),
        _ => view! { <p><a class="btn btn-s btn-main" href=around.unfold_href(step) data-key=step.shortcut()>{lang.t(step.key())}</a></p> }.into_any(),
    });
    let others: Vec<_> = [Step::Assign, Step::Answer, Step::Ask, Step::Publish, Step::Note, Step::Forward]
        .into_iter()
        .filter(|step| Some(*step) != next && file.is_open(*step))
        .map(|step| view! { <a class="btn btn-s" href=around.unfold_href(step) data-key=step.shortcut()>{lang.t(step.key())}</a> })
        .collect();
    view! { {main}{(!others.is_empty()).then(|| view! { <p class="row">{others}</p> })} }.into_any()
}

/// Key of the sentence that says whom the case waits for.
fn waiting_for(file: &CaseFile, actor: &crate::actor::Actor) -> &'static str {
    let me = actor.account_id();
    match file.case.state {
        State::Submitted => "desk.waits.intake",
        State::Received => "desk.waits.assign",
        State::Assigned => "desk.waits.handler",
        State::Waiting => "desk.waits.citizen",
        State::Proposed if file.facts.waiting_answer_by == me => "desk.waits.second_person",
        State::Proposed => "desk.waits.approver",
        State::Answered => "desk.waits.nothing",
        State::Closed => "desk.waits.closed",
        State::Withdrawn => "desk.waits.withdrawn",
    }
}

/// The draft before the second person, with both decisions.
fn decide_answer(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    let Some(answer) = around.file.waiting_answer() else { return ().into_any() };
    let approve = around.file.is_open(Step::Approve).then(|| {
        view! {
            {step_form(around, Step::Approve, ().into_any(), button(around, Step::Approve.key(), "btn btn-s btn-main"))}
            <details class="more" id="buoc-tra-lai" open=around.look.is_unfolded(Step::Return)>
                <summary>{lang.t(Step::Return.key())}</summary>
                {one_text(around, Step::Return, "return_reason", "desk.return.label", "desk.return.hint", REASON_CHARS_MAX)}
            </details>
        }
    });
    let by = lang.f("desk.answer.by", &[("who", &answer.drafted_by_name), ("time", &lang.time(answer.drafted_at))]);
    view! {
        <section class="card stack" id="buoc-duyet">
            <h2>{lang.t("desk.answer.waiting")}</h2>
            <p class="small muted num">{by}</p>
            <div class="md" inner_html=markdown::to_html(&answer.body)></div>
            {answer_for_public(around, &answer.body)}
            {approve}
        </section>
    }
    .into_any()
}

/// What the citizen wrote, beside what the public reads.
fn texts(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let place = (!file.text.place.is_empty()).then(|| view! { <p class="small muted">{icon(Icon::Pin)}" "{file.text.place.clone()}</p> });
    let point = file.text.latitude_e6.zip(file.text.longitude_e6).map(|(north, east)| {
        view! { <p class="small muted num">{lang.f("desk.point", &[("north", &degrees(north)), ("east", &degrees(east))])}</p> }
    });
    let hidden = file.hidden.as_ref().filter(|_| file.public_text.is_some()).map_or(&[][..], |draft| draft.hidden.as_slice());
    let (head, hint) =
        if file.case.kind == Kind::Denunciation { ("sealed.working.title", "sealed.working.hint") } else { ("desk.original", "desk.original_hint") };
    let words = if file.text.is_locked {
        view! { <p class="notice warn">{icon(Icon::Lock)}<span>{lang.t("sealed.locked_words")}</span></p> }.into_any()
    } else if file.is_prepared {
        view! {
            <p><b>{if file.text.title.is_empty() { title(lang, "").into_any() } else { choices::highlighted(&file.text.title, hidden) }}</b></p>
            <p class="text">{choices::highlighted(&file.text.body, hidden)}</p>
            {(!hidden.is_empty()).then(|| view! { <p class="small muted">{lang.t("redaction.original_marked")}</p> })}
        }
        .into_any()
    } else {
        view! { <p class="notice info">{icon(Icon::Clock)}<span>{lang.t("sealed.working.none")}</span></p> }.into_any()
    };
    view! {
        <div class="side-by-side">
            <section class="stack">
                <h2 class="title-s">{lang.t(head)}" "<span class="muted small normal">{lang.t(hint)}</span></h2>
                {words}
                {place}
                {point}
            </section>
            {public_side(around)}
        </div>
    }
    .into_any()
}

fn degrees(e6: i64) -> String {
    let sign = if e6 < 0 { "-" } else { "" };
    let e6 = e6.unsigned_abs();
    format!("{sign}{}.{:05}", e6 / 1_000_000, e6 % 1_000_000 / 10)
}

fn papers(around: Around<'_>) -> AnyView {
    let (context, file) = (around.context, around.file);
    let lang = context.lang;
    if file.papers.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = file
        .papers
        .iter()
        .enumerate()
        .map(|(place, paper)| {
            let href = context.href(&format!("/can-bo/don/{}/anh/{}", file.case.id, paper.id));
            let picture = if paper.has_thumb {
                view! { <img src=format!("{href}/nho") alt="" width="56" height="56" loading="lazy" /> }.into_any()
            } else {
                view! { <span class="thumb">{icon(Icon::Paper)}</span> }.into_any()
            };
            let size = lang.f("desk.paper.size", &[("n", &lang.number((paper.bytes / 1_000).max(1)))]);
            let is_public = file.versions.iter().any(|version| version.paper_id == paper.id && version.is_public);
            let is_public = is_public.then(|| view! { " · "{lang.t("desk.paper.public")} });
            view! {
                <li>{picture}<span class="grow"><a class="break" href=href.clone()>{paper_name(lang, place, paper)}</a><small>{size}{is_public}</small></span></li>
            }
        })
        .collect();
    view! { <section class="stack" id="giay-to"><h2>{lang.t("desk.papers")}</h2><ul class="files">{items}</ul>{public_versions(around)}</section> }.into_any()
}

/// What a paper is called: as it came, or by its place.
fn paper_name(lang: Lang, place: usize, paper: &Paper) -> String {
    if paper.is_locked {
        lang.t("sealed.locked").to_owned()
    } else if paper.original_name.is_empty() {
        lang.f("sealed.paper", &[("n", &(place + 1).to_string())])
    } else {
        paper.original_name.clone()
    }
}

/// Messages and notes in the order they were written.
fn thread(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let asked_by = |message_id: &str| {
        let entry = file.history.iter().find(|entry| matches!(&entry.event, Event::Asked { message_id: id } if id == message_id));
        entry.and_then(|entry| entry.actor_name.clone()).unwrap_or_else(|| lang.t("desk.somebody").to_owned())
    };
    let messages = file.messages.iter().map(|message| {
        let (class, by) =
            if message.is_from_citizen() { ("msg msg-citizen", lang.t("desk.citizen").to_owned()) } else { ("msg msg-official", asked_by(&message.id)) };
        (message.at, class, by, or_locked(lang, message.is_locked, &message.body))
    });
    // Reasons of other steps are notes too; they stand with their step in the timeline.
    let is_plain = |id: &str| file.history.iter().any(|entry| matches!(&entry.event, Event::Noted { note_id } if note_id == id));
    let notes = file
        .notes
        .iter()
        .filter(|note| is_plain(&note.id))
        .map(|note| (note.at, "msg msg-note", note_by(around, note), or_locked(lang, note.is_locked, &note.body)));
    let mut all: Vec<_> = messages.chain(notes).collect();
    all.sort_by_key(|(at, ..)| *at);
    if all.is_empty() {
        return ().into_any();
    }
    let items: Vec<_> = all
        .into_iter()
        .map(|(at, class, by, body)| view! { <li class=class><p class="msg-by"><b>{by}</b>" "<time class="num">{lang.time(at)}</time></p><p>{body}</p></li> })
        .collect();
    view! { <section class="stack"><h2>{lang.t("desk.thread")}</h2><ol class="thread">{items}</ol></section> }.into_any()
}

/// "Ghi chú nội bộ của Cán bộ Em, nhắc Cán bộ Hà".
fn note_by(around: Around<'_>, note: &Note) -> String {
    let (lang, file) = (around.context.lang, around.file);
    let names: Vec<&str> = file.named_in.iter().filter(|(note_id, _)| *note_id == note.id).map(|(_, name)| name.as_str()).collect();
    if names.is_empty() {
        return lang.f("desk.note.by", &[("who", &note.author_name)]);
    }
    lang.f("day.note.by", &[("who", &note.author_name), ("names", &names.join(", "))])
}

/// Earlier drafts and the answer that went out; the one that waits stands above.
fn answers(around: Around<'_>) -> AnyView {
    let (lang, file) = (around.context.lang, around.file);
    let decided: Vec<_> = file.answers.iter().rev().filter(|answer| answer.state != "proposed").map(|answer| decided_answer(lang, answer)).collect();
    if decided.is_empty() {
        return ().into_any();
    }
    view! { <section class="stack"><h2>{lang.t("desk.answers")}</h2>{decided}</section> }.into_any()
}

fn decided_answer(lang: Lang, answer: &Answer) -> AnyView {
    let is_out = answer.state == "approved";
    let state = if is_out { "desk.answer.approved" } else { "desk.answer.returned" };
    let by = lang.f("desk.answer.by", &[("who", &answer.drafted_by_name), ("time", &lang.time(answer.drafted_at))]);
    let reason = (!answer.return_reason.is_empty()).then(|| view! { <p class="small">{lang.f("desk.reason_given", &[("reason", &answer.return_reason)])}</p> });
    view! {
        <article class="card stack">
            <p class="row"><span class=if is_out { "clock ok" } else { "clock plain" }>{lang.t(state)}</span><span class="small muted num">{by}</span></p>
            {reason}
            <div class="md" inner_html=markdown::to_html(&answer.body)></div>
        </article>
    }
    .into_any()
}

fn rating(around: Around<'_>) -> AnyView {
    let lang = around.context.lang;
    let Some(rating) = &around.file.rating else { return ().into_any() };
    let row = |key: &'static str, n: i64| view! { <dt>{lang.t(key)}</dt><dd>{lang.f("desk.rating.of_five", &[("n", &n.to_string())])}</dd> };
    view! {
        <section class="stack">
            <h2>{lang.t("desk.rating")}</h2>
            <dl class="dl num">{row("desk.rating.clarity", rating.clarity)}{row("desk.rating.attitude", rating.attitude)}{row("desk.rating.result", rating.result)}</dl>
            {(!rating.comment.is_empty()).then(|| view! { <div class="quote text">{rating.comment.clone()}</div> })}
        </section>
    }
    .into_any()
}
