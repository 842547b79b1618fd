//! Nghe Dân: everything the portal is.
//!
//! Folders are what the portal does; the loose files beside them are the shared vocabulary. The server crate only runs it.
//! A folder's files repeat the same names: `rules` (pure), `store` (SQL), `actions` (permission → rules → store), `pages` (GET),
//! `forms` (POST), `islands` (the few interactive parts). Only `islands` and pure rules are built for the browser.

#[cfg(feature = "ssr")]
pub mod accounts;
#[cfg(feature = "ssr")]
pub mod actor;
#[cfg(feature = "ssr")]
pub mod agencies;
#[cfg(feature = "ssr")]
pub mod broadcast;
#[cfg(feature = "ssr")]
pub mod citizens;
#[cfg(feature = "ssr")]
pub mod clock;
#[cfg(feature = "ssr")]
pub mod codes;
#[cfg(feature = "ssr")]
pub mod commitments;
#[cfg(feature = "ssr")]
pub mod db;
#[cfg(feature = "ssr")]
pub mod deadlines;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod desk;
#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod dialogues;
/// Of this folder the browser knows the islands only.
#[cfg(not(feature = "ssr"))]
pub mod dialogues {
    /// Taking part.
    pub mod attendance {
        pub mod islands;
    }
}
#[cfg(feature = "ssr")]
pub mod effort;
#[cfg(feature = "ssr")]
pub mod error;
pub mod filing;
pub mod following;
#[cfg(feature = "ssr")]
pub mod form;
#[cfg(feature = "ssr")]
pub mod id;
#[cfg(feature = "ssr")]
pub mod identity;
#[cfg(feature = "ssr")]
pub mod letters;
#[cfg(feature = "ssr")]
pub mod limits;
#[cfg(feature = "ssr")]
pub mod mac;
#[cfg(feature = "ssr")]
pub mod notices;
#[cfg(feature = "ssr")]
pub mod outbox;
#[cfg(feature = "ssr")]
pub mod outgoing;
#[cfg(feature = "ssr")]
pub mod papers;
#[cfg(feature = "ssr")]
pub mod periods;
#[cfg(feature = "ssr")]
pub mod permissions;
#[cfg(feature = "ssr")]
pub mod petitions;
#[cfg(feature = "ssr")]
pub mod portal;
#[cfg(feature = "ssr")]
pub mod procedures;
#[cfg(feature = "ssr")]
pub mod publishing;
#[cfg(feature = "ssr")]
pub mod receptions;
#[cfg(feature = "ssr")]
pub mod record;
#[cfg(feature = "ssr")]
pub mod redaction;
pub mod relations;
#[cfg(feature = "ssr")]
pub mod retention;
#[cfg(feature = "ssr")]
pub mod routes;
#[cfg(feature = "ssr")]
pub mod routing;
#[cfg(feature = "ssr")]
pub mod sealed;
#[cfg(feature = "ssr")]
pub mod search;
#[cfg(feature = "ssr")]
pub mod text;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod vault;
#[cfg(feature = "ssr")]
pub mod words;

/// Called by the browser once the islands' code has arrived.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    leptos::mount::hydrate_islands();
}
