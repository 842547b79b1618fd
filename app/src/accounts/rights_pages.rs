//! `/can-bo/tai-khoan/{id}/quyen`: what a person may do today, and by which role. Whoever asks is written down.

use super::manage;
use super::rights::{Relation, Right, of_body, of_case, relations};
use super::store;
use crate::actor::Official;
use crate::deadlines::days_off::keeper;
use crate::error::Result;
use crate::petitions::rules::Kind;
use crate::record::{self, deeds::Deed};
use crate::ui::{Icon, Page, PageContext, Section, icon, table};
use crate::words::Lang;
use axum::extract::Path;
use axum::response::Response;
use leptos::prelude::*;

/// `GET /can-bo/tai-khoan/{id}/quyen`
pub async fn show(context: PageContext, Path(id): Path<String>) -> Result<Response> {
    let body_id = manage::managed_body(&context)?;
    let mut tx = context.portal.db().read().await?;
    let managed = manage::one(&context, &mut tx, &body_id, &id).await?;
    let official = store::official(&mut tx, &id, context.today).await?;
    drop(tx);
    record::actions::write_alone(&context.portal, &context.actor, &body_id, &Deed::RightsSeen { account_id: id.clone() }).await?;
    let lang = context.lang;
    let title = lang.f("rights.title", &[("whom", &managed.account.display_name)]);
    Ok(Page::new(&context, Section::Accounts, title.clone()).main_class("wrap wide page stack-l").render(|| {
        view! {
            <a class="back" href=lang.href(&format!("/can-bo/tai-khoan/{id}"))>{icon(Icon::Back)}{managed.account.display_name.clone()}</a>
            <div class="stack-s">
                <h1 class="title-s">{title}</h1>
                <p class="muted">{lang.f("rights.intro", &[("day", &lang.day_short(context.today)), ("agency", context.directory.agency_name(&body_id))])}</p>
            </div>
            {match official.map(|official| here(official, &body_id)) {
                Some(official) if !official.holdings.is_empty() => rights(&context, &official, &body_id),
                _ => view! { <div class="notice info">{icon(Icon::Lock)}<p>{lang.t("rights.none")}</p></div> }.into_any(),
            }}
        }
        .into_any()
    }))
}

/// The person with the roles of this authority alone: of others their administrators tell.
fn here(official: Official, body_id: &str) -> Official {
    let holdings = official.holdings.iter().filter(|held| held.body_id == body_id).cloned().collect();
    Official { holdings, ..official }
}

fn rights(context: &PageContext, official: &Official, body_id: &str) -> AnyView {
    let lang = context.lang;
    let is_province = keeper(context).is_some_and(|keeper| keeper == body_id);
    let beside: Vec<_> = of_body(official, body_id, is_province).iter().map(|right| body_row(lang, right)).collect();
    view! {
        <section class="stack">
            <h2 class="title-s">{lang.t("rights.usual")}</h2>
            {case_table(lang, official, body_id, Kind::Report, "rights.usual")}
        </section>
        <section class="stack">
            <h2 class="title-s">{lang.t("rights.sealed")}</h2>
            {case_table(lang, official, body_id, Kind::Denunciation, "rights.sealed")}
        </section>
        <section class="stack">
            <h2 class="title-s">{lang.t("rights.beside")}</h2>
            {table(lang, "rights.beside", &["rights.what", "rights.may"], beside)}
        </section>
        <ul class="small muted stack-s">
            {has_none(official, body_id, Relation::About).then(|| view! { <li>{lang.t("rights.about")}</li> })}
            {has_none(official, body_id, Relation::Elsewhere).then(|| view! { <li>{lang.t("rights.elsewhere")}</li> })}
            <li>{lang.t("rights.second")}</li>
        </ul>
    }
    .into_any()
}

/// Whether somebody has no right at all in cases that lie so to them: said only where it is so.
fn has_none(official: &Official, body_id: &str, relation: Relation) -> bool {
    [Kind::Report, Kind::Denunciation].into_iter().all(|kind| of_case(official, body_id, kind, relation).iter().all(|right| right.by.is_empty()))
}

fn head(relation: Relation) -> &'static str {
    match relation {
        Relation::Given => "rights.given",
        Relation::Unit => "rights.unit",
        Relation::Body | Relation::Elsewhere | Relation::About => "rights.body",
    }
}

fn case_table(lang: Lang, official: &Official, body_id: &str, kind: Kind, label: &'static str) -> AnyView {
    let relations = relations(official);
    let columns: Vec<(&'static str, Vec<Right>)> = relations
        .iter()
        .map(|relation| (if relations.len() == 1 { "rights.may" } else { head(*relation) }, of_case(official, body_id, kind, *relation)))
        .collect();
    let heads: Vec<&'static str> = std::iter::once("rights.what").chain(columns.iter().map(|(head, _)| *head)).collect();
    let rows = columns.first().map_or(0, |(_, rights)| rights.len());
    let rows = (0..rows).filter_map(|n| {
        let key = columns.first()?.1.get(n)?.key;
        let cells: Vec<_> = columns.iter().filter_map(|(head, rights)| rights.get(n).map(|right| cell(lang, head, right))).collect();
        Some(view! { <tr><th scope="row">{lang.t(key)}</th>{cells}</tr> }.into_any())
    });
    table(lang, label, &heads, rows.collect())
}

fn body_row(lang: Lang, right: &Right) -> AnyView {
    view! { <tr><th scope="row">{lang.t(right.key)}</th>{cell(lang, "rights.may", right)}</tr> }.into_any()
}

/// "Yes · intake, head", or "no".
fn cell(lang: Lang, head: &'static str, right: &Right) -> AnyView {
    if right.by.is_empty() {
        return view! { <td data-label=lang.t(head) class="muted">{lang.t("rights.no")}</td> }.into_any();
    }
    let roles = right.by.iter().map(|role| lang.t(role.key())).collect::<Vec<_>>().join(", ");
    view! { <td data-label=lang.t(head)>{lang.f("rights.yes", &[("roles", &roles)])}</td> }.into_any()
}
