//! The drawing of PDFs, which the portal leaves to a process of its own: what ends that process ends nothing else. So a panic here is written down
//! and the next input taken; what takes longer than the process may, or more memory, ends the run.
#![no_main]

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook};
use std::sync::{Mutex, Once, PoisonError};

static QUIET: Once = Once::new();
static PLACES: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    QUIET.call_once(|| {
        set_hook(Box::new(|panic| {
            let place = panic.location().map(ToString::to_string).unwrap_or_default();
            if PLACES.lock().unwrap_or_else(PoisonError::into_inner).insert(place.clone()) {
                eprintln!("in the drawing process: a panic at {place}");
            }
        }));
    });
    // What it leaves half done is of no use to anybody: the process would be gone.
    // The pages go nowhere: the portal takes them one at a time.
    drop(catch_unwind(AssertUnwindSafe(|| app::redaction::raster::draw(data.to_vec(), None, &mut std::io::sink()))));
});
