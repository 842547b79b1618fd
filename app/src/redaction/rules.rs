//! What in a text may name a person, and the marks that stand in its place. Pure.
//!
//! [`suggest`] looks for names, numbers, addresses; it changes nothing. [`hide`] puts a mark in the place of words somebody chose. A mark says of
//! what kind the hidden words were and nothing more: not how long they were, not where they are kept. So nothing that is done with the marked text,
//! by whomever, can bring the words back.
//!
//! Words are hidden wherever they stand in the text, so that a choice survives every later change of the text around it.
//! Everything here walks a text once; a long text takes as much longer as it is longer.

mod addresses;
mod names;
mod numbers;
mod tokens;

use crate::words::Lang;
use std::collections::HashMap;
use std::ops::Range;
use tokens::{Token, is_word_char, tokens};
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// Most different words that are hidden in one text.
pub const HIDDEN_MAX: usize = 200;
/// Longest words hidden in one place, in characters.
pub const HIDDEN_CHARS_MAX: usize = 300;
/// Characters of a text shown before and behind what is suggested.
const AROUND_CHARS: usize = 40;

/// Of what kind hidden words are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Tên người.
    Name,
    /// Số điện thoại.
    Phone,
    /// Số căn cước, chứng minh nhân dân, hộ chiếu.
    IdNumber,
    /// Địa chỉ.
    Address,
    /// Biển số xe.
    Plate,
    /// Thư điện tử.
    Email,
    /// Số tài khoản.
    Account,
    /// Ngày sinh.
    BirthDate,
    /// Anything else.
    Other,
}

impl Kind {
    /// All kinds, in the order a form offers them.
    pub const ALL: [Self; 9] = [Self::Name, Self::Phone, Self::IdNumber, Self::Address, Self::Plate, Self::Email, Self::Account, Self::BirthDate, Self::Other];

    /// As it stands in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Phone => "phone",
            Self::IdNumber => "id_number",
            Self::Address => "address",
            Self::Plate => "plate",
            Self::Email => "email",
            Self::Account => "account",
            Self::BirthDate => "birth_date",
            Self::Other => "other",
        }
    }

    /// The kind of that code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    /// Key of its name.
    pub fn key(self) -> &'static str {
        match self {
            Self::Name => "redaction.kind.name",
            Self::Phone => "redaction.kind.phone",
            Self::IdNumber => "redaction.kind.id_number",
            Self::Address => "redaction.kind.address",
            Self::Plate => "redaction.kind.plate",
            Self::Email => "redaction.kind.email",
            Self::Account => "redaction.kind.account",
            Self::BirthDate => "redaction.kind.birth_date",
            Self::Other => "redaction.kind.other",
        }
    }

    /// What stands in the place of hidden words: "[đã ẩn: số điện thoại]". In Vietnamese, as the texts are.
    pub fn mark(self) -> String {
        Lang::Vi.f("redaction.mark", &[("kind", Lang::Vi.t(self.key()))])
    }
}

/// What the portal knows of the people of a case, so that it is found however it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Full names.
    pub names: Vec<String>,
    /// Phone numbers.
    pub phones: Vec<String>,
    /// ID numbers.
    pub id_numbers: Vec<String>,
    /// E-mail addresses.
    pub emails: Vec<String>,
    /// Postal addresses in words.
    pub addresses: Vec<String>,
}

/// A place of a text that may be personal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// Of what kind.
    pub kind: Kind,
    /// Where, in bytes; both ends lie between characters.
    pub place: Range<usize>,
    /// Whether the portal knows it to be of somebody of this case; otherwise it only looks like it.
    pub is_known: bool,
}

/// Words that are to be hidden, wherever they stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hidden {
    /// Of what kind they are.
    pub kind: Kind,
    /// The words as they stand in the text.
    pub words: String,
}

/// The same words, found once or more often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// What would be hidden.
    pub hidden: Hidden,
    /// Whether the portal knows it to be of somebody of this case.
    pub is_known: bool,
    /// Where, in bytes of the text.
    pub places: Vec<Range<usize>>,
}

/// Everything in a text that may be personal, from its beginning to its end; no two places overlap. What is marked already is left alone.
pub fn suggest(text: &str, known: &Known) -> Vec<Suggestion> {
    let words = tokens(text);
    let mut all = names::find(text, &words, &known.names);
    all.extend(numbers::find(text, &words, known));
    all.extend(addresses::find(text, &words, &known.addresses));
    let marks = mark_places(text);
    // Of two that overlap the one that begins earlier stays, of two beginnings the longer.
    all.sort_by_key(|found| (found.place.start, std::cmp::Reverse(found.place.end), !found.is_known));
    let mut kept: Vec<Suggestion> = Vec::new();
    let mut mark = marks.iter().peekable();
    for suggestion in all {
        while mark.peek().is_some_and(|mark| mark.end <= suggestion.place.start) {
            mark.next();
        }
        if mark.peek().is_some_and(|mark| mark.start < suggestion.place.end) {
            continue;
        }
        match kept.last_mut().filter(|last| last.place.end > suggestion.place.start) {
            // A part of what is suggested already may still be what the portal knows.
            Some(last) => {
                last.is_known |= suggestion.is_known;
                last.place.end = last.place.end.max(suggestion.place.end);
            }
            None => kept.push(suggestion),
        }
    }
    kept
}

/// The suggestions of a text with equal words put together, in the order they are met.
pub fn found(text: &str, known: &Known) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut at: HashMap<&str, usize> = HashMap::new();
    for Suggestion { kind, place, is_known } in suggest(text, known) {
        let words = &text[place.clone()];
        match at.get(words) {
            Some(known_at) => {
                found[*known_at].is_known |= is_known;
                found[*known_at].places.push(place);
            }
            None => {
                at.insert(words, found.len());
                found.push(Found { hidden: Hidden { kind, words: words.to_owned() }, is_known, places: vec![place] });
            }
        }
    }
    found
}

/// The text with a mark in the place of all hidden words, in NFC. What is marked already stays as it is.
///
/// Longer words come first: "Nguyễn Văn Bình" is one mark, not a part of one. Words are found where they stand as words: hiding "An" leaves "Anh".
pub fn hide(text: &str, hidden: &[Hidden]) -> String {
    hide_with(text, hidden, Kind::mark)
}

/// The same for light Markdown: the mark's brackets must not become a link with what follows them.
pub fn hide_in_markdown(text: &str, hidden: &[Hidden]) -> String {
    hide_with(text, hidden, |kind| kind.mark().replace('[', "\\[").replace(']', "\\]"))
}

fn hide_with(text: &str, hidden: &[Hidden], mark: impl Fn(Kind) -> String) -> String {
    let text = nfc(text);
    let plan = Plan::new(hidden);
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for (place, kind) in plan.places(&text) {
        out.push_str(&text[rest..place.start]);
        out.push_str(&mark(kind));
        rest = place.end;
    }
    out.push_str(&text[rest..]);
    out
}

/// Where hidden words stand in a text (in NFC), in order.
pub fn places(text: &str, hidden: &[Hidden]) -> Vec<Range<usize>> {
    Plan::new(hidden).places(text).into_iter().map(|(place, _)| place).collect()
}

/// Whether a text (in NFC) has these words outside of marks.
pub fn contains(text: &str, words: &str) -> bool {
    !places(text, &[Hidden { kind: Kind::Other, words: words.to_owned() }]).is_empty()
}

/// The text without its marks: what a word index may know.
pub fn without_marks(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = 0;
    for mark in mark_places(text) {
        out.push_str(&text[rest..mark.start]);
        rest = mark.end;
    }
    out.push_str(&text[rest..]);
    out
}

/// Where the marks of a text are.
pub fn mark_places(text: &str) -> Vec<Range<usize>> {
    let marks: Vec<String> = Kind::ALL.into_iter().map(Kind::mark).collect();
    let mut places = Vec::new();
    let mut at = 0;
    while let Some(open) = text[at..].find('[').map(|open| at + open) {
        at = match marks.iter().find(|mark| text[open..].starts_with(mark.as_str())) {
            Some(mark) => {
                places.push(open..open + mark.len());
                open + mark.len()
            }
            None => open + 1,
        };
    }
    places
}

/// Some words before and behind a place, cut between words.
pub fn around<'a>(text: &'a str, place: &Range<usize>) -> (&'a str, &'a str) {
    let before = &text[..place.start];
    let after = &text[place.end..];
    let from = before.char_indices().rev().take(AROUND_CHARS).last().map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(AROUND_CHARS).map_or(after.len(), |(at, _)| at);
    let (before, after) = (&before[from..], &after[..to]);
    let before = if from == 0 { before } else { before.split_once(char::is_whitespace).map_or("", |(_, words)| words) };
    let after = if place.end + to == text.len() { after } else { after.rsplit_once(char::is_whitespace).map_or("", |(words, _)| words) };
    (before, after)
}

fn nfc(text: &str) -> String {
    if is_nfc(text) { text.to_owned() } else { text.nfc().collect() }
}

/// Hidden words by their first character, the longest first.
struct Plan(HashMap<char, Vec<(String, Kind)>>);

impl Plan {
    fn new(hidden: &[Hidden]) -> Self {
        let mut by_first: HashMap<char, Vec<(String, Kind)>> = HashMap::new();
        for Hidden { kind, words } in hidden.iter().take(HIDDEN_MAX) {
            let words = nfc(words.trim());
            if let Some(first) = words.chars().next() {
                by_first.entry(first).or_default().push((words, *kind));
            }
        }
        for words in by_first.values_mut() {
            words.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        Self(by_first)
    }

    fn places(&self, text: &str) -> Vec<(Range<usize>, Kind)> {
        let marks = mark_places(text);
        let mut mark = marks.iter().peekable();
        let mut places = Vec::new();
        let mut end = 0;
        let mut before = None;
        for (at, c) in text.char_indices() {
            let previous = before.replace(c);
            while mark.peek().is_some_and(|mark| mark.end <= at) {
                mark.next();
            }
            if at < end {
                continue;
            }
            let Some(candidates) = self.0.get(&c) else { continue };
            // As a word of its own: not in the middle of another.
            if is_word_char(c) && previous.is_some_and(is_word_char) {
                continue;
            }
            let stop = mark.peek().map_or(text.len(), |mark| mark.start);
            if at >= stop && mark.peek().is_some() {
                continue;
            }
            let fits = |words: &str| {
                let to = at + words.len();
                let last_is_word = words.chars().next_back().is_some_and(is_word_char);
                text[at..].starts_with(words) && to <= stop && !(last_is_word && text[to..].chars().next().is_some_and(is_word_char))
            };
            if let Some((words, kind)) = candidates.iter().find(|(words, _)| fits(words)) {
                end = at + words.len();
                places.push((at..end, *kind));
            }
        }
        places
    }
}

/// A place from the first to the last of some tokens.
fn span(first: &Token, last: &Token) -> Range<usize> {
    first.start..last.end
}

#[cfg(test)]
mod tests;
