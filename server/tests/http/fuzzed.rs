//! What fuzzing found stays found: every input that is kept (`fuzz/seeds`, `fuzz/corpus`) goes once more through the functions that read it. Where the
//! inputs come from stands in `fuzz/README.md`.

#[path = "../../../fuzz/src/drive.rs"]
mod drive;

use app::redaction::raster::{self, Unreadable};
use std::path::{Path, PathBuf};

/// The stack a process has for its first thread.
const MAIN_STACK_BYTES: usize = 8 * 1024 * 1024;

/// What is kept for a target in these folders of the fuzzers.
fn kept(folders: &[&str], target: &str) -> Vec<PathBuf> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let mut files = Vec::new();
    for folder in folders.iter().map(|folder| fuzz.join(folder).join(target)) {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        files.extend(entries.map(|entry| entry.expect("an entry").path()));
    }
    assert!(files.len() > 10, "{target}: {} kept files guard nothing", files.len());
    files.sort();
    files
}

/// Sends all that is kept through a function.
fn replay(target: &str, run: impl Fn(&[u8])) {
    replay_of(&["seeds", "corpus"], target, run);
}

/// Sends what is kept in these folders through a function and names the input that was too much for it.
fn replay_of(folders: &[&str], target: &str, run: impl Fn(&[u8])) {
    for file in kept(folders, target) {
        let bytes = std::fs::read(&file).expect("a readable file");
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&bytes)));
        assert!(outcome.is_ok(), "{} is too much for {target}", file.display());
    }
}

#[test]
fn kept_forms_are_read() {
    replay("form", drive::form);
}

#[test]
fn kept_forms_with_files_are_read() {
    replay("multipart", drive::multipart);
}

#[test]
fn kept_pictures_are_cleaned() {
    replay("image", drive::image);
}

#[test]
fn kept_pdfs_are_cleaned() {
    replay("pdf", drive::pdf);
}

#[test]
fn kept_codes_are_read() {
    replay("code", drive::code);
}

#[test]
fn kept_deadlines_are_computed() {
    replay("deadline", drive::deadline);
}

/// The seeds through the very process that draws for the portal: whatever becomes of it, the portal gets pages or is told why not.
#[test]
fn kept_pdfs_are_drawn_or_refused() {
    raster::use_program(env!("CARGO_BIN_EXE_nghedan").into());
    replay_of(&["seeds"], "pages", |bytes| {
        match raster::each_page(bytes, None, |page| if page.pixels.is_empty() { Err(Unreadable::Damaged) } else { Ok(()) }) {
            Ok(pages) => assert!((1..=raster::PAGES_MAX).contains(&pages)),
            Err(Unreadable::Page(page)) => assert!(page >= 1),
            Err(Unreadable::TooManyPages | Unreadable::Damaged) => {}
        }
    });
}

/// The corpus through what that process does, without the hundreds of processes: drawn to the end, if not by a panic, which would end only the process.
#[test]
fn found_pdfs_are_drawn_to_the_end() {
    let draw = |bytes: &[u8]| drop(std::panic::catch_unwind(|| raster::draw(bytes.to_vec(), None, &mut std::io::sink())));
    let replayed = std::thread::Builder::new().stack_size(MAIN_STACK_BYTES).spawn(move || replay_of(&["corpus"], "pages", draw));
    assert!(replayed.expect("a thread").join().is_ok(), "an input was too much");
}
