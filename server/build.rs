//! The built files are embedded from `site/`; a plain `cargo build` before the first `cargo xtask assets` must still work.

fn main() {
    println!("cargo:rerun-if-changed=../site/assets.json");
    if let Err(error) = std::fs::create_dir_all("../site") {
        println!("cargo:warning=the folder site/ could not be made: {error}");
    }
}
