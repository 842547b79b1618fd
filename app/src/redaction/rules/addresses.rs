//! Addresses: "số nhà 12, ngõ 5, tổ 3, thôn Đông", and the parts of an address the portal knows.

use super::tokens::{Token, gap, says};
use super::{Kind, Suggestion, span};
use crate::text::{fold, words_of};
use std::collections::HashMap;

/// Words of the name of a place, at most.
const NAME_WORDS_MAX: usize = 5;
/// Parts of one address, at most.
const PARTS_MAX: usize = 10;
/// Words of a known part, at least: "Tân Cương" alone is where thousands live, but a house and its lane are not.
const KNOWN_WORDS_MIN: usize = 2;

/// What a part of an address begins with.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    /// So near to one house that an address may begin with it.
    Near,
    /// The same, but only before a number: "tổ 5" is a place, "tổ công tác" is not.
    NearNumber,
    /// Belongs to an address, does not make one.
    Far,
}

/// The words a part begins with at a token, and how many they are.
fn beginning(tokens: &[Token], at: usize) -> Option<(Part, usize)> {
    let word = |i: usize| tokens.get(at + i).map_or("", |token| token.folded.as_str());
    Some(match (word(0), word(1), word(2)) {
        ("to", "dan", "pho") => (Part::Near, 3),
        ("so", "nha", _) | ("khu", "pho", _) | ("khu", "dan", "cu") | ("can", "ho", _) | ("chung", "cu", _) => (Part::Near, 2),
        ("thi", "tran", _) | ("thi", "xa", _) | ("thanh", "pho", _) | ("dac", "khu", _) => (Part::Far, 2),
        ("ngo" | "ngach" | "hem" | "thon" | "xom" | "ap" | "ban" | "buon" | "khom" | "sn", ..) => (Part::Near, 1),
        ("to" | "kiet" | "doi" | "phong" | "lo" | "tang" | "so" | "nha", ..) => (Part::NearNumber, 1),
        ("duong" | "pho" | "xa" | "phuong" | "huyen" | "quan" | "tp" | "tinh", ..) => (Part::Far, 1),
        _ => return None,
    })
}

/// All addresses in a text.
pub fn find(text: &str, tokens: &[Token], known: &[String]) -> Vec<Suggestion> {
    let known = known_parts(known);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let known_words = known.get(&tokens[at].folded).and_then(|parts| parts.iter().find(|part| says(text, tokens, at, part))).map(Vec::len);
        let last = match (known_words, address_at(text, tokens, at)) {
            (Some(words), Some(last)) => Some((last.max(at + words - 1), true)),
            (Some(words), None) => Some((at + words - 1, true)),
            (None, Some(last)) => Some((last, false)),
            (None, None) => None,
        };
        at = match last {
            Some((last, is_known)) => {
                found.push(Suggestion { kind: Kind::Address, place: span(&tokens[at], &tokens[last]), is_known });
                last + 1
            }
            None => at + 1,
        };
    }
    found
}

/// The parts of known addresses that stand for one house or hamlet, by their first word.
fn known_parts(known: &[String]) -> HashMap<String, Vec<Vec<String>>> {
    let mut parts: HashMap<String, Vec<Vec<String>>> = HashMap::new();
    for address in known {
        for part in address.split([',', ';', '\n']) {
            let words: Vec<String> = words_of(&fold(part)).collect();
            // Communes and all above are in every text of the neighbourhood.
            let is_far = matches!(words.first().map(String::as_str), Some("xa" | "phuong" | "huyen" | "quan" | "tinh" | "thanh" | "tp" | "thi"));
            if words.len() >= KNOWN_WORDS_MIN && !is_far {
                parts.entry(words[0].clone()).or_default().push(words);
            }
        }
    }
    for parts in parts.values_mut() {
        parts.sort_by_key(|words| std::cmp::Reverse(words.len()));
    }
    parts
}

/// The last token of an address that begins at a token.
fn address_at(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let (part, _) = beginning(tokens, at)?;
    if part == Part::Far {
        return None;
    }
    // "nhà 12" and "số 12" are an address only together with a street; alone they are any number.
    let needs_more = matches!(tokens[at].folded.as_str(), "so" | "nha" | "lo" | "tang") && part == Part::NearNumber;
    let mut last = part_at(text, tokens, at)?;
    let mut parts = 1;
    while parts < PARTS_MAX {
        let Some(next) = tokens.get(last + 1) else { break };
        let is_near_by = gap(text, &tokens[last], next).is_some_and(|gap| gap.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '/' | '(')));
        let Some(end) = Some(last + 1).filter(|_| is_near_by).and_then(|from| part_at(text, tokens, from)) else { break };
        last = end;
        parts += 1;
    }
    (parts > 1 || !needs_more).then_some(last)
}

/// The last token of one part: its beginning and the number or name behind it.
fn part_at(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let (part, words) = beginning(tokens, at)?;
    let joined = |i: usize| {
        let near = gap(text, &tokens[i - 1], tokens.get(i)?)?;
        near.chars().all(|c| matches!(c, ' ' | '\u{a0}' | '.' | ':' | '/' | '-' | '*' | '_')).then_some(&tokens[i])
    };
    // "tổ dân phố số 5", "thôn số 2"
    let is_counted = tokens.get(at + words).is_some_and(|token| token.folded == "so") && joined(at + words).is_some();
    let from = at + words + usize::from(is_counted);
    let first = joined(from)?;
    let is_number = |token: &Token| token.folded.starts_with(|c: char| c.is_ascii_digit()) && token.folded.chars().count() <= 6;
    if is_number(first) {
        // "12/5/7A"
        let slashed = (from + 1..from + 4)
            .take_while(|i| joined(*i).is_some_and(is_number) && matches!(text.get(tokens[i - 1].end..tokens[*i].start), Some("/" | "-")))
            .count();
        return Some(from + slashed);
    }
    if part == Part::NearNumber || !first.is_capital || beginning(tokens, from).is_some() {
        return None;
    }
    // A name in capitals, perhaps with its number: "thôn Đông 2".
    let named = (from + 1..from + NAME_WORDS_MAX)
        .take_while(|i| joined(*i).is_some_and(|token| token.is_capital || (is_number(token) && token.folded.len() <= 2)) && beginning(tokens, *i).is_none())
        .count();
    Some(from + named)
}
