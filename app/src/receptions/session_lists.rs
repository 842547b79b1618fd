//! On the day: who booked and came, and the visits entered, on the page of a session.

use super::DESK;
use super::booking_pages::slot_time;
use super::rules::Need;
use super::session_pages::{Shown, action};
use super::store::visits::{Visit, VisitPerson, kind_key};
use crate::ui::{Icon, PageContext, icon, or_locked, table};
use crate::words::Lang;
use leptos::prelude::*;

/// The needs somebody named, in words.
fn needs(lang: Lang, codes: &str) -> String {
    codes.split_whitespace().filter_map(Need::from_code).map(|need| lang.t(need.key())).collect::<Vec<_>>().join(", ")
}

/// Who booked, and whether they came.
pub(super) fn booked_list(context: &PageContext, shown: &Shown) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    let has_come = row.day <= context.today;
    let rows: Vec<AnyView> = shown
        .bookings
        .iter()
        .map(|(booking, person)| {
            let visit = shown.visits.iter().find(|(visit, _)| visit.booking_id.as_deref() == Some(booking.id.as_str()));
            let now = match (visit, booking.arrived_at.is_some()) {
                (Some((visit, _)), _) => view! { <a href=context.href(&format!("{DESK}/luot/{}", visit.id))>{lang.f("reception.visit.no", &[("no", &visit.no.to_string())])}</a> }.into_any(),
                (None, came) if has_come && shown.may_keep => view! {
                    {came.then(|| view! { <span class="clock ok">{lang.t("reception.booking.came")}</span> " " })}
                    {(!came).then(|| view! {
                        <form method="post" action=action(context, row) class="inline">
                            <input type="hidden" name="booking" value=booking.id.clone() />
                            <button class="btn btn-s" name="action" value="arrive">{lang.t("reception.booking.arrive")}</button>
                        </form>
                    })}
                    <a class="btn btn-s" href=context.href(&format!("{DESK}/ngay/{}/luot?hen={}", row.id, booking.id))>{lang.t("reception.visit.enter")}</a>
                }
                .into_any(),
                _ => ().into_any(),
            };
            let contact = [person.phone.as_str(), person.email.as_str()].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", ");
            let mut needs = needs(lang, &person.needs);
            if person.agrees_online {
                let agrees = lang.t("reception.book.agreed_online");
                needs = if needs.is_empty() { agrees.to_owned() } else { format!("{needs}; {agrees}") };
            }
            view! {
                <tr>
                    <th scope="row" class="num">{slot_time(row, booking.slot)}</th>
                    <td data-label=lang.t("reception.book.name")>{or_locked(lang, person.is_locked, &person.name)}<br /><span class="small muted num">{contact}</span></td>
                    <td data-label=lang.t("reception.book.matter")>{person.matter.clone()}{booking.case_id.as_ref().map(|id| view! { <br /><a href=context.href(&format!("/can-bo/don/{id}"))>{lang.t("reception.visit.case")}</a> })}</td>
                    <td data-label=lang.t("reception.book.needs")>{needs}</td>
                    <td data-label=lang.t("reception.state.label")>{now}</td>
                </tr>
            }
            .into_any()
        })
        .collect();
    let heads = ["reception.hours.label", "reception.book.name", "reception.book.matter", "reception.book.needs", "reception.state.label"];
    let content = if rows.is_empty() {
        view! { <p class="muted">{lang.t("reception.booking.none")}</p> }.into_any()
    } else {
        table(lang, "reception.booking.list", &heads, rows)
    };
    let count = lang.f("reception.free", &[("free", &lang.number(row.free())), ("all", &lang.number(row.slots))]);
    view! { <section class="stack-s" id="hen"><h2 class="title-s">{lang.t("reception.booking.list")}" "<span class="muted normal num">{count}</span></h2>{content}</section> }.into_any()
}

/// The visits entered, with the units they are counted in.
pub(super) fn visit_list(context: &PageContext, shown: &Shown) -> AnyView {
    let (lang, row) = (context.lang, &shown.row);
    if row.day > context.today {
        return ().into_any();
    }
    let group_from = context.directory.reception_rules().groups.iter().map(|rule| rule.people_from).min().unwrap_or(i64::MAX);
    let rows: Vec<AnyView> = shown.visits.iter().map(|(visit, person)| visit_row(context, visit, person)).collect();
    let of = |count: usize| lang.number(i64::try_from(count).unwrap_or(i64::MAX));
    let people = shown.visits.iter().map(|(visit, _)| visit.people).sum();
    let matters = shown.visits.iter().map(|(visit, _)| visit.first_id.as_ref().unwrap_or(&visit.id)).collect::<std::collections::BTreeSet<_>>().len();
    let groups = shown.visits.iter().filter(|(visit, _)| visit.people >= group_from).count();
    let units = lang.f("reception.units", &[("visits", &of(rows.len())), ("people", &lang.number(people)), ("matters", &of(matters)), ("groups", &of(groups))]);
    let heads = [
        "reception.register.no",
        "reception.register.person",
        "reception.register.content",
        "reception.register.kind",
        "reception.register.people",
        "reception.state.label",
    ];
    let content = if rows.is_empty() {
        view! { <p class="muted">{lang.t("reception.visit.none")}</p> }.into_any()
    } else {
        table(lang, "reception.visit.list", &heads, rows)
    };
    let new = shown.may_keep.then(|| {
        view! { <p><a class="btn btn-main" href=context.href(&format!("{DESK}/ngay/{}/luot", row.id))>{icon(Icon::Plus)}{lang.t("reception.visit.walk_in")}</a></p> }
    });
    view! { <section class="stack-s" id="so"><h2 class="title-s">{lang.t("reception.visit.list")}</h2><p class="num">{units}</p>{content}{new}</section> }
        .into_any()
}

fn visit_row(context: &PageContext, visit: &Visit, person: &VisitPerson) -> AnyView {
    let lang = context.lang;
    let (name, content) = if visit.is_sealed() {
        (lang.t("reception.sealed.name").to_owned(), lang.t("reception.sealed.content").to_owned())
    } else {
        (or_locked(lang, person.is_locked, &person.name), person.content.clone())
    };
    let state = match (visit.refusal, visit.case_id.is_some()) {
        (Some(ground), _) => lang.f("reception.refused", &[("ground", lang.t(ground.key()))]),
        (None, true) => lang.t("reception.visit.case").to_owned(),
        (None, false) => visit.result.clone(),
    };
    view! {
        <tr>
            <th scope="row" class="num"><a href=context.href(&format!("{DESK}/luot/{}", visit.id))>{visit.no.to_string()}</a></th>
            <td data-label=lang.t("reception.register.person")>{name}</td>
            <td data-label=lang.t("reception.register.content")>{crate::text::excerpt(&content, 120)}</td>
            <td data-label=lang.t("reception.register.kind")>{lang.t(kind_key(visit.kind))}</td>
            <td class="num" data-label=lang.t("reception.register.people")>{lang.number(visit.people)}</td>
            <td data-label=lang.t("reception.state.label")>{state}</td>
        </tr>
    }
    .into_any()
}
