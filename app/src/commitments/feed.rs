//! `/loi-hua.atom`: what happened to commitments last, of all authorities or of one.

use super::PATH;
use super::filters::{AGENCY, Filters};
use super::listing::find;
use super::rules::Commitment;
use super::view::{badge_words, owner_name};
use crate::error::{AppError, Result};
use crate::publishing::feeds::{answer, escaped, midnight};
use crate::ui::PageContext;
use axum::extract::Query;
use axum::response::Response;
use std::fmt::Write;

/// `GET /loi-hua.atom`, `?co-quan=` for one authority
///
/// # Errors
/// [`AppError::NotFound`] for an authority that is none.
pub async fn atom(context: PageContext, Query(pairs): Query<Vec<(String, String)>>) -> Result<Response> {
    let mut tx = context.portal.db().read().await?;
    let pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| name == AGENCY).collect();
    let filters = Filters::read(&mut tx, &pairs, &context.directory).await?;
    if filters.has_unknown {
        return Err(AppError::NotFound);
    }
    let rows = find(&mut tx, &filters, context.today).await?.rows;
    drop(tx);
    let lang = context.lang;
    let base = escaped(&context.portal.settings().public_url);
    let own = escaped(&crate::publishing::filters::address(&format!("{PATH}.atom"), &filters.pairs()));
    let list = escaped(&crate::publishing::filters::address(PATH, &filters.pairs()));
    let title = match &filters.agency {
        Some((_, id)) => format!("{} · {}", lang.t("commitments.title"), context.directory.agency_name(id)),
        None => lang.t("commitments.title").to_owned(),
    };
    let newest = rows.iter().map(|row| crate::clock::day(row.changed_at)).max().unwrap_or(context.today);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{base}{}</id>\n\
         <link rel=\"self\" href=\"{base}{}\"/>\n<link href=\"{base}{}\"/>\n<updated>{}</updated>\n",
        lang.code(),
        escaped(&title),
        lang.href(&own),
        lang.href(&own),
        lang.href(&list),
        midnight(newest),
    );
    for row in &rows {
        entry(&mut xml, &context, &base, row).map_err(AppError::internal)?;
    }
    xml.push_str("</feed>\n");
    Ok(answer("application/atom+xml; charset=utf-8", xml))
}

fn entry(xml: &mut String, context: &PageContext, base: &str, row: &Commitment) -> std::fmt::Result {
    let link = format!("{base}{}", context.href(&row.path().unwrap_or_else(|| PATH.to_owned())));
    let (_, state) = badge_words(context.lang, row, context.today);
    writeln!(
        xml,
        "<entry><id>{link}</id><title>{}</title><link href=\"{link}\"/><updated>{}</updated><author><name>{}</name></author><summary>{}</summary></entry>",
        escaped(&row.text),
        midnight(crate::clock::day(row.changed_at)),
        escaped(&owner_name(&context.directory, &row.owner_id)),
        escaped(&state),
    )
}
