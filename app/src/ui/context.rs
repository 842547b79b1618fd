//! What a page knows about the request it answers.

use crate::accounts::second::Proof;
use crate::actor::Actor;
use crate::agencies::Directory;
use crate::limits::network::Origin;
use crate::portal::Portal;
use crate::words::Lang;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, NaiveDate, Utc};
use std::convert::Infallible;
use std::sync::Arc;

/// The id of one request, shown on error pages and in logs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperationId(pub String);

/// The network a request came from: the peer's address, or what a trusted proxy says of it; of IPv6 the /64.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ClientAddress(pub String);

/// Language, address, time and person of one request.
#[derive(Clone, Debug)]
pub struct PageContext {
    /// The running portal.
    pub portal: Portal,
    /// The language of the page.
    pub lang: Lang,
    /// Path without the language prefix.
    pub path: String,
    /// Query string, without the question mark; empty if none.
    pub query: String,
    /// The network address, for limits on guessing; never logged.
    pub address: ClientAddress,
    /// The same, as limits need it.
    pub origin: Origin,
    /// Who asks. Middleware has looked it up; a [`Actor::Visitor`] where nobody is known.
    pub actor: Actor,
    /// How lately, and by what, an official has proven who they are.
    pub proof: Proof,
    /// Now, the same throughout the request.
    pub now: DateTime<Utc>,
    /// Today in Viet Nam.
    pub today: NaiveDate,
    /// Agencies, areas, working days.
    pub directory: Arc<Directory>,
}

impl PageContext {
    /// A page's address in the language of this request.
    pub fn href(&self, path: &str) -> String {
        self.lang.href(path)
    }

    /// This page's address in the other language.
    pub fn other_language_href(&self) -> String {
        let path = if self.query.is_empty() { self.path.clone() } else { format!("{}?{}", self.path, self.query) };
        self.lang.other().href(&path)
    }
}

impl FromRequestParts<Portal> for PageContext {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, portal: &Portal) -> Result<Self, Infallible> {
        let now = portal.now();
        Ok(Self {
            portal: portal.clone(),
            lang: parts.extensions.get::<Lang>().copied().unwrap_or_default(),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or_default().to_owned(),
            address: parts.extensions.get::<ClientAddress>().cloned().unwrap_or_default(),
            origin: parts.extensions.get::<Origin>().copied().unwrap_or_default(),
            actor: parts.extensions.get::<Actor>().cloned().unwrap_or_default(),
            proof: parts.extensions.get::<Proof>().cloned().unwrap_or_default(),
            now,
            today: crate::clock::day(now),
            directory: portal.directory(),
        })
    }
}
