//! The words of many texts for the search index. Invented texts use few words, so each is folded once and remembered.

use crate::search::Document;
use std::collections::HashMap;
use unicode_normalization::char::is_combining_mark;

/// More words than this are not remembered: a demo has a few thousand.
const REMEMBERED_WORDS_MAX: usize = 50_000;

/// Folded words by the word as written.
#[derive(Debug, Default)]
pub(super) struct Folded(HashMap<String, Document>);

impl Folded {
    /// The same as [`Document::new`], quicker.
    pub fn document(&mut self, texts: &[&str], scopes: Vec<String>, facets: Vec<String>) -> Document {
        let mut document = Document { words: Vec::new(), marked: Vec::new(), scopes, facets };
        let words = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)));
        for word in words.filter(|word| !word.is_empty()) {
            if let Some(known) = self.0.get(word) {
                add(&mut document, known);
                continue;
            }
            let new = Document::new(&[word], Vec::new(), Vec::new());
            add(&mut document, &new);
            if self.0.len() < REMEMBERED_WORDS_MAX {
                self.0.insert(word.to_owned(), new);
            }
        }
        document
    }
}

fn add(document: &mut Document, word: &Document) {
    document.words.extend_from_slice(&word.words);
    document.marked.extend_from_slice(&word.marked);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_text_of_the_demo_folds_to_the_same() {
        let mut folded = Folded::default();
        for matter in &super::super::texts::Texts::load().expect("the shipped texts").matters {
            for text in [&matter.title, &matter.public_body].into_iter().chain(&matter.body).chain(&matter.answers) {
                assert_eq!(folded.document(&[text, "tổ 3"], Vec::new(), Vec::new()), Document::new(&[text, "tổ 3"], Vec::new(), Vec::new()));
            }
        }
    }

    proptest! {
        #[test]
        fn words_apart_fold_like_words_together(text in "[a-zA-ZàáảạđĐơư0-9 ,.-]{0,60}") {
            prop_assert_eq!(Folded::default().document(&[&text], Vec::new(), Vec::new()), Document::new(&[&text], Vec::new(), Vec::new()));
        }
    }
}
