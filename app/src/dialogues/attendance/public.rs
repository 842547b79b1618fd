//! On the public page of a dialogue: how many seats, how many are taken, how many wait, and the way to register. Sums only.

use super::rules::{Seats, is_open};
use super::store::halls::{self, Hall};
use super::{MINE, rules};
use crate::db::Tx;
use crate::dialogues::public_path;
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use crate::ui::{Icon, PageContext, icon};
use leptos::prelude::*;

/// What the public page shows of a hall.
#[derive(Clone, Debug)]
pub struct Part(Option<Hall>);

impl Part {
    /// Reads it.
    ///
    /// # Errors
    /// A database that fails.
    pub async fn load(tx: &mut Tx, dialogue: &Dialogue) -> Result<Self> {
        Ok(Self(halls::of(tx, &dialogue.id).await?))
    }

    /// Shows it; nothing where nobody could register, and nothing once it is over.
    pub fn view(&self, context: &PageContext, dialogue: &Dialogue) -> AnyView {
        let Some(hall) = self.0.as_ref().filter(|hall| hall.is_open || hall.last_number > 0) else { return ().into_any() };
        if !rules::is_coming(dialogue, context.now) {
            return ().into_any();
        }
        let lang = context.lang;
        let is_open = is_open(dialogue, hall.is_open, hall.closes_at, context.now);
        let way = if is_open {
            let until = hall.closes_at.unwrap_or(dialogue.facts.begins_at);
            view! {
                <p><a class="btn btn-main" href=lang.href(&format!("{}/dang-ky", public_path(dialogue.number)))>{icon(Icon::Plus)}{lang.t("attendance.register")}</a></p>
                <p class="small muted num">{lang.f("attendance.until", &[("time", &lang.time(until))])}</p>
            }
            .into_any()
        } else {
            view! { <p class="muted">{lang.t("attendance.closed")}</p> }.into_any()
        };
        view! {
            <section class="stack" id="dang-ky">
                <h2>{lang.t("attendance.title")}</h2>
                {figures(context, hall)}
                {way}
                <p><a href=lang.href(MINE)>{lang.t("attendance.mine.link")}</a></p>
            </section>
        }
        .into_any()
    }
}

/// Seats, taken, waiting.
pub(super) fn figures(context: &PageContext, hall: &Hall) -> AnyView {
    let lang = context.lang;
    let cell = |n: i64, key: &'static str| view! { <div><b>{lang.number(n)}</b><span>{lang.t(key)}</span></div> };
    match hall.seats {
        Seats::Limited(seats) => view! {
            <div class="figures num">{cell(seats, "attendance.seats")}{cell(hall.seated, "attendance.taken")}{cell(hall.waiting, "attendance.waiting")}</div>
        }
        .into_any(),
        Seats::Unlimited => view! { <p class="num">{lang.f("attendance.unlimited.n", &[("n", &lang.number(hall.seated))])}</p> }.into_any(),
        Seats::Online => view! { <p class="num">{lang.f("attendance.online.n", &[("n", &lang.number(hall.seated))])}</p> }.into_any(),
    }
}
