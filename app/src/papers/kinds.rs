//! What a citizen may hand in beside the text: photos and papers. Kinds, limits and reasons to refuse.
//!
//! Pure: nothing here reads a file or knows a language. The kind of a paper is decided by its first
//! bytes alone; the name and the content type that the browser sends are claims and are never asked.
//! A page called `photo.jpg` is [`Refused::Unknown`], a PNG called `photo.jpg` is simply a PNG.

use std::str::FromStr;

/// What browsers offer to choose from; the server judges by content. An iPhone that sees JPEG here but not HEIC sends its photos as JPEG.
pub const ACCEPT: &str = "image/jpeg,image/png,image/webp,application/pdf";
/// Largest paper accepted, as uploaded: a phone photo has 2 to 8 MB, ten scanned pages about as much.
pub const PAPER_BYTES_MAX: u64 = 12 * 1024 * 1024;
/// Most papers on one case.
pub const PAPERS_PER_CASE_MAX: usize = 10;
/// Most bytes of papers on one case, all together.
pub const CASE_BYTES_MAX: u64 = 40 * 1024 * 1024;
/// Largest picture that is opened at all (width × height): more is a decompression bomb, not a photo.
pub const PIXELS_MAX: u64 = 60_000_000;
/// Long edge of a kept picture; a page of A4 stays readable at this size.
pub const EDGE_PX_MAX: u32 = 2000;
/// Long edge of the small picture shown in lists.
pub const THUMB_PX: u32 = 320;
/// Quality of written JPEG files, of 100.
pub const JPEG_QUALITY: u8 = 82;

/// How many first bytes [`sniff`] looks at; handing in more does no harm.
pub const SNIFF_BYTES: usize = 1024;

/// The kinds of papers we keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PaperKind {
    Jpeg,
    Png,
    Webp,
    Pdf,
}

impl PaperKind {
    pub const ALL: [PaperKind; 4] = [PaperKind::Jpeg, PaperKind::Png, PaperKind::Webp, PaperKind::Pdf];

    /// The name used in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            PaperKind::Jpeg => "jpeg",
            PaperKind::Png => "png",
            PaperKind::Webp => "webp",
            PaperKind::Pdf => "pdf",
        }
    }

    /// For the `Content-Type` header; send `X-Content-Type-Options: nosniff` with it.
    pub fn content_type(self) -> &'static str {
        match self {
            PaperKind::Jpeg => "image/jpeg",
            PaperKind::Png => "image/png",
            PaperKind::Webp => "image/webp",
            PaperKind::Pdf => "application/pdf",
        }
    }

    /// For the name of a downloaded file, without the dot.
    pub fn extension(self) -> &'static str {
        match self {
            PaperKind::Jpeg => "jpg",
            PaperKind::Png => "png",
            PaperKind::Webp => "webp",
            PaperKind::Pdf => "pdf",
        }
    }

    /// How a browser shows it, and the name a copy gets: one of ours, as the original one may name a person and would stay in the list of
    /// downloads.
    pub fn disposition(self) -> &'static str {
        match self {
            Self::Jpeg => "inline; filename=\"anh.jpg\"",
            Self::Png => "inline; filename=\"anh.png\"",
            Self::Webp => "inline; filename=\"anh.webp\"",
            Self::Pdf => "attachment; filename=\"giay-to.pdf\"",
        }
    }

    /// Whether it is a picture that can stand in a page.
    pub fn is_picture(self) -> bool {
        self != PaperKind::Pdf
    }
}

impl FromStr for PaperKind {
    type Err = Refused;

    /// The opposite of [`PaperKind::as_str`].
    fn from_str(name: &str) -> Result<Self, Refused> {
        PaperKind::ALL.into_iter().find(|kind| kind.as_str() == name).ok_or(Refused::Unknown)
    }
}

/// Why a paper is not taken. A code, never a text: `words.rs` says it to people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// No bytes at all.
    Empty,
    /// The paper, or all papers of the case together, are larger than this.
    TooLarge { limit_bytes: u64 },
    /// The case already has [`PAPERS_PER_CASE_MAX`] papers.
    TooMany,
    /// HEIC, HEIF or AVIF: there is no maintained decoder under a free licence.
    /// The visitor can set an iPhone to "most compatible", or send a screenshot.
    Heic,
    /// A film, a sound, or a moving picture.
    Video,
    /// Nothing we keep: SVG, HTML, ZIP, Office files, programs, or bytes that contradict the stated kind.
    Unknown,
    /// Right beginning, but cut off or broken further in.
    Damaged,
    /// More than [`PIXELS_MAX`] pixels, or more memory than we give one picture.
    TooManyPixels,
    /// A PDF with a password or with restrictions. Its author could not be blanked and its content not checked.
    Encrypted,
    /// A PDF that can act: script, starting of programs, files inside, films.
    Active,
    /// Too many bytes from one network lately; there is room after so many seconds.
    Later { seconds: u64 },
    /// The virus scanner knows it.
    Infected,
    /// The virus scanner is away, and the operator wants nothing taken meanwhile.
    NotScanned,
}

impl Refused {
    /// A stable name, for the table of words and for the log.
    pub fn code(self) -> &'static str {
        match self {
            Refused::Empty => "empty",
            Refused::TooLarge { .. } => "too_large",
            Refused::TooMany => "too_many",
            Refused::Heic => "heic",
            Refused::Video => "video",
            Refused::Unknown => "unknown",
            Refused::Damaged => "damaged",
            Refused::TooManyPixels => "too_many_pixels",
            Refused::Encrypted => "encrypted",
            Refused::Active => "active",
            Refused::Later { .. } => "later",
            Refused::Infected => "infected",
            Refused::NotScanned => "not_scanned",
        }
    }
}

/// Is one paper of an acceptable size?
pub fn check_size(bytes: u64) -> Result<(), Refused> {
    match bytes {
        0 => Err(Refused::Empty),
        1..=PAPER_BYTES_MAX => Ok(()),
        _ => Err(Refused::TooLarge { limit_bytes: PAPER_BYTES_MAX }),
    }
}

/// Is there room on a case that has `papers` of `case_bytes` together for one more of `new_bytes`?
pub fn check_room(papers: usize, case_bytes: u64, new_bytes: u64) -> Result<(), Refused> {
    if papers >= PAPERS_PER_CASE_MAX {
        return Err(Refused::TooMany);
    }
    if case_bytes.saturating_add(new_bytes) > CASE_BYTES_MAX {
        return Err(Refused::TooLarge { limit_bytes: CASE_BYTES_MAX });
    }
    Ok(())
}

/// The kind of a paper from its first bytes ([`SNIFF_BYTES`] are enough).
///
/// Only the very beginning counts, so a file that is two things at once is what it *starts* as:
/// a PDF must start with `%PDF-` (after a byte order mark or blanks), not anywhere in the first
/// kilobyte as lenient readers allow.
pub fn sniff(first_bytes: &[u8]) -> Result<PaperKind, Refused> {
    let first = &first_bytes[..first_bytes.len().min(SNIFF_BYTES)];
    if first.is_empty() {
        return Err(Refused::Empty);
    }
    if first.starts_with(b"\xFF\xD8\xFF") {
        return Ok(PaperKind::Jpeg);
    }
    if first.starts_with(b"\x89PNG\r\n\x1A\n") {
        return Ok(PaperKind::Png);
    }
    if pdf_start(first).is_some() {
        return Ok(PaperKind::Pdf);
    }
    if first.starts_with(b"RIFF") {
        return match first.get(8..12) {
            Some(b"WEBP") => Ok(PaperKind::Webp),
            Some(b"AVI " | b"WAVE") => Err(Refused::Video),
            _ => Err(Refused::Unknown),
        };
    }
    Err(unwanted(first))
}

/// Where `%PDF-` stands, if the bytes start with it after an optional byte order mark and blanks.
pub(super) fn pdf_start(bytes: &[u8]) -> Option<usize> {
    let after_mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    let rest = &bytes[after_mark..bytes.len().min(SNIFF_BYTES)];
    let blanks = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    rest[blanks..].starts_with(b"%PDF-").then_some(after_mark + blanks)
}

/// Names what we refuse, where a name helps the visitor: iPhone photos and films.
fn unwanted(first: &[u8]) -> Refused {
    const STILLS: [&[u8]; 12] = [b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif", b"avis"];
    match first.get(4..8) {
        Some(b"ftyp") => {
            // Box size, "ftyp", major brand, version, then the compatible brands.
            let size = first.get(..4).map_or(0, |b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]));
            let end = usize::try_from(size).unwrap_or(usize::MAX).min(first.len()).max(8);
            let still = first[8..end].chunks_exact(4).any(|brand| STILLS.contains(&brand));
            if still { Refused::Heic } else { Refused::Video }
        }
        // Old QuickTime files have no `ftyp`.
        Some(b"moov" | b"mdat" | b"wide") => Refused::Video,
        // Matroska and WebM.
        _ if first.starts_with(b"\x1A\x45\xDF\xA3") => Refused::Video,
        _ => Refused::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_there_and_back() {
        for kind in PaperKind::ALL {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert_eq!("JPEG".parse::<PaperKind>(), Err(Refused::Unknown));
        assert_eq!("svg".parse::<PaperKind>(), Err(Refused::Unknown));
    }

    #[test]
    fn the_four_kinds() {
        assert_eq!(sniff(b"\xFF\xD8\xFF\xE1\x00\x10Exif"), Ok(PaperKind::Jpeg));
        assert_eq!(sniff(b"\x89PNG\r\n\x1A\n\x00\x00\x00\x0DIHDR"), Ok(PaperKind::Png));
        assert_eq!(sniff(b"RIFF\x24\x00\x00\x00WEBPVP8 "), Ok(PaperKind::Webp));
        assert_eq!(sniff(b"%PDF-1.7\n"), Ok(PaperKind::Pdf));
        assert_eq!(sniff(b"\xEF\xBB\xBF\r\n%PDF-1.4"), Ok(PaperKind::Pdf));
    }

    #[test]
    fn a_pdf_header_further_in_is_not_a_pdf() {
        assert_eq!(sniff(b"<html>%PDF-1.7"), Err(Refused::Unknown));
        assert_eq!(sniff(b"MZ%PDF-1.7"), Err(Refused::Unknown));
        let far = [vec![b' '; SNIFF_BYTES], b"%PDF-1.7".to_vec()].concat();
        assert_eq!(sniff(&far), Err(Refused::Unknown));
        // The last place where the whole mark still fits.
        let near = [vec![b' '; SNIFF_BYTES - 5], b"%PDF-1.7".to_vec()].concat();
        assert_eq!(sniff(&near), Ok(PaperKind::Pdf));
    }

    #[test]
    fn iphone_photos_are_named() {
        assert_eq!(sniff(b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), Err(Refused::Heic));
        assert_eq!(sniff(b"\x00\x00\x00\x1Cftypavif\x00\x00\x00\x00avifmif1miaf"), Err(Refused::Heic));
        // Only a compatible brand tells.
        assert_eq!(sniff(b"\x00\x00\x00\x18ftypMSNV\x00\x00\x00\x00isomheix"), Err(Refused::Heic));
    }

    #[test]
    fn films_are_named() {
        for film in [
            &b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00isommp42"[..],
            b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ",
            b"\x00\x00\x00\x08wide\x00\x00",
            b"\x1A\x45\xDF\xA3\x01\x00",
            b"RIFF\x24\x00\x00\x00AVI LIST",
            // The box ends before "heic", which therefore is not a brand of it.
            b"\x00\x00\x00\x10ftypmp42\x00\x00\x00\x00heic",
        ] {
            assert_eq!(sniff(film), Err(Refused::Video), "{film:?}");
        }
    }

    #[test]
    fn everything_else_is_unknown() {
        for other in [
            &b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"[..],
            b"<?xml version='1.0'?><svg/>",
            b"<!DOCTYPE html><img src=x onerror=alert(1)>",
            b"PK\x03\x04\x14\x00",
            b"MZ\x90\x00",
            b"\x7FELF",
            b"GIF89a/*\xFF\xD8\xFF",
            b"BM\x36\x00",
            b"II*\x00",
            b"\xFF\xD8",
            b"\x89PNG",
            b"%PDF",
            b"RIFF\x24\x00\x00\x00",
            b"\x00",
        ] {
            assert_eq!(sniff(other), Err(Refused::Unknown), "{other:?}");
        }
        assert_eq!(sniff(b""), Err(Refused::Empty));
    }

    #[test]
    fn limits_one_below_at_and_above() {
        assert_eq!(check_size(0), Err(Refused::Empty));
        assert_eq!(check_size(1), Ok(()));
        assert_eq!(check_size(PAPER_BYTES_MAX), Ok(()));
        assert_eq!(check_size(PAPER_BYTES_MAX + 1), Err(Refused::TooLarge { limit_bytes: PAPER_BYTES_MAX }));

        assert_eq!(check_room(PAPERS_PER_CASE_MAX - 1, 0, 1), Ok(()));
        assert_eq!(check_room(PAPERS_PER_CASE_MAX, 0, 1), Err(Refused::TooMany));
        assert_eq!(check_room(1, CASE_BYTES_MAX - 1, 1), Ok(()));
        assert_eq!(check_room(1, CASE_BYTES_MAX, 1), Err(Refused::TooLarge { limit_bytes: CASE_BYTES_MAX }));
        assert_eq!(check_room(1, u64::MAX, 1), Err(Refused::TooLarge { limit_bytes: CASE_BYTES_MAX }));
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = sniff(&bytes);
        }

        #[test]
        fn a_box_of_any_size_never_panics(size in any::<u32>(), tail in proptest::collection::vec(any::<u8>(), 0..40)) {
            let bytes = [&size.to_be_bytes()[..], b"ftyp", &tail].concat();
            prop_assert!(matches!(sniff(&bytes), Err(Refused::Heic | Refused::Video)));
        }

        #[test]
        fn a_page_is_never_taken_for_a_paper(text in "<[ -~]{0,200}") {
            prop_assert_eq!(sniff(text.as_bytes()), Err(Refused::Unknown));
        }
    }
}
