//! The officials' workspace: the queue, a case, and the steps on it.
//!
//! ```text
//! place    where in the queue (address ⇄ value)          steps     which steps are open to whom, whose turn it is
//! queue    a page of cases and the counts                case      a case with everything that belongs to it
//! *_view   how it looks; public_view: for the public     commands  a step's form: read, carried out, told when done twice
//! proposal where the rules would send a case        bar_forms whom a case is about
//! hidden   what lists and counts leave out          islands   keys
//! pages    GET                                           forms     POST: 303, or the page again with 422 or 409
//!
//! filter   what narrows the queue (pure)                 filtered  which index is walked for it, and how far
//! saved_pages  filters under a name, tags                bulk      one act on many ticked cases, each on its own
//! presence who has a case open                           nudges    mentions and reminders, until they are read
//! canned, placeholders  ready-made answers               leader    what is late and with whom
//! letters  any letter that fits, outside a step          above     late steps before the head and the superior; above_pages: the
//!                                                                  superior's list of what is late below
//! coordination  who is asked for an opinion on a case     coordination_pages  what others ask of those who look
//! ```
//!
//! `law` is the same for the steps of the law: complaint, denunciation, and what follows an answer.
//!
//! Whoever may not see a case gets 404 wherever its id stands. Changes go through `petitions::actions`.

pub mod comforts;
pub mod islands;

#[cfg(feature = "ssr")]
mod above;
#[cfg(feature = "ssr")]
mod above_pages;
#[cfg(feature = "ssr")]
mod bar_forms;
#[cfg(feature = "ssr")]
mod bulk;
#[cfg(feature = "ssr")]
mod bulk_view;
#[cfg(feature = "ssr")]
mod canned;
#[cfg(feature = "ssr")]
mod canned_pages;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod case_view;
#[cfg(feature = "ssr")]
mod commands;
#[cfg(feature = "ssr")]
mod coordination;
#[cfg(feature = "ssr")]
mod coordination_pages;
#[cfg(feature = "ssr")]
mod deeds_pages;
#[cfg(feature = "ssr")]
mod export;
#[cfg(feature = "ssr")]
mod filter;
#[cfg(feature = "ssr")]
mod filter_view;
#[cfg(feature = "ssr")]
mod filtered;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod hidden;
#[cfg(feature = "ssr")]
mod law;
#[cfg(feature = "ssr")]
mod leader;
#[cfg(feature = "ssr")]
mod leader_pages;
#[cfg(feature = "ssr")]
mod letters;
#[cfg(feature = "ssr")]
mod look;
#[cfg(feature = "ssr")]
mod marks_view;
#[cfg(feature = "ssr")]
mod nudges;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod pictures;
#[cfg(feature = "ssr")]
mod place;
#[cfg(feature = "ssr")]
mod placeholders;
#[cfg(feature = "ssr")]
pub mod presence;
#[cfg(feature = "ssr")]
mod proposal;
#[cfg(feature = "ssr")]
mod public_view;
#[cfg(feature = "ssr")]
mod queue;
#[cfg(feature = "ssr")]
mod queue_view;
#[cfg(feature = "ssr")]
mod ratings_pages;
#[cfg(feature = "ssr")]
mod saved_pages;
#[cfg(feature = "ssr")]
mod side_view;
#[cfg(feature = "ssr")]
mod step_forms;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod store;
#[cfg(feature = "ssr")]
mod surroundings;
#[cfg(feature = "ssr")]
mod timeline;

#[cfg(feature = "ssr")]
use crate::routes::{Audience, Routes};
#[cfg(feature = "ssr")]
use steps::Step;

/// The routes of this folder.
#[cfg(feature = "ssr")]
pub fn routes() -> Routes {
    let pages = Routes::new()
        .get("/can-bo", Audience::Officials, pages::queue)
        .post("/can-bo/tim", Audience::Officials, pages::search)
        .merge(day_routes())
        .get("/can-bo/don/{id}", Audience::Officials, pages::case)
        .get("/can-bo/don/{id}/thu-tuc/{step}", Audience::Officials, law::pages::show)
        .post("/can-bo/don/{id}/thu-tuc/{step}", Audience::Officials, law::forms::take)
        .post("/can-bo/don/{id}/ky", Audience::Officials, law::forms::sign)
        .post("/can-bo/don/{id}/tra-du-thao", Audience::Officials, law::forms::send_back)
        .get("/can-bo/don/{id}/soan", Audience::Officials, letters::pages::choose)
        .get("/can-bo/don/{id}/soan/{code}", Audience::Officials, letters::pages::new)
        .post("/can-bo/don/{id}/soan/{code}", Audience::Officials, letters::forms::create)
        .get("/can-bo/don/{id}/du-thao/{letter}", Audience::Officials, letters::pages::draft)
        .post("/can-bo/don/{id}/du-thao/{letter}", Audience::Officials, letters::forms::change)
        .get("/can-bo/nhat-ky", Audience::Officials, deeds_pages::show)
        .get("/can-bo/cap-duoi", Audience::Officials, above_pages::show)
        .get("/can-bo/cap-duoi/{id}", Audience::Officials, above_pages::one)
        .post("/can-bo/don/{id}/bao-cao", Audience::Officials, above::send_report)
        .get("/can-bo/don/{id}/phoi-hop", Audience::Officials, coordination::show)
        .post("/can-bo/don/{id}/phoi-hop", Audience::Officials, coordination::change)
        .get("/can-bo/phoi-hop", Audience::Officials, coordination_pages::show)
        .get("/can-bo/phoi-hop/{asked}", Audience::Officials, coordination_pages::one)
        .post("/can-bo/phoi-hop/{asked}", Audience::Officials, coordination_pages::answer)
        .get("/can-bo/don/{id}/anh/{paper}", Audience::Officials, pictures::whole)
        .get("/can-bo/don/{id}/anh/{paper}/nho", Audience::Officials, pictures::thumb);
    STEP_PATHS.into_iter().fold(pages, |routes, (path, step)| {
        routes.post(path, Audience::Officials, move |context, session, id, query, sent| forms::take(step, context, session, id, query, sent))
    })
}

/// The routes of the officials' day.
#[cfg(feature = "ssr")]
fn day_routes() -> Routes {
    Routes::new()
        .get(export::PATH, Audience::Officials, export::csv)
        .post("/can-bo/hang-loat", Audience::Officials, bulk::take)
        .get("/can-bo/bo-loc", Audience::Officials, saved_pages::show)
        .post("/can-bo/bo-loc", Audience::Officials, saved_pages::save)
        .post("/can-bo/bo-loc/{id}", Audience::Officials, saved_pages::change)
        .post("/can-bo/nhan/{id}", Audience::Officials, saved_pages::change_tag)
        .get("/can-bo/cau-mau", Audience::Officials, canned_pages::show)
        .post("/can-bo/cau-mau", Audience::Officials, canned_pages::save)
        .get("/can-bo/lanh-dao", Audience::Officials, leader_pages::show)
        .get(ratings_pages::PATH, Audience::Officials, ratings_pages::show)
        .post("/can-bo/don/{id}/da-doc", Audience::Officials, nudges::read)
        .post("/can-bo/don/{id}/dang-mo", Audience::Officials, presence::renew)
        .post("/can-bo/don/{id}/roi-trang", Audience::Officials, presence::leave)
        .get("/can-bo/don/{id}/cau-mau/{mau}", Audience::Officials, canned::text)
}

/// Where the form of each step goes.
#[cfg(feature = "ssr")]
const STEP_PATHS: [(&str, Step); 19] = [
    ("/can-bo/don/{id}/nhan", Step::Receive),
    ("/can-bo/don/{id}/phan-loai", Step::Reclassify),
    ("/can-bo/don/{id}/giao", Step::Assign),
    ("/can-bo/don/{id}/hoi", Step::Ask),
    ("/can-bo/don/{id}/ghi-chu", Step::Note),
    ("/can-bo/don/{id}/tra-loi", Step::Answer),
    ("/can-bo/don/{id}/duyet", Step::Approve),
    ("/can-bo/don/{id}/tra-lai", Step::Return),
    ("/can-bo/don/{id}/cong-khai", Step::Publish),
    ("/can-bo/don/{id}/duyet-cong-khai", Step::Release),
    ("/can-bo/don/{id}/chuyen", Step::Forward),
    ("/can-bo/don/{id}/ket-thuc", Step::Close),
    ("/can-bo/don/{id}/mo-lai", Step::Reopen),
    ("/can-bo/don/{id}/thong-tin", Step::Identity),
    ("/can-bo/don/{id}/nguoi-bi-neu", Step::Bar),
    ("/can-bo/don/{id}/bo-nguoi-bi-neu", Step::Unbar),
    ("/can-bo/don/{id}/danh-dau", Step::Mark),
    ("/can-bo/don/{id}/gan-nhan", Step::Tag),
    ("/can-bo/don/{id}/don-doc", Step::Remind),
];
