//! What a request needs from the running portal: database, clock, chance, files, settings. One value, cheap to clone.

use crate::accounts::second::rules::Policy;
use crate::agencies::Directory;
use crate::broadcast::Rooms;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Result;
use crate::id::Random;
use crate::papers::files::Files;
use crate::petitions::recognition as marks;
use crate::publishing::cache::PageCache;
use crate::record::rules::SealKey;
use crate::relations::typing::TypingLimit;
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Settings that pages and actions need; the server reads them from flags and environment.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address people reach the portal under, without a slash at the end: for links in mails and QR codes.
    pub public_url: String,
    /// Code of the province the portal serves.
    pub province_code: String,
    /// Whether cookies go over https only.
    pub secure_cookies: bool,
    /// Whether the data are invented: the pages say so.
    pub is_demo: bool,
    /// Whether officials must have a second factor or may.
    pub second_factor: Policy,
}

/// Names of the built files: logical name to name with a content hash.
#[derive(Clone, Debug, Default)]
pub struct Assets(pub HashMap<String, String>);

impl Assets {
    /// The address of a built file.
    pub fn href(&self, name: &str) -> String {
        format!("/assets/{}", self.0.get(name).map_or(name, String::as_str))
    }

    /// Whether the build has that file.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }
}

/// The running portal.
#[derive(Clone, Debug)]
pub struct Portal(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    db: Db,
    clock: Clock,
    random: Random,
    files: Files,
    settings: Settings,
    assets: Assets,
    marks_key: marks::Key,
    seal_key: SealKey,
    typing: TypingLimit,
    cache: PageCache,
    rooms: Rooms,
    directory: RwLock<Arc<Directory>>,
}

/// The parts a portal is made of.
#[derive(Debug)]
pub struct Parts {
    /// Where everything is kept.
    pub db: Db,
    /// What time it is.
    pub clock: Clock,
    /// Chance.
    pub random: Random,
    /// Photos and papers.
    pub files: Files,
    /// Settings.
    pub settings: Settings,
    /// Built files.
    pub assets: Assets,
    /// The key by which senders are recognised again; kept outside the database.
    pub marks_key: marks::Key,
}

impl Portal {
    /// Puts the parts together and reads the directory.
    pub async fn open(parts: Parts) -> Result<Self> {
        let Parts { db, clock, random, files, settings, assets, marks_key } = parts;
        let portal = Self(Arc::new(Inner {
            db,
            clock,
            random,
            files,
            settings,
            assets,
            seal_key: SealKey::of(&marks_key),
            marks_key,
            typing: TypingLimit::default(),
            cache: PageCache::default(),
            rooms: Rooms::default(),
            directory: RwLock::new(Arc::new(Directory::default())),
        }));
        portal.reload_directory().await?;
        Ok(portal)
    }

    /// Reads agencies, areas and days off anew: after an import, and when a new day begins.
    pub async fn reload_directory(&self) -> Result<()> {
        let mut tx = self.db().read().await?;
        let directory = Arc::new(crate::agencies::load(&mut tx, crate::clock::day(self.now())).await?);
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory;
        self.0.cache.clear();
        Ok(())
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.db
    }

    /// The time.
    pub fn now(&self) -> DateTime<Utc> {
        self.0.clock.now()
    }

    /// The clock itself, for those who keep it.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Chance.
    pub fn random(&self) -> &Random {
        &self.0.random
    }

    /// A new id.
    pub fn new_id(&self) -> String {
        self.0.random.id(self.now())
    }

    /// Photos and papers.
    pub fn files(&self) -> &Files {
        &self.0.files
    }

    /// Settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Built files.
    pub fn assets(&self) -> &Assets {
        &self.0.assets
    }

    /// The key by which senders are recognised again.
    pub fn marks_key(&self) -> &marks::Key {
        &self.0.marks_key
    }

    /// The key of the record's seals; from the same file, for a purpose of its own.
    pub fn seal_key(&self) -> &SealKey {
        &self.0.seal_key
    }

    /// How often addresses asked for similar cases while typing.
    pub fn typing(&self) -> &TypingLimit {
        &self.0.typing
    }

    /// Public pages in memory.
    pub fn cache(&self) -> &PageCache {
        &self.0.cache
    }

    /// What is looked at while it changes.
    pub fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    /// Agencies, areas, working days.
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
