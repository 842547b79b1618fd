//! What the public sees: the register of released cases, agencies and their figures, the home page — all from memory.
//!
//! Everything here reads the public tables (`public_cases`, `public_counts`, `public_search`), which hold released cases only
//! and no denunciation at all. The figures of what citizens say about answers (`rating_counts`) hold no denunciation either. The exceptions are the public entries of a released case's history, its released answer, and the number of
//! people who stand behind it.
//! No page looks at who is asking: the same bytes go to everybody.

pub mod cache;
pub mod feeds;
pub mod figures;
pub mod filters;
pub mod listing;
pub mod pages;
mod store;

use crate::routes::{Audience, Routes};

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .page("/", pages::home::home)
        .page("/cong-khai", pages::register::register)
        .page("/cong-khai/{number}", pages::case::case)
        // Not kept among the pages in memory: bytes of photos would drive all pages out.
        .get("/cong-khai/{number}/anh/{paper}", Audience::Public, pages::case::photo)
        .page("/co-quan", pages::agencies::agencies)
        .page("/co-quan/{code}", pages::agency::agency)
        .page("/danh-gia", pages::ratings::ratings)
        .page("/huong-dan", pages::guide::guide)
        .page("/rieng-tu", pages::privacy::privacy)
        .page("/robots.txt", feeds::robots)
        .page("/sitemap.xml", feeds::sitemap_index)
        .page("/sitemap-{file}", feeds::sitemap)
        .page("/cong-khai.atom", feeds::atom)
}
