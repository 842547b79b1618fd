//! Numbers that belong to somebody: phones, IDs, accounts, plates, days of birth; and e-mail addresses.

use super::tokens::{Token, gap, is_one_phrase};
use super::{Kind, Known, Suggestion, span};
use crate::text::fold;
use std::collections::HashSet;

/// Groups of one number, at most: nineteen digits said one by one.
const GROUPS_MAX: usize = 19;
/// Most digits of a number: those of a bank account.
const DIGITS_MAX: usize = 19;
/// Words before a number that may say what it is.
const SAID_BEFORE_MAX: usize = 5;
/// Digits in a word that has letters where digits should be ("O912345678"), at least.
const LIKENESS_DIGITS_MIN: usize = 7;
/// Longest part of an e-mail address on either side of its sign (RFC 5321: 64 and 255).
const MAIL_CHARS_MAX: [usize; 2] = [64, 255];

/// All numbers and addresses of mail in a text.
pub fn find(text: &str, tokens: &[Token], known: &Known) -> Vec<Suggestion> {
    let mut found = digits(text, tokens, known);
    found.extend(plates(text, tokens));
    found.extend(births(text, tokens));
    found.extend(mails(text, known));
    found.extend(spoken_mails(text, tokens));
    found
}

// ---- phones, IDs, accounts ----

/// The digits a word stands for: a number, one digit in words, or a number with letters in the place of digits.
fn digits_of(token: &Token) -> Option<String> {
    if token.is_number {
        return Some(token.folded.clone());
    }
    let digit = match token.folded.as_str() {
        "khong" => "0",
        "mot" => "1",
        "hai" => "2",
        "ba" => "3",
        "bon" | "tu" => "4",
        "nam" | "lam" => "5",
        "sau" => "6",
        "bay" => "7",
        "tam" => "8",
        "chin" => "9",
        other => return in_likeness(other),
    };
    Some(digit.to_owned())
}

fn in_likeness(word: &str) -> Option<String> {
    let is_like = word.chars().all(|c| c.is_ascii_digit() || matches!(c, 'o' | 'l' | 'i'));
    if !is_like || word.chars().filter(char::is_ascii_digit).count() < LIKENESS_DIGITS_MIN {
        return None;
    }
    Some(word.replace('o', "0").replace(['l', 'i'], "1"))
}

fn is_joint(gap: &str) -> bool {
    !gap.is_empty() && gap.chars().all(|c| matches!(c, ' ' | '\u{a0}' | '\t' | '.' | '-' | '–' | '(' | ')' | '_' | '*'))
}

/// What words before a number say it is.
fn said_before(tokens: &[Token], at: usize) -> Option<Kind> {
    let word = |i: usize| tokens.get(i).map_or("", |token| token.folded.as_str());
    (at.saturating_sub(SAID_BEFORE_MAX)..at).rev().find_map(|i| match (word(i), word(i + 1)) {
        ("sdt" | "dt" | "dtdd" | "zalo" | "phone" | "tel" | "mobile" | "goi", _) | ("dien", "thoai") | ("lien", "he") => Some(Kind::Phone),
        ("cccd" | "cmnd" | "cmt" | "cmtnd" | "passport", _) | ("can", "cuoc") | ("dinh", "danh") | ("chung", "minh") | ("ho", "chieu") => Some(Kind::IdNumber),
        ("stk" | "tk", _) | ("tai", "khoan") => Some(Kind::Account),
        _ => None,
    })
}

/// A phone number of Vietnam with its leading zero, whichever way the country is written; none if it is no phone number.
fn national(digits: &str) -> Option<String> {
    let national = match digits.strip_prefix("0084").or_else(|| digits.strip_prefix("84").filter(|_| digits.len() > 10)) {
        Some(rest) => format!("0{}", rest.trim_start_matches('0')),
        None => digits.to_owned(),
    };
    let second = national.as_bytes().get(1).copied().unwrap_or_default();
    let is_phone = national.starts_with('0')
        && match national.len() {
            10 => (b'2'..=b'9').contains(&second),
            // Numbers of places, and mobile ones before 2018.
            11 => matches!(second, b'1' | b'2'),
            _ => false,
        };
    is_phone.then_some(national)
}

struct KnownNumbers {
    phones: HashSet<String>,
    others: HashSet<String>,
}

impl KnownNumbers {
    fn new(known: &Known) -> Self {
        let digits = |text: &String| -> String { text.chars().filter(char::is_ascii_digit).collect() };
        let phones = known.phones.iter().map(digits).map(|phone| national(&phone).unwrap_or(phone)).collect();
        Self { phones, others: known.id_numbers.iter().map(digits).collect() }
    }

    /// What a run of digits is known to be.
    fn kind(&self, digits: &str) -> Option<Kind> {
        let phone = national(digits).unwrap_or_else(|| format!("0{digits}"));
        if self.phones.contains(&phone) {
            Some(Kind::Phone)
        } else if digits.len() >= 8 && self.others.contains(digits) {
            Some(Kind::IdNumber)
        } else {
            None
        }
    }
}

fn digits(text: &str, tokens: &[Token], known: &Known) -> Vec<Suggestion> {
    let known = KnownNumbers::new(known);
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some((last, kind, is_known)) = number_at(text, tokens, at, &known) else {
            at += 1;
            continue;
        };
        let mut place = span(&tokens[at], &tokens[last]);
        for sign in ["(+", "+", "("] {
            if text[..place.start].ends_with(sign) && (sign != "(" || text[place.clone()].contains(')')) {
                place.start -= sign.len();
                break;
            }
        }
        found.push(Suggestion { kind, place, is_known });
        at = last + 1;
    }
    found
}

/// The number that begins at a token: its last token and its kind.
///
/// Of several readings the one that takes the whole run of digits is right; then the first that is a phone number; then the longest.
fn number_at(text: &str, tokens: &[Token], at: usize, known: &KnownNumbers) -> Option<(usize, Kind, bool)> {
    let first = digits_of(&tokens[at])?;
    let is_word = |token: &Token| !token.folded.contains(|c: char| c.is_ascii_digit());
    // "năm 2025": a word is a digit only among others.
    if is_word(&tokens[at]) && !tokens.get(at + 1).is_some_and(|next| is_word(next) && digits_of(next).is_some()) {
        return None;
    }
    let said = said_before(tokens, at);
    let mut run = Run { digits: first, groups: vec![tokens[at].folded.len()], has_dots_only: true };
    let mut readings: Vec<(usize, Kind, bool)> = Vec::new();
    let mut last = at;
    loop {
        let is_money = || is_money(text, tokens, last, &run);
        if let Some(kind) = known.kind(&run.digits) {
            readings.push((last, kind, true));
        } else if let Some(kind) = reading(&run, said).filter(|_| said.is_some() || !is_money()) {
            readings.push((last, kind, false));
        }
        let next = tokens.get(last + 1).and_then(|next| Some((next, gap(text, &tokens[last], next).filter(|gap| is_joint(gap))?)));
        let Some((next, joint)) = next else { break };
        let Some(more) = digits_of(next) else { break };
        // "0987 654 321 không ai nghe": a word alone behind a number is no digit of it, nor are words behind a whole phone number.
        let goes_on = is_word(&tokens[last]) || tokens.get(last + 2).is_some_and(|after| digits_of(after).is_some());
        let is_behind_number = is_word(next) && !is_word(&tokens[last]);
        if is_word(next) && !goes_on || is_behind_number && national(&run.digits).is_some() {
            break;
        }
        if run.digits.len() + more.len() > DIGITS_MAX || run.groups.len() == GROUPS_MAX {
            break;
        }
        run.digits.push_str(&more);
        run.groups.push(more.len());
        run.has_dots_only &= joint == ".";
        last += 1;
    }
    let whole = readings.last().filter(|(end, ..)| *end == last);
    let phone = readings.iter().find(|(_, kind, is_known)| *is_known || *kind == Kind::Phone);
    whole.or(phone).or(readings.last()).copied()
}

/// Digits in groups, as they were read so far.
struct Run {
    digits: String,
    groups: Vec<usize>,
    has_dots_only: bool,
}

impl Run {
    /// "1.200.000": thousands set apart.
    fn has_thousands(&self) -> bool {
        self.has_dots_only && self.groups.len() > 1 && self.groups[1..].iter().all(|group| *group == 3) && !self.digits.starts_with('0')
    }

    /// In one piece, or in pieces of three or four.
    fn is_even(&self) -> bool {
        self.groups.len() == 1 || self.groups.iter().all(|group| matches!(group, 3 | 4))
    }
}

fn reading(run: &Run, said: Option<Kind>) -> Option<Kind> {
    let count = run.digits.len();
    match said {
        Some(Kind::IdNumber) if (8..=12).contains(&count) => return Some(Kind::IdNumber),
        Some(Kind::Account) if (6..=DIGITS_MAX).contains(&count) => return Some(Kind::Account),
        // What begins so is a line for everybody.
        Some(Kind::Phone) if (8..=11).contains(&count) && !run.digits.starts_with("1900") && !run.digits.starts_with("1800") => return Some(Kind::Phone),
        _ => {}
    }
    if national(&run.digits).is_some() {
        return Some(Kind::Phone);
    }
    let is_id = (count == 12 && run.digits.starts_with('0')) || (count == 9 && run.is_even() && !run.has_thousands());
    if is_id {
        return Some(Kind::IdNumber);
    }
    (count >= 10 && run.is_even() && !run.has_thousands()).then_some(Kind::Account)
}

fn is_money(text: &str, tokens: &[Token], last: usize, run: &Run) -> bool {
    let unit = tokens.get(last + 1).filter(|next| gap(text, &tokens[last], next).is_some_and(|gap| gap.trim().is_empty()));
    run.groups.len() <= 5 && unit.is_some_and(|unit| matches!(unit.folded.as_str(), "dong" | "d" | "vnd" | "usd" | "trieu" | "ty" | "ti" | "nghin" | "ngan"))
}

// ---- plates ----

/// Plates of vehicles: "20A-123.45", "29-B1 123.45", "20a12345".
fn plates(text: &str, tokens: &[Token]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match plate_at(text, tokens, at) {
            Some(last) => {
                found.push(Suggestion { kind: Kind::Plate, place: span(&tokens[at], &tokens[last]), is_known: false });
                at = last + 1;
            }
            None => at += 1,
        }
    }
    found
}

fn plate_at(text: &str, tokens: &[Token], at: usize) -> Option<usize> {
    let (province, rest) = tokens[at].folded.split_at_checked(2)?;
    if !province.parse::<u32>().is_ok_and(|code| (11..=99).contains(&code)) {
        return None;
    }
    let (series, series_at) = if rest.is_empty() { (tokens.get(at + 1)?.folded.as_str(), at + 1) } else { (rest, at) };
    if series_at > at && !joined(text, tokens, at, &["-", " ", ".", " - "]) {
        return None;
    }
    let letters = series.bytes().take_while(u8::is_ascii_lowercase).count();
    let digits = series.get(letters..).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if !(1..=2).contains(&letters) {
        return None;
    }
    match digits.len() {
        // All in one: the digit of the series may be among them.
        4..=6 => Some(series_at),
        3 if joined(text, tokens, series_at, &["."]) && count_of(tokens, series_at + 1) == 2 => Some(series_at + 1),
        0 | 1 => number_of_plate(text, tokens, series_at),
        _ => None,
    }
}

/// The last token of a plate's number behind its series.
fn number_of_plate(text: &str, tokens: &[Token], series_at: usize) -> Option<usize> {
    let is_dashed = joined(text, tokens, series_at, &["-", " - ", "–", "."]);
    if !is_dashed && !joined(text, tokens, series_at, &[" "]) {
        return None;
    }
    let number_at = series_at + 1;
    match count_of(tokens, number_at) {
        5 => Some(number_at),
        4 if is_dashed => Some(number_at),
        3 if joined(text, tokens, number_at, &[".", " ", "-"]) && count_of(tokens, number_at + 1) == 2 => Some(number_at + 1),
        _ => None,
    }
}

fn joined(text: &str, tokens: &[Token], at: usize, by: &[&str]) -> bool {
    tokens.get(at + 1).and_then(|next| gap(text, &tokens[at], next)).is_some_and(|gap| by.contains(&gap))
}

/// How many digits a token has, if it is a number.
fn count_of(tokens: &[Token], at: usize) -> usize {
    tokens.get(at).filter(|token| token.is_number).map_or(0, |token| token.folded.len())
}

// ---- days of birth ----

/// Days and years of birth: what stands behind "sinh ngày", "sinh năm", "SN".
fn births(text: &str, tokens: &[Token]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        let is_born = match token.folded.as_str() {
            // "học sinh", "vệ sinh", "phát sinh" are other words.
            "sinh" => !at.checked_sub(1).is_some_and(|i| matches!(tokens[i].folded.as_str(), "hoc" | "ve" | "phat" | "moi" | "dan" | "ky" | "hy")),
            "sn" | "ns" => true,
            _ => false,
        };
        if !is_born {
            continue;
        }
        let from = (at + 1..tokens.len().min(at + 4)).find(|i| !matches!(tokens[*i].folded.as_str(), "ngay" | "nam" | "thang"));
        if let Some((from, last)) = from.and_then(|from| Some((from, last_of_day(text, tokens, from)?))) {
            found.push(Suggestion { kind: Kind::BirthDate, place: span(&tokens[from], &tokens[last]), is_known: false });
        }
    }
    found
}

/// The last token of a day or a year that begins at a token.
fn last_of_day(text: &str, tokens: &[Token], from: usize) -> Option<usize> {
    let is_year = |at: usize| count_of(tokens, at) == 4 && (tokens[at].folded.starts_with("19") || tokens[at].folded.starts_with("20"));
    if is_year(from) {
        return Some(from);
    }
    if !(1..=2).contains(&count_of(tokens, from)) {
        return None;
    }
    let by: &[&str] = &["/", "-", ".", " / ", " - "];
    if joined(text, tokens, from, by) && (1..=2).contains(&count_of(tokens, from + 1)) {
        let has_year = joined(text, tokens, from + 1, by) && matches!(count_of(tokens, from + 2), 2 | 4);
        return Some(if has_year { from + 2 } else { from + 1 });
    }
    let says = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.folded == word);
    let is_in_words = says(from + 1, "thang") && (1..=2).contains(&count_of(tokens, from + 2));
    match (is_in_words, says(from + 3, "nam")) {
        (true, true) if tokens.len() > from + 4 && is_year(from + 4) => Some(from + 4),
        (true, _) => Some(from + 2),
        _ => None,
    }
}

// ---- e-mail ----

fn mails(text: &str, known: &Known) -> Vec<Suggestion> {
    let known: HashSet<String> = known.emails.iter().map(|mail| fold(mail.trim())).collect();
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let belongs = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
        let before: usize = text[..at].chars().rev().take(MAIL_CHARS_MAX[0]).take_while(|c| belongs(*c)).map(char::len_utf8).sum();
        let after: usize = text[at + 1..].chars().take(MAIL_CHARS_MAX[1]).take_while(|c| belongs(*c)).map(char::len_utf8).sum();
        let domain = text[at + 1..at + 1 + after].trim_end_matches(['.', '-', '_', '%', '+']);
        if before == 0 || !domain.contains('.') {
            continue;
        }
        let place = at - before..at + 1 + domain.len();
        let is_known = known.contains(&fold(&text[place.clone()]));
        found.push(Suggestion { kind: Kind::Email, place, is_known });
    }
    found
}

/// "ten a còng gmail chấm com".
fn spoken_mails(text: &str, tokens: &[Token]) -> Vec<Suggestion> {
    let mut found = Vec::new();
    for at in 1..tokens.len().saturating_sub(2) {
        let is_sign = tokens[at].folded == "a" && tokens[at + 1].folded == "cong" && is_one_phrase(text, &tokens[at], &tokens[at + 1]);
        if !is_sign {
            continue;
        }
        let mut last = at + 2;
        loop {
            let is_dot = |i: usize| tokens.get(i).is_some_and(|token| matches!(token.folded.as_str(), "cham" | "dot"));
            if is_dot(last + 1) && tokens.len() > last + 2 {
                last += 2;
            } else if joined(text, tokens, last, &["."]) {
                last += 1;
            } else {
                break;
            }
        }
        found.push(Suggestion { kind: Kind::Email, place: span(&tokens[at - 1], &tokens[last]), is_known: false });
    }
    found
}
