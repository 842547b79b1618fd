//! What a request needs from the running portal: database, clock, chance, files, settings. One value, cheap to clone.

use crate::accounts::second::rules::Policy;
use crate::agencies::Directory;
use crate::broadcast::Rooms;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::Result;
use crate::id::Random;
use crate::identity::Providers;
use crate::limits::memory::Limits;
use crate::limits::network::Cidr;
use crate::limits::work::StepKey;
use crate::outgoing::Outgoing;
use crate::papers::files::Files;
use crate::papers::scanning::Scanner;
use crate::petitions::recognition as marks;
use crate::publishing::cache::PageCache;
use crate::record::mark::Mark;
use crate::record::rules::RecordKey;
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
    /// Who else may say who somebody is.
    pub identity: Providers,
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

/// What lies outside the portal and how it is met; the server reads it from flags.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// Addresses that may do as much as they like: a load test, a monitor. Guesses at codes and passwords are counted all the same.
    pub unlimited: Arc<[Cidr]>,
    /// The virus scanner, if there is one.
    pub scanner: Option<Scanner>,
    /// The client for whatever the portal asks of other servers.
    pub outgoing: Outgoing,
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
    record_mark: Mark,
    typing: TypingLimit,
    limits: Limits,
    step_key: StepKey,
    outside: Outside,
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
    /// How far the record had come; kept outside the database.
    pub record_mark: Mark,
}

impl Portal {
    /// Puts the parts together and reads the directory.
    pub async fn open(parts: Parts) -> Result<Self> {
        Self::open_with(parts, Outside::default()).await
    }

    /// The same with a scanner, with addresses that have no limits, with private servers that may be asked.
    pub async fn open_with(parts: Parts, outside: Outside) -> Result<Self> {
        let Parts { db, clock, random, files, settings, assets, marks_key, record_mark } = parts;
        let portal = Self(Arc::new(Inner {
            db,
            clock,
            random,
            files,
            settings,
            assets,
            step_key: StepKey::of(&marks_key),
            marks_key,
            record_mark,
            typing: TypingLimit::default(),
            limits: Limits::default(),
            outside,
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

    /// The key of the record.
    pub fn record_key(&self) -> &RecordKey {
        self.db().record_key()
    }

    /// How far the record had come when this data folder last saw it.
    pub fn record_mark(&self) -> &Mark {
        &self.0.record_mark
    }

    /// How often addresses asked for similar cases while typing.
    pub fn typing(&self) -> &TypingLimit {
        &self.0.typing
    }

    /// How much comes from where.
    pub fn limits(&self) -> &Limits {
        &self.0.limits
    }

    /// The key of the steps that bursts lead to; from the same file as the key of marks, for a purpose of its own.
    pub fn step_key(&self) -> &StepKey {
        &self.0.step_key
    }

    /// Addresses that have no limits.
    pub fn unlimited(&self) -> &[Cidr] {
        &self.0.outside.unlimited
    }

    /// The virus scanner, if there is one.
    pub fn scanner(&self) -> Option<&Scanner> {
        self.0.outside.scanner.as_ref()
    }

    /// The client for requests to other servers; it refuses private addresses that the operator did not allow.
    pub fn outgoing(&self) -> &Outgoing {
        &self.0.outside.outgoing
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
