//! The word index: words are folded and split here, so that SQLite (FTS5) and PostgreSQL (tsvector) find the same.
//!
//! Two indexes: `public_search` over released cases, `desk_search` over what officials handle. Both hold the folded words, the
//! same words with marks, and *facets*: filter values written as words (`kreport`, `a01969`), so that filters and words meet in
//! one index. Denunciations have no row at all.
//!
//! On SQLite a list of hits is walked, so what decides is how long the shortest list of a question is. Hence some facets are
//! *scopes* (the authority at the desk; authority and kind in the register): the words stand in the index once more with the
//! scope before them, and a question that names a scope walks its own short lists. Signs that no word can have keep the
//! namespaces apart; nothing but "this row has this word" is stored.

pub mod store;

use crate::text::{fold, fold_keeping_marks, has_marks, words_of};
use std::collections::{BTreeMap, BTreeSet};

/// More words than this in a question add nothing.
const QUERY_WORDS_MAX: usize = 8;
/// Longer words are cut alike on both sides.
const WORD_CHARS_MAX: usize = 40;
/// With more other spellings of its words than this, a question is put the long way.
const OTHER_FORMS_MAX: usize = 64;
/// Before a folded word, behind its scope.
const FOLDED: char = '§';
/// Before a word with its marks, behind its scope.
const MARKED: char = '·';
/// Before a facet.
const FACET: char = '¶';

/// How each folded word is written in the index: `nuoc` → `nước`, `nuộc`.
pub type Forms = BTreeMap<String, BTreeSet<String>>;

/// What goes into the index for one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Folded words, in order.
    pub words: Vec<String>,
    /// The same words with their marks, in order.
    pub marked: Vec<String>,
    /// Filter values as words, those that are scopes.
    pub scopes: Vec<String>,
    /// The other filter values as words.
    pub facets: Vec<String>,
}

impl Document {
    /// The index row of these texts.
    pub fn new(texts: &[&str], scopes: Vec<String>, facets: Vec<String>) -> Self {
        let text = texts.join(" \n ");
        let short = |word: String| word.chars().take(WORD_CHARS_MAX).collect::<String>();
        Self { words: words_of(&fold(&text)).map(short).collect(), marked: words_of(&fold_keeping_marks(&text)).map(short).collect(), scopes, facets }
    }

    /// As FTS5 takes it: each word once for each scope, also without one if `is_asked_without`, and the facets.
    fn fts5(&self, is_asked_without: bool) -> String {
        let words: BTreeSet<&String> = self.words.iter().collect();
        let marked: BTreeSet<&String> = self.marked.iter().collect();
        let mut text = String::new();
        let mut add = |scope: &str, sign: char, word: &str| {
            text.push_str(scope);
            text.push(sign);
            text.push_str(word);
            text.push(' ');
        };
        for scope in is_asked_without.then_some("").into_iter().chain(self.scopes.iter().map(String::as_str)) {
            words.iter().for_each(|word| add(scope, FOLDED, word));
            marked.iter().for_each(|word| add(scope, MARKED, word));
        }
        self.facets.iter().chain(&self.scopes).for_each(|facet| add("", FACET, facet));
        text
    }

    /// Each word as written with its folded form.
    fn forms(&self) -> BTreeSet<(String, String)> {
        self.marked.iter().map(|word| (fold(word), word.clone())).collect()
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
    scopes: Vec<String>,
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
    /// A typed question and chosen filters, apart as in the documents; the scope with the fewest rows comes first.
    pub fn new(typed: &str, scopes: Vec<String>, facets: Vec<String>) -> Self {
        let short = |word: String| word.chars().take(WORD_CHARS_MAX).collect::<String>();
        let words: Vec<String> = words_of(&fold(typed)).map(short).take(QUERY_WORDS_MAX).collect();
        let marked = if has_marks(typed) { words_of(&fold_keeping_marks(typed)).map(short).take(QUERY_WORDS_MAX).collect() } else { Vec::new() };
        Self { words, marked, scopes, facets }
    }

    /// Whether it asks for nothing, so that a plain list serves.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.facets.is_empty() && self.scopes.is_empty()
    }

    /// The pass a search begins with.
    pub fn first_pass(&self) -> Pass {
        if self.marked.is_empty() { Pass::Folded } else { Pass::Marked }
    }

    /// The folded words whose other spellings a folded pass looks for; none if the question has no marks.
    pub fn words_with_marks(&self) -> &[String] {
        if self.marked.is_empty() { &[] } else { &self.words }
    }

    /// As an FTS5 MATCH expression; none if nothing can match. Every word is quoted, so nothing typed is an operator.
    ///
    /// The folded pass of a question with marks wants the same words otherwise written. Where `forms` are known it names them, and
    /// walks the lists of rare spellings; else it walks all rows with the words and leaves out those of the first pass.
    pub fn fts5(&self, pass: Pass, forms: Option<&Forms>) -> Option<String> {
        // The words carry the first scope; without words it is a filter like the others.
        let (scope, others) = match self.scopes.split_first() {
            Some((first, rest)) if !self.words.is_empty() => (first.as_str(), rest),
            _ => ("", self.scopes.as_slice()),
        };
        let token = |sign: char, word: &String| format!("\"{scope}{sign}{word}\"");
        let mut terms: Vec<String> = self.facets.iter().chain(others).map(|facet| format!("\"{FACET}{facet}\"")).collect();
        let words: Vec<String> = self.words.iter().map(|word| token(FOLDED, word)).collect();
        let marked: Vec<String> = self.marked.iter().map(|word| token(MARKED, word)).collect();
        if pass == Pass::Marked {
            terms.extend(marked);
            return Some(terms.join(" AND "));
        }
        if marked.is_empty() {
            terms.extend(words);
            return Some(terms.join(" AND "));
        }
        match forms.map(|forms| self.other_forms(forms)) {
            Some(others) if others.iter().map(Vec::len).sum::<usize>() <= OTHER_FORMS_MAX => {
                let otherwise = |(i, others): (usize, &Vec<String>)| {
                    let others = others.iter().map(|word| token(MARKED, word)).collect::<Vec<_>>().join(" OR ");
                    let rest = words.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, word)| format!(" AND {word}")).collect::<String>();
                    format!("(({others}){rest})")
                };
                let any: Vec<String> = others.iter().enumerate().filter(|(_, others)| !others.is_empty()).map(otherwise).collect();
                if any.is_empty() {
                    return None;
                }
                terms.push(format!("({})", any.join(" OR ")));
            }
            _ => terms.extend(words),
        }
        Some(format!("({}) NOT ({})", terms.join(" AND "), marked.join(" AND ")))
    }

    /// For each word of the question the spellings that are not the question's.
    fn other_forms(&self, forms: &Forms) -> Vec<Vec<String>> {
        let others = |(folded, marked): (&String, &String)| forms.get(folded).into_iter().flatten().filter(|form| *form != marked).cloned().collect();
        self.words.iter().zip(&self.marked).map(others).collect()
    }

    /// As two tsquery texts, over `words` (facets among them) and over `marked`; the second may be empty.
    /// In the folded pass the second is what must not match.
    pub fn tsquery(&self, pass: Pass) -> (String, String) {
        let quoted = |words: &[String]| words.iter().map(|word| format!("'{word}'")).collect::<Vec<_>>().join(" & ");
        let facets: Vec<String> = self.facets.iter().chain(&self.scopes).map(|facet| facet_lexeme(facet)).collect();
        match pass {
            Pass::Marked => (quoted(&facets), quoted(&self.marked)),
            Pass::Folded => (quoted(&[facets, self.words.clone()].concat()), quoted(&self.marked)),
        }
    }
}

/// One folded word within a scope (none: the whole index) and with a facet, as an FTS5 MATCH expression and as a tsquery text.
pub(crate) fn one_word(word: &str, scope: Option<&str>, with: Option<&str>) -> (String, String) {
    let fts5 = format!("\"{}{FOLDED}{word}\"", scope.unwrap_or_default());
    let tsquery: Vec<String> = [scope, with].into_iter().flatten().map(|facet| format!("'{}'", facet_lexeme(facet))).chain([format!("'{word}'")]).collect();
    (with.map_or(fts5.clone(), |facet| format!("{fts5} AND \"{FACET}{facet}\"")), tsquery.join(" & "))
}

/// In a tsvector facets stand among the words; a sign no word can have keeps them apart.
fn facet_lexeme(facet: &str) -> String {
    format!("={facet}")
}

/// A tsvector's text: every word with its place. Words hold letters and digits only, so quoting is enough.
fn tsvector<'a>(words: &[String], facets: impl IntoIterator<Item = &'a String>) -> String {
    /// PostgreSQL keeps no place beyond this.
    const PLACE_MAX: usize = 16_383;
    let placed = words.iter().enumerate().map(|(i, word)| format!("'{word}':{}", (i + 1).min(PLACE_MAX)));
    let filters = facets.into_iter().map(|facet| format!("'{}'", facet_lexeme(facet)));
    placed.chain(filters).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(pairs: &[(&str, &[&str])]) -> Forms {
        pairs.iter().map(|(folded, forms)| ((*folded).to_owned(), forms.iter().map(|form| (*form).to_owned()).collect())).collect()
    }

    #[test]
    fn nothing_typed_is_an_operator() {
        let query = Query::new("đường\" OR NOT (x) * : ' & | !", Vec::new(), vec![facet('a', "01969")]);
        let expected = r#""¶a01969" AND "·đường" AND "·or" AND "·not" AND "·x""#;
        assert_eq!(query.fts5(Pass::Marked, None).as_deref(), Some(expected));
    }

    #[test]
    fn a_scope_stands_before_the_words_and_alone_where_there_are_none() {
        let scope = || vec![facet('k', "report")];
        assert_eq!(Query::new("duong", scope(), Vec::new()).fts5(Pass::Folded, None).as_deref(), Some(r#""kreport§duong""#));
        assert_eq!(Query::new(" ", scope(), Vec::new()).fts5(Pass::Folded, None).as_deref(), Some(r#""¶kreport""#));
        let both = Query::new("duong", vec![facet('b', "x"), facet('k', "report")], Vec::new());
        assert_eq!(both.fts5(Pass::Folded, None).as_deref(), Some(r#""¶kreport" AND "bx§duong""#));
    }

    #[test]
    fn marks_ask_for_marked_hits_first_and_then_the_rest() {
        assert_eq!(Query::new("duong", Vec::new(), Vec::new()).first_pass(), Pass::Folded);
        let query = Query::new("dường", Vec::new(), Vec::new());
        assert_eq!(query.first_pass(), Pass::Marked);
        assert_eq!(query.fts5(Pass::Folded, None).as_deref(), Some(r#"("§duong") NOT ("·dường")"#));
    }

    #[test]
    fn the_rest_is_looked_for_by_its_spellings_where_they_are_known() {
        let query = Query::new("nước sạch", Vec::new(), Vec::new());
        let known = forms(&[("nuoc", &["nuoc", "nước"]), ("sach", &["sạch", "sách"])]);
        let expected = r#"((("·nuoc") AND "§sach") OR (("·sách") AND "§nuoc"))"#;
        assert_eq!(query.fts5(Pass::Folded, Some(&known)), Some(format!(r#"({expected}) NOT ("·nước" AND "·sạch")"#)));
        let only_these = forms(&[("nuoc", &["nước"]), ("sach", &["sạch"])]);
        assert_eq!(query.fts5(Pass::Folded, Some(&only_these)), None, "nobody writes it otherwise");
    }

    #[test]
    fn a_document_has_the_same_words_twice() {
        let document = Document::new(&["Cầu Hoà Bình", "sập cầu"], vec![facet('k', "report")], vec![facet('a', "01969")]);
        assert_eq!(document.words, ["cau", "hoa", "binh", "sap", "cau"]);
        assert_eq!(document.marked, ["cầu", "hòa", "bình", "sập", "cầu"]);
        assert_eq!(document.fts5(false), "kreport§binh kreport§cau kreport§hoa kreport§sap kreport·bình kreport·cầu kreport·hòa kreport·sập ¶a01969 ¶kreport ");
    }
}
