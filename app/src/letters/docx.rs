//! A letter as DOCX, which offices go on editing and sign. The same letter gives the same bytes: no clock, no author.
//!
//! WordprocessingML is written by hand: five small parts, no more than Word and LibreOffice need. Head and signature are
//! tables of two columns without lines; margins, sizes and spaces are those of NĐ 30/2020/NĐ-CP, Annex I.

use super::sheet::{Block, BlockKind, COUNTRY, DRAFT, MOTTO, OPENS, RECIPIENTS, Sheet};
use super::values::Run;
use crate::error::{AppError, Result};
use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// Twentieths of a point in a millimetre.
const MM: f64 = 1440.0 / 25.4;
/// Half-points: text, head, large head, recipients.
const TEXT: u32 = 28;
const HEAD: u32 = 24;
const HEAD_LARGE: u32 = 26;
const SMALL: u32 = 22;
/// Columns of the head and of the foot, in millimetres; together 165.
const HEAD_COLUMNS: (f64, f64) = (62.0, 103.0);
const FOOT_COLUMNS: (f64, f64) = (78.0, 87.0);
/// Empty lines for signature and seal.
const SIGNATURE_LINES: usize = 4;

/// The letter as DOCX.
///
/// # Errors
/// [`AppError::Internal`] if the archive cannot be written.
pub fn docx(sheet: &Sheet) -> Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).last_modified_time(DateTime::default());
    let parts = [
        ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
        ("_rels/.rels", RELATIONS.to_owned()),
        ("docProps/core.xml", core(sheet)),
        ("word/_rels/document.xml.rels", DOCUMENT_RELATIONS.to_owned()),
        ("word/document.xml", document(sheet)),
        ("word/header1.xml", PAGE_HEADER.to_owned()),
        ("word/styles.xml", STYLES.to_owned()),
    ];
    for (name, xml) in parts {
        zip.start_file(name, options).map_err(AppError::internal)?;
        zip.write_all(xml.as_bytes()).map_err(AppError::internal)?;
    }
    Ok(zip.finish().map_err(AppError::internal)?.into_inner())
}

/// Text within XML. Signs that XML cannot carry go.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            other => escaped.push(other),
        }
    }
    escaped
}

fn twips(mm: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a few thousand")]
    let twips = (mm * MM).round() as i64;
    twips
}

/// How a paragraph stands.
#[derive(Clone, Copy)]
struct Look {
    /// `left`, `center`, `both`.
    align: &'static str,
    size: u32,
    /// First line set in, in millimetres.
    first: f64,
    /// All lines set in.
    left: f64,
    /// Space above and below, in points.
    above: u32,
    below: u32,
    /// Stays on the page of what follows.
    keep: bool,
}

const CENTRED: Look = Look { align: "center", size: TEXT, first: 0.0, left: 0.0, above: 0, below: 0, keep: false };

fn paragraph(runs: &[Run], look: Look) -> String {
    let runs: String = runs.iter().map(|run| words(run, look.size)).collect();
    let keep = if look.keep { "<w:keepNext/><w:keepLines/>" } else { "" };
    let (first, left, above, below) = (twips(look.first), twips(look.left), look.above * 20, look.below * 20);
    format!(
        r#"<w:p><w:pPr>{keep}<w:spacing w:before="{above}" w:after="{below}"/><w:ind w:left="{left}" w:firstLine="{first}"/><w:jc w:val="{}"/></w:pPr>{runs}</w:p>"#,
        look.align
    )
}

fn words(run: &Run, size: u32) -> String {
    let bold = if run.bold { "<w:b/>" } else { "" };
    let italic = if run.italic { "<w:i/>" } else { "" };
    format!(r#"<w:r><w:rPr>{bold}{italic}<w:sz w:val="{size}"/><w:szCs w:val="{size}"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>"#, escape(&run.text))
}

fn line(text: &str, is_bold: bool, is_italic: bool, look: Look) -> String {
    paragraph(&[Run { bold: is_bold, italic: is_italic, ..Run::plain(text) }], look)
}

/// A line under the words above: a small paragraph with a border, set in from both sides.
fn rule(inset_mm: f64) -> String {
    let inset = twips(inset_mm);
    format!(
        r#"<w:p><w:pPr><w:pBdr><w:top w:val="single" w:sz="6" w:space="1" w:color="auto"/></w:pBdr><w:spacing w:before="60" w:after="0" w:line="120" w:lineRule="exact"/><w:ind w:left="{inset}" w:right="{inset}"/></w:pPr></w:p>"#
    )
}

/// Two cells side by side without lines.
fn columns((left_mm, right_mm): (f64, f64), rows: &[(String, String)]) -> String {
    let (left, right) = (twips(left_mm), twips(right_mm));
    let cell = |width: i64, content: &str| format!(r#"<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>{content}</w:tc>"#);
    let rows: String = rows.iter().map(|(a, b)| format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{}{}</w:tr>", cell(left, a), cell(right, b))).collect();
    format!(
        r#"<w:tbl><w:tblPr><w:tblW w:w="{}" w:type="dxa"/><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid><w:gridCol w:w="{left}"/><w:gridCol w:w="{right}"/></w:tblGrid>{rows}</w:tbl>"#,
        left + right
    )
}

fn head(sheet: &Sheet) -> String {
    let small = Look { size: HEAD, ..CENTRED };
    let large = Look { size: HEAD_LARGE, ..CENTRED };
    let mut left = String::new();
    if sheet.is_draft {
        left.push_str(&line(DRAFT, true, false, Look { align: "left", ..small }));
    }
    if let Some(superior) = &sheet.superior {
        left.push_str(&line(superior, false, false, small));
    }
    for name in &sheet.agency {
        left.push_str(&line(name, true, false, small));
    }
    left.push_str(&rule(21.0));
    let mut right = String::new();
    if sheet.is_draft {
        right.push_str(&line("", false, false, small));
    }
    right.push_str(&line(COUNTRY, true, false, small));
    right.push_str(&line(MOTTO, true, false, large));
    right.push_str(&rule(24.5));
    let mut number = line(&sheet.number, false, false, Look { above: 4, ..large });
    if sheet.is_plain_letter() {
        number.push_str(&paragraph(&sheet.about, Look { above: 3, ..small }));
    }
    let date = line(&sheet.place_and_date, false, true, Look { above: 4, ..large });
    columns(HEAD_COLUMNS, &[(left, right), (number, date)])
}

fn bold(run: &Run) -> Run {
    Run { bold: true, ..run.clone() }
}

fn opening(sheet: &Sheet) -> String {
    let mut xml = String::new();
    for (i, runs) in sheet.opens.iter().enumerate() {
        let below = if i + 1 == sheet.opens.len() { 12 } else { 0 };
        let look = Look { align: "left", below, ..CENTRED };
        if i == 0 {
            xml.push_str(&paragraph(&[vec![Run::plain(format!("{OPENS} "))], runs.clone()].concat(), Look { left: 26.0, ..look }));
        } else {
            xml.push_str(&paragraph(runs, Look { left: 45.0, ..look }));
        }
    }
    xml
}

/// A paragraph of the text; the last one goes with the signature, which must not stand on a page alone.
fn block(block: &Block, is_last: bool) -> String {
    let text = Look { align: "both", first: 10.0, below: 6, keep: is_last, ..CENTRED };
    match block.kind {
        BlockKind::Centre => paragraph(&block.runs.iter().map(bold).collect::<Vec<_>>(), Look { below: 6, ..CENTRED }),
        BlockKind::Item => paragraph(&[vec![Run::plain("- ")], block.runs.clone()].concat(), text),
        BlockKind::Basis | BlockKind::Text => paragraph(&block.runs, text),
    }
}

fn foot(sheet: &Sheet) -> String {
    let mut left = line(RECIPIENTS, true, true, Look { align: "left", size: HEAD, ..CENTRED });
    for runs in &sheet.recipients {
        left.push_str(&paragraph(runs, Look { align: "left", size: SMALL, ..CENTRED }));
    }
    let mut right: String = sheet.signs.iter().map(|words| line(words, true, false, CENTRED)).collect();
    for _ in 0..SIGNATURE_LINES {
        right.push_str(&line("", false, false, CENTRED));
    }
    right.push_str(&line(&sheet.signer, true, false, CENTRED));
    columns(FOOT_COLUMNS, &[(left, right)])
}

fn document(sheet: &Sheet) -> String {
    let mut body = head(sheet);
    body.push_str(&line("", false, false, Look { size: SMALL, ..CENTRED }));
    if !sheet.is_plain_letter() {
        body.push_str(&line(&sheet.title, true, false, CENTRED));
        body.push_str(&paragraph(&sheet.about.iter().map(bold).collect::<Vec<_>>(), CENTRED));
        body.push_str(&rule(62.0));
        body.push_str(&line("", false, false, Look { size: SMALL, ..CENTRED }));
    }
    body.push_str(&opening(sheet));
    for (i, part) in sheet.body.iter().enumerate() {
        body.push_str(&block(part, i + 1 == sheet.body.len()));
    }
    body.push_str(&line("", false, false, Look { size: 8, keep: true, ..CENTRED }));
    body.push_str(&foot(sheet));
    let mut xml = String::from(XML);
    let (top, left, right) = (twips(20.0), twips(30.0), twips(15.0));
    // Writing into a String cannot fail.
    let written = write!(
        xml,
        r#"<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>{body}<w:sectPr><w:headerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="{top}" w:right="{right}" w:bottom="{top}" w:left="{left}" w:header="567" w:footer="567" w:gutter="0"/><w:titlePg/></w:sectPr></w:body></w:document>"#
    );
    debug_assert!(written.is_ok());
    xml
}

fn core(sheet: &Sheet) -> String {
    format!(
        r#"{XML}<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:language>vi-VN</dc:language></cp:coreProperties>"#,
        escape(&sheet.heading())
    )
}

const XML: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
const W: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const R: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const CONTENT_TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/><Override PartName="/word/header1.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties" Target="docProps/core.xml"/></Relationships>"#;
const DOCUMENT_RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/header" Target="header1.xml"/></Relationships>"#;
/// The page's number, from the second page on.
const PAGE_HEADER: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:rPr><w:sz w:val="26"/></w:rPr><w:fldChar w:fldCharType="end"/></w:r></w:p></w:hdr>"#;
const STYLES: &str = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="Times New Roman" w:cs="Times New Roman"/><w:sz w:val="28"/><w:szCs w:val="28"/><w:lang w:val="vi-VN" w:eastAsia="vi-VN" w:bidi="ar-SA"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:before="0" w:after="0" w:line="252" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style></w:styles>"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::sheet::tests::all;
    use std::io::Read;

    fn part(bytes: &[u8], name: &str) -> String {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).expect("an archive");
        let mut text = String::new();
        archive.by_name(name).expect("the part").read_to_string(&mut text).expect("text");
        text
    }

    /// Every tag that is opened is closed, in order.
    fn is_well_formed(xml: &str) -> bool {
        let mut open: Vec<&str> = Vec::new();
        for tag in xml.split('<').skip(1) {
            let Some((inner, _)) = tag.split_once('>') else { return false };
            let name = inner.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default();
            if inner.starts_with('?') || inner.ends_with('/') {
                continue;
            }
            if inner.starts_with('/') {
                if open.pop() != Some(name) {
                    return false;
                }
            } else {
                open.push(name);
            }
        }
        open.is_empty()
    }

    #[test]
    fn every_letter_becomes_a_document_of_well_formed_parts_and_always_the_same_bytes() {
        for (code, sheet) in all() {
            let bytes = docx(&sheet).expect("a document");
            assert_eq!(bytes, docx(&sheet).expect("again"), "{code}");
            for name in ["[Content_Types].xml", "_rels/.rels", "word/document.xml", "word/styles.xml", "word/header1.xml", "docProps/core.xml"] {
                assert!(is_well_formed(&part(&bytes, name)), "{code}: {name}");
            }
            let text = part(&bytes, "word/document.xml");
            for words in [COUNTRY, MOTTO, sheet.number.as_str(), sheet.place_and_date.as_str(), sheet.signer.as_str()] {
                assert!(text.contains(&escape(words)), "{code}: {words}");
            }
        }
    }

    #[test]
    fn no_word_of_a_letter_becomes_a_tag() {
        let (_, mut sheet) = all().remove(0);
        sheet.signer = "</w:t><w:p/> & \"x\" \u{7}".into();
        let text = part(&docx(&sheet).expect("a document"), "word/document.xml");
        assert!(is_well_formed(&text) && text.contains("&lt;/w:t&gt;&lt;w:p/&gt; &amp; &quot;x&quot; <"));
    }
}
