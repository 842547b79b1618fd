//! `/can-bo/vu-viec`: an authority's petitions, matters and people, and its petitions of many people.

use super::rules::{Figures, MANY_PEOPLE};
use super::store::figures as store;
use super::store::figures::{Many, Sums};
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::ui::{Icon, Page, PageContext, Section, clock_badge, icon};
use axum::response::Response;
use leptos::prelude::*;

/// Petitions of many people on the page.
const MANY_MAX: i64 = 100;

/// An authority's three numbers out of its sums. Links never close a circle ([`super::links::link`]), so each takes one matter
/// away; a repeat by the same sender is no other person.
fn figures(sums: Sums) -> Figures {
    Figures {
        petitions: sums.cases - sums.parts,
        matters: sums.cases - sums.same_petition - sums.same_matter,
        people: sums.cases - sums.parts - sums.same_petition + sums.signers,
    }
}

/// `GET /can-bo/vu-viec`.
///
/// # Errors
/// [`AppError::NotFound`] for those who do not see all cases of their authority.
pub async fn show(context: PageContext) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let body_id = official.body_id().ok_or(AppError::NotFound)?.to_owned();
    check(&context.actor, Action::SeeMatters(&body_id))?;
    let mut tx = context.portal.db().read().await?;
    let figures = figures(store::sums(&mut tx, &body_id).await?);
    let many = store::many_people(&mut tx, &body_id, MANY_PEOPLE - 1, MANY_MAX).await?;
    drop(tx);
    let lang = context.lang;
    Ok(Page::new(&context, Section::Desk, lang.t("relations.matters.title")).render(|| {
        let number = |words: &'static str, hint: &'static str, n: i64| {
            view! { <div><dt>{lang.t(words)}</dt><dd class="num"><b>{lang.number(n)}</b><small>{lang.t(hint)}</small></dd></div> }
        };
        view! {
            <div class="stack">
                <a class="back" href=context.href("/can-bo")>{icon(Icon::Back)}{lang.t("relations.matters.back")}</a>
                <h1>{lang.t("relations.matters.title")}</h1>
                <p class="muted">{context.directory.agency_name(&body_id).to_owned()}</p>
            </div>
            <dl class="three-numbers">
                {number("relations.matters.petitions", "relations.matters.petitions_hint", figures.petitions)}
                {number("relations.matters.matters", "relations.matters.matters_hint", figures.matters)}
                {number("relations.matters.people", "relations.matters.people_hint", figures.people)}
            </dl>
            <section class="stack">
                <h2>{lang.t("relations.matters.many")}</h2>
                {many_list(&context, &many)}
            </section>
        }
        .into_any()
    }))
}

fn many_list(context: &PageContext, many: &[Many]) -> AnyView {
    let lang = context.lang;
    if many.is_empty() {
        return view! { <p class="muted">{lang.t("relations.matters.none")}</p> }.into_any();
    }
    let items: Vec<_> = many
        .iter()
        .map(|row| {
            let people = row.signers + i64::from(!row.has_sender_left);
            let href = context.href(&format!("/can-bo/don/{}", row.case.id));
            let words = lang.n("relations.people_one", "relations.people_many", people);
            view! {
                <li>
                    <a href=href>{super::beside_view::title(lang, &row.title)}</a>
                    <small class="row"><span class="num">{format!("{words} · {}", lang.t(row.case.kind.key()))}</span>{clock_badge(lang, context.directory.calendar(), context.today, &row.case)}</small>
                </li>
            }
        })
        .collect();
    view! { <ul class="related">{items}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Trap 20, for a whole authority.
    #[test]
    fn trap_20_an_authority_counts_petitions_matters_and_people_apart() {
        let sums = Sums { cases: 10, same_petition: 2, same_matter: 1, parts: 1, signers: 12 };
        assert_eq!(figures(sums), Figures { petitions: 9, matters: 7, people: 19 });
    }
}
