//! Finds what was changed in the record, taken out of it or put elsewhere, however it was done.

use super::mark::Seen;
use super::rules::{Page, PageSum, RecordKey, Sealed};
use super::sealing::{anchored, last_page_without};
use super::store::{self, EntryRow};
use super::words;
use crate::db::Tx;
use crate::error::Result;
use std::collections::{HashMap, HashSet};
use std::fmt;

/// Rows read in one statement.
pub(super) const PORTION_ROWS: i64 = 5_000;
/// Findings that are told one by one; more are only counted.
pub const FINDINGS_MAX: usize = 200;

/// Something that is not as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// An entry does not fit its hash and the entry before.
    EntryChanged {
        /// The case.
        case_id: String,
        /// The entry.
        seq: i64,
    },
    /// An entry before this one is missing.
    EntryMissing {
        /// The case.
        case_id: String,
        /// The entry that should be there.
        seq: i64,
    },
    /// A case has not as many entries as it says.
    EndDiffers {
        /// The case.
        case_id: String,
        /// How many it says.
        version: i64,
    },
    /// A record without its case.
    CaseMissing {
        /// The case.
        case_id: String,
    },
    /// A deed does not fit its hash.
    DeedChanged {
        /// Its id.
        id: String,
    },
    /// A page is missing.
    PageMissing {
        /// Its number.
        page: i64,
    },
    /// A page does not hang on the one before.
    PageChanged {
        /// Its number.
        page: i64,
    },
    /// What is on a page is not what was on it when it was closed.
    PageContent {
        /// Its number.
        page: i64,
        /// Entries it had.
        closed_with: i64,
        /// Entries there are.
        found: i64,
    },
    /// The seal of a page was not made for it.
    PageSeal {
        /// Its number.
        page: i64,
    },
    /// An anchor does not fit its seal or its page.
    AnchorChanged {
        /// Its day, as YYYY-MM-DD.
        day: String,
    },
    /// Since when the key makes hashes was changed or taken out.
    KeyChanged,
    /// The page that the data folder has seen last is not there, or is another.
    MarkDiffers {
        /// Its number.
        page: i64,
    },
    /// An anchor that somebody kept is not the portal's.
    AnchorDiffers {
        /// Its day, as YYYY-MM-DD.
        day: String,
    },
    /// The words of an answer are not those that were let out.
    AnswerChanged {
        /// The case.
        case_id: String,
        /// The answer.
        answer_id: String,
    },
    /// An answer that was let out is not there, although the words of its case are.
    AnswerMissing {
        /// The case.
        case_id: String,
        /// The answer.
        answer_id: String,
    },
    /// Nobody let out an answer that is there.
    AnswerUnknown {
        /// The case.
        case_id: String,
        /// The answer.
        answer_id: String,
    },
    /// The hash of a letter is not that with which it went out.
    LetterChanged {
        /// The case.
        case_id: String,
        /// The letter.
        letter_id: String,
    },
    /// A letter that went out is not there.
    LetterMissing {
        /// The case.
        case_id: String,
        /// The letter.
        letter_id: String,
    },
    /// What the public register says of a case is not what was let out.
    PublicTextChanged {
        /// The case.
        case_id: String,
    },
    /// Nobody let a case out that the public register has.
    PublicTextUnknown {
        /// The case.
        case_id: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EntryChanged { case_id, seq } => write!(f, "case {case_id}: entry {seq} was changed, or stands in another's place"),
            Self::EntryMissing { case_id, seq } => write!(f, "case {case_id}: entry {seq} is missing"),
            Self::EndDiffers { case_id, version } => write!(f, "case {case_id}: should have {version} entries"),
            Self::CaseMissing { case_id } => write!(f, "case {case_id}: is gone, its record is left"),
            Self::DeedChanged { id } => write!(f, "deed {id}: was changed"),
            Self::PageMissing { page } => write!(f, "page {page}: is missing"),
            Self::PageChanged { page } => write!(f, "page {page}: does not hang on the page before"),
            Self::PageContent { page, closed_with, found } => write!(f, "page {page}: was closed with {closed_with} entries and has {found}, or others"),
            Self::PageSeal { page } => write!(f, "page {page}: its seal was not made for it"),
            Self::AnchorChanged { day } => write!(f, "anchor of {day}: was changed"),
            Self::KeyChanged => write!(f, "since when hashes are made with the key was changed, or taken out"),
            Self::MarkDiffers { page } => write!(f, "page {page}: this data folder has seen another one (record.mark)"),
            Self::AnchorDiffers { day } => write!(f, "anchor of {day}: the one that was kept is another"),
            Self::AnswerChanged { case_id, answer_id } => write!(f, "case {case_id}: the words of answer {answer_id} were changed after it went out"),
            Self::AnswerMissing { case_id, answer_id } => write!(f, "case {case_id}: answer {answer_id} went out and is gone"),
            Self::AnswerUnknown { case_id, answer_id } => write!(f, "case {case_id}: answer {answer_id} is there, and nobody let it out"),
            Self::LetterChanged { case_id, letter_id } => write!(f, "case {case_id}: letter {letter_id} was changed after it went out"),
            Self::LetterMissing { case_id, letter_id } => write!(f, "case {case_id}: letter {letter_id} went out and is gone"),
            Self::PublicTextChanged { case_id } => write!(f, "case {case_id}: its public text was changed after it was released"),
            Self::PublicTextUnknown { case_id } => write!(f, "case {case_id}: is in the public register, and nobody released it"),
        }
    }
}

/// An anchor that somebody outside kept: a line of the published file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its day, as YYYY-MM-DD.
    pub day: String,
    /// Its page.
    pub page: i64,
    /// Its link.
    pub link: String,
}

impl Kept {
    /// The anchors of a kept file; lines that begin with `#` are none.
    ///
    /// # Errors
    /// The number of the first line that is no anchor.
    pub fn read(text: &str) -> std::result::Result<Vec<Self>, usize> {
        let lines = text.lines().zip(1..).map(|(line, number)| (line.trim(), number)).filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
        lines
            .map(|(line, number)| {
                let parts: Vec<&str> = line.split_whitespace().collect();
                match parts.as_slice() {
                    [day, page, link] => Ok(Self { day: (*day).to_owned(), page: page.parse().map_err(|_| number)?, link: (*link).to_owned() }),
                    _ => Err(number),
                }
            })
            .collect()
    }
}

/// What was looked at and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Entries of cases.
    pub entries: i64,
    /// Deeds.
    pub deeds: i64,
    /// Pages.
    pub pages: i64,
    /// Anchors, those that were kept outside among them.
    pub anchors: i64,
    /// Entries and deeds that are on no page yet.
    pub loose: i64,
    /// Answers, public texts and letters that were held against their marks.
    pub words: i64,
    /// Pages sealed with a key that is not here: of them, their entries and deeds nothing can be told.
    pub other_key: i64,
    /// What is not as it was written, the first [`FINDINGS_MAX`].
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more: u64,
}

impl Report {
    pub(super) fn found(&mut self, finding: Finding) {
        if self.findings.len() < FINDINGS_MAX { self.findings.push(finding) } else { self.more += 1 }
    }

    pub(super) fn found_if(&mut self, finding: Option<Finding>) {
        if let Some(finding) = finding {
            self.found(finding);
        }
    }
}

/// What lies outside of the database and is held against it.
#[derive(Clone, Debug, Default)]
pub struct Outside {
    /// The page the data folder has seen last.
    pub seen: Option<Seen>,
    /// Anchors that somebody kept.
    pub kept: Vec<Kept>,
}

/// With which hashes entries and deeds may stand on which pages.
struct Hashes<'a> {
    key: &'a RecordKey,
    /// Up to this page hashes may have been made without a key.
    without_up_to: i64,
    /// Pages sealed with another key.
    others: HashSet<i64>,
}

impl Hashes<'_> {
    /// Whether a hash is one that the portal made.
    fn are_right(&self, page: i64, hash: &str, with_key: &str, without: impl FnOnce() -> String) -> bool {
        hash == with_key || self.others.contains(&page) || ((1..=self.without_up_to).contains(&page) && hash == without())
    }
}

/// Reads the whole record and tells what is not as it was written.
///
/// # Errors
/// A database that fails.
pub async fn verify(tx: &mut Tx, key: &RecordKey, outside: &Outside) -> Result<Report> {
    let mut report = Report::default();
    let since = store::key_since(tx, &key.name()).await?;
    let without_up_to = last_page_without(key, since.as_ref());
    let hashes = Hashes { key, without_up_to: without_up_to.unwrap_or(0), others: sealed_otherwise(tx, key).await? };
    let mut sums: HashMap<i64, PageSum> = HashMap::new();
    entries(tx, &hashes, &mut report, &mut sums).await?;
    deeds(tx, &hashes, &mut report, &mut sums).await?;
    words::check(tx, key, &mut report).await?;
    report.loose = sums.remove(&0).map_or(0, |sum| sum.end().1);
    let links = pages(tx, key, &mut report, &mut sums).await?;
    for page in sums.into_keys() {
        report.found(Finding::PageMissing { page });
    }
    anchors(tx, key, &mut report, &links, &outside.kept).await?;
    if without_up_to.is_none() && report.pages > 0 {
        report.found(Finding::KeyChanged);
    }
    if let Some(seen) = outside.seen.as_ref().filter(|seen| links.get(&seen.page) != Some(&seen.link)) {
        report.found(Finding::MarkDiffers { page: seen.page });
    }
    Ok(report)
}

/// Pages sealed with a key that is not here.
async fn sealed_otherwise(tx: &mut Tx, key: &RecordKey) -> Result<HashSet<i64>> {
    let (mut others, mut number) = (HashSet::new(), 0);
    loop {
        let rows = store::pages_after(tx, number, PORTION_ROWS).await?;
        let Some(last) = rows.last() else { return Ok(others) };
        number = last.page;
        others.extend(rows.iter().filter(|page| key.check(&page.link, &page.seal) == Sealed::OtherKey).map(|page| page.page));
    }
}

async fn entries(tx: &mut Tx, hashes: &Hashes<'_>, report: &mut Report, sums: &mut HashMap<i64, PageSum>) -> Result<()> {
    let mut last: Option<EntryRow> = None;
    loop {
        let after = last.as_ref().map_or((String::new(), 0), |row| (row.case_id.clone(), row.seq));
        let rows = store::entries_after(tx, &after, PORTION_ROWS).await?;
        if rows.is_empty() {
            break;
        }
        for row in rows {
            report.entries += 1;
            let before = last.take().filter(|last| last.case_id == row.case_id);
            let (seq_before, hash_before) = before.as_ref().map_or((0, ""), |last| (last.seq, last.hash.as_str()));
            if row.seq != seq_before + 1 {
                report.found(Finding::EntryMissing { case_id: row.case_id.clone(), seq: seq_before + 1 });
            } else if !hashes.are_right(row.page, &row.hash, &row.expected_hash(hash_before, hashes.key), || row.hash_without_key(hash_before)) {
                report.found(Finding::EntryChanged { case_id: row.case_id.clone(), seq: row.seq });
            }
            sums.entry(row.page).or_default().add(&row.hash);
            last = Some(row);
        }
    }
    let mut after = String::new();
    loop {
        let cases = store::cases_off_their_record(tx, &after, PORTION_ROWS).await?;
        let Some((id, _)) = cases.last() else { break };
        after.clone_from(id);
        cases.into_iter().for_each(|(case_id, version)| report.found(Finding::EndDiffers { case_id, version }));
    }
    for (case_id,) in store::records_without_case(tx, PORTION_ROWS).await? {
        report.found(Finding::CaseMissing { case_id });
    }
    Ok(())
}

async fn deeds(tx: &mut Tx, hashes: &Hashes<'_>, report: &mut Report, sums: &mut HashMap<i64, PageSum>) -> Result<()> {
    let mut after = String::new();
    loop {
        let rows = store::deeds_after(tx, &after, PORTION_ROWS).await?;
        let Some(last) = rows.last() else { return Ok(()) };
        after.clone_from(&last.id);
        for row in rows {
            report.deeds += 1;
            if !hashes.are_right(row.page, &row.hash, &row.expected_hash(hashes.key), || row.hash_without_key()) {
                report.found(Finding::DeedChanged { id: row.id.clone() });
            }
            sums.entry(row.page).or_default().add(&row.hash);
        }
    }
}

/// Looks at all pages; gives their links by number.
async fn pages(tx: &mut Tx, key: &RecordKey, report: &mut Report, sums: &mut HashMap<i64, PageSum>) -> Result<HashMap<i64, String>> {
    let mut links = HashMap::new();
    let (mut number, mut link) = (0, String::new());
    loop {
        let rows = store::pages_after(tx, number, PORTION_ROWS).await?;
        if rows.is_empty() {
            return Ok(links);
        }
        for page in rows {
            report.pages += 1;
            for missing in number + 1..page.page {
                report.found(Finding::PageMissing { page: missing });
            }
            one_page(&page, &link, key, report, sums.remove(&page.page).unwrap_or_default());
            number = page.page;
            link.clone_from(&page.link);
            links.insert(page.page, page.link);
        }
    }
}

fn one_page(page: &Page, link_before: &str, key: &RecordKey, report: &mut Report, sum: PageSum) {
    let number = page.page;
    if page.expected_link(link_before) != page.link {
        report.found(Finding::PageChanged { page: number });
    }
    let (root, found) = sum.end();
    if (root, found) != (page.root.clone(), page.entries) {
        report.found(Finding::PageContent { page: number, closed_with: page.entries, found });
    }
    match key.check(&page.link, &page.seal) {
        Sealed::Well => {}
        Sealed::Wrong => report.found(Finding::PageSeal { page: number }),
        Sealed::OtherKey => report.other_key += 1,
    }
}

async fn anchors(tx: &mut Tx, key: &RecordKey, report: &mut Report, links: &HashMap<i64, String>, kept: &[Kept]) -> Result<()> {
    let ours = store::anchors(tx, i64::MAX).await?;
    for anchor in &ours {
        report.anchors += 1;
        let day = anchor.day.to_string();
        let is_sealed = key.check(&anchored(&day, &anchor.link), &anchor.seal) != Sealed::Wrong;
        if !is_sealed || links.get(&anchor.page) != Some(&anchor.link) {
            report.found(Finding::AnchorChanged { day });
        }
    }
    for kept in kept {
        report.anchors += 1;
        if links.get(&kept.page) != Some(&kept.link) {
            report.found(Finding::AnchorDiffers { day: kept.day.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kept_file_is_read_line_by_line() {
        let text = "# Nghe Dân\n\n2026-11-26 12 abc\n 2026-11-27  13\tdef \n";
        let kept = Kept::read(text).expect("readable");
        assert_eq!(kept[1], Kept { day: "2026-11-27".into(), page: 13, link: "def".into() });
        assert_eq!(kept.len(), 2);
        assert_eq!(Kept::read("2026-11-26 12 abc\n2026-11-27 x def"), Err(2));
        assert_eq!(Kept::read("2026-11-26"), Err(1));
    }
}
