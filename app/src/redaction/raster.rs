//! The pages of a PDF as pixels.
//!
//! A PDF comes from a stranger, and what draws it is other people's code: one that runs for ever, takes all memory or fails must not take the portal
//! with it. So pages are drawn by a process of their own – this program once more, with `rasterise` – that has a limit of memory and of time, no
//! settings and no files but what it reads and writes through its pipes. What goes wrong there is [`Unreadable`] here.

use crate::papers::kinds::EDGE_PX_MAX;
use hayro::hayro_interpret::InterpreterSettings;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::page::Page;
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
        let broken = |_: io::Error| Unreadable::Page(page + 1);
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
