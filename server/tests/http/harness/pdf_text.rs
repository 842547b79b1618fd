//! What is written in a PDF, as a reader's search or a screen reader would find it: the text layer, by each font's own table.

use flate2::read::ZlibDecoder;
use std::collections::HashMap;
use std::io::Read;

/// The text of all pages, without their numbers, in the order it is drawn, pieces apart by blanks. Panics where the file is not as our
/// renderer writes it: a test that cannot read must fail.
pub fn text_of(pdf: &[u8]) -> String {
    let objects = objects(pdf);
    let mut text = String::new();
    let mut pages: Vec<_> = objects.iter().filter(|(_, object)| object.head.contains("/Type/Page/")).collect();
    pages.sort_by_key(|(number, _)| **number);
    assert!(!pages.is_empty(), "a PDF without pages");
    for (place, (_, page)) in pages.into_iter().enumerate() {
        let resources = &objects[&reference(&page.head, "/Resources ")].head;
        let fonts: HashMap<String, HashMap<u16, String>> =
            fonts(resources).into_iter().map(|(name, font)| (name, table(&objects[&reference(&objects[&font].head, "/ToUnicode ")].stream))).collect();
        let mut on_page = String::new();
        draw(&objects[&reference(&page.head, "/Contents ")].stream, &fonts, &mut on_page);
        // From the second page on its number stands at the top, in the middle of a sentence.
        let number = format!("{} ", place + 1);
        let words = on_page.trim_start();
        text.push_str(if place > 0 { words.strip_prefix(&number).unwrap_or(words) } else { words });
    }
    text
}

/// The same without any blanks: lines are broken and stretched on paper.
pub fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

struct Object {
    head: String,
    stream: Vec<u8>,
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    bytes[from..].windows(wanted.len()).position(|window| window == wanted).map(|at| at + from)
}

fn objects(pdf: &[u8]) -> HashMap<u32, Object> {
    let mut objects = HashMap::new();
    let mut from = 0;
    while let Some(at) = find(pdf, b" 0 obj", from) {
        let digits = pdf[..at].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let number = String::from_utf8_lossy(&pdf[at - digits..at]).parse().expect("a number");
        let begin = at + b" 0 obj".len();
        let head_end = find(pdf, b"endobj", begin).expect("an object ends");
        let stream_at = find(&pdf[..head_end], b"stream", begin);
        let head = String::from_utf8_lossy(&pdf[begin..stream_at.unwrap_or(head_end)]).into_owned();
        // A stream is as long as it says: its bytes may look like anything.
        let length = stream_at.map(|_| length(&head));
        let (stream, end) = match (stream_at, length) {
            (Some(at), Some(length)) => {
                let data = at + b"stream".len() + if pdf[at + 6] == b'\r' { 2 } else { 1 };
                (inflated(&head, &pdf[data..data + length]), data + length)
            }
            _ => (Vec::new(), head_end),
        };
        objects.insert(number, Object { head, stream });
        from = end;
    }
    objects
}

fn length(head: &str) -> usize {
    let digits: String = head.split_once("/Length ").expect("a length").1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a length")
}

fn inflated(head: &str, bytes: &[u8]) -> Vec<u8> {
    if !head.contains("/FlateDecode") {
        return bytes.to_vec();
    }
    let mut out = Vec::new();
    ZlibDecoder::new(bytes).read_to_end(&mut out).expect("a stream that inflates");
    out
}

fn reference(head: &str, key: &str) -> u32 {
    let digits: String = head.split_once(key).unwrap_or_else(|| panic!("no {key} in {head}")).1.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a reference")
}

/// `/f0 36 0 R/f1 39 0 R`: names and objects.
fn fonts(resources: &str) -> Vec<(String, u32)> {
    let inner = resources.split_once("/Font<<").and_then(|(_, rest)| rest.split_once(">>")).map_or("", |(inner, _)| inner);
    inner
        .split('/')
        .filter(|part| !part.is_empty())
        .map(|part| part.split_once(' ').expect("a name and a reference"))
        .map(|(name, rest)| (name.to_owned(), rest.split(' ').next().and_then(|number| number.parse().ok()).expect("a reference")))
        .collect()
}

/// The characters of a font's codes.
fn table(stream: &[u8]) -> HashMap<u16, String> {
    let text = String::from_utf8_lossy(stream).into_owned();
    let mut table = HashMap::new();
    let code = |hex: &str| u16::from_str_radix(hex, 16).expect("a code");
    let hexes = |line: &str| line.split('<').skip(1).filter_map(|part| part.split_once('>')).map(|(hex, _)| hex.to_owned()).collect::<Vec<_>>();
    for block in text.split("beginbfchar").skip(1) {
        for line in block.split("endbfchar").next().unwrap_or("").lines() {
            if let [from, to] = hexes(line).as_slice() {
                table.insert(code(from), utf16(to));
            }
        }
    }
    for block in text.split("beginbfrange").skip(1) {
        for line in block.split("endbfrange").next().unwrap_or("").lines() {
            if let [first, last, to] = hexes(line).as_slice() {
                let begin = u32::from_str_radix(to, 16).expect("a character");
                for (place, at) in (code(first)..=code(last)).enumerate() {
                    let unicode = begin + u32::try_from(place).expect("few");
                    table.insert(at, char::from_u32(unicode).expect("a character").to_string());
                }
            }
        }
    }
    table
}

fn utf16(hex: &str) -> String {
    let units: Vec<u16> = hex.as_bytes().chunks(4).map(|four| u16::from_str_radix(&String::from_utf8_lossy(four), 16).expect("four digits")).collect();
    String::from_utf16(&units).expect("characters")
}

/// The strings of a page, each code through the table of the font that is set.
fn draw(content: &[u8], fonts: &HashMap<String, HashMap<u16, String>>, text: &mut String) {
    let mut font = None;
    let mut at = 0;
    while at < content.len() {
        match content[at] {
            b'(' => {
                let (bytes, end) = literal(content, at + 1);
                let table: &HashMap<u16, String> = font.expect("a font is set before text");
                for pair in bytes.chunks(2) {
                    let code = u16::from_be_bytes([pair[0], *pair.get(1).expect("two bytes")]);
                    text.push_str(table.get(&code).map_or("", String::as_str));
                }
                at = end;
            }
            b'/' => {
                let name: Vec<u8> = content[at + 1..].iter().copied().take_while(u8::is_ascii_alphanumeric).collect();
                if let Some(table) = fonts.get(&String::from_utf8_lossy(&name).into_owned()) {
                    font = Some(table);
                }
                at += 1 + name.len();
            }
            b'B' if content[at..].starts_with(b"BT") => {
                text.push(' ');
                at += 2;
            }
            _ => at += 1,
        }
    }
}

/// The bytes of a string in brackets, and where it ends.
fn literal(content: &[u8], mut at: usize) -> (Vec<u8>, usize) {
    let (mut bytes, mut depth) = (Vec::new(), 1);
    loop {
        let byte = content[at];
        at += 1;
        match byte {
            b'\\' => {
                let escaped = content[at];
                let octal = content[at..].iter().take(3).take_while(|digit| (b'0'..=b'7').contains(*digit)).count();
                if octal > 0 {
                    let digits = String::from_utf8_lossy(&content[at..at + octal]).into_owned();
                    bytes.push(u8::from_str_radix(&digits, 8).expect("a byte"));
                    at += octal;
                    continue;
                }
                bytes.push(match escaped {
                    b'n' => b'\n',
                    b'r' => b'\r',
                    b't' => b'\t',
                    b'b' => 8,
                    b'f' => 12,
                    other => other,
                });
                at += 1;
            }
            b'(' => {
                depth += 1;
                bytes.push(byte);
            }
            b')' => {
                depth -= 1;
                if depth == 0 {
                    return (bytes, at);
                }
                bytes.push(byte);
            }
            other => bytes.push(other),
        }
    }
}
