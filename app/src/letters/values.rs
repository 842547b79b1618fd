//! What a letter can say of a case, and putting it into a text. Pure: plain facts in, words out.
//!
//! Values are made for one reader. What that reader must not know is not among them, so no template and no mistake can print it.

use super::markup;
use super::office::{Office, date_words};
use super::places::{Fault, Piece, Place, Reader, pieces};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Plain facts of a case. Nothing in here names the sender.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Day 0 of the clock.
    pub received_on: NaiveDate,
    /// Last day of the clock that runs.
    pub due_on: NaiveDate,
    /// Where it happened: "xã Phủ Thông".
    pub area: String,
    /// What the sender called the matter.
    pub title: String,
    /// How many papers came with it.
    pub papers: i64,
    /// What a step knows besides: when the dialogue is, who is competent, why.
    pub known: BTreeMap<Place, String>,
}

/// Who sent the petition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Name; may be empty for a report.
    pub name: String,
    /// Address; may be empty.
    pub address: String,
}

/// The values of a letter to one reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    reader: Reader,
    words: BTreeMap<Place, String>,
}

/// How a sender without a name is called.
const NAMELESS: &str = "người gửi đơn";
/// How a missing address is called.
const NO_ADDRESS: &str = "(không cung cấp)";

/// Words of others as they may stand in a letter's text: signs of the markup and braces lose their meaning.
pub fn plain(words: &str) -> String {
    let swap = |c| match c {
        '{' | '[' => '(',
        '}' | ']' => ')',
        '*' => '·',
        '\n' => ' ',
        other => other,
    };
    words.chars().map(swap).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Values {
    /// The values a reader may be told. Identity is not among them, see [`Values::with_identity`].
    pub fn new(reader: Reader, office: &Office, facts: &Facts, to: &str) -> Self {
        let mut values = Self { reader, words: BTreeMap::new() };
        let own = [
            (Place::Agency, office.name.clone()),
            (Place::Superior, office.superior_name.clone()),
            (Place::Head, office.head_in_words()),
            (Place::Due, if facts.due_on == crate::procedures::NO_PERIOD { String::new() } else { date_words(facts.due_on) }),
            (Place::To, to.to_owned()),
            (Place::Area, facts.area.clone()),
            (Place::Title, facts.title.clone()),
            (Place::ReceivedOn, date_words(facts.received_on)),
            (Place::Papers, facts.papers.to_string()),
        ];
        for (place, words) in own.into_iter().chain(facts.known.clone()) {
            if !place.is_identity() {
                values.set(place, &words);
            }
        }
        values
    }

    /// Adds who the sender is, where the reader may know.
    #[must_use]
    pub fn with_identity(mut self, identity: &Identity) -> Self {
        let or = |words: &str, missing: &str| if words.trim().is_empty() { missing.to_owned() } else { words.to_owned() };
        self.set(Place::Sender, &or(&identity.name, NAMELESS));
        self.set(Place::SenderAddress, &or(&identity.address, NO_ADDRESS));
        self
    }

    /// Adds the day of signing.
    #[must_use]
    pub fn signed_on(mut self, day: NaiveDate) -> Self {
        self.set(Place::Today, &date_words(day));
        self
    }

    /// Adds the last day of the reader's next right, and the length of the period it ends.
    #[must_use]
    pub fn with_next_right(mut self, last_day: NaiveDate, length: &str) -> Self {
        self.set(Place::LastDay, &date_words(last_day));
        self.set(Place::Length, length);
        self
    }

    fn set(&mut self, place: Place, words: &str) {
        let words = plain(words);
        if place.may_reach(self.reader) && !words.is_empty() {
            self.words.insert(place, words);
        }
    }

    /// The words of a place, if they are known.
    ///
    /// # Errors
    /// [`Fault::Betrays`] for what the reader must not know.
    pub fn words(&self, place: Place) -> Result<Option<&str>, Fault> {
        if place.may_reach(self.reader) { Ok(self.words.get(&place).map(String::as_str)) } else { Err(Fault::Betrays(place)) }
    }

    /// A template's text as somebody edits it: known places have become words, unknown ones blanks to fill; who the sender is, what is
    /// known only at the issue and the day of signing stay places.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn prefill(&self, text: &str) -> Result<String, Fault> {
        let mut filled = String::new();
        for piece in pieces(text)? {
            match piece {
                Piece::Words(words) => filled.push_str(words),
                Piece::Place(place) => {
                    let begins =
                        filled.lines().next_back().is_none_or(|line| line.trim_start_matches("- ").trim_matches('*').is_empty()) || filled.ends_with('\n');
                    match self.words(place)? {
                        _ if place.is_identity() || place.is_of_next_right() || matches!(place, Place::Today | Place::To | Place::Due) => {
                            filled.push_str(&place.to_string())
                        }
                        Some(words) if begins => filled.push_str(&capitalised(words)),
                        Some(words) => filled.push_str(words),
                        None => filled.push_str(&blank(place)),
                    }
                }
            }
        }
        Ok(filled)
    }

    /// A line of text as styled words, its places filled.
    ///
    /// # Errors
    /// The first [`Fault`].
    pub fn runs(&self, line: &str) -> Result<Vec<Run>, Fault> {
        self.runs_of(&markup::spans(line))
    }

    /// The same for words whose style is known.
    pub(super) fn runs_of(&self, spans: &[markup::Span<'_>]) -> Result<Vec<Run>, Fault> {
        let mut runs = Vec::new();
        for span in spans {
            for piece in pieces(span.text)? {
                let (text, identity) = match piece {
                    Piece::Words(words) => (words.to_owned(), None),
                    Piece::Place(place) => {
                        let begins = runs.is_empty();
                        let words = self.words(place)?.map_or_else(|| blank(place), |words| if begins { capitalised(words) } else { words.to_owned() });
                        (words, place.is_identity().then(|| place.name().to_owned()))
                    }
                };
                runs.push(Run { text, bold: span.bold, italic: span.italic, identity });
            }
        }
        Ok(runs)
    }
}

/// A sentence that begins with a place begins with a capital.
fn capitalised(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn blank(place: Place) -> String {
    format!("[{}]", place.name())
}

/// Some words of a letter in one style.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// The words.
    #[serde(rename = "t")]
    pub text: String,
    /// Bold.
    #[serde(rename = "b", default, skip_serializing_if = "is_false")]
    pub bold: bool,
    /// Italic.
    #[serde(rename = "i", default, skip_serializing_if = "is_false")]
    pub italic: bool,
    /// What of the sender's identity the words are; none for all other words.
    #[serde(rename = "who", default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape serde asks for")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Run {
    /// Plain words.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// The same without the sender's identity: "(người gửi)".
    #[must_use]
    pub fn masked(mut self) -> Self {
        if let Some(what) = &self.identity {
            self.text = format!("({what})");
        }
        self
    }
}

/// The words of runs without their styles.
pub fn words_of(runs: &[Run]) -> String {
    runs.iter().map(|run| run.text.as_str()).collect()
}

/// Values that show what a template looks like. Invented.
pub fn sample(reader: Reader, office: &Office, today: NaiveDate) -> Values {
    let later = |days| date_words(today + chrono::Days::new(days));
    let known = [
        (Place::AcceptedNumber, "15/TB-UBND".to_owned()),
        (Place::AcceptedOn, date_words(today)),
        (Place::Accused, "ông Nguyễn Văn Mẫu, công chức địa chính".to_owned()),
        (Place::Respondent, office.head_in_words()),
        (Place::Contested, format!("Quyết định số 40/QĐ-{} về việc xử phạt vi phạm hành chính", office.mark)),
        (Place::Competent, "Sở Nông nghiệp và Môi trường tỉnh Thái Nguyên".to_owned()),
        (Place::DialogueAt, format!("08 giờ 30 phút, {}", later(7))),
        (Place::DialoguePlace, format!("Phòng họp tầng 2, trụ sở {}", office.name)),
        (Place::ExtendedTo, later(60)),
        (Place::ExtendedBy, "30".to_owned()),
        (Place::Reason, "phải xác minh tại nhiều nơi, liên quan đến trách nhiệm của nhiều cơ quan".to_owned()),
        (Place::FirstDecision, format!("Quyết định số 52/QĐ-{} {}", office.mark, later(0))),
        (Place::Conclusion, format!("Kết luận số 03/KL-{} {}", office.mark, later(0))),
    ];
    let facts = Facts {
        received_on: today,
        due_on: today + chrono::Days::new(30),
        area: "xã Phủ Thông".to_owned(),
        title: "Cống trước nhà văn hóa thôn Nà Món bị tắc".to_owned(),
        papers: 3,
        known: known.into_iter().collect(),
    };
    let identity = Identity { name: "Hoàng Thị Mẫu".to_owned(), address: "thôn Nà Món, xã Phủ Thông, tỉnh Thái Nguyên".to_owned() };
    Values::new(reader, office, &facts, "ông Nguyễn Văn Mẫu").with_identity(&identity).signed_on(today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::office::tests::commune;

    fn values(reader: Reader) -> Values {
        sample(reader, &commune(), "2026-11-20".parse().expect("a day"))
    }

    #[test]
    fn who_the_sender_is_stays_a_place_in_a_draft_and_what_is_unknown_becomes_a_blank() {
        let values = Values::new(Reader::Sender, &commune(), &Facts { title: "Đường {hỏng} *to*".into(), ..Facts::default() }, "");
        let filled = values.prefill("{người gửi}: {tiêu đề đơn}, {thời gian đối thoại}").expect("filled");
        assert_eq!(filled, "{người gửi}: Đường (hỏng) ·to·, [thời gian đối thoại]", "words of others are no markup");
    }

    #[test]
    fn trap_34_values_for_the_denounced_do_not_hold_the_denouncer() {
        let values = values(Reader::Denounced);
        for place in [Place::Sender, Place::SenderAddress, Place::Title, Place::ReceivedOn, Place::Area] {
            assert_eq!(values.words(place), Err(Fault::Betrays(place)));
            assert_eq!(values.prefill(&place.to_string()), Err(Fault::Betrays(place)));
            assert_eq!(values.runs(&place.to_string()), Err(Fault::Betrays(place)));
        }
        assert!(!format!("{values:?}").contains("Hoàng Thị Mẫu"), "not even hidden within");
    }

    #[test]
    fn a_step_cannot_bring_the_identity_in_by_the_back_door() {
        let known = [(Place::Sender, "Hoàng Thị Mẫu".to_owned())].into_iter().collect();
        let values = Values::new(Reader::Sender, &commune(), &Facts { known, ..Facts::default() }, "");
        assert_eq!(values.words(Place::Sender), Ok(None));
    }

    #[test]
    fn the_identity_can_be_masked_word_for_word() {
        let runs = values(Reader::Sender).runs("Ông (bà) **{người gửi}**, ở {địa chỉ người gửi}").expect("runs");
        assert!(words_of(&runs).contains("Hoàng Thị Mẫu"));
        let masked: Vec<Run> = runs.into_iter().map(Run::masked).collect();
        assert_eq!(words_of(&masked), "Ông (bà) (người gửi), ở (địa chỉ người gửi)");
    }
}
