//! SQL of agencies and areas.

use super::directory::{Agency, AgencySuccession, Area, OldArea};
use crate::db::Tx;
use crate::error::Result;
use chrono::NaiveDate;

pub(super) async fn agencies(tx: &mut Tx) -> Result<Vec<Agency>> {
    tx.all("SELECT id, code, name, short_name, kind, parent_id, body_id, area_code, valid_from, valid_to, sort_key FROM agencies", ()).await
}

pub(super) async fn areas(tx: &mut Tx) -> Result<Vec<Area>> {
    tx.all("SELECT code, parent_code, kind, full_name, valid_from, valid_to, sort_key, search_text FROM areas", ()).await
}

pub(super) async fn agency_successions(tx: &mut Tx) -> Result<Vec<AgencySuccession>> {
    tx.all("SELECT from_id, to_id, on_date FROM agency_succession", ()).await
}

pub(super) async fn old_areas(tx: &mut Tx, province_code: &str, folded: &str, limit: i64) -> Result<Vec<OldArea>> {
    tx.all(
        "SELECT s.old_full_name, s.old_parent_full_name, s.new_code
         FROM area_succession s
         WHERE s.search_text LIKE $2 AND EXISTS (SELECT 1 FROM areas a WHERE a.code = s.new_code AND a.parent_code = $1 AND a.valid_to IS NULL)
         ORDER BY s.old_full_name, s.old_parent_full_name, s.new_code
         LIMIT $3",
        (province_code.to_owned(), format!("%{}%", folded.replace(['%', '_'], " ")), limit),
    )
    .await
}

pub(super) struct AreaRow {
    pub code: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub parent_code: Option<String>,
    pub kind: String,
    pub name: String,
    pub full_name: String,
    pub doc: String,
}

pub(super) async fn put_area(tx: &mut Tx, row: AreaRow) -> Result<()> {
    let (sort_key, search_text) = (crate::text::sort_key(&row.name), crate::text::fold(&row.full_name));
    tx.exec(
        "INSERT INTO areas (code, valid_from, valid_to, parent_code, kind, name, full_name, doc, sort_key, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (code, valid_from) DO UPDATE
         SET valid_to = excluded.valid_to, parent_code = excluded.parent_code, kind = excluded.kind, name = excluded.name, full_name = excluded.full_name,
             doc = excluded.doc, sort_key = excluded.sort_key, search_text = excluded.search_text",
        (row.code, row.valid_from, row.valid_to, row.parent_code, row.kind, row.name, row.full_name, row.doc, sort_key, search_text),
    )
    .await?;
    Ok(())
}

pub(super) async fn put_area_succession(tx: &mut Tx, row: (String, String, String, String, String, NaiveDate)) -> Result<()> {
    let (old_code, old_full_name, old_kind, old_parent, new_code, on_date) = row;
    let search_text = crate::text::fold(&old_full_name);
    tx.exec(
        "INSERT INTO area_succession (old_code, old_full_name, old_kind, old_parent_full_name, new_code, on_date, search_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (old_code, new_code, on_date) DO UPDATE
         SET old_full_name = excluded.old_full_name, old_kind = excluded.old_kind, old_parent_full_name = excluded.old_parent_full_name,
             search_text = excluded.search_text",
        (old_code, old_full_name, old_kind, old_parent, new_code, on_date, search_text),
    )
    .await?;
    Ok(())
}

pub(super) struct AgencyRow {
    pub id: String,
    pub code: String,
    pub name: String,
    pub short_name: String,
    pub kind: String,
    pub parent_id: Option<String>,
    pub body_id: String,
    pub area_code: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub doc: String,
}

pub(super) async fn put_agency(tx: &mut Tx, row: AgencyRow) -> Result<()> {
    let sort_key = crate::text::sort_key(&row.name);
    tx.exec(
        "INSERT INTO agencies (id, code, name, short_name, kind, parent_id, body_id, area_code, valid_from, valid_to, doc, sort_key)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (code, valid_from) DO UPDATE
         SET valid_to = excluded.valid_to, name = excluded.name, short_name = excluded.short_name, kind = excluded.kind, parent_id = excluded.parent_id,
             body_id = excluded.body_id, area_code = excluded.area_code, doc = excluded.doc, sort_key = excluded.sort_key",
        (row.id, row.code, row.name, row.short_name, row.kind, row.parent_id, row.body_id, row.area_code, row.valid_from, row.valid_to, row.doc, sort_key),
    )
    .await?;
    Ok(())
}

pub(super) async fn put_agency_succession(tx: &mut Tx, from_id: &str, to_id: &str, on_date: NaiveDate, what: String, doc: String) -> Result<()> {
    tx.exec(
        "INSERT INTO agency_succession (from_id, to_id, on_date, what, doc) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (from_id, to_id, on_date) DO UPDATE SET what = excluded.what, doc = excluded.doc",
        (from_id.to_owned(), to_id.to_owned(), on_date, what, doc),
    )
    .await?;
    Ok(())
}

/// Places that are far and hard to reach: area, first day, last day if it has ended.
pub(super) async fn remote_areas(tx: &mut Tx) -> Result<Vec<(String, NaiveDate, Option<NaiveDate>)>> {
    tx.all("SELECT area_code, valid_from, valid_to FROM remote_areas ORDER BY area_code, valid_from", ()).await
}

pub(super) async fn put_remote_area(tx: &mut Tx, area_code: String, from: NaiveDate, to: Option<NaiveDate>, source: String) -> Result<()> {
    tx.exec(
        "INSERT INTO remote_areas (area_code, valid_from, valid_to, source) VALUES ($1, $2, $3, $4)
         ON CONFLICT (area_code, valid_from) DO UPDATE SET valid_to = excluded.valid_to, source = excluded.source",
        (area_code, from, to, source),
    )
    .await?;
    Ok(())
}
