//! Taking part in a dialogue conference: registering without an account, seats and the wait list, coming.
//!
//! ```text
//! rules          seats, who moves up, needs (pure; the states of a registration stand there)
//! actions        registering, giving back, moving up, the settings of the hall
//! door           counting who comes; a press counts once however often it is sent
//! notices        mails to those who registered, and the public page following in a moment
//! public         figures and the way in, on the public page of a dialogue
//! pages, forms   /doi-thoai/{number}/dang-ky: the form; on the device that registered the receipt
//! place          /doi-thoai/dang-ky: what a code shows, changes, gives back
//! settings       the part of the officials' page of a dialogue
//! desk_pages     /can-bo/doi-thoai/{dialogue}/dang-ky…: the list, somebody without a phone, the printed slip; desk_forms what is sent there
//! door_pages     /can-bo/doi-thoai/{dialogue}/vao-cua: the list at the door; /can-bo/doi-thoai/quet: a code
//! islands        what the door's phone keeps until it is sent; a scanned code opening its page
//! ```
//!
//! Who registered is read by the officials of that authority only; the public sees sums. Names and contacts are deleted ninety days after.
//! The QR code holds an address of the door with the code behind `#`: whoever is signed in comes to the registration, everybody else is
//! sent on to their own page, and no server ever logs the code.

pub mod actions;
mod desk_forms;
mod desk_pages;
pub mod door;
mod door_pages;
mod forms;
pub mod islands;
pub mod notices;
mod pages;
mod place;
pub mod public;
pub mod rules;
pub mod settings;
pub mod store;

pub use forms::TRIED_MAX;
pub use place::enter_by_code;

use crate::db::Tx;
use crate::dialogues::rules::Dialogue;
use crate::error::Result;
use crate::form::FormState;
use crate::portal::Portal;
use crate::routes::{Audience, Routes};
use crate::words::Lang;
use chrono::Days;
use leptos::prelude::*;

/// Where a code shows its registration.
pub const MINE: &str = "/doi-thoai/dang-ky";
/// Where a code shows its registration to an official.
const SCAN: &str = "/can-bo/doi-thoai/quet";
/// Days after a dialogue for which names and contacts are kept.
pub const KEPT_DAYS: u64 = 90;

/// Forgets who registered for dialogues of long ago.
///
/// # Errors
/// A database that fails.
pub async fn forget_old(tx: &mut Tx, portal: &Portal) -> Result<()> {
    store::registrations::forget_before(tx, crate::clock::day(portal.now()) - Days::new(KEPT_DAYS)).await
}

/// The field with the number of people counted at the door.
const COUNTED: &str = "counted";

/// Puts how many were counted at the door into the form by which a dialogue is recorded as held.
///
/// # Errors
/// A database that fails.
pub(super) async fn propose(tx: &mut Tx, form: &mut FormState, dialogue: &Dialogue) -> Result<()> {
    let people = door::Came::of(tx, &dialogue.id).await?.people();
    if people > 0 {
        form.set("people", people.to_string());
        form.set(COUNTED, people.to_string());
    }
    Ok(())
}

/// Says in that form where the number comes from.
pub(super) fn proposed(lang: Lang, form: &FormState) -> AnyView {
    let counted = form.value(COUNTED).to_owned();
    if counted.is_empty() {
        return ().into_any();
    }
    view! { <input type="hidden" name=COUNTED value=counted.clone() /><p class="small muted">{lang.f("attendance.proposed", &[("n", &counted)])}</p> }
        .into_any()
}

/// The routes of this folder.
pub(super) fn routes() -> Routes {
    Routes::new()
        .get("/doi-thoai/{number}/dang-ky", Audience::Anybody, pages::show)
        .post("/doi-thoai/{number}/dang-ky", Audience::Anybody, forms::register)
        .get(MINE, Audience::Anybody, place::ask)
        .post(MINE, Audience::Anybody, place::look_or_change)
        .get(SCAN, Audience::Anybody, door_pages::scan)
        .post(SCAN, Audience::Officials, door_pages::scanned)
        .post("/can-bo/doi-thoai/{dialogue}/cho-ngoi", Audience::Officials, settings::set)
        .get("/can-bo/doi-thoai/{dialogue}/dang-ky", Audience::Officials, desk_pages::list)
        .post("/can-bo/doi-thoai/{dialogue}/dang-ky", Audience::Officials, desk_forms::act)
        .get("/can-bo/doi-thoai/{dialogue}/dang-ky-ho", Audience::Officials, desk_pages::new)
        .post("/can-bo/doi-thoai/{dialogue}/dang-ky-ho", Audience::Officials, desk_forms::register_for)
        .get("/can-bo/doi-thoai/{dialogue}/vao-cua", Audience::Officials, door_pages::list)
        .post("/can-bo/doi-thoai/{dialogue}/vao-cua", Audience::Officials, door_pages::count)
        .get("/can-bo/doi-thoai/{dialogue}/vao-cua/{number}", Audience::Officials, door_pages::one)
}
