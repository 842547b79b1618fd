//! SQL of where an authority receives.

use crate::db::Tx;
use crate::error::Result;

/// Where an authority receives every working day, and what its schedules begin with.
#[derive(Clone, Debug, Default, PartialEq, Eq, sqlx::FromRow)]
pub struct Office {
    /// The place in words.
    pub place: String,
    /// Regular hours in words.
    pub hours: String,
    /// Phone of the reception.
    pub phone: String,
    /// The head by post.
    pub head_post: String,
    /// A deputy by post.
    pub deputy_post: String,
}

/// That of an authority; empty if it named none.
pub async fn of_body(tx: &mut Tx, body_id: &str) -> Result<Office> {
    let office = tx.find("SELECT place, hours, phone, head_post, deputy_post FROM reception_offices WHERE body_id = $1", (body_id.to_owned(),)).await?;
    Ok(office.unwrap_or_default())
}

/// Writes it.
pub async fn put(tx: &mut Tx, body_id: &str, office: &Office) -> Result<()> {
    let Office { place, hours, phone, head_post, deputy_post } = office.clone();
    tx.exec(
        "INSERT INTO reception_offices (body_id, place, hours, phone, head_post, deputy_post) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (body_id) DO UPDATE
         SET place = excluded.place, hours = excluded.hours, phone = excluded.phone, head_post = excluded.head_post, deputy_post = excluded.deputy_post",
        (body_id.to_owned(), place, hours, phone, head_post, deputy_post),
    )
    .await?;
    Ok(())
}
