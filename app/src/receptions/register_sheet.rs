//! The register as a spreadsheet: the thirteen columns of form 03/TCD, every cell a text, so that leading zeros stay and nothing a
//! citizen wrote is ever a formula. The layout of the form's page: A4 across, the head on every sheet of paper.

use crate::error::{AppError, Result};
use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook};

/// Columns of the form.
pub const COLUMNS: usize = 13;
/// Widths of the columns, in characters.
const WIDTHS: [f64; COLUMNS] = [6.0, 11.0, 26.0, 15.0, 40.0, 13.0, 10.0, 18.0, 9.0, 18.0, 20.0, 22.0, 16.0];
/// Height of a line of text and of what is around it, in points.
const LINE_POINTS: f64 = 16.0;
const AROUND_POINTS: f64 = 4.0;
/// The highest row a spreadsheet takes, in points.
const ROW_POINTS_MAX: f64 = 409.0;
/// Row of the columns' names; those above are the head.
const HEAD_ROW: u32 = 4;

/// What stands above the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The authority.
    pub agency: String,
    /// "SỔ TIẾP CÔNG DÂN".
    pub title: String,
    /// The year, in words.
    pub year: String,
    /// Name of the sheet.
    pub sheet: String,
}

/// The file.
///
/// # Errors
/// A text longer than a cell takes, which the forms do not let in.
pub fn xlsx(head: &Head, columns: &[String; COLUMNS], rows: &[[String; COLUMNS]]) -> Result<Vec<u8>> {
    write(head, columns, rows).map_err(AppError::internal)
}

/// The height a row needs for its longest cell. Written down, because LibreOffice does not make rows higher that say nothing of it.
fn height(row: &[String; COLUMNS]) -> f64 {
    let lines = |text: &str, width: f64| {
        let of_paragraph = |paragraph: &str| (f64::from(u32::try_from(paragraph.chars().count()).unwrap_or(u32::MAX)) / width).ceil().max(1.0);
        text.split('\n').map(of_paragraph).sum::<f64>()
    };
    let most = row.iter().zip(WIDTHS).map(|(text, width)| lines(text, width)).fold(1.0, f64::max);
    (most * LINE_POINTS + AROUND_POINTS).min(ROW_POINTS_MAX)
}

fn write(head: &Head, columns: &[String; COLUMNS], rows: &[[String; COLUMNS]]) -> std::result::Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let base = || Format::new().set_font_name("Times New Roman").set_font_size(12);
    let cell = base().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top).set_border(FormatBorder::Thin);
    let centre = cell.clone().set_align(FormatAlign::Center);
    let name = base().set_bold().set_text_wrap().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter).set_border(FormatBorder::Thin);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(&head.sheet)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0).set_repeat_rows(HEAD_ROW, HEAD_ROW + 1)?;
    sheet.write_string_with_format(0, 0, &head.agency, &base().set_bold())?;
    let last = u16::try_from(COLUMNS - 1).unwrap_or(0);
    sheet.merge_range(1, 0, 1, last, &head.title, &base().set_font_size(16).set_bold().set_align(FormatAlign::Center))?;
    sheet.merge_range(2, 0, 2, last, &head.year, &base().set_italic().set_align(FormatAlign::Center))?;
    for (column, (title, width)) in (0_u16..).zip(columns.iter().zip(WIDTHS)) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(HEAD_ROW, column, title, &name)?;
        sheet.write_string_with_format(HEAD_ROW + 1, column, format!("({})", column + 1), &name)?;
    }
    sheet.set_row_height(HEAD_ROW, height(columns))?;
    for (line, row) in (HEAD_ROW + 2..).zip(rows) {
        sheet.set_row_height(line, height(row))?;
        for (column, text) in (0_u16..).zip(row) {
            sheet.write_string_with_format(line, column, text, if matches!(column, 0 | 1 | 6 | 8) { &centre } else { &cell })?;
        }
    }
    sheet.set_freeze_panes(HEAD_ROW + 2, 0)?;
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    /// In LibreOffice long contents lay over the rows below them.
    #[test]
    fn a_row_is_as_high_as_its_longest_cell() {
        let mut row: [String; COLUMNS] = std::array::from_fn(|_| "x".to_owned());
        assert_eq!(height(&row), 20.0);
        // Forty characters fit into a line of the fifth column.
        row[4] = "a".repeat(81);
        assert_eq!(height(&row), 52.0);
        "một\nhai\nba\nbốn".clone_into(&mut row[12]);
        assert_eq!(height(&row), 68.0);
        row[4] = "a".repeat(10_000);
        assert_eq!(height(&row), ROW_POINTS_MAX);
    }

    /// Trap 40: leading zeros stay, and what begins like a formula is a text.
    #[test]
    fn trap_40_every_cell_is_a_text() {
        let head = Head { agency: "UBND xã Phủ Thông".into(), title: "SỔ TIẾP CÔNG DÂN".into(), year: "Năm 2026".into(), sheet: "So".into() };
        let mut row: [String; COLUMNS] = std::array::from_fn(|column| format!("{:02}", column + 1));
        "001085000123".clone_into(&mut row[3]);
        "=HYPERLINK(\"http://evil.example\")".clone_into(&mut row[4]);
        let bytes = xlsx(&head, &std::array::from_fn(|column| format!("Cột {}", column + 1)), &[row]).expect("a file");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a container");
        let mut read = |name: &str| {
            let mut text = String::new();
            archive.by_name(name).expect(name).read_to_string(&mut text).expect("a text");
            text
        };
        let (sheet, strings) = (read("xl/worksheets/sheet1.xml"), read("xl/sharedStrings.xml"));
        assert!(!sheet.contains("<f>"), "no formula");
        assert!(strings.contains("<t>001085000123</t>") && strings.contains("=HYPERLINK("), "{strings}");
        let cells = sheet.matches("<c ").count();
        let texts = sheet.matches("t=\"s\"").count();
        let blanks = 2 * (COLUMNS - 1);
        assert_eq!(cells, texts + blanks, "all but the blank parts of the two merged lines are texts: {sheet}");
    }
}
