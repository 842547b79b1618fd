//! The forms in which a mark may lie in bytes: as it is, percent-encoded, as HTML or JSON writes letters, as UTF-16, in base64 or hex, in a
//! number written with blanks and dots, in a compressed stream, in a file of a ZIP, in the text of a PDF.

use super::marks::MARKS;
use crate::harness::pdf_text;
use data_encoding::{BASE64, HEXLOWER_PERMISSIVE};
use flate2::read::ZlibDecoder;
use std::collections::BTreeSet;
use std::io::Read;

/// Shorter runs of base64 or hex hold no mark.
const RUN_MIN: usize = 10;

/// The fields whose marks stand in some bytes, in any form.
pub fn found_in(bytes: &[u8]) -> BTreeSet<&'static str> {
    unpacked(bytes).iter().flat_map(|piece| views(piece)).flat_map(|view| named(&view)).collect()
}

/// The fields whose marks stand in a text as it is.
fn named(text: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(text).to_ascii_lowercase();
    let has_words = text.contains("qz");
    let digits = digits(&text);
    let is_there = |sign: &str| if sign.starts_with("qz") { has_words && text.contains(sign) } else { digits.contains(sign) };
    MARKS.iter().filter(|mark| is_there(mark.sign)).map(|mark| mark.field).collect()
}

/// Numbers without what people write between digits, apart from one another.
fn digits(text: &str) -> String {
    let mut out = String::new();
    for sign in text.chars() {
        match sign {
            '0'..='9' => out.push(sign),
            ' ' | '.' | '-' | '(' | ')' | '+' | '\u{a0}' => {}
            _ if out.ends_with('|') => {}
            _ => out.push('|'),
        }
    }
    out
}

/// Bytes as they are and as each decoder reads them.
fn views(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut views = vec![bytes.to_vec(), runs(bytes)];
    if bytes.contains(&0) {
        views.push(bytes.iter().copied().filter(|byte| *byte != 0).collect());
    }
    if bytes.contains(&b'%') {
        views.push(unescaped(bytes, b"%", 16, 2));
    }
    for (begin, radix, length) in [(&b"&#x"[..], 16, 2), (&b"&#"[..], 10, 3), (&b"\\u00"[..], 16, 2)] {
        if bytes.windows(begin.len()).any(|window| window == begin) {
            views.push(unescaped(bytes, begin, radix, length));
        }
    }
    views
}

/// Letters written as numbers, read back; a `;` behind one goes with it.
fn unescaped(bytes: &[u8], begin: &[u8], radix: u32, length_max: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        let digits = rest.strip_prefix(begin).map_or(0, |after| after.iter().take(length_max).take_while(|byte| char::from(**byte).is_digit(radix)).count());
        let number = &rest[begin.len().min(rest.len())..];
        let letter = std::str::from_utf8(&number[..digits]).ok().and_then(|digits| u8::from_str_radix(digits, radix).ok());
        match letter.filter(|_| digits > 0) {
            Some(letter) => {
                out.push(letter);
                at += begin.len() + digits;
                at += usize::from(bytes.get(at) == Some(&b';'));
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    out
}

/// What runs of base64 (both alphabets, at every offset) and of hex say.
fn runs(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let is_base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    for run in bytes.split(|byte| !is_base64(byte)).filter(|run| run.len() >= RUN_MIN) {
        let run: Vec<u8> = run
            .iter()
            .map(|byte| match byte {
                b'-' => b'+',
                b'_' => b'/',
                other => *other,
            })
            .collect();
        for from in 0..4 {
            let part = &run[from..];
            out.extend(BASE64.decode(&part[..part.len() / 4 * 4]).unwrap_or_default());
            out.push(b'\n');
        }
    }
    for run in bytes.split(|byte| !byte.is_ascii_hexdigit()).filter(|run| run.len() >= RUN_MIN) {
        for from in 0..2 {
            let part = &run[from..];
            out.extend(HEXLOWER_PERMISSIVE.decode(&part[..part.len() / 2 * 2]).unwrap_or_default());
            out.push(b'\n');
        }
    }
    out
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
    let mut gzip = flate2::read::GzEncoder::new(word.as_bytes(), flate2::Compression::default());
    let mut packed = Vec::new();
    gzip.read_to_end(&mut packed).expect("memory");
    let folded = app::text::fold(word);
    let texts = [percent, entities, json, folded, data_encoding::BASE64URL.encode(word.as_bytes()), data_encoding::HEXLOWER.encode(word.as_bytes())];
    for form in texts.into_iter().map(String::into_bytes).chain([wide, packed]) {
        assert!(found_in(&form).contains("denunciation.name"), "{}", String::from_utf8_lossy(&form));
    }
    for phone in ["0981 220 002", "0981.220.002", "+84981220002", "+84 981-220-002", "0981%20220%20002"] {
        assert_eq!(found_in(phone.as_bytes()).into_iter().collect::<Vec<_>>(), ["denunciation.phone"], "{phone}");
    }
    assert!(found_in(b"Ly Thi, 0981 220 003").is_empty());
}
