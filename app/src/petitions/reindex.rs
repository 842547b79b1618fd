//! Fills a word index anew from the texts, after an upgrade that has changed its shape.

use super::register;
use super::store::register as released;
use super::{actions, store};
use crate::db::Db;
use crate::error::Result;
use crate::search::store::{Index, empty, insert_many, is_built, set_built};

/// Rows put in between two looks for more.
const BATCH_ROWS: i64 = 500;

/// Fills the indexes that are not whole. Gives the number of rows put in. Cut off in the middle it begins anew the next time.
pub async fn fill(db: &Db) -> Result<u64> {
    let mut filled = 0;
    for index in [Index::Public, Index::Desk] {
        let is_whole = is_built(&mut db.read().await?, index).await?;
        if !is_whole {
            filled += fill_one(db, index).await?;
        }
    }
    Ok(filled)
}

async fn fill_one(db: &Db, index: Index) -> Result<u64> {
    let mut tx = db.write().await?;
    empty(&mut tx, index).await?;
    let (mut after, mut filled) = (i64::MIN, 0);
    loop {
        let rows: Vec<_> = match index {
            Index::Public => {
                let rows = released::after(&mut tx, after, BATCH_ROWS).await?;
                rows.iter().map(|row| (row.number, register::document(row))).collect()
            }
            Index::Desk => {
                let rows = store::texts_after(&mut tx, after, BATCH_ROWS).await?;
                rows.iter().map(|row| (row.search_key, actions::desk_document(&row.body_id, &row.text))).collect()
            }
        };
        let Some((last, _)) = rows.last() else { break };
        after = *last;
        filled += u64::try_from(rows.len()).unwrap_or(0);
        insert_many(&mut tx, index, rows).await?;
    }
    set_built(&mut tx, index).await?;
    tx.commit().await?;
    Ok(filled)
}
