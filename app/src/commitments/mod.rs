//! Commitments (lời hứa): what was promised to the people in public, by which day, and whether it was done.
//!
//! A commitment is made at a dialogue, at a reception or in the answer to a petition; all of them are the same thing here. It has one
//! owner, a day that can be moved only with a reason and never forgets the one before, and evidence. The people concerned confirm or
//! contradict it; anybody can follow it by mail.
//!
//! ```text
//! made ─publish→ (public) ─move→ … ─done→ done ─┐       late: open, and the day promised now is over. Stored nowhere.
//!   │                      └─drop→ dropped ─────┴─reopen→ open
//!   └ nobody outside sees it before
//! ```
//!
//! # For dialogues and receptions
//!
//! In the transaction of the step that writes the promise down (the caller commits):
//!
//! ```ignore
//! let commitment = commitments::actions::make(&mut act, &NewCommitment {
//!     id: once,                                   // from the form: sent twice, it is one commitment
//!     origin: OriginKind::Dialogue,
//!     origin_id: dialogue.id.clone(),
//!     text, owner_id, co_owner_ids,               // ids of agencies or units
//!     head: Head { body_id, post, name, account_id }, // as it stood that day; name and account_id may be empty
//!     made_on, day,
//! }).await?;
//! ```
//!
//! Whoever makes it must hold a role other than administrator at `head.body_id`. It is invisible to the public until, with the outcome,
//!
//! ```ignore
//! commitments::actions::publish_all(&mut act, OriginKind::Dialogue, &dialogue.id, &title, "/doi-thoai/12").await?;
//! ```
//!
//! which gives each a number and thereby an address ([`rules::Commitment::path`]); one made after that is published by
//! [`actions::publish`]. [`actions::hide_all`] takes them back. A page that lists the commitments of a place reads them with
//! [`of_origin`] and shows each with [`view::article`].
//!
//! # For cases
//!
//! `petitions::actions::record` tells [`cases::follow`] of every event: what was promised in an answer is here as long as the case is
//! in the public register, and follows the case's own record. It is never changed here.
//!
//! ```text
//! rules    what may happen (pure)            standing   what has become of it, figures (pure)
//! store    SQL: record, lists, evidence …    actions    everything that changes one
//! filters  a list's address                  listing    a page of a list           view    how one looks in it
//! pages    the public list, who keeps words  one_page   one of them                feed    the same for machines
//! voices   the people concerned, voice_pages device     one voice for each
//! following  told by mail, follow_pages      late       tells that a day has passed
//! cases    follows what answers promise      desk_pages, desk_steps, desk_forms, evidence_form  the officials' side
//! ```

pub mod actions;
pub mod cases;
mod desk_forms;
pub mod desk_pages;
mod desk_steps;
mod device;
mod evidence_form;
mod feed;
mod filters;
mod follow_pages;
pub mod following;
pub mod late;
mod listing;
mod one_page;
pub mod pages;
pub mod rules;
pub mod standing;
mod store;
pub mod view;
mod voice_pages;
pub mod voices;

use crate::db::Tx;
use crate::error::Result;
use crate::routes::{Audience, Routes};
use axum::extract::DefaultBodyLimit;
use axum::handler::Handler;
use rules::{Commitment, OriginKind};

/// The path of the public pages.
pub const PATH: &str = "/loi-hua";

/// The commitments made at one place, in the order they were made; those that are not public too.
pub async fn of_origin(tx: &mut Tx, origin: OriginKind, origin_id: &str) -> Result<Vec<Commitment>> {
    store::of_origin(tx, origin, origin_id, actions::OF_ORIGIN_MAX).await
}

/// The entries of a commitment's record, oldest first.
pub async fn record(tx: &mut Tx, id: &str) -> Result<Vec<store::Entry>> {
    store::record(tx, id).await
}

/// A commitment by its id, public or not.
pub async fn by_id(tx: &mut Tx, id: &str) -> Result<Option<Commitment>> {
    store::by_id(tx, id).await
}

/// What the people concerned say of a commitment, exact to the moment.
pub async fn sums(tx: &mut Tx, id: &str) -> Result<store::voices::Sums> {
    store::voices::sums(tx, id).await
}

/// How many open commitments of an authority are late, and how many are due within a week; for the leader's page.
pub async fn late_and_soon(tx: &mut Tx, body_id: &str, today: chrono::NaiveDate) -> Result<(i64, i64)> {
    desk_pages::late_and_soon(tx, body_id, today).await
}

/// The routes of this folder.
pub fn routes() -> Routes {
    let routes = Routes::new()
        .page(PATH, pages::list)
        .page(pages::KEEPING, pages::keeping)
        .page("/loi-hua.atom", feed::atom)
        .page("/loi-hua/{number}", one_page::one)
        // Not kept among the pages in memory: bytes of photos would drive all pages out.
        .get("/loi-hua/{number}/anh/{paper}", Audience::Public, one_page::paper)
        .get("/loi-hua/{number}/y-kien", Audience::Anybody, voice_pages::show)
        .post("/loi-hua/{number}/y-kien", Audience::Anybody, voice_pages::send)
        .get(following::PATH, Audience::Anybody, follow_pages::show)
        .post(following::PATH, Audience::Anybody, follow_pages::ask)
        .get("/theo-doi-loi-hua/da-gui", Audience::Anybody, follow_pages::sent)
        .get("/theo-doi-loi-hua/{code}", Audience::Anybody, follow_pages::link)
        .post("/theo-doi-loi-hua/{code}", Audience::Anybody, follow_pages::press)
        .get(desk_pages::PATH, Audience::Officials, desk_pages::list)
        .get("/can-bo/loi-hua/{id}", Audience::Officials, desk_pages::one)
        .get("/can-bo/loi-hua/{id}/anh/{paper}", Audience::Officials, desk_pages::paper)
        .post("/can-bo/loi-hua/{id}/bang-chung", Audience::Officials, evidence_form::add.layer(DefaultBodyLimit::disable()))
        .post("/can-bo/loi-hua/{id}/loi-dan", Audience::Officials, desk_forms::words);
    desk_forms::STEP_PATHS.into_iter().fold(routes, |routes, (path, step)| {
        routes.post(path, Audience::Officials, move |context, session, id, sent| desk_forms::take(step, context, session, id, sent))
    })
}
