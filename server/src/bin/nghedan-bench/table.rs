//! The table that is printed, and the few sums it needs.

use std::fmt::Write;

/// One measured figure.
#[derive(Clone, Debug)]
pub struct Row {
    /// What was measured.
    pub what: String,
    /// The portal's figure with its unit.
    pub portal: String,
    /// The reference's figure with its unit.
    pub reference: String,
    /// The portal's figure over the reference's; empty where there is no reference.
    pub ratio: String,
    /// What is asked for.
    pub goal: &'static str,
    /// Whether it is reached.
    pub is_met: bool,
}

/// The table in Markdown.
pub fn markdown(rows: &[Row]) -> String {
    let mut text = String::from("| what | portal | reference | ratio | goal | met |\n|---|---|---|---|---|---|\n");
    for row in rows {
        let met = if row.is_met { "yes" } else { "no" };
        // Writing to a String does not fail.
        writeln!(text, "| {} | {} | {} | {} | {} | {met} |", row.what, row.portal, row.reference, row.ratio, row.goal).unwrap_or_default();
    }
    text
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The value below which this share lies.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "places in a list")]
pub fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len().saturating_sub(1)) as f64 * share;
    values.get(place.ceil() as usize).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_and_the_slow_end() {
        let mut values: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!(median(&mut values), 51.0);
        assert_eq!(quantile(&mut values, 0.95), 96.0);
        assert_eq!(quantile(&mut values, 0.99), 100.0);
        assert_eq!(quantile(&mut [], 0.5), 0.0);
    }
}
