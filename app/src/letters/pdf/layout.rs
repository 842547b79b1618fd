//! Where everything of a letter stands on A4, by NĐ 30/2020/NĐ-CP, Annex I. Pure: a sheet in, bands with positions out.
//!
//! A *band* is what must stay together on a page: a line of text, the whole head, the whole signature block.

use super::fonts::{Faces, Glyph, Style, width};
use crate::letters::sheet::{BlockKind, COUNTRY, DRAFT, MOTTO, OPENS, RECIPIENTS, Sheet};
use crate::letters::values::Run;

/// Points in a millimetre.
const MM: f32 = 72.0 / 25.4;
/// A4.
pub const PAGE_WIDTH: f32 = 210.0 * MM;
/// A4.
pub const PAGE_HEIGHT: f32 = 297.0 * MM;
/// Margins: 20 to 25 mm above and below, 30 to 35 mm left, 15 to 20 mm right.
pub const MARGIN_TOP: f32 = 20.0 * MM;
/// See [`MARGIN_TOP`].
pub const MARGIN_BOTTOM: f32 = 20.0 * MM;
const MARGIN_LEFT: f32 = 30.0 * MM;
const MARGIN_RIGHT: f32 = 15.0 * MM;
const TEXT_WIDTH: f32 = PAGE_WIDTH - MARGIN_LEFT - MARGIN_RIGHT;

/// Size of text: 13 to 14.
const TEXT: f32 = 14.0;
const HEAD: f32 = 12.0;
const HEAD_LARGE: f32 = 13.0;
const SMALL: f32 = 11.0;
/// Height of a line in sizes of its letters.
const LEADING: f32 = 1.25;
/// Space between paragraphs: at least 6 pt.
const PARAGRAPH_GAP: f32 = 6.0;
/// The first line is set in by 1 to 1.27 cm.
const INDENT: f32 = 10.0 * MM;
/// Width of the head's left column; the motto needs the rest.
const HEAD_LEFT: f32 = 62.0 * MM;
/// Width of the recipients beside the signature.
const FOOT_LEFT: f32 = 78.0 * MM;
/// Room for the signature and seal.
const SIGNATURE_GAP: f32 = 62.0;
/// How far "Kính gửi" stands from the margin.
const OPENS_LEFT: f32 = 26.0 * MM;
/// Space below a line of letters to a rule.
const RULE_GAP: f32 = 4.0;

/// What the words of an item are to a reader who cannot see them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The title.
    Heading,
    /// A paragraph.
    Paragraph,
}

/// A line of words at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// From the left edge of the page.
    pub x: f32,
    /// From the top of the band to the line the letters stand on.
    pub baseline: f32,
    /// Size.
    pub size: f32,
    /// The letters; blanks are wider where the line is justified.
    pub glyphs: Vec<Glyph>,
    /// Which paragraph it belongs to.
    pub paragraph: usize,
}

/// What stays together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Band {
    /// Its height.
    pub height: f32,
    /// Its lines.
    pub items: Vec<Item>,
    /// Ruled lines: from, to, and how far below the top.
    pub rules: Vec<(f32, f32, f32)>,
}

/// A letter laid out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Laid {
    /// From top to bottom; the last one is the signature block.
    pub bands: Vec<Band>,
    /// The role of each paragraph, in reading order.
    pub roles: Vec<Role>,
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Centre,
    Justify,
}

/// A column that words are set in.
#[derive(Clone, Copy)]
struct Column {
    left: f32,
    width: f32,
    size: f32,
    align: Align,
    /// How far the first line is set in.
    first: f32,
    /// How far the others are.
    rest: f32,
}

impl Column {
    fn centre(left: f32, width: f32, size: f32) -> Self {
        Self { left, width, size, align: Align::Centre, first: 0.0, rest: 0.0 }
    }

    fn text(align: Align, first: f32, rest: f32) -> Self {
        Self { left: MARGIN_LEFT, width: TEXT_WIDTH, size: TEXT, align, first, rest }
    }

    fn line_height(self) -> f32 {
        self.size * LEADING
    }
}

struct Setter<'a> {
    faces: &'a Faces,
    laid: Laid,
}

/// Lays a sheet out.
pub fn lay(sheet: &Sheet, faces: &Faces) -> Laid {
    let mut setter = Setter { faces, laid: Laid::default() };
    setter.head(sheet);
    setter.title(sheet);
    setter.opens(sheet);
    for block in &sheet.body {
        let column = match block.kind {
            BlockKind::Centre => Column::centre(MARGIN_LEFT, TEXT_WIDTH, TEXT),
            BlockKind::Basis | BlockKind::Text | BlockKind::Item => Column::text(Align::Justify, INDENT, 0.0),
        };
        let runs = match block.kind {
            BlockKind::Item => [vec![Run::plain("- ")], block.runs.clone()].concat(),
            BlockKind::Centre => block.runs.iter().cloned().map(bold).collect(),
            _ => block.runs.clone(),
        };
        setter.paragraph(&runs, column, Role::Paragraph, PARAGRAPH_GAP);
    }
    setter.foot(sheet);
    setter.laid
}

fn bold(mut run: Run) -> Run {
    run.bold = true;
    run
}

fn styled(text: &str, is_bold: bool, italic: bool) -> Vec<Run> {
    vec![Run { bold: is_bold, italic, ..Run::plain(text) }]
}

impl Setter<'_> {
    fn begin(&mut self, role: Role) -> usize {
        self.laid.roles.push(role);
        self.laid.roles.len() - 1
    }

    /// Sets words into a band from `top` on; gives where they end.
    fn set(&mut self, band: &mut Band, top: f32, runs: &[Run], column: Column, role: Role) -> f32 {
        let paragraph = self.begin(role);
        let glyphs: Vec<Glyph> = runs.iter().flat_map(|run| self.faces.glyphs(&run.text, Style::of(run))).collect();
        let mut y = top;
        let lines = match column.align {
            Align::Centre => balanced(&glyphs, column),
            Align::Left | Align::Justify => break_lines(&glyphs, column),
        };
        let count = lines.len();
        for (i, line) in lines.into_iter().enumerate() {
            let inset = if i == 0 { column.first } else { column.rest };
            band.items.push(place(line, column, inset, i + 1 == count, y, paragraph));
            y += column.line_height();
        }
        band.height = band.height.max(y);
        y
    }

    /// A paragraph of the text: a band for every line, so that it may run over a page's end.
    fn paragraph(&mut self, runs: &[Run], column: Column, role: Role, gap: f32) {
        let mut band = Band::default();
        self.set(&mut band, 0.0, runs, column, role);
        let height = column.line_height();
        let count = band.items.len();
        for (i, mut item) in band.items.into_iter().enumerate() {
            item.baseline = baseline(column.size);
            let gap = if i + 1 == count { gap } else { 0.0 };
            self.laid.bands.push(Band { height: height + gap, items: vec![item], rules: Vec::new() });
        }
    }

    fn head(&mut self, sheet: &Sheet) {
        let mut band = Band::default();
        let left = Column::centre(MARGIN_LEFT, HEAD_LEFT, HEAD);
        let right = |size| Column::centre(MARGIN_LEFT + HEAD_LEFT, TEXT_WIDTH - HEAD_LEFT, size);
        let mut y = 0.0;
        if sheet.is_draft {
            y = self.set(&mut band, y, &styled(DRAFT, true, false), Column { align: Align::Left, ..left }, Role::Paragraph) + 2.0;
        }
        let top = y;
        if let Some(superior) = &sheet.superior {
            y = self.set(&mut band, y, &styled(superior, false, false), left, Role::Paragraph);
        }
        for line in &sheet.agency {
            y = self.set(&mut band, y, &styled(line, true, false), left, Role::Paragraph);
        }
        self.rule(&mut band, left, y, sheet.agency.last().map_or("", String::as_str), 0.45);
        let mut right_y = self.set(&mut band, top, &styled(COUNTRY, true, false), right(HEAD), Role::Paragraph);
        right_y = self.set(&mut band, right_y, &styled(MOTTO, true, false), right(HEAD_LARGE), Role::Paragraph);
        self.rule(&mut band, right(HEAD_LARGE), right_y, MOTTO, 1.0);
        let second = y.max(right_y) + 12.0;
        let number = Column { size: HEAD_LARGE, ..left };
        y = self.set(&mut band, second, &styled(&sheet.number, false, false), number, Role::Paragraph);
        self.set(&mut band, second, &styled(&sheet.place_and_date, false, true), right(HEAD_LARGE), Role::Paragraph);
        if sheet.is_plain_letter() {
            self.set(&mut band, y + 4.0, &sheet.about, left, Role::Heading);
        }
        band.height += 14.0;
        self.laid.bands.push(band);
    }

    /// A line under words, `share` as long as they are, centred in their column.
    fn rule(&self, band: &mut Band, column: Column, y: f32, words: &str, share: f32) {
        let length = width(&self.faces.glyphs(words, Style::Bold)) * column.size * share;
        let from = column.left + (column.width - length.min(column.width)) / 2.0;
        band.rules.push((from, from + length.min(column.width), y + RULE_GAP - 2.0));
        band.height = band.height.max(y + RULE_GAP);
    }

    fn title(&mut self, sheet: &Sheet) {
        if sheet.is_plain_letter() {
            return;
        }
        let mut band = Band::default();
        let column = Column::centre(MARGIN_LEFT, TEXT_WIDTH, TEXT);
        let y = self.set(&mut band, 0.0, &styled(&sheet.title, true, false), column, Role::Heading);
        let about: Vec<Run> = sheet.about.iter().cloned().map(bold).collect();
        let y = self.set(&mut band, y, &about, Column { left: MARGIN_LEFT + 8.0 * MM, width: TEXT_WIDTH - 16.0 * MM, ..column }, Role::Paragraph);
        let middle = MARGIN_LEFT + TEXT_WIDTH / 2.0;
        band.rules.push((middle - 20.0 * MM, middle + 20.0 * MM, y + RULE_GAP - 2.0));
        band.height = y + RULE_GAP + 12.0;
        self.laid.bands.push(band);
    }

    fn opens(&mut self, sheet: &Sheet) {
        if sheet.opens.is_empty() {
            return;
        }
        let lead = self.faces.glyphs(&format!("{OPENS} "), Style::Regular);
        let hang = width(&lead) * TEXT;
        let column = Column { left: MARGIN_LEFT + OPENS_LEFT, width: TEXT_WIDTH - OPENS_LEFT, size: TEXT, align: Align::Left, first: 0.0, rest: hang };
        let count = sheet.opens.len();
        for (i, line) in sheet.opens.iter().enumerate() {
            let gap = if i + 1 == count { 12.0 } else { 0.0 };
            if i == 0 {
                let runs = [vec![Run::plain(format!("{OPENS} "))], line.clone()].concat();
                self.paragraph(&runs, column, Role::Paragraph, gap);
            } else {
                self.paragraph(line, Column { first: hang, ..column }, Role::Paragraph, gap);
            }
        }
    }

    fn foot(&mut self, sheet: &Sheet) {
        let mut band = Band::default();
        let top = 8.0;
        let left = Column { left: MARGIN_LEFT, width: FOOT_LEFT, size: HEAD, align: Align::Left, first: 0.0, rest: 0.0 };
        let mut y = self.set(&mut band, top, &styled(RECIPIENTS, true, true), left, Role::Paragraph);
        for line in &sheet.recipients {
            y = self.set(&mut band, y, line, Column { size: SMALL, ..left }, Role::Paragraph);
        }
        let right = Column::centre(MARGIN_LEFT + FOOT_LEFT, TEXT_WIDTH - FOOT_LEFT, TEXT);
        let mut y = top;
        for line in &sheet.signs {
            y = self.set(&mut band, y, &styled(line, true, false), right, Role::Paragraph);
        }
        y += SIGNATURE_GAP;
        if !sheet.signer.is_empty() {
            y = self.set(&mut band, y, &styled(&sheet.signer, true, false), right, Role::Paragraph);
        }
        band.height = band.height.max(y);
        self.laid.bands.push(band);
    }
}

/// From the top of a line to where its letters stand.
fn baseline(size: f32) -> f32 {
    size * 1.0
}

/// Centred lines of about the same length: the narrowest column that needs no more lines.
fn balanced(glyphs: &[Glyph], column: Column) -> Vec<Vec<Glyph>> {
    let mut best = break_lines(glyphs, column);
    let count = best.len();
    let mut narrow = column;
    while count > 1 && narrow.width > column.width / 2.0 {
        narrow.width -= column.size;
        let lines = break_lines(glyphs, narrow);
        if lines.len() > count {
            break;
        }
        best = lines;
    }
    best
}

/// Breaks letters into lines at blanks. A word wider than the column is cut.
fn break_lines(glyphs: &[Glyph], column: Column) -> Vec<Vec<Glyph>> {
    let mut lines: Vec<Vec<Glyph>> = vec![Vec::new()];
    let mut used = 0.0;
    for word in glyphs.split_inclusive(|glyph| glyph.letter == ' ') {
        let bare = word.strip_suffix_blank();
        let room = column.width - if lines.len() == 1 { column.first } else { column.rest };
        let needed = width(bare) * column.size;
        if used > 0.0 && used + needed > room + 0.01 {
            lines.push(Vec::new());
            used = 0.0;
        }
        for glyph in word {
            let advance = glyph.advance * column.size;
            let room = column.width - if lines.len() == 1 { column.first } else { column.rest };
            if used > 0.0 && used + advance > room + 0.01 && glyph.letter != ' ' {
                lines.push(Vec::new());
                used = 0.0;
            }
            if let Some(line) = lines.last_mut() {
                line.push(*glyph);
            }
            used += advance;
        }
    }
    lines.retain(|line| !line.is_empty());
    lines
}

trait WithoutBlank {
    fn strip_suffix_blank(&self) -> &Self;
}

impl WithoutBlank for [Glyph] {
    fn strip_suffix_blank(&self) -> &Self {
        let end = self.iter().rposition(|glyph| glyph.letter != ' ').map_or(0, |last| last + 1);
        self.get(..end).unwrap_or_default()
    }
}

fn place(mut glyphs: Vec<Glyph>, column: Column, inset: f32, is_last: bool, top: f32, paragraph: usize) -> Item {
    let bare = width(glyphs.strip_suffix_blank()) * column.size;
    let spare = column.width - inset - bare;
    let mut x = column.left + inset;
    match column.align {
        Align::Centre => x += spare / 2.0,
        Align::Justify if !is_last && spare > 0.0 => {
            let end = glyphs.strip_suffix_blank().len();
            let inner: Vec<usize> = glyphs.iter().take(end).enumerate().filter(|(_, glyph)| glyph.letter == ' ').map(|(i, _)| i).collect();
            #[expect(clippy::cast_precision_loss, reason = "a line has at most some hundred blanks")]
            let more = spare / column.size / inner.len().max(1) as f32;
            for i in inner {
                if let Some(glyph) = glyphs.get_mut(i) {
                    glyph.advance += more;
                }
            }
        }
        Align::Left | Align::Justify => {}
    }
    Item { x, baseline: top + baseline(column.size), size: column.size, glyphs, paragraph }
}

/// How many lines of text at least go with the signature to its page: a signature alone could be put under any text.
const LINES_WITH_SIGNATURE: usize = 2;

/// Cuts the bands into pages: the index each page begins with.
pub fn pages(bands: &[Band]) -> Vec<usize> {
    let room = PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM;
    let mut starts = vec![0];
    let mut used = 0.0;
    for (i, band) in bands.iter().enumerate() {
        if used > 0.0 && used + band.height > room {
            starts.push(i);
            used = 0.0;
        }
        used += band.height;
    }
    // The last page takes lines of the one before, if it has too few of its own.
    let wanted = bands.len().saturating_sub(1 + LINES_WITH_SIGNATURE);
    if let [.., before, last] = starts.as_mut_slice()
        && *last > wanted
        && wanted > *before
    {
        *last = wanted;
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::sheet::tests::all;

    #[test]
    fn nothing_leaves_the_text_area_of_a4() {
        let faces = Faces::open().expect("the fonts");
        for (code, sheet) in all() {
            let laid = lay(&sheet, &faces);
            let starts = pages(&laid.bands);
            for (n, start) in starts.iter().enumerate() {
                let end = starts.get(n + 1).copied().unwrap_or(laid.bands.len());
                let height: f32 = laid.bands[*start..end].iter().map(|band| band.height).sum();
                assert!(height <= PAGE_HEIGHT - MARGIN_TOP - MARGIN_BOTTOM + 0.1, "{code}: page {n} is {height} high");
            }
            for item in laid.bands.iter().flat_map(|band| &band.items) {
                let right = item.x + width(item.glyphs.strip_suffix_blank()) * item.size;
                assert!(
                    item.x >= MARGIN_LEFT - 0.1 && right <= PAGE_WIDTH - MARGIN_RIGHT + 0.1,
                    "{code}: {:?}",
                    item.glyphs.iter().map(|g| g.letter).collect::<String>()
                );
            }
        }
    }

    #[test]
    fn the_motto_fits_on_one_line() {
        let faces = Faces::open().expect("the fonts");
        let (_, sheet) = all().remove(0);
        let head = lay(&sheet, &faces).bands.remove(0);
        let lines: Vec<String> = head.items.iter().map(|item| item.glyphs.iter().map(|glyph| glyph.letter).collect()).collect();
        assert!(lines.contains(&COUNTRY.to_owned()) && lines.contains(&MOTTO.to_owned()), "{lines:?}");
    }

    #[test]
    fn a_signature_never_stands_on_a_page_alone() {
        let line = Band { height: 20.0, ..Band::default() };
        let sign = Band { height: 200.0, ..Band::default() };
        for count in 20..80 {
            let bands: Vec<Band> = std::iter::repeat_n(line.clone(), count).chain([sign.clone()]).collect();
            let last = pages(&bands).last().copied().expect("a page");
            assert!(bands.len() - last > LINES_WITH_SIGNATURE, "{count} lines");
        }
    }
}
