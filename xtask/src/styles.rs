//! The style sheet: `style/main.css` and all it imports, as one small file for the browsers we promise.

use std::path::Path;

use anyhow::{Context, Result, anyhow};
use lightningcss::bundler::{Bundler, FileProvider};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions};
use lightningcss::targets::{Browsers, Targets};

use crate::project;

/// The oldest browsers that get the styles as they are meant; older ones get plain pages that still work.
const BROWSERS: [&str; 5] = ["chrome >= 87", "and_chr >= 87", "safari >= 14", "ios_saf >= 14", "firefox >= 85"];

/// Bundles and minifies the style sheet that starts at `entry`.
pub fn bundle(entry: &Path) -> Result<String> {
    let files = FileProvider::new();
    let mut sheet = Bundler::new(&files, None, ParserOptions::default())
        .bundle(entry)
        .map_err(|error| anyhow!("{}", place(&error)))
        .with_context(|| format!("cannot bundle {}", project::shown(entry)))?;

    let browsers = Browsers::from_browserslist(BROWSERS).context("the list of browsers is wrong")?;
    let targets = Targets::from(browsers.context("the list of browsers matches none")?);
    sheet.minify(MinifyOptions { targets, ..MinifyOptions::default() }).map_err(|error| anyhow!("cannot minify {}: {error}", project::shown(entry)))?;
    let printed = sheet
        .to_css(PrinterOptions { minify: true, targets, ..PrinterOptions::default() })
        .map_err(|error| anyhow!("cannot print {}: {error}", project::shown(entry)))?;
    Ok(printed.code)
}

/// An error with file, line and column as editors understand them.
fn place<T: std::fmt::Display>(error: &lightningcss::error::Error<T>) -> String {
    match &error.loc {
        // Lines are counted from zero there.
        Some(at) => {
            format!("{}:{}:{}: {}", project::shown(Path::new(&at.filename)), at.line + 1, at.column, error.kind)
        }
        None => error.kind.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bundles one file with this text.
    fn bundled(css: &str) -> Result<String> {
        let dir = tempfile::tempdir()?;
        let entry = dir.path().join("main.css");
        std::fs::write(&entry, css)?;
        bundle(&entry)
    }

    #[test]
    fn modern_rules_survive() -> Result<()> {
        let css = bundled(
            "@view-transition { navigation: auto; } form:has(:invalid) { color: red; }
             @layer base { a { color: light-dark(#111, #eee); } }",
        )?;
        assert!(css.contains("@view-transition{navigation:auto}"), "{css}");
        assert!(css.contains("form:has(:invalid)"), "{css}");
        Ok(())
    }

    #[test]
    fn nesting_is_flattened_for_old_phones() -> Result<()> {
        assert_eq!(bundled(".card { & > a { color: red; } }")?, ".card>a{color:red}");
        Ok(())
    }

    #[test]
    fn an_error_names_its_line() {
        let error = bundled("a { color: red; }\n} b {}").map_err(|error| format!("{error:#}"));
        assert!(error.as_ref().is_err_and(|text| text.contains("main.css:2:")), "{error:?}");
    }
}
