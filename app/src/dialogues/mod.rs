//! Dialogue conferences (hội nghị đối thoại): heads meet the people, and what was said stays readable.
//!
//! Three things share the word and stay apart: this one; the dialogue that is a step of a complaint (`procedures`); the reception of
//! citizens. Here an authority plans its year, tells of each dialogue in time, puts it off only with a reason, records who chaired, and
//! publishes the result in time.
//!
//! ```text
//! rules       what a dialogue is, what can happen to it, and when the law says it must (pure)
//! plan        who must hold how many in a year, and who has (pure)
//! actions     permission → rules → event and row; the notice that goes out at its hour
//! desk_pages  /can-bo/doi-thoai: the year, the plan, one dialogue with everything that can be done next
//! forms       what is typed there
//! pages       /doi-thoai: coming, going on, past; one dialogue; who has met the people and who has not
//! promises    what was promised there: commitments, public with the result
//! calendar    the same for calendar programs
//! pictures    pictures and signed papers for the public page of the result
//! papers      minutes and notice of conclusion, drafted from what was recorded
//! questions   what people ask, before it and while it runs
//! live        while it runs: the stage, the hall's screen, everybody's phone
//! attendance  registering, seats and the wait list, counting at the door
//! ```
//!
//! A notice is out at least as many days before as rule D1 says, or carries its reason; the result is out by rule D2. Both are rows of
//! the table of legal periods. What was told stays: the day moves only by putting off, and every old day stays readable.

pub mod actions;
pub mod attendance;
mod calendar;
mod desk_deeds;
mod desk_pages;
mod desk_views;
mod forms;
pub mod live;
mod pages;
mod papers;
mod pictures;
pub mod plan;
mod promises;
mod proof;
pub mod questions;
pub mod rules;
pub mod store;

pub use pages::{coming_section, found_section};

use crate::db::Tx;
use crate::error::Result;
use crate::routes::{Audience, Routes};
use crate::ui::PageContext;
use chrono::Duration;

/// The public list.
pub const PATH: &str = "/doi-thoai";
/// The officials' list.
pub const DESK: &str = "/can-bo/doi-thoai";

/// Dialogues shown on other pages.
const COMING_MAX: usize = 3;
/// Read for them, those that are over or cancelled among them.
const COMING_READ: i64 = 20;
/// How long a dialogue may have gone on for.
const LONGEST: Duration = Duration::hours(24);
/// No dialogue is announced further ahead.
const AHEAD: Duration = Duration::days(3 * 366);
/// Dialogues in the map for search engines.
const MAPPED_MAX: i64 = 10_000;

/// The dialogue that goes on and the next ones, for other pages; of one authority, or of all where its id is empty.
///
/// # Errors
/// A database that fails.
pub async fn coming(tx: &mut Tx, context: &PageContext, body_id: &str) -> Result<Vec<rules::Dialogue>> {
    let narrowed = store::Narrowed { body_id: body_id.to_owned(), ..store::Narrowed::default() };
    let mut dialogues = store::from(tx, context.now - LONGEST, &narrowed, COMING_READ).await?;
    dialogues.retain(|dialogue| dialogue.state == rules::State::Announced && dialogue.facts.ends_at > context.now);
    dialogues.truncate(COMING_MAX);
    Ok(dialogues)
}

/// Announced dialogues whose topic has these words, the latest first: for the search of the register.
///
/// # Errors
/// A database that fails.
pub async fn about(tx: &mut Tx, context: &PageContext, words: &str) -> Result<Vec<rules::Dialogue>> {
    let topic = store::topic(words);
    if topic.is_empty() {
        return Ok(Vec::new());
    }
    let narrowed = store::Narrowed { topic, ..store::Narrowed::default() };
    let limit = i64::try_from(COMING_MAX).unwrap_or(i64::MAX);
    store::before(tx, context.now + AHEAD, &narrowed, limit).await
}

/// The numbers of all that were announced, the latest first.
///
/// # Errors
/// A database that fails.
pub async fn public_numbers(tx: &mut Tx) -> Result<Vec<i64>> {
    store::public_numbers(tx, MAPPED_MAX).await
}

/// The public address of a dialogue.
pub fn public_path(number: i64) -> String {
    format!("{PATH}/{number}")
}

/// The officials' address of a dialogue.
fn desk_path(id: &str) -> String {
    format!("{DESK}/{id}")
}

/// Millionths of degrees as people write them: "22.270800, 105.905100".
fn degrees(latitude: i64, longitude: i64) -> String {
    let degree = |micro: i64| format!("{}{}.{:06}", if micro < 0 { "-" } else { "" }, micro.abs() / 1_000_000, micro.abs() % 1_000_000);
    format!("{}, {}", degree(latitude), degree(longitude))
}

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .page(PATH, pages::all)
        .page("/doi-thoai/theo-co-quan", proof::proof)
        .page("/doi-thoai/lich.ics", calendar::all)
        .page("/doi-thoai/{number}", pages::one)
        .page("/doi-thoai/{number}/lich.ics", calendar::one)
        .page("/co-quan/{code}/doi-thoai.ics", calendar::of_agency)
        .get(DESK, Audience::Officials, desk_pages::show)
        .post("/can-bo/doi-thoai/ke-hoach", Audience::Officials, forms::plan)
        .get("/can-bo/doi-thoai/moi", Audience::Officials, desk_pages::new)
        .post("/can-bo/doi-thoai/moi", Audience::Officials, forms::create)
        .get("/can-bo/doi-thoai/{dialogue}", Audience::Officials, desk_pages::show_one)
        .post("/can-bo/doi-thoai/{dialogue}", Audience::Officials, forms::act)
        .post("/can-bo/doi-thoai/{dialogue}/loi-hua", Audience::Officials, promises::make)
        .get("/can-bo/doi-thoai/{dialogue}/van-ban/{file}", Audience::Officials, papers::show)
        .merge(live::routes())
        .merge(attendance::routes())
        .merge(pictures::routes())
        .merge(questions::routes())
}

#[cfg(test)]
mod tests {
    #[test]
    fn places_are_written_as_maps_take_them() {
        assert_eq!(super::degrees(22_270_800, 105_905_100), "22.270800, 105.905100");
        assert_eq!(super::degrees(-500_000, 7), "-0.500000, 0.000007");
    }
}
