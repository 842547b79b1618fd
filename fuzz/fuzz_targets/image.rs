#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| nghedan_fuzz::drive::image(data));
