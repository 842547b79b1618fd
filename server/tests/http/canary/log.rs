//! Everything the program logs, at the finest level, line by line.

use super::marks::found_in;
use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Lines with a mark: the fields, and the line, shortened.
static TELLING: Mutex<Vec<(Vec<&'static str>, String)>> = Mutex::new(Vec::new());
static LINES: AtomicU64 = AtomicU64::new(0);

/// Reads every line as it is written, so that a day of them needs no memory.
struct Reader;

impl Write for Reader {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LINES.fetch_add(1, Ordering::Relaxed);
        let fields = found_in(bytes);
        if !fields.is_empty() {
            let line = String::from_utf8_lossy(bytes).chars().take(400).collect();
            TELLING.lock().unwrap_or_else(PoisonError::into_inner).push((fields, line));
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Begins to read what is logged by the whole process.
pub fn begin() {
    tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_ansi(false).with_writer(|| Reader).init();
}

/// The lines in which marks stand so far, and of how many.
pub fn telling() -> (Vec<(Vec<&'static str>, String)>, u64) {
    (TELLING.lock().unwrap_or_else(PoisonError::into_inner).clone(), LINES.load(Ordering::Relaxed))
}
