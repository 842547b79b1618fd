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
    // What the outer cargo says about *this* package. Build scripts that read such variables (that of ring) would run anew whenever
    // somebody changes between `cargo` and `cargo xtask`, and everything above them would be compiled once more.
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_about_this_package) {
            command.env_remove(name);
        }
    }
    command
}

/// Whether cargo sets this variable for the package that it runs.
fn is_about_this_package(variable: &str) -> bool {
    variable.starts_with("CARGO_PKG_") || variable.starts_with("CARGO_MANIFEST_") || variable == "CARGO_BIN_NAME" || variable == "CARGO_CRATE_NAME"
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Once they went along, and whoever used both `cargo test` and `cargo xtask test` compiled half of the dependencies each time.
    #[test]
    fn the_inner_cargo_hears_nothing_of_this_package() {
        let removed: Vec<_> = cargo(["--version"]).get_envs().filter(|(_, value)| value.is_none()).map(|(name, _)| name.to_owned()).collect();
        assert!(removed.iter().any(|name| name == "CARGO_MANIFEST_DIR"), "cargo test sets it, and it goes no further: {removed:?}");
        assert!(!is_about_this_package("CARGO_TARGET_DIR") && !is_about_this_package("CARGO_TERM_COLOR"));
    }
}
