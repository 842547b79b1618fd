//! Light Markdown: what officials write answers in.
//!
//! Paragraphs, emphasis, lists, links; no headings beyond two levels, no images, no raw HTML. The result passes through
//! `ammonia` with a list of what may stay, so that a mistake in one of the two is caught by the other.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::HashSet;

/// Quotes in quotes, lists in lists: nobody reads deeper, and cleaning takes the square of the depth.
const DEPTH_MAX: usize = 16;

/// Whether an event may stay; what stands too deep loses its shape and keeps its words.
fn is_shallow(depth: &mut usize, event: &Event) -> bool {
    match event {
        Event::Start(_) => {
            *depth += 1;
            *depth <= DEPTH_MAX
        }
        Event::End(_) => {
            *depth = depth.saturating_sub(1);
            *depth < DEPTH_MAX
        }
        _ => true,
    }
}

/// Markdown as clean HTML.
pub fn to_html(markdown: &str) -> String {
    let mut depth = 0;
    let shallow = Parser::new_ext(markdown, Options::empty()).filter(|event| is_shallow(&mut depth, event));
    let events = shallow.filter_map(|event| match event {
        // Raw HTML is shown as the characters it was typed with.
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::Heading { id, classes, attrs, .. }) => Some(Event::Start(Tag::Heading { level: HeadingLevel::H3, id, classes, attrs })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H3))),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        // A line break in an answer is meant as one.
        Event::SoftBreak => Some(Event::HardBreak),
        other => Some(other),
    });
    let mut unsafe_html = String::new();
    html::push_html(&mut unsafe_html, events);
    ammonia::Builder::default()
        .tags(HashSet::from(["p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "a", "code", "hr"]))
        .url_schemes(HashSet::from(["https", "http", "mailto", "tel"]))
        .link_rel(Some("nofollow noopener"))
        .clean(&unsafe_html)
        .to_string()
}

/// Markdown without its signs, for lists and previews.
pub fn to_plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::empty()) {
        match event {
            Event::Text(part) | Event::Code(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_answer_keeps_its_shape() {
        let html = to_html("Đã sửa **ngày 18/11**.\n\n- cống\n- mặt đường");
        assert!(html.contains("<strong>ngày 18/11</strong>") && html.contains("<li>cống</li>"), "{html}");
    }

    /// Ten thousand signs of a quote took seconds: each level was cleaned by looking at all above it.
    #[test]
    fn a_text_that_nests_without_end_keeps_its_words_and_not_its_depth() {
        let html = to_html(&format!("{}lời cuối\n\nsau đó", "> ".repeat(5000)));
        assert_eq!((html.matches("<blockquote>").count(), html.matches("</blockquote>").count()), (DEPTH_MAX, DEPTH_MAX), "{html}");
        assert!(html.contains("lời cuối") && html.contains("<p>sau đó</p>"), "{html}");
    }

    #[test]
    fn scripts_and_handlers_do_not_survive() {
        for attack in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "<a href=\"data:text/html,x\">x</a>",
            "<svg/onload=alert(1)>",
        ] {
            // Text in angle brackets may be shown as what was typed; it must not be a tag, nor a link that runs.
            let html = to_html(attack).to_lowercase();
            let tags: Vec<&str> = html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap_or_default()).collect();
            let harmless =
                |tag: &&str| !["script", "img", "svg"].iter().any(|name| tag.starts_with(name)) && !tag.contains("javascript:") && !tag.contains("data:");
            assert!(tags.iter().all(harmless), "{attack} became {html}");
        }
    }

    #[test]
    fn plain_text_has_no_signs() {
        assert_eq!(to_plain("## Kết quả\n\nĐã **sửa** xong.\n- một"), "Kết quả Đã sửa xong. một");
    }

    proptest! {
        #[test]
        fn nothing_typed_becomes_a_tag_outside_the_list(text in ".{0,200}") {
            let html = to_html(&text);
            for tag in html.split('<').skip(1) {
                let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                prop_assert!(["p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "h3", "a", "code", "hr"].contains(&name.as_str()), "{}", name);
            }
        }
    }
}
