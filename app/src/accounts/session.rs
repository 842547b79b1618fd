//! Sessions of `tower-sessions` in our own table: the id is stored hashed, the data as JSON.

use super::store;
use crate::clock::Clock;
use crate::db::Db;
use crate::error::AppError;
use crate::id::{Random, secret_hash};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{self, Error, SessionStore};

/// Key of the signed-in account.
pub const ACCOUNT: &str = "account_id";
/// Key of the case a citizen follows.
pub const CASE: &str = "case_id";
/// Key of the sentence the next page shows once.
pub const FLASH: &str = "flash";

/// The store over the façade.
#[derive(Clone, Debug)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    random: Random,
}

impl Sessions {
    /// A store in this database.
    pub fn new(db: Db, clock: Clock, random: Random) -> Self {
        Self { db, clock, random }
    }

    async fn put(&self, record: &Record) -> Result<(), AppError> {
        let expires_at =
            DateTime::<Utc>::from_timestamp(record.expiry_date.unix_timestamp(), 0).ok_or_else(|| AppError::internal("session expiry out of range"))?;
        let mut tx = self.db.write().await?;
        store::put_session(&mut tx, &hash(&record.id), &serde_json::to_string(&record.data)?, expires_at).await?;
        tx.commit().await
    }

    async fn get(&self, id: &Id) -> Result<Option<Record>, AppError> {
        let mut tx = self.db.read().await?;
        let Some((data, expires_at)) = store::session_data(&mut tx, &hash(id), self.clock.now()).await? else { return Ok(None) };
        let data: HashMap<String, serde_json::Value> = serde_json::from_str(&data)?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(expires_at.timestamp()).map_err(AppError::internal)?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn remove(&self, id: &Id) -> Result<(), AppError> {
        let mut tx = self.db.write().await?;
        store::delete_session(&mut tx, &hash(id)).await?;
        tx.commit().await
    }
}

fn hash(id: &Id) -> String {
    secret_hash("session", &id.to_string())
}

fn backend(error: AppError) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        record.id = Id(i128::from_le_bytes(self.random.bytes::<16>()));
        self.put(record).await.map_err(backend)
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.put(record).await.map_err(backend)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        self.get(id).await.map_err(backend)
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.remove(id).await.map_err(backend)
    }
}
