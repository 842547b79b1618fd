//! A letter as PDF/A: text that can be selected, searched and read aloud, with its font within. The same letter gives the same bytes.

mod fonts;
mod layout;

use super::sheet::Sheet;
use crate::error::{AppError, Result};
use chrono::Datelike;
use fonts::{Faces, Glyph, Style};
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag, Tag, TagGroup, TagTree};
use krilla::text::{GlyphId, KrillaGlyph};
use krilla::{Document, SerializeSettings};
use layout::{Band, Item, Laid, MARGIN_TOP, PAGE_HEIGHT, PAGE_WIDTH, Role, lay, pages};
use std::num::NonZeroU16;

/// Size of page numbers.
const PAGE_NUMBER: f32 = 13.0;
/// Thickness of ruled lines.
const RULE: f32 = 0.75;

/// The letter as PDF.
///
/// # Errors
/// [`AppError::Internal`] if the file would not be what PDF/A and PDF/UA ask for.
pub fn pdf(sheet: &Sheet) -> Result<Vec<u8>> {
    let faces = Faces::open()?;
    let laid = lay(sheet, &faces);
    let wrong = |error: &dyn std::fmt::Debug| AppError::internal(format!("a PDF: {error:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|error| wrong(&error))?;
    let mut document = Document::new_with(SerializeSettings { configuration, enable_tagging: true, ..SerializeSettings::default() });
    document.set_metadata(metadata(sheet));
    let mut lines: Vec<Vec<Identifier>> = laid.roles.iter().map(|_| Vec::new()).collect();
    let starts = pages(&laid.bands);
    for (n, start) in starts.iter().enumerate() {
        let end = starts.get(n + 1).copied().unwrap_or(laid.bands.len());
        let size = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or_else(|| AppError::internal("the size of A4"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        draw_page(&mut surface, &faces, laid.bands.get(*start..end).unwrap_or_default(), n + 1, &mut lines);
        surface.finish();
        page.finish();
    }
    document.set_tag_tree(tags(&laid, lines, &sheet.heading()));
    let mut outline = Outline::new();
    outline.push_child(OutlineNode::new(sheet.heading(), XyzDestination::new(0, Point::from_xy(0.0, 0.0))));
    document.set_outline(outline);
    document.finish().map_err(|error| wrong(&error))
}

/// No author and no clock: nothing in the file says more than the letter does.
fn metadata(sheet: &Sheet) -> Metadata {
    let part = |n: u32| u8::try_from(n).unwrap_or(1);
    let day = DateTime::new(u16::try_from(sheet.day.year()).unwrap_or(1)).month(part(sheet.day.month())).day(part(sheet.day.day()));
    Metadata::new().title(sheet.heading()).language("vi".to_owned()).creation_date(day.hour(0).minute(0).second(0).utc_offset_hour(7).utc_offset_minute(0))
}

fn tags(laid: &Laid, lines: Vec<Vec<Identifier>>, heading: &str) -> TagTree {
    let mut tree = TagTree::new();
    for (role, lines) in laid.roles.iter().zip(lines) {
        let mut group = match role {
            Role::Heading => TagGroup::new(Tag::Hn(NonZeroU16::MIN, Some(heading.to_owned()))),
            Role::Paragraph => TagGroup::new(Tag::P),
        };
        for line in lines {
            group.push(line);
        }
        tree.push(group);
    }
    tree
}

fn black() -> rgb::Color {
    rgb::Color::new(0, 0, 0)
}

fn draw_page(surface: &mut Surface<'_>, faces: &Faces, bands: &[Band], number: usize, lines: &mut [Vec<Identifier>]) {
    surface.set_fill(Some(Fill { paint: black().into(), opacity: NormalizedF32::ONE, rule: Default::default() }));
    if number > 1 {
        let glyphs = faces.glyphs(&number.to_string(), Style::Regular);
        let x = (PAGE_WIDTH - fonts::width(&glyphs) * PAGE_NUMBER) / 2.0;
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::PageNumber)));
        draw_words(surface, faces, &glyphs, Point::from_xy(x, MARGIN_TOP - PAGE_NUMBER), PAGE_NUMBER);
        surface.end_tagged();
    }
    let mut top = MARGIN_TOP;
    for band in bands {
        for item in &band.items {
            draw_item(surface, faces, item, top, lines);
        }
        for rule in &band.rules {
            draw_rule(surface, *rule, top);
        }
        top += band.height;
    }
}

fn draw_item(surface: &mut Surface<'_>, faces: &Faces, item: &Item, top: f32, lines: &mut [Vec<Identifier>]) {
    let id = surface.start_tagged(ContentTag::Span(SpanTag::empty()));
    draw_words(surface, faces, &item.glyphs, Point::from_xy(item.x, top + item.baseline), item.size);
    surface.end_tagged();
    if let Some(line) = lines.get_mut(item.paragraph) {
        line.push(id);
    }
}

/// Draws letters, a stretch of one face at a time.
fn draw_words(surface: &mut Surface<'_>, faces: &Faces, glyphs: &[Glyph], at: Point, size: f32) {
    let mut x = at.x;
    for stretch in glyphs.chunk_by(|a, b| a.style == b.style) {
        let Some(style) = stretch.first().map(|glyph| glyph.style) else { continue };
        let mut words = String::new();
        let mut drawn = Vec::with_capacity(stretch.len());
        for glyph in stretch {
            let from = words.len();
            words.push(glyph.letter);
            drawn.push(KrillaGlyph::new(GlyphId::new(glyph.id), glyph.advance, 0.0, 0.0, 0.0, from..words.len(), None));
        }
        surface.draw_glyphs(Point::from_xy(x, at.y), &drawn, faces.font(style), &words, size, false);
        x += fonts::width(stretch) * size;
    }
}

fn draw_rule(surface: &mut Surface<'_>, (from, to, y): (f32, f32, f32), top: f32) {
    let mut path = PathBuilder::new();
    path.move_to(from, top + y);
    path.line_to(to, top + y);
    let Some(path) = path.finish() else { return };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
    let fill = surface.get_fill().cloned();
    surface.set_fill(None);
    surface.set_stroke(Some(Stroke { paint: black().into(), width: RULE, ..Stroke::default() }));
    surface.draw_path(&path);
    surface.set_stroke(None);
    surface.set_fill(fill);
    surface.end_tagged();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::sheet::tests::all;

    #[test]
    fn every_letter_becomes_an_archivable_accessible_pdf_and_always_the_same_bytes() {
        for (code, sheet) in all() {
            let bytes = pdf(&sheet).unwrap_or_else(|error| panic!("{code}: {error}"));
            assert!(bytes.starts_with(b"%PDF-"), "{code}");
            assert!(bytes.len() < 200_000, "{code}: {} bytes", bytes.len());
            assert_eq!(bytes, pdf(&sheet).expect("again"), "{code}");
        }
    }

    /// The files land in the folder that `NGHEDAN_LETTERS` names, for looking at them.
    #[test]
    fn a_letter_lasts_on_disk() {
        let kept = tempfile::tempdir().expect("a folder");
        let folder = std::env::var_os("NGHEDAN_LETTERS").map_or_else(|| kept.path().to_owned(), std::path::PathBuf::from);
        for (code, sheet) in all() {
            let (pdf, docx) = (pdf(&sheet).expect("a PDF"), crate::letters::docx::docx(&sheet).expect("a DOCX"));
            for (end, bytes) in [("pdf", pdf), ("docx", docx)] {
                let file = folder.join(format!("{code}.{end}"));
                std::fs::write(&file, &bytes).expect("written");
                assert_eq!(std::fs::read(&file).expect("read"), bytes);
            }
        }
    }
}
