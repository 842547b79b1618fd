//! Invented cases of a whole province, for trying the portal and for measuring it (`nghedan demo`).
//!
//! The same seed, size and day give the same rows, on every machine. All texts are from `data/demo/`; no person, petition or
//! answer is real, and names and numbers are put together by chance. Every case is made by the real rules from real events, so
//! its history replays to its state, and whatever holds for the portal's own rows holds for these: figures equal recounts, a
//! denunciation is in no public table, the drafter and the second person differ.
//!
//! A case is drawn three times: its plan (what happens when: [`plan`]), its number in the public register (all plans sorted by
//! release: [`build::Builder::new`]), and its words ([`build::Builder::portion`]). Each draw has its own stream of chance, so
//! the second pass meets the same plan again without keeping a million of them.

mod attendance;
mod build;
mod coordination;
mod days;
pub mod dialogues;
mod dice;
mod index;
mod law;
pub mod letters;
mod marks;
mod plan;
pub mod promises;
pub mod questions;
pub mod receptions;
mod store;
mod telling;
mod texts;
pub mod together;
mod world;

use crate::agencies::Directory;
use crate::db::Db;
use crate::error::{AppError, Result};
use crate::id::Random;
use crate::permissions::Role;
use crate::petitions::code::CaseCode;
use crate::portal::Portal;
use build::Builder;
use chrono::NaiveDate;
use std::sync::Arc;
use world::World;

/// Cases in one transaction.
const PORTION_CASES: u64 = 2_000;
/// More would not fit the public numbers.
const CASES_MAX: u64 = 20_000_000;

/// The password of every account of a demo. Printed, and refused by nothing: demo data belong on no public server.
pub const PASSWORD: &str = "nghe dan 2026";

/// The token behind the code that is printed for trying.
const CODE_TOKEN: &str = "nghe dan demo";

/// Authorities whose people can sign in: code, what their logins end with, name.
const SIGN_INS: [(&str, &str, &str); 6] = [
    ("19.01969.UB", "phuthong", "UBND xã Phủ Thông"),
    ("19.UB", "tinh", "UBND tỉnh Thái Nguyên"),
    ("19.SXD", "soxaydung", "Sở Xây dựng"),
    ("19.05443.UB", "phandinhphung", "UBND phường Phan Đình Phùng"),
    ("19.01843.UB", "backan", "UBND phường Bắc Kạn"),
    ("19.02020.UB", "chodon", "UBND xã Chợ Đồn"),
];

/// What kind of demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Another seed, other cases.
    pub seed: u64,
    /// How many.
    pub cases: u64,
    /// Everything has happened before this day begins.
    pub today: NaiveDate,
}

/// What was made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Cases.
    pub cases: u64,
    /// Of them such that still wait for an answer.
    pub open: u64,
    /// Of them in the public register.
    pub released: u64,
    /// Accounts, most of them without a sign-in.
    pub accounts: u64,
}

/// A sign-in to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// What to type.
    pub login: String,
    /// What to type below.
    pub password: &'static str,
    /// What the account may do.
    pub role: Role,
    /// Name of the authority.
    pub agency: &'static str,
}

/// The sign-ins of a demo, the first authority's first.
pub fn sign_ins() -> Vec<SignIn> {
    let of = |(_, slug, agency): (&str, &str, &'static str)| {
        Role::ALL.map(|role| SignIn { login: format!("{}.{slug}", world::login_word(role)), password: PASSWORD, role, agency })
    };
    SIGN_INS.into_iter().flat_map(of).collect()
}

/// A sign-in of the demo that opens an account of this portal: everybody knows its password.
///
/// # Errors
/// A database that fails.
pub async fn open_sign_in(portal: &Portal) -> Result<Option<String>> {
    for sign_in in sign_ins() {
        let found = crate::accounts::store::credentials(&mut portal.db().look().await?, &sign_in.login).await?;
        let Some(credentials) = found else { continue };
        if crate::accounts::password::fits(crate::accounts::password::normal(PASSWORD), Some(credentials.password_hash)).await? {
            return Ok(Some(sign_in.login));
        }
    }
    Ok(None)
}

/// A code to try: that of a recent case with an answer that waits for a rating.
pub fn citizen_code() -> CaseCode {
    CaseCode::of_token(CODE_TOKEN)
}

/// Whether a database has no case yet, so that a demo may be put into it.
pub async fn is_empty(db: &Db) -> Result<bool> {
    Ok(!store::has_cases(&mut db.read().await?).await?)
}

/// Fills a database that has the directory but no cases.
///
/// # Errors
/// [`AppError::Config`] if there are cases already, the demo province's agencies are missing, or so many are not possible.
pub async fn fill(db: &Db, directory: &Directory, options: Options) -> Result<Report> {
    if options.cases > CASES_MAX {
        return Err(AppError::config(format!("a demo has at most {CASES_MAX} cases")));
    }
    let world = Arc::new(World::new(directory, options)?);
    let shared = Arc::new(directory.clone());
    // The salt follows the seed as well: the same demo twice is the same to the last byte.
    let password_hash = crate::accounts::password::hash(&Random::seeded(options.seed), PASSWORD.to_owned()).await?;
    let mut tx = db.write().await?;
    if store::has_cases(&mut tx).await? {
        return Err(AppError::config("the database has cases already: a demo needs an empty one"));
    }
    store::insert_accounts(&mut tx, &world.accounts, &password_hash).await?;
    if let Some(since) = world.accounts.first().map(|account| account.since) {
        store::insert_desk_words(&mut tx, marks::tags(&world, since), marks::canned(&world, since)).await?;
    }
    store::prepare(&mut tx).await?;
    tx.commit().await?;

    let mut report = Report { accounts: world.accounts.len() as u64, ..Report::default() };
    let (of_world, key) = (Arc::clone(&world), db.record_key().clone());
    let mut builder = tokio::task::spawn_blocking(move || Builder::new(of_world, shared, key)).await.map_err(AppError::internal)?;
    // One portion is made while the one before is written.
    let mut waiting = None;
    for from in (0..options.cases).step_by(usize::try_from(PORTION_CASES).unwrap_or(usize::MAX)) {
        let to = (from + PORTION_CASES).min(options.cases);
        let made = tokio::task::spawn_blocking(move || {
            let batch = builder.portion(from, to);
            (builder, batch)
        });
        write(db, waiting.take(), &mut report).await?;
        let (back, batch) = made.await.map_err(AppError::internal)?;
        builder = back;
        waiting = Some(batch?);
    }
    write(db, waiting, &mut report).await?;
    let mut tx = db.write().await?;
    store::settle(&mut tx).await?;
    tx.commit().await?;
    Ok(report)
}

async fn write(db: &Db, batch: Option<store::Batch>, report: &mut Report) -> Result<()> {
    let Some(batch) = batch else { return Ok(()) };
    report.cases += batch.cases.len() as u64;
    report.open += batch.cases.iter().filter(|case| case.is_open).count() as u64;
    report.released += batch.public_cases.len() as u64;
    let mut tx = db.write().await?;
    store::write(&mut tx, batch).await?;
    store::set_counters(&mut tx).await?;
    tx.commit().await
}
