//! Who is meant by an `@` in a note. Pure.

/// The people whose names follow an `@` in the text, each once, in the order of `people`. Marks and capitals do not matter; of
/// several names that fit at one place the longest counts, and of several people with that name all are meant.
///
/// Example: `"@Cán bộ Hà xem giúp"` means Cán bộ Hà, and neither Cán bộ nor Hà.
pub fn named<'a>(text: &str, people: &[(&'a str, &str)]) -> Vec<&'a str> {
    let folded: Vec<(&'a str, Vec<String>)> = people.iter().map(|(id, name)| (*id, words(name))).collect();
    let mut found: Vec<&'a str> = Vec::new();
    for rest in text.split('@').skip(1) {
        if rest.starts_with(char::is_whitespace) {
            continue;
        }
        let rest = words(rest);
        let fits = |name: &[String]| !name.is_empty() && rest.len() >= name.len() && rest[..name.len()] == *name;
        let longest = folded.iter().filter(|(_, name)| fits(name)).map(|(_, name)| name.len()).max();
        for (id, name) in &folded {
            if Some(name.len()) == longest && fits(name) && !found.contains(id) {
                found.push(id);
            }
        }
    }
    found
}

fn words(text: &str) -> Vec<String> {
    crate::text::words_of(&crate::text::fold(text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PEOPLE: [(&str, &str); 4] = [("1", "Cán bộ Hà"), ("2", "Cán bộ Hà Anh"), ("3", "Cán bộ Bi"), ("4", "Cán bộ Bi")];

    #[test]
    fn the_longest_name_after_the_sign_is_meant() {
        assert_eq!(named("@Cán bộ Hà xem giúp", &PEOPLE), ["1"]);
        assert_eq!(named("nhờ @can bo ha anh, và @CÁN BỘ HÀ.", &PEOPLE), ["2", "1"]);
        assert_eq!(named("@Cán bộ Bi: xem", &PEOPLE), ["3", "4"], "two of one name are both meant");
    }

    #[test]
    fn a_sign_without_a_name_means_nobody() {
        for text in ["", "@", "@@", "@ Cán bộ Hà", "thư: ha@vi-du.vn", "@Cán", "Cán bộ Hà"] {
            assert!(named(text, &PEOPLE).is_empty(), "{text}");
        }
    }
}
