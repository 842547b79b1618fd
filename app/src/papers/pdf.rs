//! Cleaning of PDF files in place: what names a person is overwritten, what acts is refused.
//!
//! Every byte keeps its offset. Blanked are the texts
//! of the `/Info` dictionary and the reference to it, XMP packets, and EXIF and IPTC blocks of JPEG
//! photos inside. *Not* reached is whatever lies in compressed streams: an XMP packet that was
//! compressed, a name written on the page itself, and script in compressed object streams
//! (PDF 1.5 and later). So the refusal of active content is a sieve, not a proof: hand PDFs out with
//! `nosniff`, a sandboxing CSP, and never inline under the portal's own origin with scripts allowed.
//! A PDF with a digital signature (`/ByteRange`) is kept byte for byte, since blanking would break
//! the signature; it names its signer anyway.

use super::clean::{CleanPaper, be16};
use super::kinds::{PaperKind, Refused, pdf_start};
use std::collections::HashSet;
use std::ops::Range;

/// How far from its end a PDF must have its last words.
pub(super) const PDF_END_BYTES: usize = 1024;
/// Names of things that act or carry other files. `/JS` is looked for more carefully, see [`survey`].
const ACTIVE: [&[u8]; 6] = [b"JavaScript", b"Launch", b"EmbeddedFile", b"EmbeddedFiles", b"RichMedia", b"Rendition"];
/// Longest name that we compare.
const NAME_BYTES_MAX: usize = 16;

/// A PDF without what names a person.
///
/// # Errors
/// [`Refused`]: damaged, locked, or with something in it that acts.
pub(super) fn clean(bytes: &[u8]) -> Result<CleanPaper, Refused> {
    check_pdf_frame(bytes).ok_or(Refused::Damaged)?;
    let mut signed = false;
    // The whole file, streams too: another program may see an object where we see a stream.
    for slash in (0..bytes.len()).filter(|at| bytes[*at] == b'/') {
        match pdf_name(&bytes[slash + 1..]).as_slice() {
            b"Encrypt" => return Err(Refused::Encrypted),
            b"ByteRange" => signed = true,
            name if ACTIVE.contains(&name) => return Err(Refused::Active),
            _ => {}
        }
    }
    let survey = survey(bytes);
    if survey.script {
        return Err(Refused::Active);
    }
    let mut kept = bytes.to_vec();
    if !signed {
        blank_info(&mut kept, &survey);
        blank_xmp(&mut kept);
        blank_photo_data(&mut kept);
    }
    Ok(CleanPaper { kind: PaperKind::Pdf, bytes: kept, width: None, height: None, thumb: None })
}

/// A version at the start; at the end `startxref`, a place inside the file, and `%%EOF`.
/// Whether the table at that place is right is left to the reader program: all of them repair it.
fn check_pdf_frame(bytes: &[u8]) -> Option<()> {
    let version = bytes.get(pdf_start(bytes)? + 5..)?;
    let (major, dot, minor) = (version.first()?, version.get(1)?, version.get(2)?);
    let end = &bytes[bytes.len().saturating_sub(PDF_END_BYTES)..];
    let last_words = rfind(end, b"%%EOF")?;
    let start = rfind(&end[..last_words], b"startxref")?;
    let place = std::str::from_utf8(&end[start + 9..last_words]).ok()?.trim().parse::<usize>().ok()?;
    (major.is_ascii_digit() && *dot == b'.' && minor.is_ascii_digit() && place < bytes.len()).then_some(())
}

/// The name behind a slash, with `#4A` written out, cut at [`NAME_BYTES_MAX`] bytes.
fn pdf_name(bytes: &[u8]) -> Vec<u8> {
    let mut name = Vec::new();
    let mut rest = bytes;
    while let Some(&byte) = rest.first().filter(|byte| !is_pdf_break(**byte)) {
        if name.len() == NAME_BYTES_MAX {
            break;
        }
        let hex = rest.get(1..3).filter(|_| byte == b'#').and_then(|hex| std::str::from_utf8(hex).ok());
        let code = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        name.push(code.unwrap_or(byte));
        rest = &rest[if code.is_some() { 3 } else { 1 }..];
    }
    name
}

fn is_pdf_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0C | b'\r' | b' ')
}

fn is_pdf_break(byte: u8) -> bool {
    is_pdf_blank(byte) || b"()<>[]{}/%".contains(&byte)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// `/Name`
    Name,
    /// A number or a word such as `obj`.
    Word,
    /// The inside of `(text)` or `<AB01>`.
    Text,
    /// `>>`
    DictEnd,
    Other,
}

/// Reads PDF words outside of streams.
struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
    after_dict: bool,
}

impl<'a> Tokens<'a> {
    fn new(bytes: &'a [u8], at: usize) -> Self {
        Tokens { bytes, at, after_dict: false }
    }

    fn skip_blanks_and_comments(&mut self) {
        let mut comment = false;
        while let Some(&byte) = self.bytes.get(self.at) {
            comment = (comment || byte == b'%') && !matches!(byte, b'\r' | b'\n');
            if !comment && !is_pdf_blank(byte) {
                break;
            }
            self.at += 1;
        }
    }

    fn word_end(&self, from: usize) -> usize {
        let length = self.bytes[from..].iter().position(|byte| is_pdf_break(*byte));
        length.map_or(self.bytes.len(), |length| from + length)
    }

    /// Where the text that opens at `open` closes: brackets inside must pair or be escaped.
    fn text_end(&self, open: usize) -> Option<usize> {
        let (mut at, mut depth) = (open, 0usize);
        loop {
            match self.bytes.get(at)? {
                b'\\' => at += 1,
                b'(' => depth += 1,
                b')' if depth == 1 => return Some(at),
                b')' => depth -= 1,
                _ => {}
            }
            at += 1;
        }
    }

    fn hex_end(&self, open: usize) -> Option<usize> {
        let is_hex = |byte: &u8| byte.is_ascii_hexdigit() || is_pdf_blank(*byte);
        let end = open + 1 + self.bytes[open + 1..].iter().position(|byte| !is_hex(byte))?;
        (self.bytes[end] == b'>').then_some(end)
    }
}

impl Iterator for Tokens<'_> {
    type Item = (Token, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        self.skip_blanks_and_comments();
        let start = self.at;
        let twice = self.bytes.get(start + 1) == self.bytes.get(start);
        let (token, range, next) = match *self.bytes.get(start)? {
            b'/' => (Token::Name, start..self.word_end(start + 1), None),
            b'(' => match self.text_end(start) {
                Some(end) => (Token::Text, start + 1..end, Some(end + 1)),
                None => (Token::Other, start..self.bytes.len(), None),
            },
            b'<' if !twice => match self.hex_end(start) {
                Some(end) => (Token::Text, start + 1..end, Some(end + 1)),
                None => (Token::Other, start..start + 1, None),
            },
            b'<' => (Token::Other, start..start + 2, None),
            b'>' if twice => (Token::DictEnd, start..start + 2, None),
            byte if is_pdf_break(byte) => (Token::Other, start..start + 1, None),
            _ => (Token::Word, start..self.word_end(start), None),
        };
        self.at = next.unwrap_or(range.end);
        if self.after_dict && token == Token::Word && &self.bytes[range.clone()] == b"stream" {
            self.at = find(self.bytes, b"endstream", self.at).unwrap_or(self.bytes.len());
        }
        self.after_dict = token == Token::DictEnd;
        Some((token, range))
    }
}

/// What blanking needs to know.
#[derive(Default)]
struct Survey {
    /// `/Info 12 0 R`, all of it.
    info_references: Vec<Range<usize>>,
    /// The 12 of these.
    info_numbers: HashSet<u32>,
    /// Number of every object and where its content starts.
    objects: Vec<(u32, usize)>,
    /// `/JS` outside of streams. (Inside, three bytes would turn up by chance in every large scan.)
    script: bool,
}

fn survey(bytes: &[u8]) -> Survey {
    let mut survey = Survey::default();
    let number = |range: &Range<usize>| std::str::from_utf8(&bytes[range.clone()]).ok()?.parse::<u32>().ok();
    let mut before: [(Token, Range<usize>); 3] = std::array::from_fn(|_| (Token::Other, 0..0));
    for (token, range) in Tokens::new(bytes, 0) {
        let [(first, name), (_, numeral), _] = &before;
        match (token, &bytes[range.clone()]) {
            (Token::Name, name) => survey.script |= pdf_name(&name[1..]) == b"JS",
            (Token::Word, b"obj") => survey.objects.extend(number(numeral).map(|n| (n, range.end))),
            (Token::Word, b"R") if *first == Token::Name && pdf_name(&bytes[name.start + 1..]) == b"Info" => {
                survey.info_numbers.extend(number(numeral));
                survey.info_references.push(name.start..range.end);
            }
            _ => {}
        }
        before.rotate_left(1);
        before[2] = (token, range);
    }
    survey
}

/// Blanks every text of every `/Info` dictionary, whatever its key, and the references to them:
/// so a dictionary in a compressed stream, which cannot be blanked, is at least no longer shown.
fn blank_info(bytes: &mut [u8], survey: &Survey) {
    for reference in &survey.info_references {
        bytes[reference.clone()].fill(b' ');
    }
    for (_, start) in survey.objects.iter().filter(|(number, _)| survey.info_numbers.contains(number)) {
        let texts: Vec<_> = Tokens::new(bytes, *start)
            .take_while(|(_, range)| !matches!(&bytes[range.clone()], b"endobj" | b"obj"))
            .filter_map(|(token, range)| (token == Token::Text).then_some(range))
            .collect();
        for text in texts {
            bytes[text].fill(b' ');
        }
    }
}

/// Blanks XMP: the inside of packets, and what stands without one.
fn blank_xmp(bytes: &mut [u8]) {
    let mut at = 0;
    while let Some(begin) = find(bytes, b"<?xpacket begin", at) {
        let Some(end) = find(bytes, b"<?xpacket end", begin) else { break };
        let inside = find(&bytes[..end], b"?>", begin).map_or(begin, |mark| mark + 2);
        bytes[inside..end].fill(b' ');
        at = end;
    }
    at = 0;
    while let Some(begin) = find(bytes, b"<x:xmpmeta", at) {
        let Some(end) = find(bytes, b"</x:xmpmeta>", begin) else { break };
        bytes[begin..end + 12].fill(b' ');
        at = end;
    }
}

/// Zeroes EXIF (place, phone) and IPTC (names) in photos that lie in the PDF as they left the camera.
fn blank_photo_data(bytes: &mut [u8]) {
    for (mark, label) in [(0xE1, &b"Exif\0\0"[..]), (0xED, b"Photoshop 3.0\0")] {
        let mut at = 4;
        while let Some(begin) = find(bytes, label, at) {
            at = begin + label.len();
            if bytes[begin - 4..begin - 2] == [0xFF, mark] {
                let length = be16(bytes, begin - 2).unwrap_or(0).max(2 + label.len());
                at = (begin - 2 + length).min(bytes.len());
                bytes[begin..at].fill(0);
            }
        }
    }
}

pub(super) fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let (first, mut at) = (wanted.first()?, from);
    loop {
        at += bytes.get(at..)?.iter().position(|byte| byte == first)?;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
}

pub(super) fn rfind(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).rposition(|window| window == wanted)
}
