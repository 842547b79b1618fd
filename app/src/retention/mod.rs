//! What is kept how long, and one's own data.
//!
//! ```text
//! what       everything the portal keeps, by the codes of the table: where it lies, from when it counts, who deletes it (pure)
//! rules      the table's rows, what a plan reaches, what may be corrected at once, why a deletion is refused (pure)
//! import     data/retention_rules.csv
//! plans      counting, making, letting out, working through (actions);  plan_pages, plan_forms  /can-bo/luu-giu
//! holds      legal holds (actions);  hold_pages  /can-bo/don/{id}/giu-lai
//! requests   correcting and deleting one's own data (actions);  own_pages, own_forms  /tra-cuu/du-lieu;  desk_pages, desk_forms  /can-bo/du-lieu
//! export     everything held about somebody, as a ZIP
//! codes      the same for bookings, registrations and questions, which are shown by their codes alone
//! panel      lines of other pages: the case at the desk, the leader's page, /rieng-tu
//! ```
//!
//! Deleting takes rows of every folder, so its statements stand together ([`store`]). The record holds no personal data: it is never
//! touched, and `nghedan audit verify` finds nothing afterwards. Sums are kept by the day they were made and stay right.
//!
//! A citizen's code opens their case, not yet who they are: a lost code must not name a denouncer. Taking away or changing one's data asks
//! for something only the person knows ([`rules::proves`]).

mod codes;
mod desk_forms;
mod desk_pages;
mod export;
mod hold_pages;
pub mod holds;
pub mod import;
mod own_forms;
mod own_pages;
mod panel;
mod plan_forms;
mod plan_pages;
pub mod plans;
pub mod requests;
pub mod rules;
mod store;
pub mod what;

pub use codes::section as code_section;
pub use panel::{Standing, case_panel, citizen_lines, how_long, kept_list, lead_line, standing, waiting};

use crate::db::Tx;
use crate::error::Result;
use crate::routes::{Audience, Routes};

/// Where one's own data are.
pub const OWN: &str = "/tra-cuu/du-lieu";
/// Where requests wait for officials.
pub const REQUESTS: &str = "/can-bo/du-lieu";
/// Where plans of deletion are.
pub const PLANS: &str = "/can-bo/luu-giu";

/// The routes of this folder.
pub fn routes() -> Routes {
    Routes::new()
        .get(OWN, Audience::CodeHolder, own_pages::show)
        .post("/tra-cuu/du-lieu/tai", Audience::CodeHolder, own_forms::take)
        .post("/tra-cuu/du-lieu/sua", Audience::CodeHolder, own_forms::correct)
        .post("/tra-cuu/du-lieu/xoa", Audience::CodeHolder, own_forms::erase)
        .post(codes::PATH, Audience::Anybody, codes::act)
        .get(REQUESTS, Audience::Officials, desk_pages::list)
        .get("/can-bo/du-lieu/{id}", Audience::Officials, desk_pages::one)
        .post("/can-bo/du-lieu/{id}", Audience::Officials, desk_forms::decide)
        .get("/can-bo/don/{id}/giu-lai", Audience::Officials, hold_pages::show)
        .post("/can-bo/don/{id}/giu-lai", Audience::Officials, hold_pages::change)
        .get(PLANS, Audience::Administrators, plan_pages::show)
        .post(PLANS, Audience::Administrators, plan_forms::act)
}

/// Brings a row of the table in.
///
/// # Errors
/// A database that fails.
pub async fn put_rule(tx: &mut Tx, rule: rules::Rule, place: i64) -> Result<()> {
    store::put_rule(tx, rule, place).await
}

/// The table.
///
/// # Errors
/// A database that fails, or a row that does not fit the program.
pub async fn read_rules(tx: &mut Tx) -> Result<Vec<rules::Rule>> {
    store::rules(tx).await
}

#[cfg(test)]
mod tests {
    use super::rules::Rule;
    use super::what::{By, What};
    use super::{how_long, import};
    use crate::agencies::import::Files;
    use crate::words::Lang;

    /// The row of the README for a row of the table.
    fn line(rule: &Rule) -> String {
        let tables: Vec<String> = rule.what.tables().iter().map(|table| format!("`{table}`")).collect();
        let by = if rule.what.by() == By::Plan { ", by a plan that was let out" } else { "" };
        format!("| {} | {} | {}{by} |", rule.words_en, tables.join(", "), how_long(Lang::En, rule))
    }

    /// The README's "What is kept" is made from the table: what it says is what the portal does.
    #[test]
    fn the_readme_says_what_the_table_says() {
        let readme = include_str!("../../../README.md");
        let rules = import::rules(&Files::built_in().retention_rules).expect("the shipped table");
        let wanted: Vec<String> = rules.iter().map(line).collect();
        let section = readme.split("## What is kept, how long").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap_or_default();
        let told: Vec<&str> = section.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| what ")).collect();
        assert_eq!(told, wanted, "the table has changed; these are the new rows of README.md:\n{}", wanted.join("\n"));
        assert_eq!(told.len(), What::ALL.len());
    }
}
