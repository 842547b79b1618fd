//! `cargo xtask assets`: what browsers load beside the pages, from `app/browser`, `style` and the islands of `app`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

use crate::project;
use crate::site::Site;
use crate::steps::{Progress, Steps};
use crate::styles;
use crate::tools;
use crate::wasm::{self, BrowserPart};

/// How many steps [`build`] takes.
pub const STEPS: usize = 3;
/// Static files whose text may name others as `static/…`.
const KINDS_WITH_NAMES: [&str; 1] = ["webmanifest"];
/// The files whose size a phone feels, shown after every build.
const WEIGHED: [&str; 8] = ["app.css", "islands.js", "live.js", "step.js", "passkeys.js", "cover.js", "app.js", "app_bg.wasm"];
/// Scripts that need nothing else, each for the pages that name it: an old phone in a hall loads one kilobyte instead of a hundred.
const ALONE: [&str; 4] = ["live.js", "step.js", "passkeys.js", "cover.js"];

/// What `cargo xtask assets` can be told.
#[derive(clap::Args)]
pub struct Options {
    /// Build quickly instead of small
    #[arg(long)]
    dev: bool,
}

/// Builds `site/`.
pub fn command(options: &Options) -> Result<ExitCode> {
    build(&mut Steps::new(STEPS), options.dev)?;
    Ok(ExitCode::SUCCESS)
}

/// The three steps from nothing to a filled `site/`. `dev` builds quickly instead of small.
pub fn build(steps: &mut Steps, dev: bool) -> Result<()> {
    steps.step("Looking for the tools of the browser part", |progress| {
        tools::wasm_target(progress)?;
        if !dev {
            tools::wasm_opt(progress);
        }
        Ok(())
    })?;
    let browser = steps.step("Building the browser part", |progress| wasm::build(dev, progress))?;
    steps.step("Writing styles, icons and their compressed twins", |progress| write_site(Some(browser), !dev, progress))
}

/// The same as a part of another step, with the tools already there.
pub fn build_quietly(dev: bool, progress: &Progress) -> Result<()> {
    let browser = wasm::build(dev, progress)?;
    write_site(Some(browser), !dev, progress)
}

/// Fills `site/` without the browser part, unless it is there already: the server's tests need names for its files.
pub fn ensure(progress: &Progress) -> Result<()> {
    if project::site_dir().join("assets.json").is_file() {
        return Ok(());
    }
    write_site(None, false, progress)
}

fn write_site(browser: Option<BrowserPart>, thorough: bool, progress: &Progress) -> Result<()> {
    let mut site = Site::default();
    add_static_files(&mut site)?;
    add_styles(&mut site, progress)?;
    add_scripts(&mut site, browser)?;
    progress.say("compressing");
    let dir = project::site_dir();
    let changed = site.write(&dir, thorough)?;
    let sizes = site.sent_sizes(&dir, &WEIGHED)?.join(", ");
    progress.note(format!("{}, in brotli: {sizes}", if changed { "new" } else { "nothing new" }));
    Ok(())
}

/// `style/static/**` under their paths below that folder.
fn add_static_files(site: &mut Site) -> Result<()> {
    let dir = project::root().join("style/static");
    let mut files = Vec::new();
    if dir.is_dir() {
        list_files(&dir, &mut files)?;
    }
    let names_others = |path: &PathBuf| path.extension().is_some_and(|kind| KINDS_WITH_NAMES.iter().any(|text| kind == *text));
    // First those that are only named, then those that name them.
    files.sort_by_key(|path| (names_others(path), path.clone()));
    for path in files {
        let mut content = fs::read(&path).with_context(|| format!("cannot read {}", project::shown(&path)))?;
        if names_others(&path) {
            let text = String::from_utf8(content).with_context(|| format!("{} is no text", project::shown(&path)))?;
            content = site.with_names(&text).into_bytes();
        }
        let logical = path.strip_prefix(&dir).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        site.add(&logical, content);
    }
    Ok(())
}

/// All files below `dir`, at any depth.
fn list_files(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(dir).with_context(|| format!("cannot read {}", project::shown(dir)))? {
        let path = entry.with_context(|| format!("cannot read {}", project::shown(dir)))?.path();
        if path.is_dir() {
            list_files(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}

/// `app.css`; in its sources `url("static/icon.svg")` names a file of `style/static`.
fn add_styles(site: &mut Site, progress: &Progress) -> Result<()> {
    progress.say("styles");
    let css = site.with_names(&styles::bundle(&project::root().join("style/main.css"))?);
    if let Some((_, rest)) = css.split_once("url(static/") {
        let missing = rest.split(')').next().unwrap_or(rest);
        bail!("the styles name static/{missing}, but there is no style/static/{missing}");
    }
    site.add("app.css", css.into_bytes());
    Ok(())
}

/// `islands.js`, and the islands' `app.js` and `app_bg.wasm` where they were built, each naming the next; and the scripts that stand alone.
fn add_scripts(site: &mut Site, browser: Option<BrowserPart>) -> Result<()> {
    let mut loader = script("islands.js")?;

    if let Some(BrowserPart { glue, wasm }) = browser {
        let wasm = site.add("app_bg.wasm", wasm);
        let glue = site.add("app.js", named(&glue, "app_bg.wasm", &wasm)?.into_bytes());
        loader = named(&named(&loader, "./app.js", &format!("./{glue}"))?, "./app_bg.wasm", &format!("./{wasm}"))?;
    }
    site.add("islands.js", loader.into_bytes());
    for name in ALONE {
        site.add(name, script(name)?.into_bytes());
    }
    Ok(())
}

/// A script of ours. Its comments are for us; phones need not load them.
fn script(name: &str) -> Result<String> {
    let path = project::root().join("app/browser").join(name);
    let source = fs::read_to_string(&path).with_context(|| format!("cannot read {}", project::shown(&path)))?;
    Ok(source.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect())
}

/// `script` with the file it loads by its name in the folder.
fn named(script: &str, from: &str, to: &str) -> Result<String> {
    let (from_double, from_single) = (format!("\"{from}\""), format!("'{from}'"));
    if !script.contains(&from_double) && !script.contains(&from_single) {
        bail!("a script of the browser part was expected to load {from} and does not");
    }
    let to = format!("\"{to}\"");
    Ok(script.replace(&from_double, &to).replace(&from_single, &to))
}
