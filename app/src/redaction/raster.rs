//! The pages of a PDF as pixels.
//!
//! A PDF comes from a stranger, and what draws it is other people's code: one that runs for ever, takes all memory or fails must not take the portal
//! with it. So pages are drawn by a process of their own – this program once more, with `rasterise` – that has a limit of memory and of time, no
//! settings and no files but what it reads and writes through its pipes. What goes wrong there is [`Unreadable`] here.

use crate::papers::kinds::EDGE_PX_MAX;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::object::{Object, Stream};
use hayro::hayro_syntax::page::Page;
use hayro::hayro_syntax::{Filter, Pdf};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::RgbImage;
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

/// Most pages of a paper that can be covered.
pub const PAGES_MAX: u16 = 20;
/// Dots per inch of a page, unless it is larger than [`EDGE_PX_MAX`] then: small print stays readable.
const DOTS_PER_INCH: f32 = 150.0;
/// Sides of a page, in points: a label, and the largest a PDF may have.
const SIDE_POINTS: std::ops::RangeInclusive<f32> = 10.0..=14_400.0;
/// How long drawing one paper may take.
const TIME_MAX: Duration = Duration::from_secs(30);
/// Memory the drawing process may ask for, in KiB.
const MEMORY_KIB_MAX: u32 = 1024 * 1024;
/// Most samples (pixels, once for each colour) of a JPEG 2000 picture: 24 million pixels in colour, a page scanned at 400 dots per inch and more.
/// Its decoder takes five bytes for each.
const JPX_SAMPLES_MAX: u64 = 72_000_000;
/// What a JPEG 2000 picture begins with: its start, and the mark of the sizes that follow.
const JPX_START: [u8; 4] = [0xFF, 0x4F, 0xFF, 0x51];
/// Papers drawn at the same time.
pub const DRAWN_AT_ONCE: usize = 1;
/// Arguments of the program that make it draw: `rasterise`, and a page if only one is wanted.
pub const COMMAND: &str = "rasterise";

/// One page.
#[derive(Clone, Debug)]
pub struct RasterPage {
    /// Its width in points.
    pub width_pt: f32,
    /// Its height in points.
    pub height_pt: f32,
    /// What is on it.
    pub pixels: RgbImage,
}

/// Why a PDF cannot be drawn, and so cannot become public.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It has more pages than [`PAGES_MAX`].
    TooManyPages,
    /// It is no PDF that can be read.
    Damaged,
    /// A page, counted from one, holds something that cannot be drawn, or drawing it took too long or too much memory.
    Page(u16),
}

// What the drawing process says before each part of its answer.
const SAYS_PAGE: u8 = 1;
const SAYS_END: u8 = 2;
const SAYS_TOO_MANY: u8 = 3;
const SAYS_DAMAGED: u8 = 4;
const SAYS_FAILED: u8 = 5;

static PROGRAM: OnceLock<PathBuf> = OnceLock::new();

/// The program that draws, where it is not the running one: in tests, whose program is the test.
pub fn use_program(path: PathBuf) {
    PROGRAM.get_or_init(|| path);
}

// ---- the drawing process ----

/// Draws the pages of a PDF, or one of them (counted from zero), and writes them out.
///
/// # Errors
/// Those of writing.
pub fn draw(pdf: Vec<u8>, only: Option<u16>, out: &mut impl Write) -> io::Result<()> {
    let Ok(pdf) = Pdf::new(pdf) else { return out.write_all(&[SAYS_DAMAGED]) };
    let pages = pdf.pages();
    if pages.is_empty() {
        return out.write_all(&[SAYS_DAMAGED]);
    }
    if pages.len() > usize::from(PAGES_MAX) {
        return out.write_all(&[SAYS_TOO_MANY]);
    }
    if pdf.objects().into_iter().any(|object| matches!(object, Object::Stream(stream) if is_giant(&stream))) {
        return out.write_all(&[SAYS_DAMAGED]);
    }
    let cache = RenderCache::new();
    for (n, page) in (0_u16..).zip(pages.iter()).filter(|(n, _)| only.is_none_or(|only| only == *n)) {
        match drawn(page, &cache) {
            Some(page) => write_page(&page, out)?,
            None => {
                out.write_all(&[SAYS_FAILED])?;
                return out.write_all(&n.to_le_bytes());
            }
        }
    }
    out.write_all(&[SAYS_END])?;
    out.write_all(&u16::try_from(pages.len()).unwrap_or(PAGES_MAX).to_le_bytes())
}

/// Whether a stream is a JPEG 2000 picture that says it has more than [`JPX_SAMPLES_MAX`]. The decoder takes memory for as much as it says, before it
/// looks whether anything follows: a thousand bytes ask for gigabytes. One that is compressed once more is left to the limit of the process.
fn is_giant(stream: &Stream) -> bool {
    if stream.filters().as_slice() != [Filter::JpxDecode] {
        return false;
    }
    let bytes = stream.raw_data();
    // Wherever something looks like a beginning: a small picture in front must not hide the one that is drawn.
    let starts = bytes.windows(JPX_START.len()).enumerate().filter(|(_, window)| *window == JPX_START);
    starts.filter_map(|(at, _)| jpx_samples(&bytes[at + JPX_START.len()..])).any(|samples| samples > JPX_SAMPLES_MAX)
}

/// The samples a JPEG 2000 picture says it has, from what stands behind its [`JPX_START`].
fn jpx_samples(sizes: &[u8]) -> Option<u64> {
    let number = |at: usize| Some(u64::from(u32::from_be_bytes(sizes.get(at..at + 4)?.try_into().ok()?)));
    // Behind the length and the profile: width, height, and how much of them is cut off on the left and at the top.
    let (width, height) = (number(4)?.saturating_sub(number(12)?), number(8)?.saturating_sub(number(16)?));
    let colours = u64::from(u16::from_be_bytes(sizes.get(36..38)?.try_into().ok()?));
    Some(width.saturating_mul(height).saturating_mul(colours))
}

/// A page; none where something of it could not be drawn. A page that lacks something must not pass for the whole.
fn drawn<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>) -> Option<RasterPage> {
    let (width_pt, height_pt) = page.render_dimensions();
    if !SIDE_POINTS.contains(&width_pt) || !SIDE_POINTS.contains(&height_pt) {
        return None;
    }
    let edge_max = u16::try_from(EDGE_PX_MAX).map_or(f32::MAX, f32::from);
    let scale = (DOTS_PER_INCH / 72.0).min(edge_max / width_pt.max(height_pt));
    let has_failed = Arc::new(AtomicBool::new(false));
    let failed = has_failed.clone();
    let interpreter = InterpreterSettings { warning_sink: Arc::new(move |_| failed.store(true, Ordering::Relaxed)), ..InterpreterSettings::default() };
    let look = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
    let pixmap = hayro::render(page, cache, &interpreter, &RenderSettings::default(), &look);
    let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
    let rgb = pixmap.data_as_u8_slice().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let pixels = RgbImage::from_raw(width, height, rgb).filter(|_| width > 0 && height > 0)?;
    (!has_failed.load(Ordering::Relaxed)).then_some(RasterPage { width_pt, height_pt, pixels })
}

fn write_page(page: &RasterPage, out: &mut impl Write) -> io::Result<()> {
    out.write_all(&[SAYS_PAGE])?;
    out.write_all(&page.width_pt.to_le_bytes())?;
    out.write_all(&page.height_pt.to_le_bytes())?;
    out.write_all(&page.pixels.width().to_le_bytes())?;
    out.write_all(&page.pixels.height().to_le_bytes())?;
    out.write_all(page.pixels.as_raw())
}

// ---- the portal's side ----

/// Draws a PDF and hands over each page, or one of them (counted from zero). Gives how many pages there are. Takes long: not for an async thread.
///
/// # Errors
/// [`Unreadable`]; the pages handed over before are then of no use.
pub fn each_page(pdf: &[u8], only: Option<u16>, mut take: impl FnMut(RasterPage) -> Result<(), Unreadable>) -> Result<u16, Unreadable> {
    let mut child = start(only).map_err(|_| Unreadable::Damaged)?;
    let (Some(mut input), Some(output)) = (child.stdin.take(), child.stdout.take()) else { return Err(Unreadable::Damaged) };
    let child = Arc::new(Mutex::new(child));
    let watched = child.clone();
    let (done, is_done) = channel::<()>();
    std::thread::scope(|scope| {
        // A process that stops reading breaks the pipe: what it says, or does not say, tells.
        scope.spawn(move || input.write_all(pdf));
        scope.spawn(move || {
            if is_done.recv_timeout(TIME_MAX) == Err(RecvTimeoutError::Timeout) {
                end(&watched);
            }
        });
        let result = read_pages(output, only.unwrap_or(0), &mut take);
        end(&child);
        drop(done);
        result
    })
}

/// Ends the process, if it has not ended, and waits until it is gone.
fn end(child: &Mutex<Child>) {
    let mut child = child.lock().unwrap_or_else(PoisonError::into_inner);
    if let Err(error) = child.kill().and_then(|()| child.wait().map(|_| ())) {
        tracing::warn!(%error, "a drawing process could not be ended");
    }
}

fn start(only: Option<u16>) -> io::Result<Child> {
    let program = match PROGRAM.get() {
        Some(program) => program.clone(),
        None => std::env::current_exe()?,
    };
    // The shell sets the limits. Where it cannot, the limit of time still holds.
    let script = format!("ulimit -v {MEMORY_KIB_MAX}; ulimit -t {}; exec \"$@\"", TIME_MAX.as_secs());
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(script).arg("sh").arg(program).arg(COMMAND);
    if let Some(page) = only {
        command.arg(page.to_string());
    }
    command.env_clear().current_dir("/").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()
}

fn read_pages(mut from: impl Read, first: u16, take: &mut impl FnMut(RasterPage) -> Result<(), Unreadable>) -> Result<u16, Unreadable> {
    let mut page = first;
    loop {
        // It ends without a word where it was ended: for time, for memory, or by a fault.
        let broken = |_: io::Error| Unreadable::Page(page.saturating_add(1));
        match number::<1>(&mut from).map_err(broken)?[0] {
            SAYS_PAGE => take(read_page(&mut from).map_err(broken)?)?,
            SAYS_END => return number::<2>(&mut from).map(u16::from_le_bytes).map_err(broken),
            SAYS_TOO_MANY => return Err(Unreadable::TooManyPages),
            SAYS_FAILED => return Err(Unreadable::Page(number::<2>(&mut from).map(u16::from_le_bytes).map_err(broken)?.saturating_add(1))),
            _ => return Err(Unreadable::Damaged),
        }
        page = page.saturating_add(1);
    }
}

fn read_page(from: &mut impl Read) -> io::Result<RasterPage> {
    let (width_pt, height_pt) = (f32::from_le_bytes(number(from)?), f32::from_le_bytes(number(from)?));
    let (width, height) = (u32::from_le_bytes(number(from)?), u32::from_le_bytes(number(from)?));
    let broken = || io::Error::from(io::ErrorKind::InvalidData);
    // What it says is believed as little as the PDF.
    if width > EDGE_PX_MAX + 1 || height > EDGE_PX_MAX + 1 {
        return Err(broken());
    }
    let mut rgb = vec![0; width as usize * height as usize * 3];
    from.read_exact(&mut rgb)?;
    Ok(RasterPage { width_pt, height_pt, pixels: RgbImage::from_raw(width, height, rgb).ok_or_else(broken)? })
}

fn number<const N: usize>(from: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    from.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// Draws in this process: for tests, whose PDFs are their own.
#[cfg(test)]
pub fn each_page_here(pdf: &[u8], mut take: impl FnMut(RasterPage) -> Result<(), Unreadable>) -> Result<u16, Unreadable> {
    let mut out = Vec::new();
    draw(pdf.to_vec(), None, &mut out).expect("memory takes it");
    read_pages(out.as_slice(), 0, &mut take)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One page with a JPEG 2000 picture of these sizes, of which nothing follows.
    fn with_picture(width: u32, height: u32, colours: u16) -> Vec<u8> {
        let mut sizes = [&JPX_START[..], &(38 + 3 * colours).to_be_bytes(), &[0, 0]].concat();
        // The picture, what is cut off of it, its only tile, where that begins.
        for number in [width, height, 0, 0, width, height, 0, 0] {
            sizes.extend(number.to_be_bytes());
        }
        sizes.extend(colours.to_be_bytes());
        sizes.extend([7, 1, 1].repeat(usize::from(colours)));
        let image = format!("<< /Type /XObject /Subtype /Image /Width 9 /Height 9 /Filter /JPXDecode /Length {} >>", sizes.len());
        let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 90 90] /Contents 4 0 R /Resources << /XObject << /Im1 5 0 R >> >> >>";
        let mut pdf = b"%PDF-1.5\n".to_vec();
        for (number, object) in [(1, "<< /Type /Catalog /Pages 2 0 R >>"), (2, "<< /Type /Pages /Count 1 /Kids [3 0 R] >>"), (3, page)] {
            pdf.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
        }
        pdf.extend(b"4 0 obj\n<< /Length 7 >>\nstream\n/Im1 Do\nendstream\nendobj\n");
        pdf.extend(format!("5 0 obj\n{image}\nstream\n").bytes());
        pdf.extend(sizes);
        pdf.extend(b"\nendstream\nendobj\ntrailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n0\n%%EOF\n");
        pdf
    }

    /// A fuzzer changed one number of a small picture: its PDF of 1,532 bytes then asked for more than a gigabyte.
    #[test]
    fn a_picture_that_says_it_is_giant_is_not_begun() {
        let says = |pdf: Vec<u8>| {
            let mut out = Vec::new();
            draw(pdf, None, &mut out).expect("memory takes it");
            out
        };
        for (width, height, colours) in [(0x30_0000, 32, 3), (4900, 4900, 3), (9, 9, u16::MAX / 4), (u32::MAX, u32::MAX, 4)] {
            let giant = u64::from(width) * u64::from(height) / 1000 * u64::from(colours) > JPX_SAMPLES_MAX / 1000;
            assert_eq!(says(with_picture(width, height, colours)) == [SAYS_DAMAGED], giant, "{width} × {height}, {colours} colours");
        }
    }
}
