//! `allowed.txt`: where a mark may stand, for whom, and why. A row is `fields | place | who | why`; fields and people may be several, apart by
//! blanks. A hit without a row fails, and so does a field or a person of a row that had no hit: the table says what is so, and no more.

use std::collections::BTreeSet;

/// A mark somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// The private field.
    pub field: &'static str,
    /// `GET /can-bo/don/{id}`, `database`.
    pub place: String,
    /// Who was answered; `-` where nobody asked.
    pub who: &'static str,
}

struct Row<'a> {
    line: usize,
    fields: Vec<&'a str>,
    place: &'a str,
    who: Vec<&'a str>,
}

fn rows(table: &str) -> Vec<Row<'_>> {
    let lines = table.lines().enumerate().filter(|(_, line)| !line.trim().is_empty() && !line.starts_with('#'));
    lines
        .map(|(at, line)| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let [fields, place, who, why] = cells[..] else { panic!("line {}: fields | place | who | why", at + 1) };
            assert!(!why.is_empty(), "line {}: nothing says why", at + 1);
            Row { line: at + 1, fields: fields.split_whitespace().collect(), place, who: who.split_whitespace().collect() }
        })
        .collect()
}

/// What is wrong, a line each: hits no row allows, and rows that allow what does not happen.
pub fn faults(table: &str, found: &BTreeSet<Hit>) -> Vec<String> {
    let rows = rows(table);
    let allows = |row: &Row<'_>, hit: &Hit| row.place == hit.place && row.fields.contains(&hit.field) && row.who.contains(&hit.who);
    let leaks = found.iter().filter(|hit| !rows.iter().any(|row| allows(row, hit)));
    let leaks = leaks.map(|hit| format!("leak: {} | {} | {} | ", hit.field, hit.place, hit.who));
    let unused = rows.iter().flat_map(|row| {
        let here: Vec<&Hit> = found.iter().filter(|hit| allows(row, hit)).collect();
        let fields = row.fields.iter().filter(|field| !here.iter().any(|hit| hit.field == **field));
        let people = row.who.iter().filter(|who| !here.iter().any(|hit| hit.who == **who));
        fields.chain(people).map(|name| format!("not needed: {name} in line {} of allowed.txt ({})", row.line, row.place)).collect::<Vec<_>>()
    });
    leaks.chain(unused).collect()
}

#[test]
fn a_hit_needs_a_row_and_a_row_needs_hits() {
    let found = BTreeSet::from([Hit { field: "report.name", place: "GET /gui".into(), who: "reporter" }]);
    assert!(faults("# a remark\n\nreport.name | GET /gui | reporter | own draft\n", &found).is_empty());
    assert_eq!(faults("", &found), ["leak: report.name | GET /gui | reporter | "]);
    let wide = faults("report.name report.phone | GET /gui | reporter visitor | own draft", &found);
    assert_eq!(wide.len(), 2, "{wide:?}");
}
