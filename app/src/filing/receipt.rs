//! The receipt: the secret code, what happens next and by which day. Black on white when printed.

use super::islands::ForgetKept;
use super::what::anew_form;
use crate::petitions::code::CaseCode;
use crate::petitions::rules::Case;
use crate::petitions::store::parts::CaseText;
use crate::ui::clock::{purpose, reckoning, tone_class};
use crate::ui::{Icon, Page, PageContext, Section, clock_badge, icon};
use axum::response::Response;
use leptos::prelude::*;
use qrcode::{Color, EcLevel, QrCode};

/// Modules of white around a QR code, without which cameras do not find it (the standard asks for four).
const QUIET: usize = 4;

/// The receipt of a case, for the device that sent it. `email` says whether notices go there.
pub fn page(context: &PageContext, case: &Case, text: &CaseText, code: &CaseCode, email: &str) -> Response {
    let lang = context.lang;
    Page::new(context, Section::File, lang.t("filing.receipt.title")).islands().render(|| {
        view! {
            {receipt(context, case, text, code)}
            {promise(context, case)}
            {told(context, email)}
            {buttons(context, code)}
            <ForgetKept now=true form=String::new() />
        }
        .into_any()
    })
}

fn receipt(context: &PageContext, case: &Case, text: &CaseText, code: &CaseCode) -> AnyView {
    let lang = context.lang;
    // Two and two, so that a narrow screen never leaves one group alone.
    let groups: Vec<_> = code.groups().chunks(2).map(|pair| view! { <span class="nowrap">{pair.join(" ")}</span>" " }).collect();
    let address = format!("{}{}#{}", context.portal.settings().public_url, lang.href("/tra-cuu"), code.groups().concat());
    let facts = [
        (lang.t("filing.receipt.matter"), text.title.clone()),
        (lang.t("filing.receipt.kind"), lang.t(case.kind.key()).to_owned()),
        (lang.t("filing.receipt.receiver"), context.directory.agency_name(&case.body_id).to_owned()),
    ];
    let facts: Vec<_> = facts.into_iter().map(|(label, value)| view! { <dt>{label}</dt><dd class="break">{value}</dd> }).collect();
    view! {
        <section class="receipt">
            <p class="row small"><span class="clock ok">{lang.f("filing.receipt.at", &[("time", &lang.time(case.filed_at))])}</span></p>
            <h1>{lang.t("filing.receipt.question")}</h1>
            <div>
                <p class="strong">{lang.t("filing.receipt.code")}</p>
                <p class="code-big num" id="code">{groups}</p>
                <p>{lang.t("filing.receipt.keep")}</p>
            </div>
            <div class="row start">
                {qr(&address, lang.t("filing.receipt.qr"))}
                <p class="small muted grow">{lang.t("filing.receipt.qr_text")}</p>
            </div>
            <dl class="dl">{facts}</dl>
        </section>
    }
    .into_any()
}

/// A QR code as one path. The code stands behind `#`, which browsers do not send: no server ever logs it.
pub(crate) fn qr(address: &str, label: &'static str) -> AnyView {
    let Ok(code) = QrCode::with_error_correction_level(address, EcLevel::M) else { return ().into_any() };
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width).enumerate() {
        let mut x = 0;
        while x < width {
            let run = row[x..].iter().take_while(|color| **color == Color::Dark).count();
            if run > 0 {
                path.push_str(&format!("M{} {}h{run}v1h-{run}z", x + QUIET, y + QUIET));
            }
            x += run.max(1);
        }
    }
    let side = width + 2 * QUIET;
    view! {
        <div class="qr">
            <svg viewBox=format!("0 0 {side} {side}") shape-rendering="crispEdges" role="img" aria-label=label><path fill="#000" d=path></path></svg>
        </div>
    }
    .into_any()
}

fn promise(context: &PageContext, case: &Case) -> AnyView {
    let (lang, calendar) = (context.lang, context.directory.calendar());
    let procedure = case.procedure();
    let first = procedure.due();
    let (tone, _) = crate::ui::clock::clock_words(lang, calendar, context.today, case);
    let class = if tone_class(tone) == "late" { "next late" } else { "next" };
    if !case.kind.has_period() {
        return view! { <section class="next"><h2 class="title-s">{lang.t("kinds.praise.receipt")}</h2><p>{lang.t("kinds.praise.no_period")}</p></section> }
            .into_any();
    }
    view! {
        <section class=class>
            <h2 class="small muted normal">{lang.t("filing.promise.next")}" "{first.map(|clock| purpose(context, clock))}</h2>
            <p class="day num">{lang.t("filing.promise.latest")}" "<span class="nowrap">{lang.day_long(case.due_on)}</span></p>
            <p class="row">{clock_badge(lang, calendar, context.today, case)}<span class="small">{context.directory.agency_name(&case.body_id).to_owned()}</span></p>
            <details>
                <summary>{lang.t("filing.promise.why")}</summary>
                {first.map(|clock| reckoning(context, clock))}
            </details>
        </section>
    }
    .into_any()
}

fn told(context: &PageContext, email: &str) -> AnyView {
    let lang = context.lang;
    let words = if email.is_empty() { lang.t("filing.receipt.no_mail").to_owned() } else { lang.f("filing.receipt.mail", &[("email", email)]) };
    view! {
        <section class="stack-s">
            <h2 class="title-s">{lang.t("filing.receipt.then")}</h2>
            <ol class="how">
                <li><b>{lang.t("filing.then.received")}</b><span>{lang.t("filing.then.received_text")}</span></li>
                <li><b>{lang.t("filing.then.handled")}</b><span>{lang.t("filing.then.handled_text")}</span></li>
                <li><b>{lang.t("filing.then.answered")}</b><span>{lang.t("filing.then.answered_text")}</span></li>
            </ol>
            <p>{words}</p>
        </section>
    }
    .into_any()
}

fn buttons(context: &PageContext, code: &CaseCode) -> AnyView {
    let lang = context.lang;
    view! {
        <div class="stack no-print">
            <form method="post" action=context.href("/tra-cuu")>
                <input type="hidden" name="code" value=code.groups().join(" ") />
                <button class="btn btn-main btn-block">{icon(Icon::Search)}{lang.t("filing.receipt.follow")}</button>
            </form>
            {anew_form(context)}
            <form method="post" action=context.href("/gui/xoa") data-forget="">
                <button class="btn btn-quiet btn-block">{icon(Icon::Trash)}{lang.t("filing.receipt.forget")}</button>
            </form>
            <p class="small muted">{lang.t("filing.receipt.forget_text")}</p>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_holds_no_text_of_the_code() {
        let html = qr("https://vi-du.vn/tra-cuu#K7QF9M2X4TBC8WDH", "x").to_html();
        assert!(html.contains("<path") && !html.contains("K7QF"));
        assert!(html.len() < 12_000, "{} bytes", html.len());
    }
}
