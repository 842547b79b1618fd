//! The places of a ready-made answer and what fills them. Pure.
//!
//! A place is a word in braces: `{tieu_de}`. There is none for the case's secret code, and none for who the sender is: an answer
//! can be read by others, and a code in it would open the case.

/// A place and the key of what it stands for.
pub const PLACES: [(&str, &str); 9] = [
    ("tieu_de", "day.place.title"),
    ("loai_don", "day.place.kind"),
    ("co_quan", "day.place.body"),
    ("phong", "day.place.unit"),
    ("can_bo", "day.place.official"),
    ("ngay_nhan", "day.place.received"),
    ("han", "day.place.due"),
    ("hom_nay", "day.place.today"),
    ("dia_ban", "day.place.area"),
];

/// The places of a text that do not exist, each once, in the order they stand.
pub fn unknown(text: &str) -> Vec<String> {
    let mut unknown: Vec<String> = Vec::new();
    for piece in pieces(text) {
        if let Piece::Place(name) = piece
            && !PLACES.iter().any(|(known, _)| *known == name)
            && !unknown.iter().any(|found| found == name)
        {
            unknown.push(name.to_owned());
        }
    }
    unknown
}

/// The text with its places filled. A place without a value stays as it is, so that whoever sends the answer sees it.
pub fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    pieces(text)
        .map(|piece| match piece {
            Piece::Words(words) => words.to_owned(),
            Piece::Place(name) => value(name).unwrap_or_else(|| format!("{{{name}}}")),
        })
        .collect()
}

/// The first place of a known name that still stands in a text: it was not filled.
pub fn left_over(text: &str) -> Option<&'static str> {
    pieces(text).find_map(|piece| match piece {
        Piece::Place(name) => PLACES.iter().find(|(known, _)| *known == name).map(|(known, _)| *known),
        Piece::Words(_) => None,
    })
}

enum Piece<'a> {
    Words(&'a str),
    Place(&'a str),
}

/// Words and places in turn. A brace that is not closed, or holds anything but letters, digits and underscores, is a word.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let place = |from: usize| {
            let name = rest.get(from + 1..)?.split_once('}')?.0;
            (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(name)
        };
        if let Some(name) = rest.starts_with('{').then(|| place(0)).flatten() {
            rest = &rest[name.len() + 2..];
            return Some(Piece::Place(name));
        }
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let end = rest[first..].find('{').map_or(rest.len(), |at| at + first);
        let words = &rest[..end];
        rest = &rest[end..];
        Some(Piece::Words(words))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "han" => Some("7/12/2026".into()),
            "tieu_de" => Some("Đường {han}".into()),
            _ => None,
        }
    }

    #[test]
    fn places_are_filled_once_and_never_twice() {
        assert_eq!(filled("Hạn {han}. {{han}} {", value), "Hạn 7/12/2026. {7/12/2026} {");
        assert_eq!(filled("{tieu_de}", value), "Đường {han}", "what a citizen wrote is no place");
        assert_eq!(filled("{phong} của {co_quan}", value), "{phong} của {co_quan}");
        assert_eq!(left_over("{phong} của bạn"), Some("phong"));
        assert_eq!(left_over("{x} {"), None);
    }

    #[test]
    fn what_is_no_place_is_named() {
        assert_eq!(unknown("{ma_viec} {han} {ma_viec} {code}"), ["ma_viec", "code"]);
        assert!(unknown("{ } {} {a b} { han}").is_empty(), "braces around other things are words");
        assert!(PLACES.iter().all(|(name, _)| !name.contains("ma") && !name.contains("ten")), "neither the code nor the sender");
    }

    proptest! {
        #[test]
        fn a_text_without_values_stays_as_it_is(text in ".{0,80}") {
            prop_assert_eq!(filled(&text, |_| None), text);
        }
    }
}
