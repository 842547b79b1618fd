//! SQL of this folder: the figures of the law, sessions, slots booked, the register.

pub mod bookings;
pub mod conclusions;
pub mod offices;
pub mod sessions;
pub mod visits;

use super::rules::{DaysRule, GroupRule, Per, Rules};
use crate::db::Tx;
use crate::error::{AppError, Result};
use chrono::NaiveDate;

type Row = (String, String, String, String, i64, Option<i64>, i64, String, NaiveDate, Option<NaiveDate>, String);

/// Both tables of figures.
pub async fn rules(tx: &mut Tx) -> Result<Rules> {
    let rows: Vec<Row> = tx
        .all(
            "SELECT rule, agency_kind, area_kind, per, people_from, people_to, n, days, valid_from, valid_to, source
             FROM reception_rules
             ORDER BY rule, agency_kind, area_kind, people_from, valid_from",
            (),
        )
        .await?;
    let mut rules = Rules::default();
    for (rule, agency_kind, area_kind, per, people_from, people_to, n, days, valid_from, valid_to, source) in rows {
        if rule == "representatives" {
            rules.groups.push(GroupRule { people_from, people_to, n, valid_from, valid_to, source });
        } else {
            let per = Per::from_code(&per).ok_or_else(|| AppError::internal("reception_rules: neither week nor month"))?;
            rules.days.push(DaysRule { agency_kind, area_kind, per, n, days, valid_from, valid_to, source });
        }
    }
    Ok(rules)
}

/// Writes rows, each in place of the one about the same with the same first day.
pub async fn put_rules(tx: &mut Tx, rules: Rules) -> Result<()> {
    for rule in rules.days {
        let of = (rule.agency_kind, rule.area_kind, rule.per.code(), 0, None);
        put_rule(tx, "days", of, (rule.n, rule.days, rule.valid_from, rule.valid_to, rule.source)).await?;
    }
    for rule in rules.groups {
        let of = (String::new(), String::new(), "", rule.people_from, rule.people_to);
        put_rule(tx, "representatives", of, (rule.n, String::new(), rule.valid_from, rule.valid_to, rule.source)).await?;
    }
    Ok(())
}

type About = (String, String, &'static str, i64, Option<i64>);
type Said = (i64, String, NaiveDate, Option<NaiveDate>, String);

async fn put_rule(tx: &mut Tx, rule: &'static str, about: About, said: Said) -> Result<()> {
    let ((agency_kind, area_kind, per, people_from, people_to), (n, days, valid_from, valid_to, source)) = (about, said);
    tx.exec(
        "INSERT INTO reception_rules (rule, agency_kind, area_kind, per, people_from, people_to, n, days, valid_from, valid_to, source)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (rule, agency_kind, area_kind, people_from, valid_from) DO UPDATE
         SET per = excluded.per, people_to = excluded.people_to, n = excluded.n, days = excluded.days, valid_to = excluded.valid_to, source = excluded.source",
        (rule.to_owned(), agency_kind, area_kind, per.to_owned(), people_from, people_to, n, days, valid_from, valid_to, source),
    )
    .await?;
    Ok(())
}
