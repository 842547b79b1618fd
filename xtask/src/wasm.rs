//! The browser part: `app` compiled to WebAssembly, with its JavaScript glue, made small.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::project;
use crate::site::hex;
use crate::steps::Progress;
use crate::tools::{self, WASM_TARGET};

/// Exactly the features that browsers have and rustc uses. `--all-features` would make modules no browser takes.
const WASM_OPT_FLAGS: [&str; 9] = [
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--strip-debug",
    "--strip-producers",
];
/// Written beside the results: what they were made from.
const STAMP: &str = ".made-from";

/// The two files of the browser part.
pub struct BrowserPart {
    /// The JavaScript module that loads the wasm and exports the islands.
    pub glue: String,
    /// The compiled islands.
    pub wasm: Vec<u8>,
}

/// Compiles the browser part: small (`dev` false, minutes the first time) or quick and large.
pub fn build(dev: bool, progress: &Progress) -> Result<BrowserPart> {
    let compiled = compile(dev, progress)?;
    let module = fs::read(&compiled).with_context(|| format!("cannot read {}", project::shown(&compiled)))?;
    let wasm_opt = if dev { None } else { tools::find_wasm_opt() };

    // Cargo knows best what a change touches; the steps after it run only if its result is a new one.
    let made_from = made_from(&module, wasm_opt.is_some());
    let dir = project::browser_target_dir().join(if dev { "islands-dev" } else { "islands" });
    let stamp = dir.join(STAMP);
    if fs::read_to_string(&stamp).ok().as_ref() != Some(&made_from) {
        progress.say("wasm-bindgen");
        bind(module, &dir)?;
        if let Some(script) = wasm_opt {
            progress.say("wasm-opt");
            shrink(&script, &dir.join("app_bg.wasm"), progress)?;
        }
        fs::write(&stamp, made_from).with_context(|| format!("cannot write {}", project::shown(&stamp)))?;
    }
    read(&dir)
}

fn compile(dev: bool, progress: &Progress) -> Result<PathBuf> {
    let target_dir = project::browser_target_dir();
    let profile = if dev { "dev" } else { "browser" };
    let mut build = project::cargo(["build", "--package", "app", "--lib", "--no-default-features"]);
    build.args(["--features", "hydrate", "--target", WASM_TARGET, "--profile", profile]);
    build.arg("--target-dir").arg(&target_dir);
    // wasm-bindgen reads what `strip` would remove; it and wasm-opt strip the module afterwards.
    build.env("CARGO_PROFILE_BROWSER_STRIP", "none");
    progress.run(build).context("the browser part does not compile")?;
    Ok(target_dir.join(WASM_TARGET).join(if dev { "debug" } else { profile }).join("app.wasm"))
}

fn made_from(module: &[u8], optimised: bool) -> String {
    let mut hash = Sha256::new();
    hash.update(module);
    if optimised {
        hash.update(WASM_OPT_FLAGS.join(" "));
        // The lock file names the version of wasm-opt.
        hash.update(include_bytes!("../npm/package-lock.json"));
    }
    hex(&hash.finalize())
}

/// Makes the glue and the module that fits it.
fn bind(module: Vec<u8>, dir: &Path) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("app", module)
        .web(true)
        .context("cannot set up wasm-bindgen")?
        .typescript(false)
        .omit_default_module_path(false)
        .remove_name_section(true)
        .remove_producers_section(true);
    let mut output = bindgen.generate_output().context("wasm-bindgen does not understand the browser part")?;
    let with_scripts = output.snippets().iter().find(|(_, scripts)| !scripts.is_empty());
    if let Some((name, _)) = with_scripts {
        bail!("{name} in the browser part brings JavaScript files of its own; `site` cannot serve those yet");
    }
    output.emit(dir).with_context(|| format!("cannot write into {}", project::shown(dir)))
}

/// Lets wasm-opt rewrite the module in its place.
fn shrink(script: &Path, module: &Path, progress: &Progress) -> Result<()> {
    let small = module.with_extension("opt.wasm");
    let mut optimise = project::command("node");
    optimise.arg(script).arg(module).arg("-o").arg(&small).args(WASM_OPT_FLAGS);
    progress.run(optimise).context("wasm-opt failed")?;
    fs::rename(&small, module).with_context(|| format!("cannot replace {}", project::shown(module)))
}

fn read(dir: &Path) -> Result<BrowserPart> {
    let (glue, wasm) = (dir.join("app.js"), dir.join("app_bg.wasm"));
    Ok(BrowserPart {
        glue: fs::read_to_string(&glue).with_context(|| format!("cannot read {}", project::shown(&glue)))?,
        wasm: fs::read(&wasm).with_context(|| format!("cannot read {}", project::shown(&wasm)))?,
    })
}
