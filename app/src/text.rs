//! Vietnamese text: cleaning what comes in, folding for search, keys for sorting.
//!
//! The citizen's spelling is never changed: folding makes a second form beside it.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed};
use icu_locale_core::locale;
use std::sync::OnceLock;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Text as it is stored: NFC, `\n` as the only line end, no control or zero-width characters, no-break spaces made plain.
///
/// Works on characters, never on bytes: byte A0 is also the second half of "à".
pub fn clean(text: &str) -> String {
    let unix = text.replace("\r\n", "\n").replace('\r', "\n");
    let seen = unix.chars().filter_map(|c| match c {
        '\n' | '\t' => Some(c),
        '\u{a0}' | '\u{202f}' | '\u{2007}' => Some(' '),
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}' => None,
        c if c.is_control() => None,
        c => Some(c),
    });
    // Last, for what went may have stood between a letter and its mark.
    seen.nfc().collect()
}

/// Lower case without any mark, đ as d: what unmarked search compares. "Hoà", "Hòa" and "HOA" all become "hoa".
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            'đ' | 'ð' => 'd',
            c => c,
        })
        .collect()
}

/// Lower case with its marks, the tone always on the same vowel: "Hoà" and "Hòa" both become "hòa", "hoa" stays "hoa".
///
/// Old and new placement differ only in the two-vowel endings oa, oe, uy; there the tone is put on the first vowel.
pub fn fold_keeping_marks(text: &str) -> String {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    words_of(&lower).map(|word| even_tone(&word)).collect::<Vec<_>>().join(" ")
}

fn even_tone(word: &str) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    let n = chars.len();
    if n >= 2
        && let (first, tone_first, last, Some(tone)) = (plain(chars[n - 2]).0, plain(chars[n - 2]).1, plain(chars[n - 1]).0, plain(chars[n - 1]).1)
    {
        // "quý" and "quy" keep theirs: u belongs to qu.
        let is_qu = n >= 3 && chars[n - 3] == 'q';
        if tone_first.is_none() && !is_qu && matches!((first, last), ('o', 'a' | 'e') | ('u', 'y')) {
            chars[n - 1] = last;
            return chars[..n - 2].iter().copied().chain([first, tone]).nfc().chain([last]).collect();
        }
    }
    word.to_owned()
}

/// A vowel and its tone mark, if it has one of the five; circumflex, breve and horn belong to the vowel.
fn plain(c: char) -> (char, Option<char>) {
    let tone = std::iter::once(c).nfd().find(|m| matches!(m, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}'));
    let base: String = std::iter::once(c).nfd().filter(|m| Some(*m) != tone).nfc().collect();
    (base.chars().next().unwrap_or(c), tone)
}

/// The words of a text: runs of letters and digits.
pub fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !c.is_alphanumeric() && !is_combining_mark(c)).filter(|word| !word.is_empty()).map(str::to_owned)
}

/// Whether a text has any mark that unmarked typing would not have.
pub fn has_marks(text: &str) -> bool {
    let lower: String = text.nfc().flat_map(char::to_lowercase).collect();
    fold(text) != lower
}

/// A key that sorts as a Vietnamese dictionary does (a ă â b … d đ …; tones last) when compared byte by byte.
pub fn sort_key(text: &str) -> String {
    static COLLATOR: OnceLock<Option<CollatorBorrowed<'static>>> = OnceLock::new();
    let collator = COLLATOR.get_or_init(|| Collator::try_new(locale!("vi").into(), CollatorOptions::default()).ok());
    let mut key = Vec::new();
    if let Some(collator) = collator
        && collator.write_sort_key_to(text, &mut key).is_ok()
    {
        return data_encoding::HEXLOWER.encode(&key);
    }
    fold(text)
}

/// The first `chars_max` characters at a word's end, with "…" if anything was left out.
pub fn excerpt(text: &str, chars_max: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= chars_max {
        return flat;
    }
    let cut: String = flat.chars().take(chars_max).collect();
    let end = cut.rfind(' ').unwrap_or(cut.len());
    format!("{}…", cut[..end].trim_end_matches([',', '.', ';', ':']))
}

/// The text as it goes on within a sentence: its first letter small, names behind it as they are.
pub fn within_sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn trap_39_folding_knows_d_with_stroke_and_both_tone_places() {
        assert_eq!(fold("Đường HOÀ Bình"), "duong hoa binh");
        assert_eq!(fold("hòa"), fold("hoà"));
        assert_eq!(fold("ðất"), "dat", "the Icelandic letter some keyboards give");
        assert_eq!(fold("Nguye\u{0302}\u{0303}n"), "nguyen", "decomposed text from a Mac");
    }

    #[test]
    fn marks_are_kept_but_the_tone_is_put_in_one_place() {
        assert_eq!(fold_keeping_marks("Hoà"), fold_keeping_marks("Hòa"));
        assert_eq!(fold_keeping_marks("thuý"), fold_keeping_marks("thúy"));
        assert_eq!(fold_keeping_marks("khoẻ"), fold_keeping_marks("khỏe"));
        assert_ne!(fold_keeping_marks("dân"), fold_keeping_marks("dẫn"));
        assert_eq!(fold_keeping_marks("quý"), "quý", "the u of qu takes no tone");
    }

    #[test]
    fn the_dictionary_order_is_vietnamese() {
        let mut names = ["Đồng", "Dân", "Ăn", "An", "Ân", "Ơn", "On", "Ôn", "Êm", "Em", "Cao"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["An", "Ăn", "Ân", "Cao", "Dân", "Đồng", "Em", "Êm", "On", "Ôn", "Ơn"]);
    }

    #[test]
    fn invisible_characters_go_and_letters_stay() {
        assert_eq!(clean("a\u{200b}b\u{a0}c\r\nd\u{0}"), "ab c\nd");
        assert_eq!(clean("tiếng à"), "tiếng à");
        assert_eq!(clean("a\u{200b}\u{300}"), "à", "a letter and its mark with nothing to be seen between them");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in ".*") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once);
        }

        #[test]
        fn an_excerpt_is_never_longer(text in ".{0,200}", chars_max in 5_usize..80) {
            prop_assert!(excerpt(&text, chars_max).chars().count() <= chars_max + 1);
        }
    }
}
