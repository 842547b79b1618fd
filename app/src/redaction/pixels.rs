//! Covering for good: the pixels under a rectangle are painted over before the picture is written anew, so that nothing of them is in the file.
//!
//! What is written holds pixels and nothing else: no metadata, no earlier version, no text layer. A PDF becomes pictures of its pages ([`super::raster`])
//! in a new PDF.

use super::covers::Cover;
use super::raster::RasterPage;
use crate::papers::clean::{CleanPaper, decode_kept, encoded};
use crate::papers::kinds::{JPEG_QUALITY, PaperKind, Refused};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};
use krilla::geom::Size;
use krilla::image::Image;
use krilla::page::PageSettings;
use krilla::{Document, SerializeSettings};

/// What covered places become.
const BLACK: u8 = 0;

/// A picture as it is kept, with the rectangles painted over; its small picture is made of the painted one. Takes long: not for an async thread.
///
/// # Errors
/// [`Refused::Damaged`] where the kept picture cannot be read.
pub fn cover_picture(kind: PaperKind, bytes: &[u8], covers: &[Cover]) -> Result<CleanPaper, Refused> {
    let mut picture = decode_kept(kind, bytes)?;
    paint(&mut picture, 0, covers);
    encoded(kind, &picture)
}

/// Paints the rectangles of a page.
fn paint(picture: &mut DynamicImage, page: u16, covers: &[Cover]) {
    match picture {
        DynamicImage::ImageRgba8(pixels) => fill_rgba(pixels, page, covers),
        DynamicImage::ImageRgb8(pixels) => fill(pixels, page, covers),
        other => {
            let mut pixels = other.to_rgb8();
            fill(&mut pixels, page, covers);
            *other = pixels.into();
        }
    }
}

fn fill(pixels: &mut RgbImage, page: u16, covers: &[Cover]) {
    for cover in covers.iter().filter(|cover| cover.page == page) {
        let (left, top, right, bottom) = cover.pixels(pixels.width(), pixels.height());
        for y in top..bottom {
            for x in left..right {
                pixels.put_pixel(x, y, Rgb([BLACK; 3]));
            }
        }
    }
}

fn fill_rgba(pixels: &mut RgbaImage, page: u16, covers: &[Cover]) {
    for cover in covers.iter().filter(|cover| cover.page == page) {
        let (left, top, right, bottom) = cover.pixels(pixels.width(), pixels.height());
        for y in top..bottom {
            for x in left..right {
                pixels.put_pixel(x, y, Rgba([BLACK, BLACK, BLACK, u8::MAX]));
            }
        }
    }
}

/// A new PDF of painted pages: pictures and nothing else.
pub struct CoveredPdf {
    document: Document,
    pages: u16,
}

impl CoveredPdf {
    /// Without pages yet.
    pub fn new() -> Self {
        Self { document: Document::new_with(SerializeSettings { xmp_metadata: false, ..SerializeSettings::default() }), pages: 0 }
    }

    /// Paints a page over and puts it behind the others. Takes long: not for an async thread.
    ///
    /// # Errors
    /// [`Refused::Damaged`] for a page of no size.
    pub fn add(&mut self, page: RasterPage, covers: &[Cover]) -> Result<(), Refused> {
        let jpeg = page_jpeg(page.pixels, self.pages, covers)?;
        let settings = PageSettings::from_wh(page.width_pt, page.height_pt).ok_or(Refused::Damaged)?;
        let size = Size::from_wh(page.width_pt, page.height_pt).ok_or(Refused::Damaged)?;
        let image = Image::from_jpeg(jpeg.into(), true).map_err(|_| Refused::Damaged)?;
        let mut sheet = self.document.start_page_with(settings);
        let mut surface = sheet.surface();
        surface.draw_image(image, size);
        surface.finish();
        sheet.finish();
        self.pages += 1;
        Ok(())
    }

    /// The file.
    ///
    /// # Errors
    /// [`Refused::Damaged`] where it cannot be written.
    pub fn finish(self) -> Result<CleanPaper, Refused> {
        let bytes = self.document.finish().map_err(|_| Refused::Damaged)?;
        Ok(CleanPaper { kind: PaperKind::Pdf, bytes, width: None, height: None, thumb: None })
    }
}

impl Default for CoveredPdf {
    fn default() -> Self {
        Self::new()
    }
}

/// A page as JPEG, with its rectangles painted over.
///
/// # Errors
/// [`Refused::Damaged`] where it cannot be written.
pub fn page_jpeg(mut pixels: RgbImage, page: u16, covers: &[Cover]) -> Result<Vec<u8>, Refused> {
    fill(&mut pixels, page, covers);
    let mut out = Vec::new();
    pixels.write_with_encoder(JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY)).map_err(|_| Refused::Damaged)?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageFormat;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn png(picture: &DynamicImage) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, ImageFormat::Png).expect("a picture");
        bytes.into_inner()
    }

    #[test]
    fn what_is_transparent_is_painted_too() {
        let picture = DynamicImage::from(RgbaImage::from_pixel(20, 20, Rgba([9, 9, 9, 0])));
        let covered = cover_picture(PaperKind::Png, &png(&picture), &[Cover { page: 0, x: 0, y: 0, width: 500, height: 1_000 }]).expect("a picture");
        let pixels = image::load_from_memory(&covered.bytes).expect("a picture").to_rgba8();
        assert_eq!(pixels.get_pixel(3, 3).0, [0, 0, 0, 255]);
        assert_eq!(pixels.get_pixel(15, 3).0[3], 0);
    }

    #[test]
    fn what_is_no_picture_is_refused() {
        assert_eq!(cover_picture(PaperKind::Jpeg, b"jpg", &[]), Err(Refused::Unknown));
        assert_eq!(cover_picture(PaperKind::Jpeg, &png(&DynamicImage::new_rgb8(4, 4)), &[]), Err(Refused::Damaged));
    }

    proptest! {
        #[test]
        fn every_pixel_under_a_rectangle_is_black_and_all_others_stay(
            (width, height) in (1_u32..60, 1_u32..60), (x, y) in (0_u16..1_000, 0_u16..1_000), (wide, high) in (1_u16..1_000, 1_u16..1_000),
        ) {
            let picture = DynamicImage::from(RgbImage::from_fn(width, height, |x, y| Rgb([200, (x % 200) as u8 + 1, (y % 200) as u8 + 1])));
            let cover = Cover::parse(&format!("0,{x},{y},{wide},{high}")).expect("a rectangle");
            let covered = cover_picture(PaperKind::Png, &png(&picture), &[cover]).expect("a picture");
            let (before, after) = (picture.to_rgb8(), image::load_from_memory(&covered.bytes).expect("a picture").to_rgb8());
            let (left, top, right, bottom) = cover.pixels(width, height);
            for (x, y, pixel) in after.enumerate_pixels() {
                let is_under = (left..right).contains(&x) && (top..bottom).contains(&y);
                prop_assert_eq!(pixel, if is_under { &Rgb([0; 3]) } else { before.get_pixel(x, y) });
            }
        }
    }
}
