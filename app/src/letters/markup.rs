//! The light markup of a letter's text, made for a plain text field. Pure.
//!
//! Every line is a paragraph. `**bold**`, `*italic*`; `- ` begins an item, `= ` a centred bold line ("QUYẾT ĐỊNH:").
//! `[…]` is a blank that a person must fill: a letter with one cannot be issued.

/// What a paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Text with its first line set in.
    Text,
    /// An item of a list.
    Item,
    /// Centred and bold.
    Centre,
}

/// Some words in one style.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// The words; may hold places.
    pub text: &'a str,
    /// Bold.
    pub bold: bool,
    /// Italic.
    pub italic: bool,
}

/// The paragraphs of a text.
pub fn paragraphs(text: &str) -> impl Iterator<Item = (Shape, Vec<Span<'_>>)> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let (shape, words) = match (line.strip_prefix("- "), line.strip_prefix("= ")) {
            (Some(words), _) => (Shape::Item, words),
            (_, Some(words)) => (Shape::Centre, words),
            _ => (Shape::Text, line),
        };
        (shape, spans(words))
    })
}

/// The styles of one line. A sign without its pair is a sign.
pub fn spans(line: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let (mut rest, mut plain_from) = (0, 0);
    while let Some(at) = line.get(rest..).and_then(|tail| tail.find('*')).map(|at| rest + at) {
        let sign = if line.get(at..).is_some_and(|tail| tail.starts_with("**")) { "**" } else { "*" };
        let inner_from = at + sign.len();
        let inner = line.get(inner_from..).unwrap_or_default();
        match inner.find(sign).filter(|length| *length > 0) {
            Some(length) => {
                push(&mut spans, line.get(plain_from..at).unwrap_or_default(), false, false);
                push(&mut spans, inner.get(..length).unwrap_or_default(), sign == "**", sign == "*");
                rest = inner_from + length + sign.len();
                plain_from = rest;
            }
            None => rest = inner_from,
        }
    }
    push(&mut spans, line.get(plain_from..).unwrap_or_default(), false, false);
    spans
}

fn push<'a>(spans: &mut Vec<Span<'a>>, text: &'a str, bold: bool, italic: bool) {
    if !text.is_empty() {
        spans.push(Span { text, bold, italic });
    }
}

/// The blanks that still wait for a person, without their brackets.
pub fn blanks(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('[') {
        let Some((inner, behind)) = after.split_once(']') else { break };
        if !inner.trim().is_empty() {
            found.push(inner.trim());
        }
        rest = behind;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_line_is_a_paragraph_of_styled_words() {
        let all: Vec<_> = paragraphs("= QUYẾT ĐỊNH:\n\n**Điều 1.** Thụ lý *ngay*\n- một").collect();
        assert_eq!(all.iter().map(|(shape, _)| *shape).collect::<Vec<_>>(), [Shape::Centre, Shape::Text, Shape::Item]);
        assert_eq!(
            all[1].1.iter().map(|span| (span.text, span.bold, span.italic)).collect::<Vec<_>>(),
            [("Điều 1.", true, false), (" Thụ lý ", false, false), ("ngay", false, true)]
        );
    }

    #[test]
    fn a_sign_without_its_pair_stays() {
        for text in ["5 * 3", "**", "a ** b", "*"] {
            assert_eq!(spans(text).iter().map(|span| span.text).collect::<String>(), text);
        }
    }

    #[test]
    fn blanks_are_found() {
        assert_eq!(blanks("kết quả: [kết quả xác minh], [ ] và [mức] [hở"), ["kết quả xác minh", "mức"]);
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-zđ* ]{0,40}") {
            let words: String = spans(&text).iter().map(|span| span.text).collect();
            prop_assert_eq!(words.replace('*', ""), text.replace('*', ""));
        }
    }
}
