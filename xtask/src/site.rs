//! The folder `site/`: every file under a name that changes with its content, so that browsers may keep it for ever.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use crate::project;

/// Tells the server which name each file has: a flat object, logical name to name in the folder.
const INDEX: &str = "assets.json";
/// Written last: what the folder was made from.
const STAMP: &str = ".stamp";
/// How many bytes of the content's hash a name carries.
const HASH_BYTES_IN_NAME: usize = 8;
/// Images and fonts are compressed already; these profit from brotli and gzip.
const COMPRESSED_KINDS: [&str; 9] = ["css", "ico", "js", "json", "svg", "txt", "wasm", "webmanifest", "xml"];

/// What goes into the folder.
#[derive(Default)]
pub struct Site {
    /// Logical name to the name in the folder.
    names: BTreeMap<String, String>,
    /// Name in the folder to content.
    files: BTreeMap<String, Vec<u8>>,
}

impl Site {
    /// Adds a file and returns its name in the folder: `app.css` becomes `app.0123456789abcdef.css`.
    pub fn add(&mut self, logical: &str, content: Vec<u8>) -> String {
        let name = hashed_name(logical, &content);
        self.names.insert(logical.to_owned(), name.clone());
        self.files.insert(name.clone(), content);
        name
    }

    /// `text` with `static/icon.svg` turned into the name under which that file is served, for every file added so far.
    pub fn with_names(&self, text: &str) -> String {
        // Longest first, so that no name is taken for the beginning of another.
        let mut names: Vec<_> = self.names.iter().collect();
        names.sort_by_key(|(logical, _)| std::cmp::Reverse(logical.len()));
        names.into_iter().fold(text.to_owned(), |text, (logical, name)| text.replace(&format!("static/{logical}"), name))
    }

    /// Writes the folder with compressed twins, clears away what is no longer in it, and tells whether anything changed.
    /// `thorough` takes the best compression instead of a quick one.
    pub fn write(&self, dir: &Path, thorough: bool) -> Result<bool> {
        let made_from = self.made_from(thorough);
        let stamp = dir.join(STAMP);
        if fs::read_to_string(&stamp).ok().as_ref() == Some(&made_from) && self.is_complete(dir) {
            return Ok(false);
        }
        fs::create_dir_all(dir).with_context(|| format!("cannot create {}", project::shown(dir)))?;
        let mut kept = BTreeSet::from([INDEX.to_owned(), STAMP.to_owned()]);
        for (name, content) in &self.files {
            write_if_new(&dir.join(name), content)?;
            kept.insert(name.clone());
            if is_compressed(name) {
                write(&dir.join(format!("{name}.br")), &brotli(content, thorough)?)?;
                write(&dir.join(format!("{name}.gz")), &gzip(content, thorough)?)?;
                kept.extend([format!("{name}.br"), format!("{name}.gz")]);
            }
        }
        let index = serde_json::to_vec_pretty(&self.names).context("cannot write the list of assets")?;
        write_if_new(&dir.join(INDEX), &index)?;
        remove_others(dir, &kept)?;
        write(&stamp, made_from.as_bytes())?;
        Ok(true)
    }

    /// `app.css 8.1 kB` for each of these files that there is, as its brotli twin in the written folder weighs.
    pub fn sent_sizes(&self, dir: &Path, logical: &[&str]) -> Result<Vec<String>> {
        let known = logical.iter().filter_map(|logical| self.names.get_key_value(*logical));
        known
            .map(|(logical, name)| {
                let twin = dir.join(format!("{name}.br"));
                let twin = fs::metadata(&twin).with_context(|| format!("cannot weigh {}", project::shown(&twin)))?;
                Ok(format!("{logical} {:.1} kB", twin.len() as f64 / 1e3))
            })
            .collect()
    }

    /// A value that changes with everything in the folder and with how it is made.
    fn made_from(&self, thorough: bool) -> String {
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update([u8::from(thorough)]);
        for (logical, name) in &self.names {
            // The name stands for the content, whose hash it carries.
            hash.update(format!("{logical}\0{name}\0"));
        }
        hex(&hash.finalize())
    }

    fn is_complete(&self, dir: &Path) -> bool {
        dir.join(INDEX).is_file()
            && self.files.keys().all(|name| {
                let twins = if is_compressed(name) { &["", ".br", ".gz"][..] } else { &[""] };
                twins.iter().all(|twin| dir.join(format!("{name}{twin}")).is_file())
            })
    }
}

/// `icons/menu.svg` becomes `menu.0123456789abcdef.svg`: the server's folder is flat.
fn hashed_name(logical: &str, content: &[u8]) -> String {
    let path = Path::new(logical);
    let hash = hex(&Sha256::digest(content)[..HASH_BYTES_IN_NAME]);
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or(logical);
    match path.extension().and_then(OsStr::to_str) {
        Some(extension) => format!("{stem}.{hash}.{extension}"),
        None => format!("{stem}.{hash}"),
    }
}

fn is_compressed(name: &str) -> bool {
    Path::new(name).extension().and_then(OsStr::to_str).is_some_and(|kind| COMPRESSED_KINDS.contains(&kind))
}

fn brotli(content: &[u8], thorough: bool) -> Result<Vec<u8>> {
    let quality = if thorough { 11 } else { 4 };
    let parameters = BrotliEncoderParams { quality, size_hint: content.len(), ..BrotliEncoderParams::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters).context("brotli failed")?;
    Ok(compressed)
}

fn gzip(content: &[u8], thorough: bool) -> Result<Vec<u8>> {
    let level = if thorough { Compression::best() } else { Compression::fast() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(content).and_then(|()| encoder.finish()).context("gzip failed")
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| format!("cannot write {}", project::shown(path)))
}

/// Leaves an equal file alone: a new date would make cargo build the server anew, which embeds it.
fn write_if_new(path: &Path, content: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    write(path, content)
}

fn remove_others(dir: &Path, kept: &BTreeSet<String>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", project::shown(dir)))? {
        let entry = entry.with_context(|| format!("cannot read {}", project::shown(dir)))?;
        if entry.path().is_dir() {
            bail!("{} is not ours; the folder of assets is flat", project::shown(&entry.path()));
        }
        if !kept.contains(&*entry.file_name().to_string_lossy()) {
            fs::remove_file(entry.path()).with_context(|| format!("cannot remove {}", project::shown(&entry.path())))?;
        }
    }
    Ok(())
}

/// Bytes as lower-case hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_change_with_the_content() {
        let mut site = Site::default();
        let one = site.add("icons/menu.svg", b"one".to_vec());
        assert_eq!(one, "menu.7692c3ad3540bb80.svg");
        assert_ne!(one, site.add("icons/menu.svg", b"two".to_vec()));
    }

    #[test]
    fn longer_names_are_replaced_before_their_beginnings() {
        let mut site = Site::default();
        let short = site.add("icon.svg", b"a".to_vec());
        let long = site.add("icon.svg.txt", b"b".to_vec());
        assert_eq!(site.with_names("static/icon.svg.txt static/icon.svg"), format!("{long} {short}"));
    }

    #[test]
    fn the_folder_is_written_once_and_holds_nothing_old() -> Result<()> {
        let dir = tempfile::tempdir()?;
        let mut site = Site::default();
        let old = site.add("app.css", b"a{}".to_vec());
        assert!(site.write(dir.path(), true)?);
        assert!(!site.write(dir.path(), true)?);
        assert!(dir.path().join(format!("{old}.br")).is_file());

        let mut site = Site::default();
        let new = site.add("app.css", b"b{}".to_vec());
        assert!(site.write(dir.path(), true)?);
        assert!(!dir.path().join(format!("{old}.br")).exists());
        assert!(dir.path().join(new).is_file());
        Ok(())
    }
}
