//! The word index: words are folded and split here, so that SQLite (FTS5) and PostgreSQL (tsvector) find the same.
//!
//! Two indexes: `public_search` over released cases, `desk_search` over what officials handle. A row holds the folded words, the
//! same words with marks, and *facets*: filter values written as words (`kreport`, `a01969`), so that filters and words meet in
//! one index and a filter costs no more at a million cases than at ten thousand. Denunciations have no row at all.

pub mod store;

use crate::text::{fold, fold_keeping_marks, has_marks, words_of};

/// More words than this in a question add nothing.
const QUERY_WORDS_MAX: usize = 8;
/// Longer words are cut alike on both sides.
const WORD_CHARS_MAX: usize = 40;

/// What goes into the index for one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Folded words, in order.
    pub words: Vec<String>,
    /// The same words with their marks, in order.
    pub marked: Vec<String>,
    /// Filter values as words.
    pub facets: Vec<String>,
}

impl Document {
    /// The index row of these texts.
    pub fn new(texts: &[&str], facets: Vec<String>) -> Self {
        let text = texts.join(" \n ");
        let short = |word: String| word.chars().take(WORD_CHARS_MAX).collect::<String>();
        Self { words: words_of(&fold(&text)).map(short).collect(), marked: words_of(&fold_keeping_marks(&text)).map(short).collect(), facets }
    }
}

/// A facet's word: a letter for the filter, then letters and digits of the value.
pub fn facet(filter: char, value: &str) -> String {
    let value: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("{filter}{}", value.to_ascii_lowercase())
}

/// A question to the index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
    /// Only where the question has marks: such a question wants marked hits first.
    marked: Vec<String>,
    facets: Vec<String>,
}

/// Which of the two passes of a search: exact marks come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Words with the very marks of the question.
    Marked,
    /// The same words under any marks, without those already shown; everything, if the question has no marks.
    Folded,
}

impl Query {
    /// A typed question and chosen filters.
    pub fn new(typed: &str, facets: Vec<String>) -> Self {
        let short = |word: String| word.chars().take(WORD_CHARS_MAX).collect::<String>();
        let words: Vec<String> = words_of(&fold(typed)).map(short).take(QUERY_WORDS_MAX).collect();
        let marked = if has_marks(typed) { words_of(&fold_keeping_marks(typed)).map(short).take(QUERY_WORDS_MAX).collect() } else { Vec::new() };
        Self { words, marked, facets }
    }

    /// Whether it asks for nothing, so that a plain list serves.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.facets.is_empty()
    }

    /// The pass a search begins with.
    pub fn first_pass(&self) -> Pass {
        if self.marked.is_empty() { Pass::Folded } else { Pass::Marked }
    }

    /// As an FTS5 MATCH expression. Every word is quoted, so nothing typed is an operator.
    pub fn fts5(&self, pass: Pass) -> String {
        let all = |column: &str, words: &[String]| words.iter().map(|word| format!("{column}:\"{word}\"")).collect::<Vec<_>>();
        let mut terms = all("facets", &self.facets);
        match pass {
            Pass::Marked => terms.extend(all("marked", &self.marked)),
            Pass::Folded => terms.extend(all("words", &self.words)),
        }
        let found = terms.join(" AND ");
        if pass == Pass::Folded && !self.marked.is_empty() {
            return format!("({found}) NOT ({})", all("marked", &self.marked).join(" AND "));
        }
        found
    }

    /// As two tsquery texts, over `words` (facets among them) and over `marked`; the second may be empty.
    /// In the folded pass the second is what must not match.
    pub fn tsquery(&self, pass: Pass) -> (String, String) {
        let quoted = |words: &[String]| words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" & ");
        let facets: Vec<String> = self.facets.iter().map(|facet| facet_lexeme(facet)).collect();
        match pass {
            Pass::Marked => (quoted(&facets), quoted(&self.marked)),
            Pass::Folded => (quoted(&[facets, self.words.clone()].concat()), quoted(&self.marked)),
        }
    }
}

/// In a tsvector facets stand among the words; a sign no word can have keeps them apart.
fn facet_lexeme(facet: &str) -> String {
    format!("={facet}")
}

/// A tsvector's text: every word with its place. Words hold letters and digits only, so quoting is enough.
fn tsvector(words: &[String], facets: &[String]) -> String {
    /// PostgreSQL keeps no place beyond this.
    const PLACE_MAX: usize = 16_383;
    let placed = words.iter().enumerate().map(|(i, word)| format!("'{word}':{}", (i + 1).min(PLACE_MAX)));
    let filters = facets.iter().map(|facet| format!("'{}'", facet_lexeme(facet)));
    placed.chain(filters).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_typed_is_an_operator() {
        let query = Query::new("đường\" OR NOT (x) * : ' & | !", vec![facet('k', "report")]);
        assert_eq!(query.fts5(Pass::Marked), "facets:\"kreport\" AND marked:\"đường\" AND marked:\"or\" AND marked:\"not\" AND marked:\"x\"");
    }

    #[test]
    fn marks_ask_for_marked_hits_first_and_then_the_rest() {
        assert_eq!(Query::new("duong", Vec::new()).first_pass(), Pass::Folded);
        let query = Query::new("dường", Vec::new());
        assert_eq!(query.first_pass(), Pass::Marked);
        assert_eq!(query.fts5(Pass::Folded), "(words:\"duong\") NOT (marked:\"dường\")");
    }

    #[test]
    fn a_document_has_the_same_words_twice() {
        let document = Document::new(&["Cầu Hoà Bình", "sập"], Vec::new());
        assert_eq!(document.words, ["cau", "hoa", "binh", "sap"]);
        assert_eq!(document.marked, ["cầu", "hòa", "bình", "sập"]);
    }
}
