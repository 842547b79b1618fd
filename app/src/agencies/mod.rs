//! Agencies (cơ quan) and areas (địa bàn) as dated rows with succession, and the days offices are closed.
//!
//! A *body* is an authority that answers for a case (UBND xã, sở); a *unit* works within one. Nothing about levels is in the
//! code: a level is a row. The rows come from CSV files by `nghedan import` ([`import`]) and are read into a [`Directory`]
//! once, because every page names agencies and areas and they change a few times a year.

pub mod directory;
pub mod import;
mod store;

pub use directory::{Agency, Area, Directory};

use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

/// Reads agencies, areas, days off, legal periods and rules of routing as they are on `today`.
pub async fn load(tx: &mut Tx, today: NaiveDate) -> Result<Directory> {
    let agencies = store::agencies(tx).await?;
    let areas = store::areas(tx).await?;
    let successions = store::agency_successions(tx).await?;
    let holidays = crate::deadlines::store::calendar_rows(tx).await?;
    let rules = crate::deadlines::store::all(tx).await?;
    let remote = store::remote_areas(tx).await?;
    let routing = crate::routing::store::all(tx).await?;
    let directory = Directory::new(today, agencies, areas, successions, holidays).with_deadline_rules(rules);
    let escalation = crate::petitions::store::escalations::rules(tx).await?;
    let receptions = crate::receptions::read_rules(tx).await?;
    let directory = directory.with_retention_rules(crate::retention::read_rules(tx).await?);
    Ok(directory.with_remote_areas(remote).with_routing(routing).with_escalation_rules(escalation).with_reception_rules(receptions))
}

/// Fewer letters fit half of all names.
const OLD_NAME_CHARS_MIN: usize = 2;
/// A longer name is no name.
const OLD_NAME_CHARS_MAX: usize = 60;

/// Communes of before the reform whose name contains what was typed, with or without marks, and which now belong to a commune of
/// this province. At most `limit` rows.
pub async fn find_old_areas(tx: &mut Tx, province_code: &str, typed: &str, limit: i64) -> Result<Vec<directory::OldArea>> {
    let folded = crate::text::fold(typed.trim());
    if !(OLD_NAME_CHARS_MIN..=OLD_NAME_CHARS_MAX).contains(&folded.chars().count()) {
        return Ok(Vec::new());
    }
    store::old_areas(tx, province_code, &folded, limit).await
}
