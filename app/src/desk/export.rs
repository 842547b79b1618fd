//! `GET /can-bo/danh-sach.csv`: the list one is looking at, for a spreadsheet.
//!
//! It holds what the list shows and nothing of who sent a petition; of a denunciation not even its title, because a file travels.

use super::place::Place;
use super::queue::{home_scope, list};
use super::store::queue::Row;
use crate::error::{AppError, Result};
use crate::letters::attachment;
use crate::permissions::{Action, check};
use crate::petitions::rules::Kind;
use crate::record::{self, deeds::Deed};
use crate::ui::PageContext;
use crate::ui::clock::clock_words;
use axum::extract::Query;
use axum::response::Response;
use std::collections::HashMap;

/// The address of the file, before the query string of a place.
pub const PATH: &str = "/can-bo/danh-sach.csv";
/// Cases in one file at most; a list that is longer says so in its last line.
const ROWS_MAX: usize = 2_000;
/// Tells spreadsheets that the text is UTF-8; without it Excel shows Vietnamese as gibberish.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Keys of the columns' names.
const COLUMNS: [&str; 9] = [
    "desk.export.address",
    "desk.kind.label",
    "desk.export.title",
    "day.filter.area",
    "day.filter.state",
    "desk.export.received",
    "desk.export.due",
    "desk.export.clock",
    "day.filter.handler",
];

/// The list at a place of the queue, as far as the official may see it.
pub async fn csv(context: PageContext, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let mut place = Place { cursor: None, ..Place::of(&query, home_scope(official), &context.portal) };
    let mut lines = vec![COLUMNS.map(|key| context.lang.t(key).to_owned())];
    let mut tx = context.portal.db().read().await?;
    loop {
        let page = list(&mut tx, official, &place, context.today).await?;
        lines.extend(page.rows.iter().map(|row| line(&context, row)));
        place.cursor = page.next;
        if place.cursor.is_none() {
            break;
        }
        if lines.len() > ROWS_MAX {
            let mut last: [String; COLUMNS.len()] = Default::default();
            context.lang.t("desk.export.cut").clone_into(&mut last[0]);
            lines.push(last);
            break;
        }
    }
    drop(tx);
    let deed = Deed::ListTaken { rows: i64::try_from(lines.len() - 1).unwrap_or(i64::MAX) };
    record::actions::write_alone(&context.portal, &context.actor, official.body_id().unwrap_or_default(), &deed).await?;
    attachment(file(&lines)?, "text/csv; charset=utf-8", &format!("danh-sach-don-{}.csv", context.today))
}

fn line(context: &PageContext, row: &Row) -> [String; COLUMNS.len()] {
    let (lang, case) = (context.lang, &row.case);
    let title = if case.kind == Kind::Denunciation { lang.t("desk.export.sealed").to_owned() } else { row.title.clone() };
    [
        format!("{}/can-bo/don/{}", context.portal.settings().public_url, case.id),
        lang.t(case.kind.key()).to_owned(),
        title,
        context.directory.area_name(&case.area_code).to_owned(),
        lang.t(case.state.key()).to_owned(),
        case.received_on.to_string(),
        case.last_day().map_or_else(String::new, |day| day.to_string()),
        clock_words(lang, context.directory.calendar(), context.today, case).1,
        row.handler_name.clone().unwrap_or_default(),
    ]
}

fn file(lines: &[[String; COLUMNS.len()]]) -> Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new().quote_style(csv::QuoteStyle::Always).terminator(csv::Terminator::CRLF).from_writer(BYTE_ORDER_MARK.to_vec());
    for line in lines {
        writer.write_record(line.iter().map(|text| cell(text))).map_err(AppError::internal)?;
    }
    writer.into_inner().map_err(AppError::internal)
}

/// A text as a spreadsheet must be told it. What begins like a formula would be one, so it gets a quotation mark in front, which
/// spreadsheets do not show; a number that begins with zero (a commune's code, a telephone) is said to be a text, or the zero goes.
pub(super) fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        return format!("'{text}");
    }
    if text.len() > 1 && text.starts_with('0') && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return format!("=\"{text}\"");
    }
    text.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trap_40_a_spreadsheet_keeps_zeros_and_runs_nothing() {
        let cells = ["001969", "0912345678", "=HYPERLINK(\"http://evil.example\")", "+84912345678", "-1", "@SUM(A1)", "Đường hỏng", "0", ""];
        let told = cells.map(cell);
        let expected = ["=\"001969\"", "=\"0912345678\"", "'=HYPERLINK(\"http://evil.example\")", "'+84912345678", "'-1", "'@SUM(A1)", "Đường hỏng", "0", ""];
        assert_eq!(told, expected);
        let mut line: [String; COLUMNS.len()] = Default::default();
        line[0] = "Bà nói: \"sập rồi\", chiều".to_owned();
        let written = String::from_utf8(file(&[line]).expect("a file")).expect("UTF-8");
        assert!(written.starts_with("\u{feff}\"Bà nói: \"\"sập rồi\"\", chiều\",\"\""), "{written}");
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula_of_its_own(text in "[=+@\t\r0-9a-z-]{0,12}") {
            let told = cell(&text);
            let is_text = told.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')).is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert!(is_text || !told.starts_with(['=', '+', '-', '@', '\t', '\r']), "{told}");
        }
    }
}
