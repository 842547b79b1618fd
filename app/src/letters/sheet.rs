//! A letter as a value: everything that stands on the paper, in order, and nothing else. Pure.
//!
//! Three renderers make a page, a DOCX and a PDF of it; the same value gives the same bytes. When a letter is issued, this value
//! as JSON is what is frozen and hashed.

use super::markup::{Shape, paragraphs};
use super::office::{Authority, Office};
use super::places::Fault;
use super::templates::Template;
use super::values::{Run, Values, words_of};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The national motto (Quốc hiệu).
pub const COUNTRY: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
/// Tiêu ngữ.
pub const MOTTO: &str = "Độc lập - Tự do - Hạnh phúc";
/// What a draft says above everything.
pub const DRAFT: &str = "DỰ THẢO";
/// Before the recipients.
pub const RECIPIENTS: &str = "Nơi nhận:";
/// Before those it is written to.
pub const OPENS: &str = "Kính gửi:";
/// The end of every official text.
const END: &str = "./.";

/// What a paragraph of the text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BlockKind {
    /// A legal basis, in italics.
    Basis,
    /// Text.
    Text,
    /// An item of a list.
    Item,
    /// Centred and bold.
    Centre,
}

/// A paragraph of the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Block {
    /// What it is.
    pub kind: BlockKind,
    /// Its words.
    pub runs: Vec<Run>,
}

/// A letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// Not issued: no number, marked as a draft.
    pub is_draft: bool,
    /// The authority above, in capitals.
    pub superior: Option<String>,
    /// The authority, in capitals, a line each.
    pub agency: Vec<String>,
    /// "Số: 12/TB-UBND".
    pub number: String,
    /// "Phủ Thông, ngày 07 tháng 5 năm 2026".
    pub place_and_date: String,
    /// The day of issue; of a draft, the day it was made.
    pub day: NaiveDate,
    /// The kind in capitals; empty for a plain letter.
    pub title: String,
    /// What it is about.
    pub about: Vec<Run>,
    /// To whom it is written, a line each.
    pub opens: Vec<Vec<Run>>,
    /// The text, legal bases first.
    pub body: Vec<Block>,
    /// The lines above the signature.
    pub signs: Vec<String>,
    /// Who signs; empty in a draft.
    pub signer: String,
    /// Nơi nhận.
    pub recipients: Vec<Vec<Run>>,
}

/// What turns a draft into an issued letter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue<'a> {
    /// Its number.
    pub number: i64,
    /// The day.
    pub day: NaiveDate,
    /// By what right it is signed.
    pub authority: Authority,
    /// The signer's post, where the right does not say it.
    pub post: &'a str,
    /// The signer's name.
    pub signer: &'a str,
}

/// The letter that a template, an edited text and the values of a case make. Without `issue` it is a draft of `today`.
///
/// # Errors
/// The first [`Fault`] of a text.
pub fn compose(template: &Template, office: &Office, text: &str, values: &Values, issue: Option<&Issue<'_>>, today: NaiveDate) -> Result<Sheet, Fault> {
    let mut body = Vec::new();
    for (shape, spans) in paragraphs(text) {
        let runs = values.runs_of(&spans)?;
        let is_basis = runs.first().is_some_and(|run| run.italic && is_basis(&run.text));
        let kind = match shape {
            Shape::Text if is_basis => BlockKind::Basis,
            Shape::Text => BlockKind::Text,
            Shape::Item => BlockKind::Item,
            Shape::Centre => BlockKind::Centre,
        };
        body.push(Block { kind, runs });
    }
    for line in template.next_right.lines().filter(|line| !line.trim().is_empty()) {
        body.push(Block { kind: BlockKind::Text, runs: values.runs(line)? });
    }
    end(&mut body);
    let all = |lines: &[String]| lines.iter().map(|line| values.runs(line)).collect::<Result<Vec<_>, Fault>>();
    let authority = issue.map_or(Authority::Head, |issue| issue.authority);
    Ok(Sheet {
        is_draft: issue.is_none(),
        superior: office.superior.clone(),
        agency: office.lines.clone(),
        number: office.number(&template.symbol, issue.map(|issue| issue.number)),
        place_and_date: office.place_and_date(issue.map(|issue| issue.day)),
        day: issue.map_or(today, |issue| issue.day),
        title: template.title.clone(),
        about: values.runs(&template.about)?,
        opens: all(&template.opens)?,
        body,
        signs: office.signs(authority, template.for_collective, issue.map_or("", |issue| issue.post)),
        signer: issue.map_or("", |issue| issue.signer).to_owned(),
        // "[whoever passed it on, if anybody did]": a line nobody fills has no recipient.
        recipients: all(&template.recipients)?.into_iter().filter(|runs| super::markup::blanks(&super::values::words_of(runs)).is_empty()).collect(),
    })
}

/// The words a legal basis begins with.
fn is_basis(text: &str) -> bool {
    ["Căn cứ", "Xét ", "Theo đề nghị"].iter().any(|start| text.starts_with(start))
}

/// The last paragraph ends as official texts do.
fn end(body: &mut [Block]) {
    if let Some(run) = body.last_mut().and_then(|block| block.runs.last_mut()) {
        let text = run.text.trim_end();
        if !text.ends_with(END) {
            let stem = text.trim_end_matches(['.', ';']);
            run.text = format!("{stem}{END}");
        }
    }
}

impl Sheet {
    /// The same without who the sender is: what officials see who have not opened the identity.
    #[must_use]
    pub fn masked(mut self) -> Self {
        let mask = |runs: &mut Vec<Run>| *runs = std::mem::take(runs).into_iter().map(Run::masked).collect();
        mask(&mut self.about);
        self.opens.iter_mut().for_each(mask);
        self.recipients.iter_mut().for_each(mask);
        self.body.iter_mut().for_each(|block| mask(&mut block.runs));
        self
    }

    /// Whether it says who the sender is.
    pub fn has_identity(&self) -> bool {
        self.clone().masked() != *self
    }

    /// What to call it in a window or a reader: kind and subject, without who the sender is.
    pub fn heading(&self) -> String {
        let about: Vec<Run> = self.about.iter().cloned().map(Run::masked).collect();
        [self.title.as_str(), &words_of(&about)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" – ")
    }

    /// Whether a plain letter (công văn): its subject stands under the number.
    pub fn is_plain_letter(&self) -> bool {
        self.title.is_empty()
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use crate::letters::markup::blanks;
    use crate::letters::office::tests::commune;
    use crate::letters::templates::built_in;
    use crate::letters::values::sample;

    /// A letter of every template, issued with sample values.
    pub fn all() -> Vec<(String, Sheet)> {
        let day: NaiveDate = "2026-11-20".parse().expect("a day");
        built_in().expect("templates").into_iter().map(|template| (template.code.clone(), sample_sheet(&template, &commune(), day))).collect()
    }

    fn sample_sheet(template: &Template, office: &Office, day: NaiveDate) -> Sheet {
        let values = sample(template.reader(), office, day).with_next_right(day + chrono::Days::new(30), "30 ngày");
        let text = values.prefill(&template.text()).expect("a text");
        let issue = Issue { number: 12, day, authority: Authority::Deputy, post: "", signer: "Nguyễn Thị Thủ" };
        compose(template, office, &text, &values, Some(&issue), day).expect("a sheet")
    }

    #[test]
    fn every_letter_has_all_parts_of_an_official_document() {
        for (code, sheet) in all() {
            assert!(sheet.number.starts_with("Số: 12/"), "{code}: {}", sheet.number);
            assert_eq!(sheet.place_and_date, "Phủ Thông, ngày 20 tháng 11 năm 2026");
            assert!(!sheet.recipients.is_empty() && !sheet.signs.is_empty() && !sheet.body.is_empty(), "{code}");
            let last = words_of(&sheet.body.last().expect("a text").runs);
            assert!(last.ends_with(END) && !last.ends_with("../."), "{code}: {last}");
            let bases = sheet.body.iter().filter(|block| block.kind == BlockKind::Basis).count();
            assert!(
                bases > 0
                    || sheet.is_plain_letter()
                    || sheet.title.starts_with("PHIẾU")
                    || sheet.title.starts_with("GIẤY")
                    || sheet.title.starts_with("BIÊN BẢN"),
                "{code} has no legal basis"
            );
        }
    }

    #[test]
    fn trap_34_no_letter_to_the_denounced_says_who_denounced() {
        for (code, sheet) in all() {
            let json = serde_json::to_string(&sheet).expect("JSON");
            let sealed =
                ["denunciation_content_notice", "denunciation_conclusion", "transfer_denunciation", "denunciation_acceptance", "denunciation_extension"];
            if sealed.contains(&code.as_str()) {
                assert!(!json.contains("Hoàng Thị Mẫu") && !json.contains("Nà Món"), "{code}");
            }
            assert!(!serde_json::to_string(&sheet.masked()).expect("JSON").contains("Hoàng Thị Mẫu"), "{code} is masked");
        }
    }

    #[test]
    fn a_draft_has_no_number_and_no_signer() {
        let day: NaiveDate = "2026-11-20".parse().expect("a day");
        let template = built_in().expect("templates").remove(0);
        let values = sample(template.reader(), &commune(), day);
        let draft = compose(&template, &commune(), "Một", &values, None, day).expect("a sheet");
        assert!(draft.is_draft && draft.signer.is_empty() && draft.number.contains('…') && draft.place_and_date.contains('…'));
    }

    #[test]
    fn a_frozen_letter_comes_back_as_it_was() {
        for (code, sheet) in all() {
            let json = serde_json::to_string(&sheet).expect("JSON");
            assert_eq!(serde_json::from_str::<Sheet>(&json).expect("a sheet"), sheet, "{code}");
        }
    }

    #[test]
    fn what_the_sample_leaves_blank_is_for_a_person_to_write() {
        let with_blanks = all().iter().filter(|(_, sheet)| sheet.body.iter().any(|block| !blanks(&words_of(&block.runs)).is_empty())).count();
        assert!(with_blanks > 10, "decisions and answers cannot be written by the portal");
    }
}
