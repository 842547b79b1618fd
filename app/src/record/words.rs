//! Words that were let out, held against the record: the answers of cases, the texts of the public register, and official letters.
//!
//! Entries carry no words, for those may have to be deleted. What they carry is a **mark** of the words: a hash under the key that lies
//! outside of the database, bound to the answer or the case it belongs to. Whoever changes an answer later cannot make the mark anew, and
//! whoever has the mark alone cannot try words on it. Deleted words leave a mark that fits nothing, and say so by being gone.

use super::rules::{RecordKey, Sealed};
use super::store::words::{self as store, LetOutRow, LetterRow, PublicAnswerRow, PublicTextRow};
use super::verify::{Finding, PORTION_ROWS, Report};
use crate::db::Tx;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// The event with which an answer goes out.
pub const ANSWERED: &str = "answered";
/// The event with which a public text goes out.
pub const RELEASED: &str = "released";
/// The event with which an official letter goes out.
pub const ISSUED: &str = "letter_issued";

/// Marks of the words of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerMarks {
    /// Of what the citizen reads.
    pub citizen: String,
    /// Of what the public reads, where that is something else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<String>,
}

impl AnswerMarks {
    /// Those of an answer as it goes out.
    pub fn of(key: &RecordKey, answer_id: &str, body: &str, public_body: Option<&str>) -> Self {
        Self { citizen: key.mark(&of_answer(answer_id, body)), public: public_body.map(|body| key.mark(&of_public_answer(answer_id, body))) }
    }

    fn fit(&self, key: &RecordKey, answer: &PublicAnswerRow) -> bool {
        let PublicAnswerRow { id, body, public_body, .. } = answer;
        let public_fits = match (&self.public, public_body) {
            (None, None) => true,
            (Some(mark), Some(body)) => key.check_mark(&of_public_answer(id, body), mark) != Sealed::Wrong,
            _ => false,
        };
        // Once the words of a case are deleted, only what the public reads is left of its answers, for everybody.
        let is_public_only = public_body.as_ref() == Some(body);
        public_fits && (is_public_only || key.check_mark(&of_answer(id, body), &self.citizen) != Sealed::Wrong)
    }
}

/// The mark of a text of the public register.
pub fn mark_of_text(key: &RecordKey, case_id: &str, title: &str, body: &str) -> String {
    key.mark(&of_text(case_id, title, body))
}

/// The mark of a letter, by the hash of its frozen words: those are sealed, and whoever opens the letter holds them against the hash.
pub fn mark_of_letter(key: &RecordKey, letter_id: &str, sha256: &str) -> String {
    key.mark(&of_letter(letter_id, sha256))
}

// What a mark is made of: written once, for whoever makes it and whoever checks it. A change of these makes every old mark wrong.

fn of_answer<'a>(answer_id: &'a str, body: &'a str) -> [&'a str; 3] {
    ["answer", answer_id, body]
}

fn of_public_answer<'a>(answer_id: &'a str, body: &'a str) -> [&'a str; 3] {
    ["public answer", answer_id, body]
}

fn of_text<'a>(case_id: &'a str, title: &'a str, body: &'a str) -> [&'a str; 4] {
    ["public text", case_id, title, body]
}

fn of_letter<'a>(letter_id: &'a str, sha256: &'a str) -> [&'a str; 3] {
    ["letter", letter_id, sha256]
}

/// What entries say of an answer that went out: its case, and its marks unless it is from before there were any.
type Answered = HashMap<String, (String, Option<AnswerMarks>)>;

/// What entries say went out.
#[derive(Default)]
struct LetOut {
    /// By the answer's id.
    answers: Answered,
    /// The mark of the text that was let out last, by case; none from before there were marks.
    texts: HashMap<String, Option<String>>,
    /// Case and mark, by the letter's id.
    letters: HashMap<String, (String, String)>,
}

// Entries are read by their fields: the record knows no events. That the names are those of the events is held by tests over HTTP.

#[derive(Deserialize)]
struct AnsweredData {
    answer_id: String,
    words: Option<AnswerMarks>,
}

#[derive(Deserialize)]
struct IssuedData {
    letter_id: String,
    words: Option<String>,
}

#[derive(Deserialize)]
struct ReleasedData {
    words: Option<String>,
}

impl LetOut {
    fn read(rows: Vec<LetOutRow>) -> Self {
        let mut out = Self::default();
        for row in rows {
            // An entry that cannot be read was changed: the chain names it, and goes on.
            if let Err(error) = out.add(row) {
                tracing::debug!(%error, "an entry of the record cannot be read");
            }
        }
        out
    }

    fn add(&mut self, LetOutRow { case_id, event, data }: LetOutRow) -> serde_json::Result<()> {
        if event == ANSWERED {
            let AnsweredData { answer_id, words } = serde_json::from_str(&data)?;
            self.answers.insert(answer_id, (case_id, words));
        } else if event == RELEASED {
            let ReleasedData { words } = serde_json::from_str(&data)?;
            self.texts.insert(case_id, words);
        } else {
            let IssuedData { letter_id, words } = serde_json::from_str(&data)?;
            self.letters.extend(words.map(|words| (letter_id, (case_id, words))));
        }
        Ok(())
    }

    /// Whether there is a mark of the words of an answer.
    fn marks_answer(&self, answer_id: &str) -> bool {
        self.answers.get(answer_id).is_some_and(|(_, marks)| marks.is_some())
    }

    /// Whether there is a mark of the public text of a case.
    fn marks_text(&self, case_id: &str) -> bool {
        self.texts.get(case_id).is_some_and(Option::is_some)
    }

    fn answer(&mut self, key: &RecordKey, answer: PublicAnswerRow) -> Option<Finding> {
        let said = self.answers.remove(&answer.id);
        let fits = match &said {
            None => return Some(Finding::AnswerUnknown { case_id: answer.case_id, answer_id: answer.id }),
            Some((case_id, marks)) => *case_id == answer.case_id && marks.as_ref().is_none_or(|marks| marks.fit(key, &answer)),
        };
        (!fits).then_some(Finding::AnswerChanged { case_id: answer.case_id, answer_id: answer.id })
    }

    fn letter(&mut self, key: &RecordKey, letter: LetterRow) -> Option<Finding> {
        let LetterRow { id, case_id, sha256 } = letter;
        // A letter of a step from before there were marks has no entry of its own.
        let (of, mark) = self.letters.remove(&id)?;
        let fits = of == case_id && sha256.is_some_and(|sha256| key.check_mark(&of_letter(&id, &sha256), &mark) != Sealed::Wrong);
        (!fits).then_some(Finding::LetterChanged { case_id, letter_id: id })
    }

    fn text(&self, key: &RecordKey, text: PublicTextRow) -> Option<Finding> {
        let PublicTextRow { case_id, title, body } = text;
        match self.texts.get(&case_id) {
            None => Some(Finding::PublicTextUnknown { case_id }),
            Some(Some(mark)) if key.check_mark(&of_text(&case_id, &title, &body), mark) == Sealed::Wrong => Some(Finding::PublicTextChanged { case_id }),
            Some(_) => None,
        }
    }
}

/// Looks whether what citizens and the public read is what the entries say was let out.
///
/// An answer that is gone is one that was taken away, unless the words of its case are gone with it: those were deleted when their time
/// had come.
pub(super) async fn check(tx: &mut Tx, key: &RecordKey, report: &mut Report) -> Result<()> {
    let mut after = String::new();
    loop {
        let (rows, up_to) = whole_cases(store::let_out_after(tx, &after, PORTION_ROWS).await?);
        let mut out = LetOut::read(rows);
        for answer in store::answers_between(tx, &after, up_to.as_deref()).await? {
            report.words += i64::from(out.marks_answer(&answer.id));
            report.found_if(out.answer(key, answer));
        }
        for text in store::public_texts_between(tx, &after, up_to.as_deref()).await? {
            report.words += i64::from(out.marks_text(&text.case_id));
            report.found_if(out.text(key, text));
        }
        for letter in store::letters_between(tx, &after, up_to.as_deref()).await? {
            report.words += i64::from(out.letters.contains_key(&letter.id));
            report.found_if(out.letter(key, letter));
        }
        for (answer_id, (case_id, _)) in out.answers {
            if store::has_words(tx, &case_id).await? {
                report.found(Finding::AnswerMissing { case_id, answer_id });
            }
        }
        // Letters outlive their words: numbers run without gaps.
        for (letter_id, (case_id, _)) in out.letters {
            report.found(Finding::LetterMissing { case_id, letter_id });
        }
        match up_to {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// A portion without the case it may have cut in two, and the case it goes up to; none for the last portion, which goes to the end.
fn whole_cases(mut rows: Vec<LetOutRow>) -> (Vec<LetOutRow>, Option<String>) {
    if i64::try_from(rows.len()).is_ok_and(|count| count < PORTION_ROWS) {
        return (rows, None);
    }
    let cut = rows.last().map(|row| row.case_id.clone());
    if rows.first().map(|row| &row.case_id) != cut.as_ref() {
        rows.retain(|row| Some(&row.case_id) != cut.as_ref());
    }
    let up_to = rows.last().map(|row| row.case_id.clone());
    (rows, up_to)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> RecordKey {
        RecordKey::new([7; 32])
    }

    fn answer(body: &str, public_body: Option<&str>) -> PublicAnswerRow {
        PublicAnswerRow { id: "a".into(), case_id: "c".into(), body: body.into(), public_body: public_body.map(Into::into) }
    }

    #[test]
    fn marks_fit_the_words_they_were_made_of_and_no_others() {
        let marks = AnswerMarks::of(&key(), "a", "Đã lấp hố.", Some("Đã lấp [đã ẩn]."));
        assert!(marks.fit(&key(), &answer("Đã lấp hố.", Some("Đã lấp [đã ẩn]."))));
        assert!(marks.fit(&key(), &answer("Đã lấp [đã ẩn].", Some("Đã lấp [đã ẩn]."))), "the words of the case were deleted");
        for (body, public_body) in [("Đã lấp hố", Some("Đã lấp [đã ẩn].")), ("Đã lấp hố.", Some("Đã lấp.")), ("Đã lấp hố.", None), ("x", Some("x"))]
        {
            assert!(!marks.fit(&key(), &answer(body, public_body)), "{body} {public_body:?}");
        }
        let of_another = PublicAnswerRow { id: "b".into(), ..answer("Đã lấp hố.", Some("Đã lấp [đã ẩn].")) };
        assert!(!marks.fit(&key(), &of_another), "a mark does not move to another answer");
        let whole = AnswerMarks::of(&key(), "a", "Đã lấp hố.", None);
        assert!(whole.fit(&key(), &answer("Đã lấp hố.", None)));
        assert!(!whole.fit(&key(), &answer("Đã lấp hố.", Some("Đã lấp hố."))));
        assert!(whole.fit(&RecordKey::new([8; 32]), &answer("y", None)), "of marks made with another key nothing can be told");
    }

    #[test]
    fn a_portion_never_cuts_a_case_in_two() {
        let rows = |ids: &[&str]| ids.iter().map(|id| LetOutRow { case_id: (*id).to_owned(), event: RELEASED.into(), data: "{}".into() }).collect::<Vec<_>>();
        assert_eq!(whole_cases(rows(&["a", "b"])), (rows(&["a", "b"]), None));
        let mut full = vec!["a"; usize::try_from(PORTION_ROWS).expect("fits") - 1];
        full.push("b");
        let (kept, up_to) = whole_cases(rows(&full));
        assert_eq!((kept.len(), up_to.as_deref()), (full.len() - 1, Some("a")));
        let (kept, up_to) = whole_cases(rows(&vec!["a"; full.len()]));
        assert_eq!((kept.len(), up_to.as_deref()), (full.len(), Some("a")), "a case as long as a portion is not read for ever");
    }
}
