//! Where things are in the project.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder with the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    // Cargo sets the variable when it runs us; the compiled-in value is for a binary started by hand.
    let xtask = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or_else(|| xtask.clone(), Path::to_path_buf)
}

/// Cargo's folder for the server and the tools.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Cargo's folder for the browser part: its own, so that neither build waits for the other's lock.
pub fn browser_target_dir() -> PathBuf {
    target_dir().join("browser")
}

/// The folder that the server serves under `/assets/`.
pub fn site_dir() -> PathBuf {
    root().join("site")
}

/// A command that starts in the project's root.
pub fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    command
}

/// The cargo that started us, with these arguments.
pub fn cargo<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments);
    command
}

/// `path` as a person would type it from the project's root.
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).display().to_string()
}

/// The server's executable in cargo's folder for this profile (`debug` or `release`).
pub fn server_binary(profile: &str) -> PathBuf {
    target_dir().join(profile).join(format!("nghedan{}", env::consts::EXE_SUFFIX))
}

/// A program on `PATH`, or `None`.
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|dir| dir.join(name)).find(|candidate| candidate.is_file())
}
