//! Reading `retention_rules.csv`.

use super::rules::Rule;
use super::what::{Unit, What};
use crate::agencies::import::rows;
use crate::error::Result;

/// The rows of a CSV text. One the program would not follow is refused: the table tells everybody how long things are kept.
///
/// # Errors
/// [`crate::error::AppError::Config`] with line and what is wrong.
pub fn rules(text: &str) -> Result<Vec<Rule>> {
    let rule = |row: crate::agencies::import::Row<'_>| {
        let what = What::from_code(&row.text("code")?).ok_or_else(|| row.wrong("code", "is nothing the portal keeps"))?;
        if row.text("counted_from")? != what.counted_from().code() {
            return Err(row.wrong("counted_from", "is not from when the program counts it"));
        }
        let n = row.optional("n").map(|text| text.parse().map_err(|_| row.wrong("n", "is no whole number"))).transpose()?;
        let rule = Rule {
            what,
            valid_from: row.day("valid_from")?,
            valid_to: row.optional_day("valid_to")?,
            n,
            unit: Unit::from_code(&row.text("unit")?).ok_or_else(|| row.wrong("unit", "is none of minute, hour, day, month, year, ever"))?,
            words: row.text("what")?,
            words_en: row.text("what_en")?,
            source: row.text("source")?,
        };
        match rule.fault() {
            Some(fault) => Err(row.wrong("n", fault)),
            None => Ok(rule),
        }
    };
    rows("retention_rules.csv", text)?.into_iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agencies::import::Files;

    #[test]
    fn the_shipped_table_names_everything_once_with_its_source() {
        let rules = rules(&Files::built_in().retention_rules).expect("the shipped table");
        let named: Vec<What> = rules.iter().map(|rule| rule.what).collect();
        assert_eq!(named, What::ALL);
        assert!(rules.iter().all(|rule| !rule.source.is_empty() && rule.words != rule.words_en));
    }

    #[test]
    fn a_row_that_is_wrong_is_named_with_its_line() {
        let shipped = Files::built_in().retention_rules;
        for (from, to, told) in [
            ("askers,", "nothing,", "is nothing the portal keeps"),
            (",30,day,last_change", ",31,day,last_change", "another time"),
            (",12,month,kept", ",12,month,held", "from when the program counts"),
            (",,ever,none", ",5,year,none", "nothing in the program deletes it"),
        ] {
            let wrong = shipped.replacen(from, to, 1);
            assert_ne!(wrong, shipped);
            assert!(rules(&wrong).expect_err(told).to_string().contains(told), "{told}");
        }
    }
}
