//! Official letters (văn bản): what offices send, in the form NĐ 30/2020/NĐ-CP gives them.
//!
//! ```text
//! templates  what a letter says before the case is put in: dated data, changed without a programmer (template_pages)
//! places     what of a case a letter can say, and to whom it may be said        markup   the light markup of texts
//! values     plain facts → words, made for one reader                           office   names, numbers, signatures
//! sheet      a letter as a value: all that stands on the paper                  html, pdf, docx  three ways to see it
//! actions    draft → redraft → issue, in the caller's transaction               store    SQL
//! pages      a letter on its page and as a file                                 views    lists for other pages
//! own        letters written outside a step of the law: draft → before the signer → out, or back with a reason
//! ```
//!
//! A letter is *drafted* by one person and *issued* by another. The issue gives it the next number of its authority, year and kind –
//! without gaps, because the counter is raised in the same transaction –, freezes it as JSON and keeps the hash; nothing changes
//! it afterwards. Who the sender is stays a place (`{người gửi}`) until then, so that drafting opens nobody's identity; officials
//! see issued letters with the sender masked, too, and get the whole one for a reason that enters the history.
//!
//! In a denunciation nothing that leads to the denouncer can reach the person denounced or another office: the values made for
//! such a reader do not hold it, and a template that asks for it is refused at import and when an administrator saves it.

pub mod actions;
pub mod docx;
pub mod html;
pub mod markup;
pub mod office;
pub mod own;
mod pages;
pub mod pdf;
pub mod places;
pub mod sheet;
pub mod store;
mod template_forms;
mod template_pages;
pub mod templates;
pub mod values;
pub mod views;

use crate::routes::{Audience, Routes};
pub(crate) use pages::{Format, attachment, file};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get("/can-bo/don/{id}/van-ban/{letter}", Audience::Officials, pages::for_officials)
        .post("/can-bo/don/{id}/van-ban/{letter}", Audience::Officials, pages::whole)
        .get("/tra-cuu/van-ban/{letter}", Audience::CodeHolder, pages::for_sender)
        .get(template_pages::PATH, Audience::Administrators, template_pages::list)
        .get("/can-bo/mau-van-ban/{code}", Audience::Administrators, template_pages::show)
        .post("/can-bo/mau-van-ban/{code}", Audience::Administrators, template_pages::save)
}
