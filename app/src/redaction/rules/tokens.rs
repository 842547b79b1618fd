//! The words of a text with what the other files ask of them.

use crate::text::fold;
use unicode_normalization::char::is_combining_mark;

/// A run of letters and digits.
#[derive(Clone, Debug)]
pub struct Token {
    /// First byte.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// Lower case without marks.
    pub folded: String,
    /// Begins with a capital letter.
    pub is_capital: bool,
    /// Has capital letters only, two or more.
    pub is_upper: bool,
    /// Has digits only.
    pub is_number: bool,
}

/// Whether a character belongs to a word. What cannot be seen does: it must not cut a name in two.
pub fn is_word_char(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c) || is_unseen(c)
}

fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The words of a text, in order.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (start, is_word_char(c)) {
            (None, true) => start = Some(at),
            (Some(from), false) => {
                tokens.push(token(text, from, at));
                start = None;
            }
            _ => {}
        }
    }
    // Unseen characters alone are no word.
    tokens.retain(|token| !token.folded.is_empty());
    tokens
}

fn token(text: &str, start: usize, end: usize) -> Token {
    let raw = &text[start..end];
    let folded: String = fold(raw).chars().filter(|c| !is_unseen(*c)).collect();
    let mut letters = raw.chars().filter(|c| c.is_alphabetic());
    Token {
        start,
        end,
        is_capital: raw.chars().find(|c| !is_unseen(*c)).is_some_and(char::is_uppercase),
        is_upper: folded.chars().count() > 1 && letters.clone().next().is_some() && letters.all(char::is_uppercase),
        is_number: folded.chars().all(|c| c.is_ascii_digit()),
        folded,
    }
}

/// Characters between two words of one name or number, at most.
const GAP_CHARS_MAX: usize = 4;

/// What stands between two neighbours, if it is short and does not begin a new paragraph.
pub fn gap<'a>(text: &'a str, before: &Token, after: &Token) -> Option<&'a str> {
    let gap = &text[before.end..after.start];
    (gap.len() <= GAP_CHARS_MAX * 3 && gap.chars().count() <= GAP_CHARS_MAX && !gap.contains("\n\n")).then_some(gap)
}

/// Whether two neighbours stand in one phrase: nothing but blanks and signs of emphasis between them.
pub fn is_one_phrase(text: &str, before: &Token, after: &Token) -> bool {
    gap(text, before, after).is_some_and(|gap| !gap.is_empty() && gap.chars().all(|c| (c.is_whitespace() && c != '\n') || matches!(c, '*' | '_')))
}

/// Whether the tokens from `at` on say these folded words, one after the other.
pub fn says(text: &str, tokens: &[Token], at: usize, words: &[String]) -> bool {
    let Some(said) = tokens.get(at..at + words.len()) else { return false };
    said.iter().zip(words).all(|(token, word)| token.folded == *word) && said.windows(2).all(|pair| gap(text, &pair[0], &pair[1]).is_some())
}
