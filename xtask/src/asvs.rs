//! Holds `docs/asvs.csv` and `docs/security.md` to the tree: what they name must be there, and say what they say.

use std::fs;

use anyhow::{Context, Result, bail, ensure};

use crate::project;

/// Every section of ASVS 5.0.0 and the level of each of its requirements, the first one first.
const SECTIONS: [(&str, &str); 80] = [
    ("1.1", "22"),
    ("1.2", "1111122223"),
    ("1.3", "112222222223"),
    ("1.4", "222"),
    ("1.5", "123"),
    ("2.1", "122"),
    ("2.2", "112"),
    ("2.3", "12223"),
    ("2.4", "23"),
    ("3.1", "3"),
    ("3.2", "113"),
    ("3.3", "12223"),
    ("3.4", "11222233"),
    ("3.5", "11122333"),
    ("3.6", "3"),
    ("3.7", "22333"),
    ("4.1", "12233"),
    ("4.2", "23333"),
    ("4.3", "22"),
    ("4.4", "1222"),
    ("5.1", "2"),
    ("5.2", "112333"),
    ("5.3", "113"),
    ("5.4", "222"),
    ("6.1", "122"),
    ("6.2", "111111112222"),
    ("6.3", "11223333"),
    ("6.4", "112233"),
    ("6.5", "22222333"),
    ("6.6", "2223"),
    ("6.7", "33"),
    ("6.8", "2222"),
    ("7.1", "222"),
    ("7.2", "1111"),
    ("7.3", "22"),
    ("7.4", "11222"),
    ("7.5", "223"),
    ("7.6", "22"),
    ("8.1", "1233"),
    ("8.2", "1123"),
    ("8.3", "133"),
    ("8.4", "23"),
    ("9.1", "111"),
    ("9.2", "1222"),
    ("10.1", "22"),
    ("10.2", "223"),
    ("10.3", "22223"),
    ("10.4", "1111122222233333"),
    ("10.5", "22222"),
    ("10.6", "22"),
    ("10.7", "222"),
    ("11.1", "2233"),
    ("11.2", "22233"),
    ("11.3", "11233"),
    ("11.4", "1222"),
    ("11.5", "23"),
    ("11.6", "23"),
    ("11.7", "33"),
    ("12.1", "12233"),
    ("12.2", "11"),
    ("12.3", "22223"),
    ("13.1", "2333"),
    ("13.2", "222223"),
    ("13.3", "2233"),
    ("13.4", "1222233"),
    ("14.1", "22"),
    ("14.2", "12223333"),
    ("14.3", "122"),
    ("15.1", "12233"),
    ("15.2", "12233"),
    ("15.3", "1222222"),
    ("15.4", "3333"),
    ("16.1", "2"),
    ("16.2", "22222"),
    ("16.3", "2222"),
    ("16.4", "222"),
    ("16.5", "2223"),
    ("17.1", "23"),
    ("17.2", "22223333"),
    ("17.3", "22"),
];
/// Levels of which every requirement has a line.
const LEVEL_MAX: u32 = 2;
/// Chapters of the sealed part, of which level 3 has its lines too.
const SEALED: [&str; 5] = ["7", "8", "11", "14", "16"];
/// Most characters of a note: a sentence or two.
const NOTE_CHARS_MAX: usize = 300;
/// The only registry crates come from.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";
/// What stands before a name where it is made.
const MAKERS: [&str; 9] = ["fn", "const", "static", "struct", "enum", "trait", "type", "mod", "let"];

/// A line of the table.
#[derive(Debug)]
struct Line {
    id: String,
    level: u32,
    verdict: String,
    evidence: Vec<String>,
    note: String,
}

fn text_of(path: &str) -> Result<String> {
    fs::read_to_string(project::root().join(path)).with_context(|| format!("{path} cannot be read"))
}

/// The table's lines.
fn lines(table: &str) -> Result<Vec<Line>> {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    ensure!(reader.headers()?.iter().eq(["id", "level", "verdict", "evidence", "note"]), "the columns have other names");
    reader
        .records()
        .map(|record| {
            let record = record?;
            let column = |n: usize| record.get(n).unwrap_or_default().to_owned();
            let level = column(1).parse().with_context(|| format!("{}: {:?} is no level", column(0), column(1)))?;
            let evidence = column(3).split(" ; ").filter(|place| !place.is_empty()).map(str::to_owned).collect();
            Ok(Line { id: column(0), level, verdict: column(2), evidence, note: column(4) })
        })
        .collect()
}

/// The requirements that must have a line, in order, with their levels.
fn asked_for() -> Vec<(String, u32)> {
    let all = SECTIONS.iter().flat_map(|(section, levels)| {
        levels.chars().zip(1..).map(move |(level, number)| (format!("{section}.{number}"), level.to_digit(10).unwrap_or_default()))
    });
    all.filter(|(id, level)| *level <= LEVEL_MAX || SEALED.contains(&id.split('.').next().unwrap_or_default())).collect()
}

/// What is wrong with a line, as far as it can be told without the tree.
fn objection(line: &Line) -> Option<&'static str> {
    let chars = line.note.chars().count();
    match line.verdict.as_str() {
        _ if chars == 0 || chars > NOTE_CHARS_MAX || !line.note.ends_with('.') => Some("a note is a sentence or two"),
        "met" | "not met" if line.evidence.is_empty() => Some("names no place"),
        "met" | "not met" | "n/a" => None,
        _ => Some("is no verdict"),
    }
}

/// Whether the file a place names is there, and the name in it.
fn look(place: &str) -> Result<()> {
    let (path, name) = place.split_once("::").map_or((place, None), |(path, name)| (path, Some(name)));
    let text = text_of(path)?;
    let is_there = match name {
        None => true,
        Some(heading) if path.ends_with(".md") => text.lines().any(|line| line.trim_start_matches('#').trim() == heading && line.starts_with('#')),
        Some(name) if path.ends_with(".rs") => makes(&text, name),
        Some(name) if path.ends_with(".toml") => text.lines().any(|line| line.split('=').next().is_some_and(|key| key.trim() == name)),
        Some(name) => text.contains(name),
    };
    ensure!(is_there, "{path} has no {:?}", name.unwrap_or_default());
    Ok(())
}

/// Whether a source file makes something of that name: an item, a field, a variant.
fn makes(source: &str, name: &str) -> bool {
    source.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(|line| {
        let is_made = line.match_indices(name).any(|(at, _)| {
            let (before, after) = (line[..at].trim_end(), &line[at + name.len()..]);
            let is_whole = !after.starts_with(|c: char| c.is_alphanumeric() || c == '_') && !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            is_whole && MAKERS.iter().any(|maker| before.split_whitespace().last() == Some(*maker))
        });
        let is_field =
            line.strip_prefix("pub ").unwrap_or(line).strip_prefix(name).is_some_and(|rest| rest.starts_with([':', ',', '(']) || rest.starts_with(" {"));
        is_made || is_field
    })
}

/// The rows of tables in Markdown, cell by cell.
fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| line.starts_with("| ")).map(|line| line.trim_matches('|').split(" | ").map(str::trim).collect())
}

/// The first text between backticks.
fn quoted(cell: &str) -> Option<&str> {
    cell.split('`').nth(1)
}

/// What a constant is made of: the text between `=` and `;`.
fn value<'a>(source: &'a str, name: &str) -> Option<&'a str> {
    let line = source.lines().find(|line| ["const ", "static "].iter().any(|maker| line.contains(&format!("{maker}{name}:"))))?;
    line.split_once(" = ")?.1.split(';').next()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "docs/asvs.csv";
    const SECURITY: &str = "docs/security.md";

    #[test]
    fn asvs_every_requirement_has_one_line_in_order_at_its_level() -> Result<()> {
        let there: Vec<(String, u32)> = lines(&text_of(TABLE)?)?.into_iter().map(|line| (line.id, line.level)).collect();
        assert_eq!(there, asked_for());
        Ok(())
    }

    #[test]
    fn asvs_every_line_has_a_verdict_a_reason_and_a_place_that_is_there() -> Result<()> {
        let mut wrong = Vec::new();
        for line in lines(&text_of(TABLE)?)? {
            wrong.extend(objection(&line).map(|objection| format!("{}: {objection}: {:?}, {:?}", line.id, line.verdict, line.note)));
            wrong.extend(line.evidence.iter().filter_map(|place| look(place).err()).map(|error| format!("{}: {error:#}", line.id)));
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }

    #[test]
    fn asvs_what_the_documentation_says_stands_in_the_code() -> Result<()> {
        let text = text_of(SECURITY)?;
        let (mut places, mut values, mut wrong) = (0, 0, Vec::new());
        for cells in rows(&text) {
            for place in cells.iter().filter_map(|cell| quoted(cell)).filter(|place| place.contains("::") && place.contains('/')) {
                places += 1;
                wrong.extend(look(place).err().map(|error| format!("{error:#}")));
                let Some((path, name)) = place.split_once("::") else { bail!("{place:?} has no name") };
                // The cell before a constant has its value.
                let Some(told) = cells.iter().position(|cell| quoted(cell) == Some(place)).and_then(|n| quoted(cells[n.checked_sub(1)?])) else { continue };
                values += 1;
                let source = text_of(path)?;
                let made = value(&source, name).unwrap_or_default();
                let is_told = made == told || made.ends_with(&format!("({told})"));
                wrong.extend((!is_told).then(|| format!("{place} is {made:?}, not {told:?}")));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        assert!(places > 40 && values > 25, "the tables are read: {places} places, {values} values");
        Ok(())
    }

    #[test]
    fn asvs_what_is_wrong_is_found() -> Result<()> {
        let head = "id,level,verdict,evidence,note\n";
        let objection_to = |line: &str| lines(&format!("{head}{line}")).map(|lines| lines.first().and_then(objection));
        assert_eq!(objection_to("1.1.1,2,met,Cargo.toml,Good.")?, None);
        assert_eq!(objection_to("1.1.1,2,n/a,,None here.")?, None);
        assert_eq!(objection_to("1.1.1,2,fine,Cargo.toml,Good.")?, Some("is no verdict"));
        assert_eq!(objection_to("1.1.1,2,met,,Good.")?, Some("names no place"));
        assert_eq!(objection_to("1.1.1,2,n/a,,")?, Some("a note is a sentence or two"));
        assert!(lines(&format!("{head}1.1.1,two,met,Cargo.toml,Good.")).is_err());
        for gone in ["no/such/file.rs", "xtask/src/asvs.rs::no_such_test", "docs/asvs.md::No such heading", "Cargo.toml::no_such_key"] {
            assert!(look(gone).is_err(), "{gone}");
        }
        look("xtask/src/asvs.rs::SECTIONS")?;
        let source = "/// fn told\n    pub(super) fn made(a: u8) {}\nconst LIMIT: Duration = Duration::minutes(15);\nstruct Person {\n    pub name: String,\n}";
        assert!(makes(source, "made") && makes(source, "name") && makes(source, "Person"));
        assert!(!makes(source, "told") && !makes(source, "mad") && !makes(source, "Duration"));
        assert_eq!(value(source, "LIMIT"), Some("Duration::minutes(15)"));
        assert_eq!(value(source, "LIM"), None);
        Ok(())
    }

    #[test]
    fn asvs_every_component_has_its_checksum_and_a_known_source() -> Result<()> {
        let lock = text_of("Cargo.lock")?;
        let (ours, theirs): (Vec<&str>, Vec<&str>) = lock.split("[[package]]").skip(1).partition(|package| !package.contains("\nsource = "));
        let from_registry = format!("\nsource = \"{REGISTRY}\"");
        let strangers: Vec<&&str> = theirs.iter().filter(|package| !package.contains(&from_registry) || !package.contains("\nchecksum = \"")).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
        let names: Vec<&str> = ours.iter().filter_map(|package| package.split('"').nth(1)).collect();
        assert_eq!(names, ["app", "server", "xtask"], "packages without a source are those of the workspace");
        let npm: serde_json::Value = serde_json::from_str(&text_of("end2end/package-lock.json")?)?;
        let packages = npm["packages"].as_object().context("no packages")?;
        let bare: Vec<&String> =
            packages.iter().filter(|(path, package)| !path.is_empty() && package["integrity"].as_str().is_none()).map(|(path, _)| path).collect();
        assert!(packages.len() > 1 && bare.is_empty(), "without a checksum: {bare:?}");
        Ok(())
    }
}
