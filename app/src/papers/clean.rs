//! Cleaning of what citizens hand in, so that a photo shows what was photographed and nothing else.
//!
//! **Pictures** are decoded, turned upright, made smaller and written anew. Only pixels pass, so no
//! place, time, phone, name, comment, colour profile or hidden second picture can survive, whatever
//! format they were in; a file that is two things at once comes out as one.
//!
//! **PDF** files keep every byte offset, see [`super::pdf`].
//!
//! Memory and time are bounded. Measured in a release build: 60 million transparent pixels 360 MB, as a
//! photo 290 MB and 1.3 s; a usual phone photo (12 million) 140 MB and 0.6 s. Call [`clean`] in
//! `spawn_blocking`, and only one or two at a time. The decoders are safe Rust and were fuzzed here, yet they are other people's code:
//! treat a panic of the blocking task as [`Refused::Damaged`].

use std::collections::HashSet;
use std::io::Cursor;

use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::codecs::webp::WebPDecoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageResult, Limits, RgbImage};

use super::kinds::{EDGE_PX_MAX, JPEG_QUALITY, PIXELS_MAX, PaperKind, Refused, THUMB_PX, check_size, sniff};
use super::pdf;

/// Longest edge that is opened; with [`PIXELS_MAX`] this leaves room for panoramas.
const SOURCE_EDGE_PX_MAX: u32 = 30_000;
/// Most memory for the decoded pixels: [`PIXELS_MAX`] with transparency and 8 bits a channel.
const DECODED_BYTES_MAX: u64 = 4 * PIXELS_MAX;
/// [`PIXELS_MAX`] for progressive JPEG and WebP, whose decoders hold the picture two or three times over.
/// Cameras write neither at such sizes.
const HEAVY_PIXELS_MAX: u64 = 24_000_000;
/// Most passes of a progressive JPEG; usual are 10, and each costs a walk over all pixels.
const JPEG_SCANS_MAX: u32 = 64;
/// A PNG with at most this many colours is a drawing or a black-and-white scan and stays PNG.
const FLAT_COLOURS_MAX: usize = 64;
/// A written PNG larger than this becomes a JPEG, on white if it was transparent.
const PNG_BYTES_MAX: usize = 2 * 1024 * 1024;

/// A paper that may be kept and shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanPaper {
    /// The kind of `bytes`; may differ from what was handed in (a WebP becomes a JPEG).
    pub kind: PaperKind,
    pub bytes: Vec<u8>,
    /// Size of the picture, upright; none for PDF.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// The small picture, always JPEG; none for PDF.
    pub thumb: Option<Vec<u8>>,
}

/// Cleans one paper of the kind that [`sniff`] found. Takes long: not for an async thread.
pub fn clean(kind: PaperKind, bytes: &[u8]) -> Result<CleanPaper, Refused> {
    check_size(bytes.len() as u64)?;
    if sniff(bytes)? != kind {
        return Err(Refused::Unknown);
    }
    match kind {
        PaperKind::Pdf => pdf::clean(bytes),
        PaperKind::Jpeg | PaperKind::Png | PaperKind::Webp => clean_picture(kind, bytes),
    }
}

// ---- Pictures ----

fn clean_picture(kind: PaperKind, bytes: &[u8]) -> Result<CleanPaper, Refused> {
    let (picture, orientation) = decode(kind, bytes)?;
    let was_large = picture.width().max(picture.height()) > EDGE_PX_MAX;
    let mut picture = shrink(picture, EDGE_PX_MAX);
    picture.apply_orientation(orientation);
    let picture = only_what_shows(picture);
    let transparent = picture.color().has_alpha();
    let opaque = on_white(&picture);

    let flat = kind == PaperKind::Png && !was_large && is_flat(&opaque);
    let png = if transparent || flat { Some(png_bytes(&picture)?) } else { None };
    let (kind, bytes) = match png.filter(|bytes| bytes.len() <= PNG_BYTES_MAX) {
        Some(bytes) => (PaperKind::Png, bytes),
        None => (PaperKind::Jpeg, jpeg_bytes(&opaque)?),
    };
    let (width, height) = (Some(opaque.width()), Some(opaque.height()));
    let thumb = jpeg_bytes(&shrink(opaque, THUMB_PX))?;
    Ok(CleanPaper { kind, bytes, width, height, thumb: Some(thumb) })
}

/// The pixels of a picture that was cleaned and kept.
///
/// # Errors
/// [`Refused`] where it is not what it was.
pub fn decode_kept(kind: PaperKind, bytes: &[u8]) -> Result<DynamicImage, Refused> {
    if sniff(bytes)? != kind {
        return Err(Refused::Damaged);
    }
    decode(kind, bytes).map(|(picture, _)| only_what_shows(picture))
}

/// Pixels as a paper of that kind, with its small picture. Nothing but pixels is in either.
///
/// # Errors
/// [`Refused::Damaged`] where they cannot be written.
pub fn encoded(kind: PaperKind, picture: &DynamicImage) -> Result<CleanPaper, Refused> {
    let opaque = on_white(picture);
    let png = if kind == PaperKind::Png { Some(png_bytes(picture)?) } else { None };
    let (kind, bytes) = match png.filter(|bytes| bytes.len() <= PNG_BYTES_MAX) {
        Some(bytes) => (PaperKind::Png, bytes),
        None => (PaperKind::Jpeg, jpeg_bytes(&opaque)?),
    };
    let (width, height) = (Some(opaque.width()), Some(opaque.height()));
    let thumb = jpeg_bytes(&shrink(opaque, THUMB_PX))?;
    Ok(CleanPaper { kind, bytes, width, height, thumb: Some(thumb) })
}

/// Opens a picture within the limits; the sizes in its header are checked before any pixel is stored.
fn decode(kind: PaperKind, bytes: &[u8]) -> Result<(DynamicImage, Orientation), Refused> {
    match kind {
        PaperKind::Jpeg => {
            let shape = jpeg_shape(bytes).filter(|shape| shape.scans <= JPEG_SCANS_MAX).ok_or(Refused::Damaged)?;
            let heavy = shape.progressive || shape.scans > 1;
            let pixels_max = if heavy { HEAVY_PIXELS_MAX } else { PIXELS_MAX };
            decode_with(JpegDecoder::new(Cursor::new(&bytes[..shape.end])), pixels_max)
        }
        PaperKind::Png => decode_with(PngDecoder::with_limits(Cursor::new(bytes), limits()), PIXELS_MAX),
        PaperKind::Webp => {
            check_webp(bytes)?;
            decode_with(WebPDecoder::new(Cursor::new(bytes)), HEAVY_PIXELS_MAX)
        }
        PaperKind::Pdf => Err(Refused::Unknown),
    }
}

fn decode_with(decoder: ImageResult<impl ImageDecoder>, pixels_max: u64) -> Result<(DynamicImage, Orientation), Refused> {
    let mut decoder = decoder.map_err(refused)?;
    check_pixels(decoder.dimensions(), pixels_max)?;
    if decoder.total_bytes() > DECODED_BYTES_MAX {
        return Err(Refused::TooManyPixels);
    }
    decoder.set_limits(limits()).map_err(refused)?;
    // Broken metadata must not cost the citizen the photo: it is thrown away anyway.
    let exif = decoder.exif_metadata().unwrap_or_default().unwrap_or_default();
    // Some programs put JPEG's marker before the block in WebP, too.
    let block = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
    let orientation = Orientation::from_exif_chunk(block).unwrap_or(Orientation::NoTransforms);
    let picture = DynamicImage::from_decoder(decoder).map_err(refused)?;
    Ok((picture, orientation))
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(SOURCE_EDGE_PX_MAX);
    limits.max_image_height = Some(SOURCE_EDGE_PX_MAX);
    limits.max_alloc = Some(DECODED_BYTES_MAX);
    limits
}

fn check_pixels((width, height): (u32, u32), pixels_max: u64) -> Result<(), Refused> {
    match u64::from(width) * u64::from(height) {
        0 => Err(Refused::Damaged),
        pixels if pixels > pixels_max => Err(Refused::TooManyPixels),
        _ => Ok(()),
    }
}

fn refused(error: ImageError) -> Refused {
    match error {
        ImageError::Limits(_) => Refused::TooManyPixels,
        _ => Refused::Damaged,
    }
}

/// What the segments of a JPEG tell without decoding it.
struct JpegShape {
    /// Just behind the end mark; what follows (a film, a depth map, another file) is not ours.
    end: usize,
    scans: u32,
    progressive: bool,
}

/// Walks the segments to the end mark. `None` if it never comes: the decoder would paint the missing
/// half grey and call it a success, and nobody would notice until an official opens it.
fn jpeg_shape(bytes: &[u8]) -> Option<JpegShape> {
    let (mut at, mut scans, mut progressive) = (2, 0, false);
    loop {
        at += bytes.get(at..)?.iter().position(|byte| *byte == 0xFF)?;
        match *bytes.get(at + 1)? {
            0xFF => at += 1,
            // A stuffed byte, restart marks: inside a scan.
            0x00 | 0x01 | 0xD0..=0xD8 => at += 2,
            0xD9 => return (scans > 0).then_some(JpegShape { end: at + 2, scans, progressive }),
            mark => {
                let length = be16(bytes, at + 2).filter(|length| *length >= 2)?;
                scans += u32::from(mark == 0xDA);
                progressive |= matches!(mark, 0xC2 | 0xC6 | 0xCA | 0xCE);
                at += 2 + length;
            }
        }
    }
}

pub(super) fn be16(bytes: &[u8], at: usize) -> Option<usize> {
    let pair: [u8; 2] = bytes.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(pair)))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Refuses cut-off and moving WebP, and pictures whose inner size is larger than a paper may be:
/// the decoder believes the outer size until it has unpacked the inner one.
fn check_webp(bytes: &[u8]) -> Result<(), Refused> {
    let stated = le32(bytes, 4).ok_or(Refused::Damaged)? as usize + 8;
    // One byte may be missing: some programs forget to write the last padding.
    if stated > bytes.len() + 1 {
        return Err(Refused::Damaged);
    }
    let mut at = 12;
    while let (Some(name), Some(size)) = (bytes.get(at..at + 4), le32(bytes, at + 4)) {
        let inside = at + 8;
        match name {
            b"ANIM" | b"ANMF" => return Err(Refused::Video),
            b"VP8 " => {
                let sides = le32(bytes, inside + 6).ok_or(Refused::Damaged)?;
                check_pixels((sides & 0x3FFF, (sides >> 16) & 0x3FFF), HEAVY_PIXELS_MAX)?;
            }
            b"VP8L" => {
                let sides = le32(bytes, inside + 1).ok_or(Refused::Damaged)?;
                check_pixels(((sides & 0x3FFF) + 1, ((sides >> 14) & 0x3FFF) + 1), HEAVY_PIXELS_MAX)?;
            }
            _ => {}
        }
        at = inside + size as usize + size as usize % 2;
    }
    Ok(())
}

/// Makes the long edge at most `edge`; never larger.
fn shrink(picture: DynamicImage, edge: u32) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let long = width.max(height);
    if long <= edge {
        return picture;
    }
    let fit = |side: u32, to: u32| {
        let scaled = (u64::from(side) * u64::from(to) + u64::from(long) / 2) / u64::from(long);
        u32::try_from(scaled).unwrap_or(to).max(1)
    };
    // Two steps: plain averages down to twice the size, since the good filter needs 16 bytes a pixel.
    let rough = edge * 2;
    let picture = if long > rough { picture.thumbnail_exact(fit(width, rough), fit(height, rough)) } else { picture };
    picture.resize_exact(fit(width, edge), fit(height, edge), image::imageops::FilterType::CatmullRom)
}

/// Eight bits a channel; transparency only if something is transparent, and nothing hidden under it.
fn only_what_shows(picture: DynamicImage) -> DynamicImage {
    let colour = picture.color();
    if !colour.has_alpha() {
        return if colour.has_color() { picture.into_rgb8().into() } else { picture.into_luma8().into() };
    }
    let mut pixels = picture.into_rgba8();
    if pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX) {
        return DynamicImage::from(pixels).into_rgb8().into();
    }
    for pixel in pixels.pixels_mut().filter(|pixel| pixel.0[3] == 0) {
        pixel.0 = [0; 4];
    }
    pixels.into()
}

fn on_white(picture: &DynamicImage) -> DynamicImage {
    let DynamicImage::ImageRgba8(pixels) = picture else {
        return picture.clone();
    };
    let mut opaque = RgbImage::new(pixels.width(), pixels.height());
    for (to, from) in opaque.pixels_mut().zip(pixels.pixels()) {
        let [red, green, blue, alpha] = from.0;
        let white = 255 - u32::from(alpha);
        // At most 255: the two weights add up to 255.
        let mix = |part: u8| ((u32::from(part) * u32::from(alpha) + 255 * white) / 255) as u8;
        to.0 = [mix(red), mix(green), mix(blue)];
    }
    opaque.into()
}

fn is_flat(opaque: &DynamicImage) -> bool {
    let mut colours = HashSet::new();
    let pixel_bytes = usize::from(opaque.color().bytes_per_pixel());
    opaque.as_bytes().chunks_exact(pixel_bytes).all(|colour| {
        colours.insert(colour);
        colours.len() <= FLAT_COLOURS_MAX
    })
}

fn jpeg_bytes(picture: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).map_err(refused)?;
    Ok(out)
}

fn png_bytes(picture: &DynamicImage) -> Result<Vec<u8>, Refused> {
    let mut out = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut out, CompressionType::Default, FilterType::Adaptive);
    picture.write_with_encoder(encoder).map_err(refused)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::super::kinds::PAPER_BYTES_MAX;
    use super::super::pdf::{PDF_END_BYTES, find, rfind};
    use super::*;
    use image::codecs::webp::WebPEncoder;
    use image::{Rgb, Rgba, RgbaImage};
    use proptest::prelude::*;

    /// Stands in every kind of metadata of the test files.
    const SECRET: &str = "NGUYEN-VAN-BI-MAT";

    const MARKS: [[u8; 3]; 6] = [[220, 30, 30], [30, 200, 30], [30, 30, 220], [230, 220, 20], [20, 20, 20], [240, 240, 240]];
    /// Side of one mark: a whole JPEG block, so that neighbours do not bleed.
    const MARK_PX: u32 = 16;

    // ---- Test files ----

    /// 3 × 2 marks as they should be seen.
    fn upright() -> RgbImage {
        RgbImage::from_fn(3 * MARK_PX, 2 * MARK_PX, |x, y| Rgb(MARKS[(x / MARK_PX + 3 * (y / MARK_PX)) as usize]))
    }

    /// The same as a camera stores it. Written from the EXIF definition ("row 0 is the visual …"),
    /// not with the functions that are under test.
    fn stored(orientation: u16) -> RgbImage {
        let seen = upright();
        let (right, bottom) = (seen.width() - 1, seen.height() - 1);
        let (width, height) = if orientation >= 5 { (seen.height(), seen.width()) } else { (seen.width(), seen.height()) };
        RgbImage::from_fn(width, height, |x, y| {
            let (seen_x, seen_y) = match orientation {
                1 => (x, y),
                2 => (right - x, y),
                3 => (right - x, bottom - y),
                4 => (x, bottom - y),
                5 => (y, x),
                6 => (right - y, x),
                7 => (right - y, bottom - x),
                _ => (y, bottom - x),
            };
            *seen.get_pixel(seen_x, seen_y)
        })
    }

    /// TIFF block with orientation, a description, and the place of Hồ Gươm.
    fn exif_block(orientation: u16) -> Vec<u8> {
        use exif::{Field, In, Rational, Tag, Value};
        let degrees = |d: u32, m: u32| Value::Rational(vec![(d, 1).into(), (m, 1).into(), Rational { num: 4321, denom: 100 }]);
        let field = |tag, value| Field { tag, ifd_num: In::PRIMARY, value };
        let fields = [
            field(Tag::Orientation, Value::Short(vec![orientation])),
            field(Tag::ImageDescription, Value::Ascii(vec![SECRET.into()])),
            field(Tag::GPSLatitudeRef, Value::Ascii(vec![b"N".to_vec()])),
            field(Tag::GPSLatitude, degrees(21, 1)),
            field(Tag::GPSLongitudeRef, Value::Ascii(vec![b"E".to_vec()])),
            field(Tag::GPSLongitude, degrees(105, 51)),
        ];
        let mut writer = exif::experimental::Writer::new();
        fields.iter().for_each(|field| writer.push_field(field));
        let mut out = Cursor::new(Vec::new());
        writer.write(&mut out, false).unwrap();
        out.into_inner()
    }

    fn jpeg_segment(mark: u8, content: &[&[u8]]) -> Vec<u8> {
        let content = content.concat();
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xFF, mark], &length[..], &content].concat()
    }

    fn plain_jpeg(picture: &RgbImage) -> Vec<u8> {
        let mut out = Vec::new();
        picture.write_with_encoder(JpegEncoder::new_with_quality(&mut out, 95)).unwrap();
        out
    }

    fn jpeg(orientation: u16) -> Vec<u8> {
        let plain = plain_jpeg(&stored(orientation));
        [
            &plain[..2],
            &jpeg_segment(0xE1, &[b"Exif\0\0", &exif_block(orientation)]),
            &jpeg_segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", xmp().as_bytes()]),
            &jpeg_segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", SECRET.as_bytes()]),
            &jpeg_segment(0xED, &[b"Photoshop 3.0\0", SECRET.as_bytes()]),
            &jpeg_segment(0xFE, &[SECRET.as_bytes()]),
            &plain[2..],
            SECRET.as_bytes(),
        ]
        .concat()
    }

    fn xmp() -> String {
        format!(
            "<?xpacket begin=\"\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?><x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\
             <dc:creator>{SECRET}</dc:creator></x:xmpmeta><?xpacket end=\"w\"?>"
        )
    }

    fn png_chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let named = [&name[..], content].concat();
        let mut crc = u32::MAX;
        for byte in &named {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = if crc & 1 == 1 { 0xEDB8_8320 ^ (crc >> 1) } else { crc >> 1 };
            }
        }
        [&u32::try_from(content.len()).unwrap().to_be_bytes()[..], &named, &(!crc).to_be_bytes()].concat()
    }

    fn png_of(picture: &DynamicImage, orientation: u16) -> Vec<u8> {
        let plain = png_bytes(picture).unwrap();
        // Signature 8 bytes, IHDR 25.
        [
            &plain[..33],
            &png_chunk(b"eXIf", &exif_block(orientation)),
            &png_chunk(b"tEXt", format!("Author\0{SECRET}").as_bytes()),
            &png_chunk(b"iTXt", format!("XML:com.adobe.xmp\0\0\0\0\0{}", xmp()).as_bytes()),
            &plain[33..],
            SECRET.as_bytes(),
        ]
        .concat()
    }

    fn png(orientation: u16) -> Vec<u8> {
        png_of(&stored(orientation).into(), orientation)
    }

    fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
        let mut body = b"WEBP".to_vec();
        for (name, content) in chunks {
            body.extend_from_slice(*name);
            body.extend_from_slice(&u32::try_from(content.len()).unwrap().to_le_bytes());
            body.extend_from_slice(content);
            body.resize(body.len().next_multiple_of(2), 0);
        }
        [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
    }

    fn webp_pixels(picture: &DynamicImage) -> Vec<u8> {
        let mut plain = Vec::new();
        picture.write_with_encoder(WebPEncoder::new_lossless(&mut plain)).unwrap();
        let size = le32(&plain, 16).unwrap() as usize;
        plain[20..20 + size].to_vec()
    }

    fn webp_of(picture: &DynamicImage, exif: &[u8]) -> Vec<u8> {
        let mut head = vec![0x0C | if picture.color().has_alpha() { 0x10 } else { 0 }, 0, 0, 0];
        head.extend_from_slice(&(picture.width() - 1).to_le_bytes()[..3]);
        head.extend_from_slice(&(picture.height() - 1).to_le_bytes()[..3]);
        riff(&[(b"VP8X", &head), (b"VP8L", &webp_pixels(picture)), (b"EXIF", exif), (b"XMP ", xmp().as_bytes())])
    }

    fn webp(orientation: u16) -> Vec<u8> {
        webp_of(&stored(orientation).into(), &exif_block(orientation))
    }

    fn samples(orientation: u16) -> [(PaperKind, Vec<u8>); 3] {
        [(PaperKind::Jpeg, jpeg(orientation)), (PaperKind::Png, png(orientation)), (PaperKind::Webp, webp(orientation))]
    }

    fn holds(bytes: &[u8], text: &str) -> bool {
        find(bytes, text.as_bytes(), 0).is_some()
    }

    fn open(bytes: &[u8]) -> DynamicImage {
        image::load_from_memory(bytes).unwrap()
    }

    fn noise(width: u32, height: u32) -> RgbImage {
        let mut state = 1u32;
        RgbImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let [a, b, c, _] = state.to_be_bytes();
            Rgb([a, b, c])
        })
    }

    // ---- Pictures ----

    fn assert_upright(picture: &RgbImage, story: &str) {
        let mark = picture.width() / 3;
        assert_eq!((picture.width(), picture.height()), (3 * mark, 2 * mark), "{story}");
        for (n, wanted) in MARKS.iter().enumerate() {
            let (x, y) = (n as u32 % 3 * mark + mark / 2, n as u32 / 3 * mark + mark / 2);
            let found = picture.get_pixel(x, y).0;
            let far = wanted.iter().zip(found).map(|(a, b)| a.abs_diff(b)).max().unwrap();
            assert!(far < 25, "{story}: mark {n} should be {wanted:?}, is {found:?}");
        }
    }

    #[test]
    fn every_orientation_comes_out_upright() {
        for orientation in 1..=8 {
            for (kind, bytes) in samples(orientation) {
                let story = format!("{kind:?} {orientation}");
                let paper = clean(kind, &bytes).unwrap();
                assert_eq!((paper.width, paper.height), (Some(3 * MARK_PX), Some(2 * MARK_PX)), "{story}");
                assert_upright(&open(&paper.bytes).into_rgb8(), &story);
                assert_upright(&open(&paper.thumb.unwrap()).into_rgb8(), &format!("{story} thumb"));
            }
        }
    }

    #[test]
    fn a_tall_large_photo_comes_out_upright_and_smaller() {
        let large = image::imageops::resize(&stored(6), 2400, 3600, image::imageops::FilterType::Nearest);
        let plain = plain_jpeg(&large);
        let turned = [&plain[..2], &jpeg_segment(0xE1, &[b"Exif\0\0", &exif_block(6)]), &plain[2..]].concat();
        let paper = clean(PaperKind::Jpeg, &turned).unwrap();
        assert_eq!((paper.width, paper.height), (Some(2000), Some(1333)));
        let kept = open(&paper.bytes);
        assert_eq!((kept.width(), kept.height()), (2000, 1333));
        let thumb = open(&paper.thumb.unwrap());
        assert_eq!((thumb.width(), thumb.height()), (320, 213));
        let third = |p: DynamicImage| p.resize_exact(48, 32, image::imageops::FilterType::Nearest).into_rgb8();
        assert_upright(&third(kept), "kept");
        assert_upright(&third(thumb), "thumb");
    }

    #[test]
    fn webp_with_the_marker_of_jpeg_is_turned_too() {
        let bytes = webp_of(&stored(8).into(), &[b"Exif\0\0", &exif_block(8)[..]].concat());
        assert_upright(&open(&clean(PaperKind::Webp, &bytes).unwrap().bytes).into_rgb8(), "webp");
    }

    #[test]
    fn broken_exif_does_not_cost_the_photo() {
        for block in [&b"II*\0\xFF\xFF\xFF\xFF"[..], b"", b"MM\0*\0\0\0\x08\xFF\xFF\x01\x12\0\x03\0\0\0\x01\0\x63\0\0"] {
            let plain = plain_jpeg(&upright());
            let bytes = [&plain[..2], &jpeg_segment(0xE1, &[b"Exif\0\0", block]), &plain[2..]].concat();
            assert_upright(&open(&clean(PaperKind::Jpeg, &bytes).unwrap().bytes).into_rgb8(), "broken exif");
        }
    }

    #[test]
    fn no_metadata_survives() {
        for (kind, bytes) in samples(6) {
            // The test would prove nothing if the secrets were not there before.
            assert!(holds(&bytes, SECRET), "{kind:?}");
            let before = exif::Reader::new().read_from_container(&mut Cursor::new(&bytes)).unwrap();
            assert!(before.get_field(exif::Tag::GPSLatitude, exif::In::PRIMARY).is_some(), "{kind:?}");

            let paper = clean(kind, &bytes).unwrap();
            for out in [paper.bytes, paper.thumb.unwrap()] {
                assert!(exif::Reader::new().read_from_container(&mut Cursor::new(&out)).is_err(), "{kind:?}");
                for trace in [SECRET, "Exif", "eXIf", "xmp", "ICC_PROFILE", "iCCP", "tEXt", "iTXt", "Photoshop"] {
                    assert!(!holds(&out, trace), "{kind:?}: {trace}");
                }
            }
        }
    }

    /// Stronger than searching for known traces: only these segments and chunks exist at all.
    #[test]
    fn only_what_a_picture_needs_is_written() {
        let paper = clean(PaperKind::Jpeg, &jpeg(1)).unwrap();
        let mut at = 2;
        while paper.bytes[at + 1] != 0xDA {
            let mark = paper.bytes[at + 1];
            assert!(matches!(mark, 0xE0 | 0xDB | 0xC0 | 0xC4), "segment {mark:#X}");
            at += 2 + be16(&paper.bytes, at + 2).unwrap();
        }
        let paper = clean(PaperKind::Png, &png(1)).unwrap();
        let mut at = 8;
        while at < paper.bytes.len() {
            let length = u32::from_be_bytes(paper.bytes[at..at + 4].try_into().unwrap()) as usize;
            let name = &paper.bytes[at + 4..at + 8];
            assert!(matches!(name, b"IHDR" | b"PLTE" | b"IDAT" | b"IEND"), "chunk {name:?}");
            at += 12 + length;
        }
    }

    #[test]
    fn which_kind_is_kept() {
        let photo: DynamicImage = noise(64, 64).into();
        let mut cut_out = photo.to_rgba8();
        cut_out.put_pixel(3, 3, Rgba([9, 9, 9, 0]));
        let cut_out = DynamicImage::from(cut_out);
        let all_opaque: DynamicImage = photo.to_rgba8().into();
        for (kind, bytes, kept) in [
            (PaperKind::Jpeg, plain_jpeg(&upright()), PaperKind::Jpeg),
            (PaperKind::Png, png(1), PaperKind::Png),
            (PaperKind::Png, png_of(&photo, 1), PaperKind::Jpeg),
            (PaperKind::Png, png_of(&all_opaque, 1), PaperKind::Jpeg),
            (PaperKind::Png, png_of(&cut_out, 1), PaperKind::Png),
            (PaperKind::Webp, webp(1), PaperKind::Jpeg),
            (PaperKind::Webp, webp_of(&cut_out, &exif_block(1)), PaperKind::Png),
        ] {
            let paper = clean(kind, &bytes).unwrap();
            assert_eq!(paper.kind, kept);
            assert_eq!(sniff(&paper.bytes), Ok(kept));
            assert_eq!(sniff(&paper.thumb.unwrap()), Ok(PaperKind::Jpeg));
        }
    }

    #[test]
    fn nothing_hides_under_transparency() {
        let hidden = RgbaImage::from_pixel(40, 40, Rgba([200, 100, 50, 0]));
        let paper = clean(PaperKind::Png, &png_of(&hidden.into(), 1)).unwrap();
        assert!(open(&paper.bytes).into_rgba8().pixels().all(|pixel| pixel.0 == [0; 4]));
        assert!(open(&paper.thumb.unwrap()).into_rgb8().pixels().all(|pixel| pixel.0.iter().all(|part| *part > 250)));
    }

    #[test]
    fn a_heavy_transparent_picture_is_put_on_white() {
        let mut pixels = DynamicImage::from(noise(1000, 1000)).into_rgba8();
        pixels.pixels_mut().take(100_000).for_each(|pixel| pixel.0[3] = 0);
        let paper = clean(PaperKind::Png, &png_of(&pixels.into(), 1)).unwrap();
        assert_eq!(paper.kind, PaperKind::Jpeg);
        assert!(open(&paper.bytes).into_rgb8().get_pixel(500, 50).0.iter().all(|part| *part > 245));
    }

    #[test]
    fn grey_and_deep_pictures_are_taken() {
        let grey = DynamicImage::from(noise(30, 20)).into_luma16();
        let deep = DynamicImage::from(noise(30, 20)).into_rgba16();
        for picture in [DynamicImage::from(grey), DynamicImage::from(deep)] {
            let paper = clean(PaperKind::Png, &png_of(&picture, 1)).unwrap();
            assert_eq!((paper.width, paper.height), (Some(30), Some(20)));
        }
    }

    #[test]
    fn edges_one_below_at_and_above() {
        for (edge, wanted) in [(1999, 1999), (2000, 2000), (2001, 2000), (4001, 2000)] {
            let bytes = plain_jpeg(&RgbImage::new(edge, 3));
            let paper = clean(PaperKind::Jpeg, &bytes).unwrap();
            assert_eq!(paper.width, Some(wanted));
            assert_eq!(open(&paper.bytes).width(), wanted);
            assert_eq!(open(&paper.thumb.unwrap()).width(), THUMB_PX);
        }
        // Never made larger, and never thinner than a pixel.
        let paper = clean(PaperKind::Jpeg, &plain_jpeg(&RgbImage::new(5, 7))).unwrap();
        assert_eq!(open(&paper.thumb.unwrap()).height(), 7);
        let paper = clean(PaperKind::Png, &png_bytes(&RgbImage::new(1, 9000).into()).unwrap()).unwrap();
        assert_eq!((paper.width, paper.height), (Some(1), Some(2000)));
    }

    #[test]
    fn a_film_or_file_behind_the_photo_is_gone() {
        let bytes = [plain_jpeg(&upright()), b"PK\x03\x04".to_vec(), SECRET.into(), plain_jpeg(&noise(99, 99))].concat();
        let paper = clean(PaperKind::Jpeg, &bytes).unwrap();
        assert_upright(&open(&paper.bytes).into_rgb8(), "first picture");
        assert!(!holds(&paper.bytes, SECRET));
    }

    // ---- Refusals ----

    #[test]
    fn what_it_says_is_not_what_it_is() {
        assert_eq!(clean(PaperKind::Jpeg, b"<html><script>alert(1)</script>"), Err(Refused::Unknown));
        assert_eq!(clean(PaperKind::Jpeg, &png(1)), Err(Refused::Unknown));
        assert_eq!(clean(PaperKind::Pdf, &jpeg(1)), Err(Refused::Unknown));
        assert_eq!(clean(PaperKind::Png, b""), Err(Refused::Empty));
        assert_eq!(clean(PaperKind::Png, b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), Err(Refused::Heic));
        // The right beginning, then a page.
        for start in [&b"\xFF\xD8\xFF\xE0"[..], b"\x89PNG\r\n\x1A\n", b"RIFF\x24\0\0\0WEBP", b"%PDF-1.7"] {
            let bytes = [start, b"<html><script>alert(1)</script></html>"].concat();
            assert_eq!(clean(sniff(&bytes).unwrap(), &bytes), Err(Refused::Damaged), "{start:?}");
        }
    }

    #[test]
    fn size_one_below_and_above() {
        let fill = |bytes: Vec<u8>, size: u64| [bytes.clone(), vec![0; size as usize - bytes.len()]].concat();
        assert!(clean(PaperKind::Jpeg, &fill(jpeg(1), PAPER_BYTES_MAX)).is_ok());
        let limit_bytes = PAPER_BYTES_MAX;
        let large = fill(jpeg(1), PAPER_BYTES_MAX + 1);
        assert_eq!(clean(PaperKind::Jpeg, &large), Err(Refused::TooLarge { limit_bytes }));
    }

    /// A PNG whose header promises any size, with a little data behind it. Opening it would end in
    /// `Damaged`; `TooManyPixels` shows that the header was enough.
    fn promising_png(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
        let sides = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[depth, colour, 0, 0, 0]].concat();
        let data = png_chunk(b"IDAT", &[0x78, 0x9C, 0x63, 0x00]);
        [b"\x89PNG\r\n\x1A\n", &png_chunk(b"IHDR", &sides)[..], &data, &png_chunk(b"IEND", &[])].concat()
    }

    #[test]
    fn decompression_bombs_are_refused_by_their_header() {
        let bomb = |width, height, depth, colour| clean(PaperKind::Png, &promising_png(width, height, depth, colour));
        assert_eq!(bomb(60_000, 60_000, 8, 6), Err(Refused::TooManyPixels));
        assert_eq!(bomb(0x7FFF_FFFF, 0x7FFF_FFFF, 8, 6), Err(Refused::TooManyPixels));
        assert_eq!(bomb(SOURCE_EDGE_PX_MAX + 1, 1, 8, 0), Err(Refused::TooManyPixels));
        assert_eq!(bomb(SOURCE_EDGE_PX_MAX, 1, 8, 0), Err(Refused::Damaged));
        // 60 million pixels: one row less, exactly, one row more.
        assert_eq!(bomb(10_000, 5_999, 8, 0), Err(Refused::Damaged));
        assert_eq!(bomb(10_000, 6_000, 8, 0), Err(Refused::Damaged));
        assert_eq!(bomb(10_000, 6_001, 8, 0), Err(Refused::TooManyPixels));
        // Few enough pixels, but eight bytes each.
        assert_eq!(bomb(10_000, 6_000, 16, 6), Err(Refused::TooManyPixels));
        assert_eq!(bomb(0, 10, 8, 0), Err(Refused::Damaged));
    }

    /// Rewrites the frame header of a JPEG.
    fn promising_jpeg(mark: u8, width: u16, height: u16) -> Vec<u8> {
        let mut bytes = plain_jpeg(&upright());
        let frame = find(&bytes, b"\xFF\xC0\x00\x11", 0).unwrap();
        bytes[frame + 1] = mark;
        bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        bytes
    }

    #[test]
    fn large_jpegs_are_refused_by_their_header() {
        assert_eq!(clean(PaperKind::Jpeg, &promising_jpeg(0xC0, 65_535, 65_535)), Err(Refused::TooManyPixels));
        assert_eq!(clean(PaperKind::Jpeg, &promising_jpeg(0xC0, 10_000, 6_001)), Err(Refused::TooManyPixels));
        // Progressive ones cost more memory, so less is allowed.
        assert_eq!(clean(PaperKind::Jpeg, &promising_jpeg(0xC2, 6_000, 4_001)), Err(Refused::TooManyPixels));
        assert_ne!(clean(PaperKind::Jpeg, &promising_jpeg(0xC0, 6_000, 4_001)), Err(Refused::TooManyPixels));
    }

    #[test]
    fn a_jpeg_of_endless_passes_is_refused() {
        let plain = plain_jpeg(&upright());
        let scan = find(&plain, b"\xFF\xDA", 0).unwrap();
        let passes = |extra| [&plain[..plain.len() - 2], &plain[scan..plain.len() - 2].repeat(extra), b"\xFF\xD9"].concat();
        assert_eq!(jpeg_shape(&passes(63)).unwrap().scans, JPEG_SCANS_MAX);
        assert_eq!(clean(PaperKind::Jpeg, &passes(64)), Err(Refused::Damaged));
    }

    #[test]
    fn large_and_moving_webps_are_refused() {
        let large = |width: u32, height: u32| ((width - 1) | ((height - 1) << 14)).to_le_bytes();
        let lossless = |sides: [u8; 4]| [&[0x2F], &sides[..], &[0; 30]].concat();
        let heavy = lossless(large(6_000, 4_001));
        assert_eq!(clean(PaperKind::Webp, &riff(&[(b"VP8L", &heavy)])), Err(Refused::TooManyPixels));
        assert_eq!(clean(PaperKind::Webp, &riff(&[(b"VP8L", &lossless(large(6_000, 4_000)))])), Err(Refused::Damaged));
        // Small outside, large inside.
        let small = [0, 0, 0, 0, 9, 0, 0, 9, 0, 0];
        assert_eq!(clean(PaperKind::Webp, &riff(&[(b"VP8X", &small), (b"VP8L", &heavy)])), Err(Refused::TooManyPixels));
        let lossy = [&[0x10, 0, 0, 0x9D, 0x01, 0x2A, 0xFF, 0x3F, 0xFF, 0x3F][..], &[0; 30]].concat();
        assert_eq!(clean(PaperKind::Webp, &riff(&[(b"VP8X", &small), (b"VP8 ", &lossy)])), Err(Refused::TooManyPixels));
        // Large outside, small inside.
        // 6000 × 4001
        let wide = [0, 0, 0, 0, 0x6F, 0x17, 0, 0xA0, 0x0F, 0];
        let inside = webp_pixels(&upright().into());
        assert_eq!(clean(PaperKind::Webp, &riff(&[(b"VP8X", &wide), (b"VP8L", &inside)])), Err(Refused::TooManyPixels));
        let moving = riff(&[(b"VP8X", &[2, 0, 0, 0, 9, 0, 0, 9, 0, 0]), (b"ANIM", &[0; 6])]);
        assert_eq!(clean(PaperKind::Webp, &moving), Err(Refused::Video));
    }

    #[test]
    fn a_cut_off_picture_is_damaged_wherever_it_is_cut() {
        let ends = [find(&jpeg(6), b"\xFF\xD9", 0), find(&png(6), b"IEND", 0).map(|at| at - 8), Some(webp(6).len() - 1)];
        for ((kind, bytes), end) in samples(6).into_iter().zip(ends) {
            assert!(clean(kind, &bytes).is_ok());
            // Twelve bytes are what telling the kind needs.
            for cut in 12..end.unwrap() {
                assert_eq!(clean(kind, &bytes[..cut]), Err(Refused::Damaged), "{kind:?} at {cut}");
            }
        }
    }

    // ---- PDF ----

    /// Builds a PDF of these objects (numbered from 1) and of what stands in its trailer.
    fn pdf(objects: &[&[u8]], trailer: &str) -> Vec<u8> {
        let mut out = b"%PDF-1.4\n%\xE2\xE3\xCF\xD3\n".to_vec();
        let mut places = Vec::new();
        for (n, object) in objects.iter().enumerate() {
            places.push(out.len());
            out.extend_from_slice(format!("{} 0 obj\n", n + 1).as_bytes());
            out.extend_from_slice(object);
            out.extend_from_slice(b"\nendobj\n");
        }
        let table = out.len();
        let mut end = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
        places.iter().for_each(|place| end += &format!("{place:010} 00000 n \n"));
        end += &format!("trailer\n<</Size {}/Root 1 0 R{trailer}>>\nstartxref\n{table}\n%%EOF\n", objects.len() + 1);
        [out, end.into_bytes()].concat()
    }

    const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R/Metadata 4 0 R/Outlines 5 0 R>>";
    const PAGES: &[u8] = b"<</Type/Pages/Kids[]/Count 0>>";
    const OUTLINE: &[u8] = b"<</Title (Trang mot)/Author (khong phai Info)>>";

    fn stream(dict: &str, content: &[u8]) -> Vec<u8> {
        let head = format!("<<{dict}/Length {}>>\nstream\n", content.len());
        [head.as_bytes(), content, b"\nendstream"].concat()
    }

    /// Every way in which Word, LibreOffice and phones write a name.
    fn named_pdf() -> Vec<u8> {
        let info = format!(
            "<</Author ({SECRET} \\) (nested) )/Creator<4E475559454E>/Title(\u{fe}\u{ff}N\0G)\
             /Producer % ({SECRET}\n({SECRET})/Subject({SECRET}\\\\)/Keywords({SECRET})/Company({SECRET})\
             /CreationDate(D:20250102030405+07'00')/Trapped/False>>"
        );
        let meta = stream("/Type/Metadata/Subtype/XML", xmp().as_bytes());
        let photo = stream("/Type/XObject/Subtype/Image/Filter/DCTDecode", &jpeg(6));
        pdf(&[CATALOG, PAGES, info.as_bytes(), &meta, OUTLINE, &photo], "/Info 3 0 R")
    }

    /// Does `startxref` lead to the table, and the table to the objects?
    fn assert_table_leads_to_objects(bytes: &[u8]) {
        let last = rfind(bytes, b"startxref").unwrap();
        let place = std::str::from_utf8(&bytes[last + 9..bytes.len() - 6]).unwrap().trim().parse::<usize>().unwrap();
        assert!(bytes[place..].starts_with(b"xref\n0 "));
        let table = String::from_utf8_lossy(&bytes[place..]).into_owned();
        let rows: Vec<_> = table.lines().filter(|line| line.ends_with(" n ")).collect();
        assert!(!rows.is_empty());
        for (n, row) in rows.iter().enumerate() {
            let place: usize = row[..10].parse().unwrap();
            assert!(bytes[place..].starts_with(format!("{} 0 obj\n", n + 1).as_bytes()), "object {}", n + 1);
        }
    }

    #[test]
    fn names_in_a_pdf_are_blanked_in_place() {
        let before = named_pdf();
        assert_table_leads_to_objects(&before);
        assert!(holds(&before, SECRET) && holds(&before, "4E475559454E") && holds(&before, "Exif\0\0"));
        let paper = clean(PaperKind::Pdf, &before).unwrap();
        assert_eq!((paper.kind, paper.width, paper.height, &paper.thumb), (PaperKind::Pdf, None, None, &None));
        assert_eq!(paper.bytes.len(), before.len());
        assert_table_leads_to_objects(&paper.bytes);
        for gone in ["4E475559454E", "nested", "D:2025", "/Info", "Exif", "dc:creator", "Photoshop"] {
            assert!(!holds(&paper.bytes, gone), "{gone}");
        }
        for kept in ["/Author (", "/Trapped/False", "(Trang mot)", "(khong phai Info)", "<?xpacket end", "/Root 1 0 R"] {
            assert!(holds(&paper.bytes, kept), "{kept}");
        }
        // What remains of the secret: the comment, and in the photo the comment, the colour profile
        // and what follows the end mark. Only blocks that name people and places are blanked there.
        assert_eq!(paper.bytes.windows(SECRET.len()).filter(|window| *window == SECRET.as_bytes()).count(), 4);
        // The photo inside still opens.
        let photo = &paper.bytes[find(&paper.bytes, b"\xFF\xD8\xFF", 0).unwrap()..];
        assert_eq!(image::load_from_memory(photo).unwrap().width(), 2 * MARK_PX);
    }

    #[test]
    fn cleaning_a_clean_pdf_changes_nothing() {
        let once = clean(PaperKind::Pdf, &named_pdf()).unwrap();
        assert_eq!(clean(PaperKind::Pdf, &once.bytes).unwrap(), once);
        let bare = pdf(&[b"<</Type/Catalog/Pages 2 0 R>>", PAGES], "");
        assert_eq!(clean(PaperKind::Pdf, &bare).unwrap().bytes, bare);
    }

    #[test]
    fn every_edition_of_a_changed_pdf_is_blanked() {
        let old = pdf(&[CATALOG, PAGES, format!("<</Author({SECRET})>>").as_bytes()], "/Info 3 0 R");
        let table = old.len();
        let new = format!("3 0 obj<</Author({SECRET})>>endobj\nxref\n0 0\ntrailer<</Info 3 0 R/Size 4>>\nstartxref\n{table}\n%%EOF\n");
        let paper = clean(PaperKind::Pdf, &[old, new.into_bytes()].concat()).unwrap();
        assert!(!holds(&paper.bytes, SECRET));
    }

    #[test]
    fn a_signed_pdf_is_kept_byte_for_byte() {
        let signed = pdf(&[CATALOG, PAGES, format!("<</Author({SECRET})>>").as_bytes(), b"<</Type/Sig/ByteRange[0 1 2 3]>>"], "/Info 3 0 R");
        assert_eq!(clean(PaperKind::Pdf, &signed).unwrap().bytes, signed);
    }

    #[test]
    fn pdfs_that_act_are_refused() {
        for active in [
            "<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>",
            "<</S/Java#53cript>>",
            "<</S/#4aavaScript>>",
            "<</JS 7 0 R>>",
            "<</#4A#53 7 0 R>>",
            "<</S/Launch/F(cmd.exe)>>",
            "<</Type/EmbeddedFile>>",
            "<</Names<</EmbeddedFiles 9 0 R>>>>",
            "<</Subtype/RichMedia>>",
            "<</S/Rendition/JS(x)>>",
            // Behind a bracket that never closes our reader is lost, but the plain search is not.
            "(<</S/JavaScript>>",
        ] {
            let bytes = pdf(&[CATALOG, PAGES, active.as_bytes()], "");
            assert_eq!(clean(PaperKind::Pdf, &bytes), Err(Refused::Active), "{active}");
        }
        // An object that hides where we see a stream.
        let hidden = pdf(&[CATALOG, PAGES, &stream("", b"9 0 obj<</S/JavaScript>>endobj")], "");
        assert_eq!(clean(PaperKind::Pdf, &hidden), Err(Refused::Active));
    }

    #[test]
    fn harmless_words_are_not_taken_for_action() {
        for calm in ["<</JSON 1>>", "<</JavaScripts 1>>", "<</S/URI/URI(https://x/JS)>>", "<</Launcher 1>>", "<</Encrypted 1>>"] {
            let bytes = pdf(&[CATALOG, PAGES, calm.as_bytes()], "");
            assert!(clean(PaperKind::Pdf, &bytes).is_ok(), "{calm}");
        }
        // Three bytes in a scan are chance.
        let scan = pdf(&[CATALOG, PAGES, &stream("/Filter/DCTDecode", b"\x91/JS \x07")], "");
        assert!(clean(PaperKind::Pdf, &scan).is_ok());
    }

    #[test]
    fn locked_pdfs_are_refused() {
        let bytes = pdf(&[CATALOG, PAGES, b"<</Filter/Standard/V 2>>"], "/Encrypt 3 0 R");
        assert_eq!(clean(PaperKind::Pdf, &bytes), Err(Refused::Encrypted));
    }

    #[test]
    fn a_cut_off_pdf_is_damaged() {
        let bytes = named_pdf();
        let end = rfind(&bytes, b"%%EOF").unwrap();
        assert!(clean(PaperKind::Pdf, &bytes[..end + 5]).is_ok());
        for cut in (5..end).step_by(7).chain([end + 4]) {
            assert_eq!(clean(PaperKind::Pdf, &bytes[..cut]), Err(Refused::Damaged), "at {cut}");
        }
        // Something else hangs behind it.
        let far = [bytes.clone(), vec![b'x'; PDF_END_BYTES]].concat();
        assert_eq!(clean(PaperKind::Pdf, &far), Err(Refused::Damaged));
        let outside = String::from_utf8_lossy(&pdf(&[CATALOG], "")).replace("startxref\n", "startxref\n9");
        assert_eq!(clean(PaperKind::Pdf, outside.as_bytes()), Err(Refused::Damaged));
    }

    /// No step may look at the rest of the file again for every byte of it: over megabytes such a step would not come to its end
    /// while anybody waits for this test.
    #[test]
    fn hostile_pdfs_come_to_their_end() {
        let size = 2 * 1024 * 1024;
        for brick in
            ["(", "<", "<?xpacket begin", "<x:xmpmeta", "1 0 obj ", "/Info 1 0 R 1 0 obj(", "Exif\0\0", ">>stream ", "%", "//", "\u{0}", "startxref %%EOF"]
        {
            let bytes = pdf(&[brick.repeat(size / brick.len()).as_bytes()], "/Info 1 0 R");
            assert!(clean(PaperKind::Pdf, &bytes).is_ok(), "{brick:?} is ugly, and harmless");
        }
    }

    // ---- Anything at all ----

    fn all_samples() -> Vec<(PaperKind, Vec<u8>)> {
        let mut all = samples(6).to_vec();
        all.push((PaperKind::Pdf, named_pdf()));
        all
    }

    /// Whatever is accepted is what it claims to be.
    fn accepted_is_sound(kind: PaperKind, bytes: &[u8]) {
        if let Ok(paper) = clean(kind, bytes) {
            assert_eq!(sniff(&paper.bytes), Ok(paper.kind));
            assert_eq!(kind == PaperKind::Pdf, paper.kind == PaperKind::Pdf);
            if paper.kind.is_picture() {
                let kept = open(&paper.bytes);
                assert_eq!((Some(kept.width()), Some(kept.height())), (paper.width, paper.height));
                assert!(kept.width().max(kept.height()) <= EDGE_PX_MAX);
            } else {
                assert_eq!(paper.bytes.len(), bytes.len());
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        #[test]
        fn arbitrary_bytes_never_panic(which in 0..4usize, start in 0..40usize, tail in proptest::collection::vec(any::<u8>(), 0..300)) {
            let (kind, sample) = all_samples().swap_remove(which);
            accepted_is_sound(kind, &[&sample[..start], &tail].concat());
        }

        #[test]
        fn changed_files_never_panic(
            which in 0..4usize,
            changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
            cut in proptest::option::of(any::<prop::sample::Index>()),
        ) {
            let (kind, mut bytes) = all_samples().swap_remove(which);
            for (place, byte) in changes {
                let at = place.index(bytes.len());
                bytes[at] = byte;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            accepted_is_sound(kind, &bytes);
        }

        #[test]
        fn pdf_words_in_any_order_never_panic(words in proptest::collection::vec(
            prop::sample::select(vec![
                "(", ")", "\\", "<", ">", "<<", ">>", "/Info", "/Author", " 3", " 0", " R", " obj", " endobj", ">>stream\n", "endstream",
                "%", "\n", "#4", "/#", "<?xpacket begin", "?>", "<?xpacket end", "<x:xmpmeta", "</x:xmpmeta>", "\u{ff}", "AB", "/",
            ]), 0..60)) {
            let bytes = pdf(&[words.concat().as_bytes()], "/Info 1 0 R");
            accepted_is_sound(PaperKind::Pdf, &bytes);
        }

        #[test]
        fn any_shape_fits(width in 1..5000u32, height in 1..60u32, flip in any::<bool>()) {
            let (width, height) = if flip { (height, width) } else { (width, height) };
            let small = shrink(RgbImage::new(width, height).into(), THUMB_PX);
            prop_assert!(small.width().max(small.height()) == width.max(height).min(THUMB_PX));
            prop_assert!(small.width() >= 1 && small.height() >= 1);
        }
    }
}
