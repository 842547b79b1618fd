//! The officials' workspace: the queue, a case, and the steps on it.
//!
//! ```text
//! place    where in the queue (address ⇄ value)          steps     which steps are open to whom, whose turn it is
//! queue    a page of cases and the counts                case      a case with everything that belongs to it
//! *_view   how it looks                                  commands  a step's form: read, carried out, told when done twice
//! proposal where the rules would send a case        bar_forms whom a case is about
//! hidden   what lists and counts leave out          islands   keys
//! pages    GET                                           forms     POST: 303, or the page again with 422 or 409
//! ```
//!
//! `law` is the same for the steps of the law: complaint, denunciation, and what follows an answer.
//!
//! Whoever may not see a case gets 404 wherever its id stands. Changes go through `petitions::actions`.

pub mod islands;

#[cfg(feature = "ssr")]
mod bar_forms;
#[cfg(feature = "ssr")]
mod case;
#[cfg(feature = "ssr")]
mod case_view;
#[cfg(feature = "ssr")]
mod commands;
#[cfg(feature = "ssr")]
mod forms;
#[cfg(feature = "ssr")]
mod hidden;
#[cfg(feature = "ssr")]
mod law;
#[cfg(feature = "ssr")]
mod look;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod pictures;
#[cfg(feature = "ssr")]
mod place;
#[cfg(feature = "ssr")]
mod proposal;
#[cfg(feature = "ssr")]
mod queue;
#[cfg(feature = "ssr")]
mod queue_view;
#[cfg(feature = "ssr")]
mod side_view;
#[cfg(feature = "ssr")]
mod step_forms;
#[cfg(feature = "ssr")]
mod steps;
#[cfg(feature = "ssr")]
mod store;
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
        .get("/can-bo/don/{id}", Audience::Officials, pages::case)
        .get("/can-bo/don/{id}/thu-tuc/{step}", Audience::Officials, law::pages::show)
        .post("/can-bo/don/{id}/thu-tuc/{step}", Audience::Officials, law::forms::take)
        .post("/can-bo/don/{id}/ky", Audience::Officials, law::forms::sign)
        .post("/can-bo/don/{id}/tra-du-thao", Audience::Officials, law::forms::send_back)
        .get("/can-bo/don/{id}/anh/{paper}", Audience::Officials, pictures::whole)
        .get("/can-bo/don/{id}/anh/{paper}/nho", Audience::Officials, pictures::thumb);
    STEP_PATHS.into_iter().fold(pages, |routes, (path, step)| {
        routes.post(path, Audience::Officials, move |context, session, id, query, sent| forms::take(step, context, session, id, query, sent))
    })
}

/// Where the form of each step goes.
#[cfg(feature = "ssr")]
const STEP_PATHS: [(&str, Step); 16] = [
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
];
