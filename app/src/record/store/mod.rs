//! SQL of the record: hashes of entries, deeds, pages, anchors, and in [`words`] what was let out.

pub mod words;

use super::rules::{Done, Entry, Page, PageSum, RecordKey};
use crate::db::Tx;
use crate::error::Result;
use chrono::{DateTime, NaiveDate, Utc};

/// An entry as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct EntryRow {
    /// The case.
    pub case_id: String,
    /// Its place, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_kind: String,
    /// The official's account.
    pub actor_id: Option<String>,
    /// Code of the event.
    pub event: String,
    /// The event as JSON.
    pub data: String,
    /// Its hash; empty from before there were hashes.
    pub hash: String,
    /// The page it is on; 0 if on none.
    pub page: i64,
}

impl EntryRow {
    fn entry(&self) -> Entry<'_> {
        let Self { case_id, seq, at, actor_kind, actor_id, event, data, .. } = self;
        Entry { case_id, seq: *seq, at: *at, actor_kind, actor_id: actor_id.as_deref(), event, data }
    }

    /// The hash it must have behind an entry with hash `before`.
    pub fn expected_hash(&self, before: &str, key: &RecordKey) -> String {
        key.entry(&self.entry(), before)
    }

    /// The hash it had from before there were keys.
    pub fn hash_without_key(&self, before: &str) -> String {
        self.entry().sum(before)
    }
}

/// A deed as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct DeedRow {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub actor_kind: String,
    /// The official's account.
    pub actor_id: Option<String>,
    /// The authority.
    pub body_id: String,
    /// Code of the deed.
    pub deed: String,
    /// The deed as JSON.
    pub data: String,
    /// Its hash.
    pub hash: String,
    /// The page it is on; 0 if on none.
    pub page: i64,
}

impl DeedRow {
    fn done(&self) -> Done<'_> {
        let Self { id, at, actor_kind, actor_id, body_id, deed, data, .. } = self;
        Done { id, at: *at, actor_kind, actor_id: actor_id.as_deref(), body_id, deed, data }
    }

    /// The hash it must have.
    pub fn expected_hash(&self, key: &RecordKey) -> String {
        key.deed(&self.done())
    }

    /// The hash it had from before there were keys.
    pub fn hash_without_key(&self) -> String {
        self.done().sum()
    }
}

// ---- entries of cases ----

/// The hash of an entry; none where there is no such entry.
pub async fn hash_of(tx: &mut Tx, case_id: &str, seq: i64) -> Result<Option<String>> {
    let found: Option<(String,)> = tx.find("SELECT hash FROM history WHERE case_id = $1 AND seq = $2", (case_id.to_owned(), seq)).await?;
    Ok(found.map(|(hash,)| hash))
}

/// Adds an entry behind the one with hash `before`.
pub fn insert_entry(tx: &mut Tx, entry: &Entry<'_>, before: &str) -> Result<()> {
    let hash = tx.record_key().entry(entry, before);
    tx.later(
        "INSERT INTO history (case_id, seq, at, actor_kind, actor_id, event, data, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        (
            entry.case_id.to_owned(),
            entry.seq,
            entry.at,
            entry.actor_kind.to_owned(),
            entry.actor_id.map(str::to_owned),
            entry.event.to_owned(),
            entry.data.to_owned(),
            hash,
        ),
    )
}

/// Entries behind a place, in the order of cases and places.
pub async fn entries_after(tx: &mut Tx, after: &(String, i64), limit: i64) -> Result<Vec<EntryRow>> {
    tx.all(
        "SELECT case_id, seq, at, actor_kind, actor_id, event, data, hash, page
         FROM history
         WHERE (case_id, seq) > ($1, $2)
         ORDER BY case_id, seq
         LIMIT $3",
        (after.0.clone(), after.1, limit),
    )
    .await
}

/// Entries without a hash, in the order of cases and places: from before there were hashes, and so on no page.
pub async fn unhashed(tx: &mut Tx, limit: i64) -> Result<Vec<EntryRow>> {
    tx.all(
        "SELECT case_id, seq, at, actor_kind, actor_id, event, data, hash, page
         FROM history
         WHERE page = 0 AND hash = ''
         ORDER BY case_id, seq
         LIMIT $1",
        (limit,),
    )
    .await
}

/// Gives an entry its hash and its page.
pub fn set_hash(tx: &mut Tx, row: &EntryRow) -> Result<()> {
    tx.later("UPDATE history SET hash = $3, page = $4 WHERE case_id = $1 AND seq = $2", (row.case_id.clone(), row.seq, row.hash.clone(), row.page))
}

/// Cases whose record does not end where they say, by id, behind `after`.
pub async fn cases_off_their_record(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<(String, i64)>> {
    tx.all(
        "SELECT c.id, c.version
         FROM cases c
         WHERE c.id > $1 AND c.version <> (SELECT COALESCE(MAX(h.seq), 0) FROM history h WHERE h.case_id = c.id)
         ORDER BY c.id
         LIMIT $2",
        (after.to_owned(), limit),
    )
    .await
}

/// Cases of which only the record is left.
pub async fn records_without_case(tx: &mut Tx, limit: i64) -> Result<Vec<(String,)>> {
    tx.all("SELECT DISTINCT h.case_id FROM history h WHERE NOT EXISTS (SELECT 1 FROM cases c WHERE c.id = h.case_id) ORDER BY h.case_id LIMIT $1", (limit,))
        .await
}

// ---- deeds ----

/// Adds a deed, unless it has a mark that is there already.
pub async fn insert_deed(tx: &mut Tx, done: &Done<'_>, once: Option<String>) -> Result<()> {
    let hash = tx.record_key().deed(done);
    tx.exec(
        "INSERT INTO deeds (id, at, actor_kind, actor_id, body_id, deed, data, once, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (once) DO NOTHING",
        (
            done.id.to_owned(),
            done.at,
            done.actor_kind.to_owned(),
            done.actor_id.map(str::to_owned),
            done.body_id.to_owned(),
            done.deed.to_owned(),
            done.data.to_owned(),
            once,
            hash,
        ),
    )
    .await?;
    Ok(())
}

/// Deeds behind an id, in the order of ids.
pub async fn deeds_after(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<DeedRow>> {
    tx.all("SELECT id, at, actor_kind, actor_id, body_id, deed, data, hash, page FROM deeds WHERE id > $1 ORDER BY id LIMIT $2", (after.to_owned(), limit))
        .await
}

/// A deed with the names of whoever did it and whom it was done to, for a list.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct ListedDeed {
    /// Its id.
    pub id: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Who did it, as colleagues see them.
    pub actor_name: Option<String>,
    /// The deed as JSON.
    pub data: String,
}

/// Deeds that concern an authority, the latest first, before a place.
pub async fn deeds_of_body(tx: &mut Tx, body_id: &str, before: &(DateTime<Utc>, String), limit: i64) -> Result<Vec<ListedDeed>> {
    tx.all(
        "SELECT d.id, d.at, a.display_name AS actor_name, d.data
         FROM deeds d LEFT JOIN accounts a ON a.id = d.actor_id
         WHERE d.body_id = $1 AND (d.at, d.id) < ($2, $3)
         ORDER BY d.at DESC, d.id DESC
         LIMIT $4",
        (body_id.to_owned(), before.0, before.1.clone(), limit),
    )
    .await
}

// ---- pages ----

/// The last page.
pub async fn last_page(tx: &mut Tx) -> Result<Option<Page>> {
    tx.find("SELECT page, at, entries, root, link, seal FROM record_pages ORDER BY page DESC LIMIT 1", ()).await
}

/// The last page closed before an instant.
pub async fn last_page_before(tx: &mut Tx, before: DateTime<Utc>) -> Result<Option<Page>> {
    tx.find("SELECT page, at, entries, root, link, seal FROM record_pages WHERE at < $1 ORDER BY page DESC LIMIT 1", (before,)).await
}

/// Pages behind a number, in order.
pub async fn pages_after(tx: &mut Tx, page: i64, limit: i64) -> Result<Vec<Page>> {
    tx.all("SELECT page, at, entries, root, link, seal FROM record_pages WHERE page > $1 ORDER BY page LIMIT $2", (page, limit)).await
}

/// How many entries and deeds are on no page, counted up to `limit` each.
pub async fn loose(tx: &mut Tx, limit: i64) -> Result<i64> {
    let (n,): (i64,) = tx
        .one(
            "SELECT (SELECT COUNT(*) FROM (SELECT 1 AS one FROM history WHERE page = 0 AND hash <> '' LIMIT $1) AS h)
                  + (SELECT COUNT(*) FROM (SELECT 1 AS one FROM deeds WHERE page = 0 LIMIT $1) AS d)",
            (limit,),
        )
        .await?;
    Ok(n)
}

/// Takes the number of a page for whoever closes it now. False if another process was faster.
pub async fn claim_page(tx: &mut Tx, page: i64, at: DateTime<Utc>) -> Result<bool> {
    let sql = "INSERT INTO record_pages (page, at, entries, root, link, seal) VALUES ($1, $2, 0, '', '', '') ON CONFLICT (page) DO NOTHING";
    Ok(tx.exec(sql, (page, at)).await? == 1)
}

/// Writes what a page is.
pub async fn set_page(tx: &mut Tx, page: &Page) -> Result<()> {
    tx.exec(
        "UPDATE record_pages SET at = $2, entries = $3, root = $4, link = $5, seal = $6 WHERE page = $1",
        (page.page, page.at, page.entries, page.root.clone(), page.link.clone(), page.seal.clone()),
    )
    .await?;
    Ok(())
}

/// Puts up to `limit` loose entries and as many deeds on a page; gives the sum over them.
pub async fn fill_page(tx: &mut Tx, page: i64, limit: i64) -> Result<PageSum> {
    let mut hashes: Vec<(String, i64, String)> = tx
        .all(
            "UPDATE history SET page = $1
             WHERE (case_id, seq) IN (SELECT case_id, seq FROM history WHERE page = 0 AND hash <> '' ORDER BY case_id, seq LIMIT $2)
             RETURNING case_id, seq, hash",
            (page, limit),
        )
        .await?;
    hashes.sort();
    let mut deeds: Vec<(String, String)> =
        tx.all("UPDATE deeds SET page = $1 WHERE id IN (SELECT id FROM deeds WHERE page = 0 ORDER BY id LIMIT $2) RETURNING id, hash", (page, limit)).await?;
    deeds.sort();
    let mut sum = PageSum::new();
    hashes.iter().map(|(.., hash)| hash).chain(deeds.iter().map(|(_, hash)| hash)).for_each(|hash| sum.add(hash));
    Ok(sum)
}

/// A page's link.
pub async fn link_of(tx: &mut Tx, page: i64) -> Result<Option<String>> {
    let found: Option<(String,)> = tx.find("SELECT link FROM record_pages WHERE page = $1", (page,)).await?;
    Ok(found.map(|(link,)| link))
}

// ---- keys ----

/// Since when a key makes hashes.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct KeySince {
    /// Its name.
    pub key_name: String,
    /// The last page from before it.
    pub after_page: i64,
    /// Seal over both.
    pub seal: String,
}

/// Since when a key makes hashes, if it ever did.
pub async fn key_since(tx: &mut Tx, key_name: &str) -> Result<Option<KeySince>> {
    tx.find("SELECT key_name, after_page, seal FROM record_keys WHERE key_name = $1", (key_name.to_owned(),)).await
}

/// Writes down since when a key makes hashes, unless it is there.
pub async fn insert_key_since(tx: &mut Tx, since: &KeySince) -> Result<()> {
    tx.exec(
        "INSERT INTO record_keys (key_name, after_page, seal) VALUES ($1, $2, $3) ON CONFLICT (key_name) DO NOTHING",
        (since.key_name.clone(), since.after_page, since.seal.clone()),
    )
    .await?;
    Ok(())
}

// ---- anchors ----

/// The link of the last page of a day.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Anchor {
    /// The day.
    pub day: NaiveDate,
    /// The page.
    pub page: i64,
    /// Its link.
    pub link: String,
    /// The seal over the link.
    pub seal: String,
}

/// The last day that has an anchor.
pub async fn last_anchor(tx: &mut Tx) -> Result<Option<Anchor>> {
    tx.find("SELECT day, page, link, seal FROM record_anchors ORDER BY day DESC LIMIT 1", ()).await
}

/// Anchors, the latest first.
pub async fn anchors(tx: &mut Tx, limit: i64) -> Result<Vec<Anchor>> {
    tx.all("SELECT day, page, link, seal FROM record_anchors ORDER BY day DESC LIMIT $1", (limit,)).await
}

/// Keeps the anchor of a day, unless there is one.
pub async fn insert_anchor(tx: &mut Tx, anchor: &Anchor) -> Result<()> {
    tx.exec(
        "INSERT INTO record_anchors (day, page, link, seal) VALUES ($1, $2, $3, $4) ON CONFLICT (day) DO NOTHING",
        (anchor.day, anchor.page, anchor.link.clone(), anchor.seal.clone()),
    )
    .await?;
    Ok(())
}
