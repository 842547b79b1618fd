//! What happened to a case, in sentences for officials.

use super::bar_forms::parties_words;
use super::case::CaseFile;
use crate::agencies::Directory;
use crate::petitions::letter_event::LetterEvent;
use crate::petitions::reschedule::moved_words;
use crate::petitions::rules::{Event, Kind};
use crate::petitions::store::Entry;
use crate::procedures::step::Whose;
use crate::procedures::telling::{recorded, told};
use crate::text::within_sentence;
use crate::words::Lang;
use leptos::prelude::*;

/// What an entry of the record says.
pub fn sentence(lang: Lang, directory: &Directory, file: &CaseFile, entry: &Entry) -> String {
    let who = entry.actor_name.as_deref().unwrap_or(lang.t("desk.somebody"));
    let by = |key: &'static str| lang.f(key, &[("who", who)]);
    match &entry.event {
        Event::Filed(filing) if filing.papers > 0 => {
            let papers = lang.n("desk.papers_one", "desk.papers_many", filing.papers);
            lang.f("desk.event.filed_with_papers", &[("kind", lang.t(filing.kind.key())), ("papers", &papers)])
        }
        Event::Filed(filing) => lang.f("desk.event.filed", &[("kind", lang.t(filing.kind.key()))]),
        Event::Received => by("desk.event.received"),
        Event::Reclassified { from, to, .. } => lang.f("desk.event.reclassified", &[("who", who), ("from", lang.t(from.key())), ("to", lang.t(to.key()))]),
        Event::Assigned { unit_id, handler_id } => {
            let unit = unit_id.as_deref().map(|id| directory.agency_name(id));
            let to: Vec<&str> = unit.into_iter().chain(file.name(handler_id.as_deref())).collect();
            lang.f("desk.event.assigned", &[("who", who), ("to", &to.join(" · "))])
        }
        Event::Asked { .. } => by("desk.event.asked"),
        Event::Replied { .. } => lang.t("desk.event.replied").to_owned(),
        Event::PapersAdded { count } => lang.f("desk.event.papers_added", &[("papers", &lang.n("desk.papers_one", "desk.papers_many", *count))]),
        Event::Noted { .. } => by("desk.event.noted"),
        Event::IdentityOpened { .. } => by("desk.event.identity_opened"),
        Event::SealOpened { what, duty, .. } => {
            let words = [("who", who), ("what", &within_sentence(lang.t(what.key()))), ("duty", &within_sentence(lang.t(duty.key())))];
            lang.f("sealed.event.opened", &words)
        }
        Event::WorkingPrepared => by("sealed.event.prepared"),
        Event::AnswerProposed { .. } => by("desk.event.answer_proposed"),
        Event::AnswerReturned { .. } => by("desk.event.answer_returned"),
        Event::Answered { .. } => by("desk.event.answered"),
        Event::Forwarded { from_body_id, to_body_id, .. } => {
            let (from, to) = (directory.agency_name(from_body_id), directory.agency_name(to_body_id));
            lang.f("desk.event.forwarded", &[("who", who), ("from", from), ("to", to)])
        }
        Event::PublicTextProposed => by("desk.event.public_text_proposed"),
        Event::PaperCovered { .. } => by("redaction.event.covered"),
        Event::PaperTakenBack { .. } => by("redaction.event.taken_back"),
        Event::Released { number, .. } => lang.f("desk.event.released", &[("who", who), ("number", &number.to_string())]),
        Event::Withdrawn => lang.t("desk.event.withdrawn").to_owned(),
        Event::Closed => by("desk.event.closed"),
        Event::Reopened { due_on, .. } => lang.f("desk.event.reopened", &[("who", who), ("day", &lang.day_short(*due_on))]),
        Event::Rated => lang.t("desk.event.rated").to_owned(),
        Event::StepDrafted { draft_id } => lang.f("procedure.drafted_by", &[("who", who), ("step", of_draft(lang, file, draft_id))]),
        Event::StepReturned { draft_id } => lang.f("procedure.returned_by", &[("who", who), ("step", of_draft(lang, file, draft_id))]),
        Event::Stepped(stepped) if stepped.step.name().whose() == Whose::Citizen => told(lang, "", &stepped.step, |id| directory.agency_name(id).to_owned()),
        Event::Stepped(stepped) => recorded(lang, who, &stepped.step, |id| directory.agency_name(id).to_owned()),
        Event::Barred { parties, .. } => lang.f("routing.event.barred", &[("who", who), ("what", &parties_words(lang, directory, file, parties))]),
        Event::Unbarred { parties, .. } => lang.f("routing.event.unbarred", &[("who", who), ("what", &parties_words(lang, directory, file, parties))]),
        Event::Flagged { flag, .. } => lang.f("day.event.flagged", &[("who", who), ("mark", &lang.t(flag.key()).to_lowercase())]),
        Event::Unflagged { flag, .. } => lang.f("day.event.unflagged", &[("who", who), ("mark", &lang.t(flag.key()).to_lowercase())]),
        Event::Tagged { tag_id } => lang.f("day.event.tagged", &[("who", who), ("tag", file.tag_names.get(tag_id).map_or("…", String::as_str))]),
        Event::Untagged { tag_id } => lang.f("day.event.untagged", &[("who", who), ("tag", file.tag_names.get(tag_id).map_or("…", String::as_str))]),
        Event::Reminded { unit_id, handler_id, .. } => {
            let unit = unit_id.as_deref().map(|id| directory.agency_name(id));
            let to: Vec<&str> = file.name(handler_id.as_deref()).into_iter().chain(unit).collect();
            let to = if to.is_empty() { lang.t("day.whose.intake").to_owned() } else { to.join(" · ") };
            lang.f("day.event.reminded", &[("who", who), ("to", &to)])
        }
        Event::Letter(letter) => {
            let name = file.letters.iter().find(|known| known.id == letter.letter_id()).map_or(lang.t("own_letters.event.gone"), |known| known.name.as_str());
            let key = match letter {
                LetterEvent::Waiting { .. } => "own_letters.event.waiting",
                LetterEvent::Returned { .. } => "own_letters.event.returned",
                LetterEvent::Issued { .. } => "own_letters.event.issued",
            };
            lang.f(key, &[("who", who), ("name", name)])
        }
        Event::Escalation(escalation) => super::above::sentence(lang, directory, who, escalation),
        Event::Coordination(coordinated) => super::coordination::sentence(lang, directory, who, coordinated),
        Event::Related(relation) => crate::relations::for_official(lang, who, relation),
        Event::Rescheduled { .. } | Event::PeriodChanged { .. } => moved_words(lang, &entry.event, directory.deadline_rules()).unwrap_or_default(),
    }
}

fn of_draft(lang: Lang, file: &CaseFile, draft_id: &str) -> &'static str {
    file.drafts.iter().find(|draft| draft.id == draft_id).map_or("", |draft| lang.t(draft.step.name().key()))
}

/// The reason somebody gave for what they did.
fn reason<'a>(file: &'a CaseFile, event: &Event) -> Option<&'a str> {
    let text = match event {
        // Why a denouncer's identity was used, the head reads and nobody else.
        Event::IdentityOpened { .. } if file.case.kind == Kind::Denunciation => None,
        Event::Stepped(stepped) => stepped.note_id.as_deref().and_then(|id| file.note(id)).map(|note| note.body.as_str()),
        Event::StepReturned { draft_id } => file.drafts.iter().find(|draft| draft.id == *draft_id).map(|draft| draft.return_reason.as_str()),
        Event::Reclassified { note_id, .. }
        | Event::IdentityOpened { note_id }
        | Event::Forwarded { note_id, .. }
        | Event::Reopened { note_id, .. }
        | Event::Barred { note_id, .. }
        | Event::Unbarred { note_id, .. }
        | Event::PaperTakenBack { note_id, .. }
        | Event::Flagged { note_id, .. }
        | Event::Unflagged { note_id, .. }
        | Event::Reminded { note_id, .. } => file.note(note_id).map(|note| note.body.as_str()),
        Event::Letter(LetterEvent::Returned { note_id, .. }) => file.note(note_id).map(|note| note.body.as_str()),
        Event::Escalation(escalation) => escalation.note_id().and_then(|id| file.note(id)).map(|note| note.body.as_str()),
        Event::Coordination(coordinated) => coordinated.note_id().and_then(|id| file.note(id)).map(|note| note.body.as_str()),
        Event::Related(relation) => relation.note_id().and_then(|id| file.note(id)).map(|note| note.body.as_str()),
        Event::AnswerReturned { answer_id } => file.answers.iter().find(|answer| answer.id == *answer_id).map(|answer| answer.return_reason.as_str()),
        _ => None,
    };
    text.filter(|text| !text.is_empty())
}

/// The entries after `after_seq`, oldest first.
pub fn timeline(lang: Lang, directory: &Directory, file: &CaseFile, after_seq: i64) -> AnyView {
    let lines: Vec<_> = file
        .history
        .iter()
        .filter(|entry| entry.seq > after_seq)
        .map(|entry| {
            let reason =
                reason(file, &entry.event).map(|text| view! { <span class="small muted">" " {lang.f("desk.reason_given", &[("reason", text)])}</span> });
            view! { <li><time class="num">{lang.time(entry.at)}</time>{sentence(lang, directory, file, entry)}{reason}</li> }
        })
        .collect();
    view! { <ol class="line">{lines}</ol> }.into_any()
}
