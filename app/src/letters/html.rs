//! A letter as part of a page: for the screen and the printer, without scripts.

use super::sheet::{Block, BlockKind, COUNTRY, DRAFT, MOTTO, OPENS, RECIPIENTS, Sheet};
use super::values::Run;
use leptos::prelude::*;

/// The letter. It is Vietnamese whatever the page around it is.
pub fn letter(sheet: &Sheet) -> AnyView {
    let title = (!sheet.is_plain_letter()).then(|| {
        view! { <div class="letter-title"><h2>{sheet.title.clone()}</h2><p class="letter-about"><b>{words(&sheet.about)}</b></p></div> }
    });
    view! {
        <article class="letter" lang="vi">
            {head(sheet)}
            {title}
            {opens(sheet)}
            {blocks(&sheet.body)}
            {foot(sheet)}
        </article>
    }
    .into_any()
}

fn words(runs: &[Run]) -> AnyView {
    let runs: Vec<_> = runs
        .iter()
        .map(|run| match (run.bold, run.italic) {
            (true, false) => view! { <b>{run.text.clone()}</b> }.into_any(),
            (false, true) => view! { <i>{run.text.clone()}</i> }.into_any(),
            (true, true) => view! { <b><i>{run.text.clone()}</i></b> }.into_any(),
            (false, false) => run.text.clone().into_any(),
        })
        .collect();
    runs.into_any()
}

fn head(sheet: &Sheet) -> AnyView {
    let agency: Vec<_> = sheet.agency.iter().map(|line| view! { <b>{line.clone()}</b><br /> }).collect();
    let about = sheet.is_plain_letter().then(|| view! { <p class="letter-about small">{words(&sheet.about)}</p> });
    view! {
        <header class="letter-head">
            <div>
                {sheet.is_draft.then(|| view! { <p class="letter-draft">{DRAFT}</p> })}
                <p class="letter-rule">{sheet.superior.clone().map(|name| view! { {name}<br /> })}{agency}</p>
                <p>{sheet.number.clone()}</p>
                {about}
            </div>
            <div>
                <p class="letter-rule"><b>{COUNTRY}</b><br /><b>{MOTTO}</b></p>
                <p><i>{sheet.place_and_date.clone()}</i></p>
            </div>
        </header>
    }
    .into_any()
}

fn opens(sheet: &Sheet) -> AnyView {
    if sheet.opens.is_empty() {
        return ().into_any();
    }
    let lines: Vec<_> = sheet.opens.iter().map(|line| view! { <span>{words(line)}</span> }).collect();
    view! { <p class="letter-opens"><span>{OPENS}</span><span class="letter-names">{lines}</span></p> }.into_any()
}

fn blocks(blocks: &[Block]) -> AnyView {
    let all: Vec<_> = blocks
        .iter()
        .map(|block| match block.kind {
            BlockKind::Centre => view! { <p class="letter-centre"><b>{words(&block.runs)}</b></p> }.into_any(),
            BlockKind::Item => view! { <p class="letter-text">"- "{words(&block.runs)}</p> }.into_any(),
            BlockKind::Basis | BlockKind::Text => view! { <p class="letter-text">{words(&block.runs)}</p> }.into_any(),
        })
        .collect();
    all.into_any()
}

fn foot(sheet: &Sheet) -> AnyView {
    let recipients: Vec<_> = sheet.recipients.iter().map(|line| view! { <br />{words(line)} }).collect();
    let signs: Vec<_> = sheet.signs.iter().map(|line| view! { <b>{line.clone()}</b><br /> }).collect();
    view! {
        <footer class="letter-sign">
            <p class="small"><b><i>{RECIPIENTS}</i></b>{recipients}</p>
            <div><p>{signs}</p><p class="letter-signer"><b>{sheet.signer.clone()}</b></p></div>
        </footer>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letters::sheet::tests::all;

    #[test]
    fn what_a_person_typed_is_text_and_never_a_tag() {
        let (_, mut sheet) = all().remove(0);
        sheet.signer = "<script>alert(1)</script>".into();
        let html = letter(&sheet).to_html();
        assert!(!html.contains("<script") && html.contains("&lt;script"), "{html}");
    }

    #[test]
    fn the_page_says_all_that_the_paper_says() {
        for (code, sheet) in all() {
            let html = letter(&sheet).to_html();
            for words in [COUNTRY, MOTTO, RECIPIENTS, sheet.signer.as_str()].into_iter().chain(sheet.signs.iter().map(String::as_str)) {
                assert!(html.contains(words), "{code}: {words}");
            }
        }
    }
}
