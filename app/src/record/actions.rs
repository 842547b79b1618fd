//! Writing a deed into the record.

use super::deeds::Deed;
use super::rules::Done;
use super::store;
use crate::actor::Actor;
use crate::db::Tx;
use crate::error::Result;
use crate::id::secret_hash;
use crate::portal::Portal;

/// Writes a deed of `actor` that concerns an authority, in the transaction of what is done: both last or neither.
///
/// # Errors
/// A database that fails.
pub async fn write(tx: &mut Tx, portal: &Portal, actor: &Actor, body_id: &str, deed: &Deed) -> Result<()> {
    let (id, at, actor_id, data) = (portal.new_id(), portal.now(), actor.account_id(), serde_json::to_string(deed)?);
    let once = deed.once_a_day().map(|what| {
        let day = crate::clock::day(at).to_string();
        secret_hash("once a day", &[deed.code(), what, actor_id.as_deref().unwrap_or_default(), &day].join("\u{0}"))
    });
    let done = Done { id: &id, at, actor_kind: actor.kind(), actor_id: actor_id.as_deref(), body_id, deed: deed.code(), data: &data };
    store::insert_deed(tx, &done, once).await
}

/// Writes a deed that happens while something is only looked at, in a transaction of its own.
///
/// # Errors
/// A database that fails: what nobody would know of is not shown.
pub async fn write_alone(portal: &Portal, actor: &Actor, body_id: &str, deed: &Deed) -> Result<()> {
    let mut tx = portal.db().write().await?;
    write(&mut tx, portal, actor, body_id, deed).await?;
    tx.commit().await
}
