//! Names of people: those the portal knows of a case in any spelling, and what looks like a Vietnamese name.

use super::tokens::{Token, is_one_phrase, says};
use super::{Kind, Suggestion, span};
use crate::text::{fold_keeping_marks, words_of};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Words of a name behind the family name, at most: "Tôn Nữ Thị Ngọc Lan".
const GIVEN_WORDS_MAX: usize = 4;
/// A name of one word behind "ông" or "bà", at most this many words: "bà Ba Khía".
const CALLED_WORDS_MAX: usize = 3;

/// Family names, without marks.
const FAMILIES: &str = "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong doan lam mai to ta ha cao luong luu trinh chau dao vuong phung \
    tang quach thai la chu kieu hua nong lo giang vang sung hau ma trieu be luc vi quang cam luong thao mua vu tan chao cheo deo ca bac ro siu kpa ksor nay rmah nie mlo eban \
    thach son kim danh dieu au vien tong tu diep doan khuc khong nghiem ninh phi quan than tieu ton ung tra dam dong bach lai la mac nham thieu uong han hy cung lieu to van";
/// Family names that are hardly ever another word: with "văn" or "thị" behind them they are a name in small letters too.
const CLEAR_FAMILIES: &str = "nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly dinh truong doan trinh luong trieu nong";
/// How people are called, without marks: a capital letter behind these begins a name.
const CALLED: &str = "ong ba anh chi co chu bac cu em chau di cau mo thay ten";
/// Words before names of places: what follows them is where something is, not who somebody is.
const PLACES: &str = "duong pho truong cho cau xa phuong huyen tinh quan pho vien ngo hem ngach kiet cong ben ga ho song nui dao khu";
/// Places whose first word is a family name, without marks.
const PLACE_NAMES: [&str; 24] = [
    "ha noi",
    "ho chi minh",
    "ha giang",
    "ha nam",
    "ha tinh",
    "ha long",
    "ha dong",
    "thai binh",
    "thai nguyen",
    "cao bang",
    "cao lanh",
    "lam dong",
    "ninh binh",
    "ninh thuan",
    "vinh phuc",
    "dong nai",
    "dong thap",
    "dong hoi",
    "dong thanh",
    "son la",
    "kim boi",
    "lai chau",
    "bac lieu",
    "ma lai",
];

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_whitespace().collect()
}

struct Lists {
    families: HashSet<&'static str>,
    clear: HashSet<&'static str>,
    called: HashSet<&'static str>,
    places: HashSet<&'static str>,
}

fn lists() -> &'static Lists {
    static LISTS: OnceLock<Lists> = OnceLock::new();
    LISTS.get_or_init(|| Lists { families: set(FAMILIES), clear: set(CLEAR_FAMILIES), called: set(CALLED), places: set(PLACES) })
}

/// Known names by their first word, and given names alone.
struct KnownNames {
    /// All words of the name, and its last two where it has three or more.
    whole: HashMap<String, Vec<Vec<String>>>,
    /// The last word: folded, and as it is written.
    given: HashMap<String, HashSet<String>>,
}

impl KnownNames {
    fn new(names: &[String]) -> Self {
        let mut whole: HashMap<String, Vec<Vec<String>>> = HashMap::new();
        let mut given: HashMap<String, HashSet<String>> = HashMap::new();
        for name in names {
            let words: Vec<String> = words_of(&crate::text::fold(name)).collect();
            let Some(last) = words.last().cloned() else { continue };
            if let Some(written) = words_of(&fold_keeping_marks(name)).last() {
                given.entry(last).or_default().insert(written);
            }
            if words.len() > 2 {
                let tail = words[words.len() - 2..].to_vec();
                whole.entry(tail[0].clone()).or_default().push(tail);
            }
            if words.len() > 1 {
                whole.entry(words[0].clone()).or_default().push(words);
            }
        }
        for names in whole.values_mut() {
            names.sort_by_key(|words| std::cmp::Reverse(words.len()));
        }
        Self { whole, given }
    }

    /// How many tokens from `at` on are a known name.
    fn at(&self, text: &str, tokens: &[Token], at: usize) -> Option<usize> {
        let names = self.whole.get(&tokens[at].folded)?;
        names.iter().find(|words| says(text, tokens, at, words)).map(Vec::len)
    }

    /// Whether a token is somebody's given name: behind "ông", "bà" however it is written; else with its capital and its marks.
    fn is_given(&self, text: &str, tokens: &[Token], at: usize) -> bool {
        let token = &tokens[at];
        let Some(written) = self.given.get(&token.folded) else { return false };
        if is_called(text, tokens, at) {
            return true;
        }
        let has_capital_beside = |other: Option<&Token>, is_before: bool| {
            other.is_some_and(|other| {
                let (before, after) = if is_before { (other, token) } else { (token, other) };
                other.is_capital && is_one_phrase(text, before, after)
            })
        };
        let is_in_sentence = at > 0 && is_one_phrase(text, &tokens[at - 1], token);
        token.is_capital
            && is_in_sentence
            && written.contains(&fold_keeping_marks(&text[token.start..token.end]))
            && !has_capital_beside(tokens.get(at.wrapping_sub(1)), true)
            && !has_capital_beside(tokens.get(at + 1), false)
    }
}

fn is_called(text: &str, tokens: &[Token], at: usize) -> bool {
    at > 0 && lists().called.contains(tokens[at - 1].folded.as_str()) && is_one_phrase(text, &tokens[at - 1], &tokens[at])
}

/// All names in a text.
pub fn find(text: &str, tokens: &[Token], known: &[String]) -> Vec<Suggestion> {
    let known = KnownNames::new(known);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let (words, is_known) = match known.at(text, tokens, at) {
            Some(words) => (words, true),
            None if known.is_given(text, tokens, at) => (1, true),
            None => (looks_like(text, tokens, at), false),
        };
        if words > 0 {
            found.push(Suggestion { kind: Kind::Name, place: span(&tokens[at], &tokens[at + words - 1]), is_known });
        }
        at += words.max(1);
    }
    found
}

/// How many tokens from `at` on look like a name; none if they do not.
fn looks_like(text: &str, tokens: &[Token], at: usize) -> usize {
    let token = &tokens[at];
    let follows = |from: usize, max: usize| {
        let is_next = |i: usize| tokens.get(i).is_some_and(|next| next.is_capital && !next.is_number && is_one_phrase(text, &tokens[i - 1], next));
        (from..from + max).take_while(|i| is_next(*i)).count()
    };
    let before = at.checked_sub(1).map(|i| &tokens[i]).filter(|before| is_one_phrase(text, before, token));
    if before.is_some_and(|before| lists().places.contains(before.folded.as_str())) {
        return 0;
    }
    if lists().families.contains(token.folded.as_str()) {
        let given = if token.is_capital { follows(at + 1, GIVEN_WORDS_MAX) } else { in_small_letters(text, tokens, at) };
        if given > 0 && !is_place(tokens, at) {
            return given + 1;
        }
    }
    // "ông Tư": not a family name, but called like a person. In a text of capitals alone that would be every second word.
    let is_shouted = token.is_upper && before.is_some_and(|before| before.is_upper);
    if is_called(text, tokens, at) && token.is_capital && !is_shouted && !token.is_number && !is_place(tokens, at) {
        return 1 + follows(at + 1, CALLED_WORDS_MAX - 1);
    }
    0
}

/// "nguyen van binh": words behind the family name in small letters, at least a middle name that is one and a given name.
fn in_small_letters(text: &str, tokens: &[Token], at: usize) -> usize {
    let is_clear = lists().clear.contains(tokens[at].folded.as_str());
    let (Some(middle), Some(given)) = (tokens.get(at + 1), tokens.get(at + 2)) else { return 0 };
    let is_name = matches!(middle.folded.as_str(), "van" | "thi") && !given.is_number;
    let is_phrase = is_one_phrase(text, &tokens[at], middle) && is_one_phrase(text, middle, given);
    if is_clear && is_name && is_phrase { 2 } else { 0 }
}

fn is_place(tokens: &[Token], at: usize) -> bool {
    PLACE_NAMES.iter().any(|place| place.split(' ').enumerate().all(|(i, word)| tokens.get(at + i).is_some_and(|token| token.folded == word)))
}
