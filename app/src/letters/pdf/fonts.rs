//! The four faces of the letters' font, and how wide words are in them.
//!
//! Tinos has the metrics of Times New Roman, which NĐ 30/2020/NĐ-CP asks for, and all letters of Vietnamese; the files are cut
//! down to Latin (`app/fonts`).

use crate::error::{AppError, Result};
use crate::letters::values::Run;
use krilla::text::Font;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider, charmap::Charmap};

static REGULAR: &[u8] = include_bytes!("../../../fonts/Tinos-Regular.ttf");
static BOLD: &[u8] = include_bytes!("../../../fonts/Tinos-Bold.ttf");
static ITALIC: &[u8] = include_bytes!("../../../fonts/Tinos-Italic.ttf");
static BOLD_ITALIC: &[u8] = include_bytes!("../../../fonts/Tinos-BoldItalic.ttf");

/// Stands where the font has no sign for a letter.
const UNKNOWN: char = '?';

/// One of the four faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Upright.
    Regular,
    /// Bold.
    Bold,
    /// Italic.
    Italic,
    /// Both.
    BoldItalic,
}

impl Style {
    const ALL: [Self; 4] = [Self::Regular, Self::Bold, Self::Italic, Self::BoldItalic];

    /// The face of a run.
    pub fn of(run: &Run) -> Self {
        match (run.bold, run.italic) {
            (false, false) => Self::Regular,
            (true, false) => Self::Bold,
            (false, true) => Self::Italic,
            (true, true) => Self::BoldItalic,
        }
    }

    fn index(self) -> usize {
        match self {
            Self::Regular => 0,
            Self::Bold => 1,
            Self::Italic => 2,
            Self::BoldItalic => 3,
        }
    }

    fn bytes(self) -> &'static [u8] {
        [REGULAR, BOLD, ITALIC, BOLD_ITALIC][self.index()]
    }
}

/// A letter of a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Glyph {
    /// What it means.
    pub letter: char,
    /// Its number in the font.
    pub id: u32,
    /// Its width, in units of the font size.
    pub advance: f32,
    /// The face.
    pub style: Style,
}

struct Face {
    font: Font,
    charmap: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f32,
}

/// The faces, opened.
pub struct Faces([Face; 4]);

impl Faces {
    /// Opens the four files that are built in.
    ///
    /// # Errors
    /// [`AppError::Internal`]: one of them is no font.
    pub fn open() -> Result<Self> {
        let [regular, bold, italic, bold_italic] = Style::ALL.map(open);
        Ok(Self([regular?, bold?, italic?, bold_italic?]))
    }

    /// The font of a face, for drawing.
    pub fn font(&self, style: Style) -> Font {
        self.0[style.index()].font.clone()
    }

    /// The letters of some words.
    pub fn glyphs(&self, words: &str, style: Style) -> Vec<Glyph> {
        let face = &self.0[style.index()];
        let known = |letter: char| face.charmap.map(letter).filter(|id| id.to_u32() != 0).map(|id| (letter, id));
        words
            .chars()
            .filter_map(|letter| known(letter).or_else(|| known(UNKNOWN)))
            .map(|(letter, id)| Glyph { letter, id: id.to_u32(), advance: face.metrics.advance_width(id).unwrap_or_default() / face.units, style })
            .collect()
    }
}

fn open(style: Style) -> Result<Face> {
    let wrong = || AppError::internal("a built-in font cannot be read");
    let font = FontRef::new(style.bytes()).map_err(|_| wrong())?;
    let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
    let drawn = Font::new(style.bytes().into(), 0).ok_or_else(wrong)?;
    Ok(Face { units: drawn.units_per_em(), font: drawn, charmap: font.charmap(), metrics })
}

/// How wide letters are together, in units of the font size.
pub fn width(glyphs: &[Glyph]) -> f32 {
    glyphs.iter().map(|glyph| glyph.advance).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_vietnamese_letter_has_a_sign_of_its_own_in_every_face() {
        let faces = Faces::open().expect("the fonts");
        let letters: String = ('\u{1ea0}'..='\u{1ef9}').chain("ăâđêôơưĂÂĐÊÔƠƯ“”–…áàãéèíìĩóòõúùũýÁÀÃÉÈÍÌĨÓÒÕÚÙŨÝ".chars()).collect();
        for style in Style::ALL {
            let glyphs = faces.glyphs(&letters, style);
            assert!(glyphs.iter().all(|glyph| glyph.letter != UNKNOWN && glyph.advance > 0.0), "{style:?}");
        }
    }

    #[test]
    fn a_letter_the_font_lacks_is_a_question_mark_and_no_fault() {
        let glyphs = Faces::open().expect("the fonts").glyphs("a漢b", Style::Regular);
        assert_eq!(glyphs.iter().map(|glyph| glyph.letter).collect::<String>(), "a?b");
    }
}
