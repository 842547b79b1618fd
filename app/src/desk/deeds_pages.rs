//! `/can-bo/nhat-ky`: what officials of an authority did beside the cases' own record. Nobody can change it, not even here.

use super::queue::last_instant;
use crate::accounts::rules::Capacity;
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::store as petitions;
use crate::record::deeds::Deed;
use crate::record::store::{self, ListedDeed};
use crate::text::within_sentence;
use crate::ui::{Icon, Page, PageContext, Section, empty, table};
use crate::words::Lang;
use axum::extract::Query;
use axum::response::Response;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use std::collections::HashMap;

/// The page's address.
pub const PATH: &str = "/can-bo/nhat-ky";
/// Deeds on a page.
const PAGE_ROWS: usize = 50;

/// A deed as it is shown.
struct Line {
    at: DateTime<Utc>,
    who: String,
    words: String,
    href: Option<String>,
}

/// `GET /can-bo/nhat-ky`; `?truoc=` goes on before a place.
pub async fn show(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?;
    check(&context.actor, Action::SeeDeeds(body_id))?;
    let before = query.get("truoc").and_then(|text| place(text)).unwrap_or((last_instant(), String::new()));
    let is_first = before.1.is_empty();
    let mut tx = context.portal.db().read().await?;
    let limit = i64::try_from(PAGE_ROWS).unwrap_or(i64::MAX);
    let rows = store::deeds_of_body(&mut tx, body_id, &before, limit + 1).await?;
    let next = rows.get(PAGE_ROWS - 1).filter(|_| rows.len() > PAGE_ROWS).map(|last| format!("{}-{}", last.at.timestamp_micros(), last.id));
    let mut lines = Vec::new();
    for row in rows.iter().take(PAGE_ROWS) {
        lines.extend(line(&mut tx, &context, row).await?);
    }
    drop(tx);
    let (lang, title) = (context.lang, context.lang.t("record.deeds.title"));
    Ok(Page::new(&context, Section::Other, title).desk().main_class("wrap wide page stack-l").render(|| {
        let list = if lines.is_empty() {
            empty(Icon::Register, lang.t("record.deeds.none").to_owned(), lang.t("record.deeds.none_text"), ().into_any())
        } else {
            table(
                lang,
                "record.deeds.title",
                &["record.deeds.at", "record.deeds.who", "record.deeds.what"],
                lines.iter().map(|line| row(&context, line)).collect(),
            )
        };
        view! {
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="muted">{context.directory.agency_name(body_id).to_owned()}". "{lang.t("record.deeds.lead")}</p>
            </div>
            {list}
            <p class="row">
                {(!is_first).then(|| view! { <a href=lang.href(PATH)>{lang.t("record.deeds.first")}</a> })}
                {next.map(|next| view! { <a href=format!("{}?truoc={next}", lang.href(PATH))>{lang.t("record.deeds.older")}</a> })}
            </p>
            {check(&context.actor, Action::SeeOpenings(body_id)).is_ok().then(|| view! { <p><a href=lang.href(crate::sealed::LIST)>{lang.t("sealed.list.title")}</a></p> })}
            <p class="small muted">{lang.t("record.deeds.how")}" "<a href=lang.href("/dau-so")>{lang.t("record.title")}</a></p>
        }
        .into_any()
    }))
}

/// A place in the list as its address has it: microseconds, a hyphen, the deed's id.
fn place(text: &str) -> Option<(DateTime<Utc>, String)> {
    let (micros, id) = text.split_once('-')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.to_owned()))
}

fn row(context: &PageContext, line: &Line) -> AnyView {
    let lang = context.lang;
    let words = line.words.clone();
    let words = match &line.href {
        Some(href) => view! { <a href=href.clone()>{words}</a> }.into_any(),
        None => words.into_any(),
    };
    view! {
        <tr>
            <td data-label=lang.t("record.deeds.at") class="num nowrap">{lang.time(line.at)}</td>
            <th scope="row" data-label=lang.t("record.deeds.who")>{line.who.clone()}</th>
            <td data-label=lang.t("record.deeds.what")>{words}</td>
        </tr>
    }
    .into_any()
}

/// A deed in words; nothing where it is about a case that whoever looks may not see.
async fn line(tx: &mut Tx, context: &PageContext, row: &ListedDeed) -> Result<Option<Line>> {
    let lang = context.lang;
    let deed: Deed = serde_json::from_str(&row.data)?;
    let whom = match deed.account_id() {
        Some(id) => super::store::account_name(tx, id).await?.unwrap_or_else(|| id.to_owned()),
        None => String::new(),
    };
    let mut href = deed.account_id().and_then(|id| account_href(context, id));
    if let Some(case_id) = deed.case_id() {
        let case = petitions::by_id(tx, case_id).await?.filter(|case| check(&context.actor, Action::See(case)).is_ok());
        let Some(case) = case else { return Ok(None) };
        href = Some(lang.href(&format!("/can-bo/don/{}", case.id)));
    }
    let nobody = if matches!(deed, Deed::DataTaken { .. } | Deed::DataAsked { .. } | Deed::DataCorrected { .. }) {
        "retention.deed.citizen"
    } else {
        "record.deeds.portal"
    };
    let who = row.actor_name.clone().unwrap_or_else(|| lang.t(nobody).to_owned());
    Ok(Some(Line { at: row.at, who, words: words(context, &deed, &whom), href }))
}

fn account_href(context: &PageContext, account_id: &str) -> Option<String> {
    let body_id = context.actor.official()?.body_id()?.to_owned();
    check(&context.actor, Action::ManageAccounts(&body_id)).ok().map(|()| context.lang.href(&format!("/can-bo/tai-khoan/{account_id}")))
}

fn words(context: &PageContext, deed: &Deed, whom: &str) -> String {
    let lang = context.lang;
    let agency = |id: &str| context.directory.agency_name(id).to_owned();
    match deed {
        Deed::SignedIn => lang.t("record.deed.signed_in").to_owned(),
        Deed::PasswordChanged => lang.t("record.deed.password_changed").to_owned(),
        Deed::AccountMade { .. } => lang.f("record.deed.account_made", &[("whom", whom)]),
        Deed::PasswordReset { .. } => lang.f("record.deed.password_reset", &[("whom", whom)]),
        Deed::DirectoryBound { .. } => lang.f("directory.deed.bound", &[("whom", whom)]),
        Deed::DirectoryUnbound { .. } => lang.f("directory.deed.unbound", &[("whom", whom)]),
        Deed::AccountClosed { .. } => lang.f("record.deed.account_closed", &[("whom", whom)]),
        Deed::AccountOpened { .. } => lang.f("record.deed.account_opened", &[("whom", whom)]),
        Deed::RoleGiven { role, agency_id, capacity, from, to, .. } => {
            let key = if to.is_some() { "record.deed.role_given_until" } else { "record.deed.role_given" };
            let role = if *capacity == Capacity::Own { lang.t(role.key()).to_owned() } else { format!("{} ({})", lang.t(role.key()), lang.t(capacity.key())) };
            let last = to.map(|day| lang.day_short(day)).unwrap_or_default();
            lang.f(key, &[("whom", whom), ("role", &role), ("agency", &agency(agency_id)), ("day", &lang.day_short(*from)), ("last", &last)])
        }
        Deed::RoleEnded { role, agency_id, last_day, .. } => {
            let args = [("whom", whom), ("role", lang.t(role.key())), ("agency", &agency(agency_id)), ("day", &lang.day_short(*last_day))];
            lang.f("record.deed.role_ended", &args)
        }
        Deed::CaseSeen { .. } => lang.t("record.deed.case_seen").to_owned(),
        Deed::PaperSeen { .. } => lang.t("record.deed.paper_seen").to_owned(),
        Deed::SealOpened { what, duty, .. } => {
            lang.f("record.deed.seal_opened", &[("what", &within_sentence(lang.t(what.key()))), ("duty", &within_sentence(lang.t(duty.key())))])
        }
        Deed::ListTaken { rows } => lang.f("record.deed.list_taken", &[("n", &lang.number(*rows))]),
        Deed::RegisterTaken { rows } => lang.f("record.deed.register_taken", &[("n", &lang.number(*rows))]),
        Deed::DayOffChanged { day } => lang.f("record.deed.day_off_changed", &[("day", &lang.day_short(*day))]),
        Deed::PeriodChanged { rule } => lang.f("record.deed.period_changed", &[("rule", rule)]),
        Deed::TemplateChanged { letter } => lang.f("record.deed.template_changed", &[("letter", letter)]),
        Deed::RoutingAdded { .. } => lang.t("record.deed.routing_added").to_owned(),
        Deed::RoutingEnded { .. } => lang.t("record.deed.routing_ended").to_owned(),
        Deed::RecordAccepted { seen_page, found_page } => {
            let page = |page: Option<i64>| page.unwrap_or(0).to_string();
            lang.f("record.deed.record_accepted", &[("seen", &page(*seen_page)), ("found", &page(*found_page))])
        }
        Deed::FactorAdded { factor } => lang.f("signin.deed.added", &[("what", factor_words(lang, factor))]),
        Deed::FactorRemoved { factor } => lang.f("signin.deed.removed", &[("what", factor_words(lang, factor))]),
        Deed::RecoveryMade => lang.t("signin.deed.recovery_made").to_owned(),
        Deed::RecoveryUsed => lang.t("signin.deed.recovery_used").to_owned(),
        Deed::FactorsReset { .. } => lang.f("signin.deed.reset", &[("whom", whom)]),
        Deed::SessionsEnded { sessions } => lang.f("signin.deed.sessions", &[("n", &lang.number(*sessions))]),
        Deed::RightsSeen { .. } => lang.f("record.deed.rights_seen", &[("whom", whom)]),
        Deed::HoldSet { until: Some(day), .. } => lang.f("retention.deed.hold_until", &[("day", &lang.day_short(*day))]),
        Deed::HoldSet { until: None, .. } => lang.t("retention.deed.hold").to_owned(),
        Deed::HoldLifted { .. } => lang.t("retention.deed.lifted").to_owned(),
        Deed::RetentionPlanned { things, .. } => lang.f("retention.deed.planned", &[("n", &lang.number(*things))]),
        Deed::RetentionReleased { .. } => lang.t("retention.deed.released").to_owned(),
        Deed::RetentionWithdrawn { .. } => lang.t("retention.deed.withdrawn").to_owned(),
        Deed::RetentionDone { things, .. } => lang.f("retention.deed.done", &[("n", &lang.number(*things))]),
        Deed::DataTaken { .. } => lang.t("retention.deed.taken").to_owned(),
        Deed::DataAsked { .. } => lang.t("retention.deed.asked").to_owned(),
        Deed::DataCorrected { .. } => lang.t("retention.deed.corrected").to_owned(),
        Deed::DataDecided { granted: true, .. } => lang.t("retention.deed.granted").to_owned(),
        Deed::DataDecided { granted: false, .. } => lang.t("retention.deed.refused").to_owned(),
    }
}

fn factor_words(lang: Lang, factor: &str) -> &'static str {
    if factor == "passkey" { lang.t("signin.deed.passkey") } else { lang.t("signin.deed.application") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_and_nonsense_is_the_beginning() {
        let (at, id) = place("1764208800000000-01a21ac4-842b").expect("a place");
        assert_eq!((crate::clock::day(at).to_string(), id.as_str()), ("2025-11-27".to_owned(), "01a21ac4-842b"));
        for wrong in ["", "x-y", "99999999999999999999-a", "5"] {
            assert_eq!(place(wrong), None);
        }
    }
}
