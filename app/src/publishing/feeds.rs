//! What machines read: the map of released cases for search engines and the feed of latest answers.

use super::filters::REGISTER;
use super::pages;
use super::store::{self, Listed};
use crate::error::{AppError, Result};
use crate::ui::context::PageContext;
use crate::ui::response::CachePolicy;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use std::fmt::Write;

/// Addresses in one map file. Search engines take 50,000; a fifth of that keeps one file under a megabyte.
const MAP_LENGTH: i64 = 10_000;
/// Answers in the feed.
const FEED_LENGTH: i64 = 30;
/// Pages that are not cases.
const FIXED_PATHS: [&str; 13] = [
    "/",
    "/gui",
    REGISTER,
    crate::dialogues::PATH,
    "/doi-thoai/theo-co-quan",
    crate::commitments::PATH,
    "/tiep-dan",
    "/tiep-dan/da-tiep",
    "/co-quan",
    "/huong-dan",
    "/thoi-han",
    "/rieng-tu",
    "/dau-so",
];

/// `/robots.txt`
pub async fn robots(context: PageContext) -> Response {
    let address = &context.portal.settings().public_url;
    let text =
        format!("User-agent: *\nDisallow: /can-bo\nDisallow: /en/can-bo\nDisallow: /dang-nhap\nDisallow: /en/dang-nhap\n\nSitemap: {address}/sitemap.xml\n");
    answer("text/plain; charset=utf-8", text)
}

/// `/sitemap.xml`: which map files there are. File 0 holds the pages that are no cases, file n the cases of one range of numbers.
pub async fn sitemap_index(context: PageContext) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let highest = store::highest_number(&mut tx).await?;
    let address = escaped(&context.portal.settings().public_url);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for n in 0..=(highest + MAP_LENGTH - 1) / MAP_LENGTH {
        writeln!(xml, "<sitemap><loc>{address}/sitemap-{n}.xml</loc></sitemap>").map_err(AppError::internal)?;
    }
    xml.push_str("</sitemapindex>\n");
    Ok(answer("application/xml; charset=utf-8", xml))
}

/// `/sitemap-{n}.xml`
pub async fn sitemap(context: PageContext, Path(file): Path<String>) -> Result<Response> {
    let n: i64 = file.strip_suffix(".xml").and_then(|n| n.parse().ok()).filter(|n| (0..1_000_000).contains(n)).ok_or(AppError::NotFound)?;
    let mut paths: Vec<(String, Option<NaiveDate>)> = Vec::new();
    if n == 0 {
        let province = context.portal.settings().province_code.as_str();
        paths.extend(FIXED_PATHS.map(|path| (path.to_owned(), None)));
        let mut tx = context.portal.db().read().await?;
        paths.extend(crate::dialogues::public_numbers(&mut tx).await?.into_iter().map(|number| (crate::dialogues::public_path(number), None)));
        paths.extend(context.directory.authorities_of(province).map(|agency| (pages::agency_path(agency), None)));
    } else {
        let mut tx = context.portal.db().read().await?;
        let rows = store::numbers_between(&mut tx, (n - 1) * MAP_LENGTH + 1, n * MAP_LENGTH).await?;
        paths.extend(
            rows.into_iter().map(|(number, released, answered)| (format!("{REGISTER}/{number}"), Some(answered.map_or(released, |day| day.max(released))))),
        );
    }
    if paths.is_empty() {
        return Err(AppError::NotFound);
    }
    let address = escaped(&context.portal.settings().public_url);
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for (path, day) in paths {
        let changed = day.map(|day| format!("<lastmod>{day}</lastmod>")).unwrap_or_default();
        writeln!(xml, "<url><loc>{address}{}</loc>{changed}</url>", escaped(&path)).map_err(AppError::internal)?;
    }
    xml.push_str("</urlset>\n");
    Ok(answer("application/xml; charset=utf-8", xml))
}

/// `/cong-khai.atom`: the latest answers.
pub async fn atom(context: PageContext) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let latest = store::latest_answers(&mut tx, FEED_LENGTH).await?;
    drop(tx);
    let lang = context.lang;
    let address = escaped(&context.portal.settings().public_url);
    let updated = latest.first().and_then(|case| case.answered_on).unwrap_or(context.today);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{address}{}</id>\n\
         <link rel=\"self\" href=\"{address}{}\"/>\n<link href=\"{address}{}\"/>\n<updated>{}</updated>\n",
        lang.code(),
        escaped(lang.t("feed.title")),
        lang.href("/cong-khai.atom"),
        lang.href("/cong-khai.atom"),
        lang.href(REGISTER),
        midnight(updated),
    );
    for case in &latest {
        entry(&mut xml, &context, &address, case).map_err(AppError::internal)?;
    }
    xml.push_str("</feed>\n");
    Ok(answer("application/atom+xml; charset=utf-8", xml))
}

fn entry(xml: &mut String, context: &PageContext, address: &str, case: &Listed) -> std::fmt::Result {
    let link = format!("{address}{}", context.href(&format!("{REGISTER}/{}", case.number)));
    let updated = midnight(case.answered_on.unwrap_or(case.filed_on));
    let author = escaped(context.directory.agency_name(&case.body_id));
    writeln!(
        xml,
        "<entry><id>{link}</id><title>{}</title><link href=\"{link}\"/><updated>{updated}</updated><author><name>{author}</name></author><summary>{}</summary></entry>",
        escaped(&case.title),
        escaped(&case.excerpt)
    )
}

/// The beginning of a day in Viet Nam: the public knows days, not hours.
pub(crate) fn midnight(day: NaiveDate) -> String {
    format!("{day}T00:00:00+07:00")
}

pub(crate) fn answer(kind: &'static str, text: String) -> Response {
    let mut response = ([(header::CONTENT_TYPE, kind)], text).into_response();
    response.extensions_mut().insert(CachePolicy::Public);
    response
}

/// Text as it may stand in XML.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&apos;")
}
