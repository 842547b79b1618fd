//! What happened, in plain words, with the agency that did it and never an official's name.

use super::load::CaseView;
use crate::agencies::Directory;
use crate::petitions::reschedule::moved_words;
use crate::petitions::rules::{Event, State, Stepped};
use crate::petitions::store::Entry;
use crate::procedures::step::Step;
use crate::procedures::telling::told;
use crate::sealed::rules::What;
use crate::text::within_sentence;
use crate::ui::PageContext;
use crate::words::Lang;
use leptos::prelude::*;

/// Which authority and unit had the case at a moment of its record.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    body_id: String,
    unit_id: Option<String>,
}

impl Place {
    /// Where the case is after an event.
    fn after(&mut self, event: &Event) {
        match event {
            Event::Filed(filing) => self.body_id.clone_from(&filing.body_id),
            Event::Assigned { unit_id, .. } => self.unit_id.clone_from(unit_id),
            Event::Stepped(Stepped { step: Step::PassOn { to_body_id } | Step::Appeal { to_body_id }, .. }) | Event::Forwarded { to_body_id, .. } => {
                *self = Self { body_id: to_body_id.clone(), unit_id: None }
            }
            _ => {}
        }
    }

    /// The unit, else the authority.
    pub(super) fn name(&self, directory: &Directory) -> String {
        directory.agency_name(self.unit_id.as_deref().unwrap_or(&self.body_id)).to_owned()
    }

    fn body(&self, directory: &Directory) -> String {
        directory.agency_name(&self.body_id).to_owned()
    }
}

/// Each entry of the record with where the case was just before it.
pub(super) fn with_places(history: &[Entry]) -> Vec<(&Entry, Place)> {
    let mut place = Place::default();
    history
        .iter()
        .map(|entry| {
            let before = place.clone();
            place.after(&entry.event);
            // The first event is the one that says where it begins.
            (entry, if before.body_id.is_empty() { place.clone() } else { before })
        })
        .collect()
}

/// What happened, for somebody who takes it away: when, and in what words.
pub(crate) fn in_words(lang: Lang, directory: &Directory, history: &[Entry]) -> Vec<(chrono::DateTime<chrono::Utc>, String)> {
    let shown = with_places(history).into_iter().filter(|(entry, _)| entry.event.is_for_citizen());
    shown.map(|(entry, place)| (entry.at, sentence(lang, directory, &entry.event, &place))).collect()
}

/// The section of the page.
pub(super) fn timeline(context: &PageContext, view: &CaseView) -> AnyView {
    let lang = context.lang;
    let shown: Vec<_> = with_places(&view.history).into_iter().filter(|(entry, _)| entry.event.is_for_citizen()).collect();
    let last = shown.len().saturating_sub(1);
    let items: Vec<_> = shown
        .into_iter()
        .enumerate()
        .map(|(i, (entry, place))| {
            let class = (i == last && view.case.is_open).then_some("now");
            view! {
                <li class=class>
                    <time class="num" datetime=entry.at.to_rfc3339()>{lang.time(entry.at)}</time>
                    {sentence(lang, &context.directory, &entry.event, &place)}
                    {public_link(lang, &entry.event)}
                </li>
            }
        })
        .collect();
    let todo = view.case.last_day().filter(|_| view.case.is_open).map(|day| {
        let day = lang.f("following.line.by", &[("day", &lang.day_short(day))]);
        let text = if view.case.state == State::Waiting { lang.t("following.line.todo_you") } else { lang.t("following.line.todo") };
        view! { <li class="todo"><time class="num">{day}</time><span class="muted">{text}</span></li> }
    });
    view! {
        <section class="stack">
            <h2>{lang.t("following.line.title")}</h2>
            <ol class="line">{items}{todo}</ol>
        </section>
    }
    .into_any()
}

fn public_link(lang: Lang, event: &Event) -> AnyView {
    match event {
        Event::Released { number, .. } => {
            view! { " " <a href=lang.href(&format!("/cong-khai/{number}"))>{lang.t("following.line.released_link")}</a> }.into_any()
        }
        _ => ().into_any(),
    }
}

fn sentence(lang: Lang, directory: &Directory, event: &Event, place: &Place) -> String {
    let (agency, body) = (place.name(directory), place.body(directory));
    let (by, by_body) = ([("agency", agency.as_str())], [("agency", body.as_str())]);
    match event {
        Event::Filed(filing) if filing.papers > 0 => {
            let n = lang.number(filing.papers);
            lang.f("following.line.filed_papers", &[("agency", &body), ("n", &n)])
        }
        Event::Filed(_) => lang.f("following.line.filed", &by_body),
        Event::Received => lang.f("following.line.received", &by_body),
        Event::Reclassified { to, .. } => lang.f("following.line.reclassified", &[("agency", &body), ("kind", lang.t(to.key()))]),
        Event::Assigned { unit_id: Some(unit), .. } => lang.f("following.line.assigned", &[("agency", &body), ("unit", directory.agency_name(unit))]),
        Event::Assigned { .. } => lang.f("following.line.assigned_person", &by_body),
        Event::Asked { .. } => lang.f("following.line.asked", &by),
        Event::Replied { .. } => lang.t("following.line.replied").to_owned(),
        Event::PapersAdded { count } => lang.n("following.line.papers_one", "following.line.papers_many", *count),
        Event::IdentityOpened { .. } => lang.f("following.line.identity", &by_body),
        Event::SealOpened { what, duty, .. } => {
            let key = match what {
                What::Identity => "sealed.line.identity",
                What::Original => "sealed.line.original",
            };
            lang.f(key, &[("agency", &body), ("duty", &within_sentence(lang.t(duty.key())))])
        }
        Event::Answered { .. } => lang.f("following.line.answered", &by),
        Event::Forwarded { to_body_id, .. } => lang.f("following.line.forwarded", &[("agency", &body), ("to", directory.agency_name(to_body_id))]),
        Event::Released { .. } => lang.t("following.line.released").to_owned(),
        Event::Withdrawn => lang.t("following.line.withdrawn").to_owned(),
        Event::Closed => lang.f("following.line.closed", &by_body),
        Event::Reopened { due_on, .. } => lang.f("following.line.reopened", &[("agency", &body), ("day", &lang.day_short(*due_on))]),
        Event::Rated => lang.t("following.line.rated").to_owned(),
        Event::Rescheduled { .. } | Event::PeriodChanged { .. } => moved_words(lang, event, directory.deadline_rules()).unwrap_or_default(),
        Event::Stepped(stepped) => told(lang, &agency, &stepped.step, |id| directory.agency_name(id).to_owned()),
        Event::Related(relation) => crate::relations::for_citizen(lang, &body, relation),
        Event::Letter(_) => lang.f("own_letters.line.issued", &by_body),
        Event::Coordination(coordinated) => lang.f(coordinated.line_key(), &[("agency", &body), ("to", directory.agency_name(coordinated.agency_id()))]),
        // Between officials; `is_for_citizen` keeps them out.
        Event::StepDrafted { .. }
        | Event::StepReturned { .. }
        | Event::Noted { .. }
        | Event::WorkingPrepared
        | Event::AnswerProposed { .. }
        | Event::AnswerReturned { .. }
        | Event::PublicTextProposed
        | Event::PaperCovered { .. }
        | Event::PaperTakenBack { .. }
        | Event::Escalation(_) => String::new(),
        Event::Barred { .. } | Event::Unbarred { .. } => String::new(),
        Event::Flagged { .. } | Event::Unflagged { .. } | Event::Tagged { .. } | Event::Untagged { .. } | Event::Reminded { .. } => String::new(),
    }
}
