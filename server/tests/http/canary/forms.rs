//! The forms in which a mark may lie in bytes: as it is, percent-encoded, as HTML or JSON writes letters, as UTF-16, in base64 or hex, in a
//! number written with blanks and dots, in a compressed stream, in a file of a ZIP, in the text of a PDF.
//!
//! All forms of all marks are one automaton, which goes over the bytes once.

use super::marks::{MARKS, Mark};
use crate::harness::pdf_text;
use aho_corasick::{AhoCorasick, MatchKind};
use data_encoding::{BASE64_NOPAD, HEXLOWER};
use flate2::read::ZlibDecoder;
use regex::bytes::RegexSet;
use std::collections::BTreeSet;
use std::io::Read;
use std::sync::LazyLock;

/// A shorter piece of base64 could be chance.
const BASE64_MIN: usize = 7;

/// Every form of every mark, with its field.
static FORMS: LazyLock<(AhoCorasick, Vec<&'static str>)> = LazyLock::new(|| {
    let forms: Vec<(Vec<u8>, &str)> = MARKS.iter().flat_map(|mark| forms_of(mark).into_iter().map(|form| (form, mark.field))).collect();
    let automaton =
        AhoCorasick::builder().ascii_case_insensitive(true).match_kind(MatchKind::Standard).build(forms.iter().map(|(form, _)| form)).expect("an automaton");
    (automaton, forms.into_iter().map(|(_, field)| field).collect())
});

/// Numbers with what people write between digits.
static NUMBERS: LazyLock<(RegexSet, Vec<&'static str>)> = LazyLock::new(|| {
    let numbers: Vec<&Mark> = MARKS.iter().filter(|mark| is_number(mark.sign)).collect();
    let between = r"(?-u:[ .()+-]|\xC2\xA0|%20|&nbsp;){0,3}";
    let patterns = numbers.iter().map(|mark| mark.sign.chars().map(String::from).collect::<Vec<_>>().join(between));
    (RegexSet::new(patterns).expect("patterns"), numbers.iter().map(|mark| mark.field).collect())
});

fn is_number(sign: &str) -> bool {
    sign.bytes().all(|byte| byte.is_ascii_digit())
}

/// A mark's sign in small letters and as a name is written, in each way bytes are written.
fn forms_of(mark: &Mark) -> Vec<Vec<u8>> {
    let sign = mark.sign.as_bytes();
    let mut capital = sign.to_vec();
    capital[0].make_ascii_uppercase();
    let mut forms = vec![sign.to_vec(), sign[..1].iter().copied().chain(sign[1..].iter().flat_map(|byte| [0, *byte])).collect()];
    for word in [sign, capital.as_slice()] {
        let each = |write: fn(u8) -> String| word.iter().map(|byte| write(*byte)).collect::<String>().into_bytes();
        forms.push(each(|byte| format!("%{byte:02x}")));
        forms.push(each(|byte| format!("&#{byte};")));
        forms.push(each(|byte| format!("&#x{byte:x};")));
        forms.push(each(|byte| format!("\\u{byte:04x}")));
        forms.push(HEXLOWER.encode(word).into_bytes());
        forms.extend((0..3).map(|before| in_base64(word, before)));
    }
    forms
}

/// What of a word's base64 does not depend on what stands around it, with so many bytes before it in its group of three.
fn in_base64(word: &[u8], before: usize) -> Vec<u8> {
    let whole = BASE64_NOPAD.encode(&[&[0; 2][..before], word].concat());
    let from = (before * 8).div_ceil(6);
    let to = (before + word.len()) * 8 / 6;
    let piece = whole.as_bytes()[from..to].to_vec();
    assert!(piece.len() >= BASE64_MIN, "{} is too short a mark", String::from_utf8_lossy(word));
    piece
}

/// The fields whose marks stand in some bytes, in any form.
pub fn found_in(bytes: &[u8]) -> BTreeSet<&'static str> {
    unpacked(bytes).iter().flat_map(|piece| named(piece)).collect()
}

/// The fields whose marks stand in bytes as they are.
pub fn named(bytes: &[u8]) -> BTreeSet<&'static str> {
    let (automaton, fields) = &*FORMS;
    let (numbers, of_numbers) = &*NUMBERS;
    let words = automaton.find_overlapping_iter(bytes).map(|found| fields[found.pattern().as_usize()]);
    words.chain(numbers.matches(bytes).iter().map(|at| of_numbers[at])).collect()
}

/// Bytes as they are, and what is packed in them: gzip, streams and texts of PDFs, files of ZIPs (DOCX, XLSX) with their names.
fn unpacked(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut pieces = vec![bytes.to_vec()];
    if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut inside = Vec::new();
        flate2::read::MultiGzDecoder::new(bytes).read_to_end(&mut inside).expect("whole");
        pieces.extend(unpacked(&inside));
    }
    if bytes.starts_with(b"%PDF") {
        pieces.extend(streams(bytes));
        // The portal's own letters write glyphs, which only their tables turn into letters; papers of citizens are theirs as they are.
        if bytes.windows(10).any(|window| window == b"/ToUnicode") {
            let text = pdf_text::text_of(bytes);
            pieces.push(pdf_text::without_blanks(&text).into_bytes());
            pieces.push(text.into_bytes());
        }
    }
    if bytes.starts_with(b"PK") {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("a ZIP");
        for place in 0..archive.len() {
            let mut file = archive.by_index(place).expect("a file");
            let mut inside = file.name().expect("a name").as_bytes().to_vec();
            file.read_to_end(&mut inside).expect("readable");
            pieces.extend(unpacked(&inside));
        }
    }
    pieces
}

/// Compressed streams of a PDF.
fn streams(pdf: &[u8]) -> Vec<Vec<u8>> {
    let begin = b"stream";
    let places = pdf.windows(begin.len()).enumerate().filter(|(_, window)| *window == begin).map(|(at, _)| at + begin.len());
    let inflated = places.filter_map(|at| {
        let from = at + pdf[at..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let mut inside = Vec::new();
        ZlibDecoder::new(&pdf[from..]).read_to_end(&mut inside).ok().map(|_| inside)
    });
    inflated.collect()
}

#[test]
fn a_mark_is_found_in_every_form() {
    let word = "Lý Thị Qztcname";
    let percent: String = word.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let entities: String = word.bytes().map(|byte| format!("&#{byte};")).collect();
    let json: String = word.bytes().map(|byte| format!("\\u00{byte:02x}")).collect();
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let narrow: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let mut gzip = flate2::read::GzEncoder::new(word.as_bytes(), flate2::Compression::default());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).expect("memory");
    let folded = app::text::fold(word);
    let shifted = ["", "x", "xy"].map(|before| data_encoding::BASE64URL.encode(format!("{before}{word}, thôn").as_bytes()));
    let hex = data_encoding::HEXLOWER.encode(word.as_bytes());
    let texts = [percent, entities, json, folded, hex].into_iter().chain(shifted).map(String::into_bytes);
    for form in texts.chain([wide, narrow, packed]) {
        assert!(found_in(&form).contains("denunciation.name"), "{}", String::from_utf8_lossy(&form));
    }
    for phone in ["0981 220 002", "0981.220.002", "+84981220002", "+84 981-220-002", "0981%20220%20002"] {
        assert_eq!(found_in(phone.as_bytes()).into_iter().collect::<Vec<_>>(), ["denunciation.phone"], "{phone}");
    }
    assert!(found_in(b"Ly Thi, 0981 220 003").is_empty());
}
