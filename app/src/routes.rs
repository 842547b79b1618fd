//! The list of routes a folder brings: the router itself and, beside it, the printed table that tests walk.

use crate::portal::Portal;
use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::routing::{get, post};

/// Whom a route is for. The walk over all routes checks the answer every kind of visitor gets against this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Anybody; the page is the same for all and comes from memory.
    Public,
    /// Anybody; about the person's own draft, sign-in or code.
    Anybody,
    /// Whoever has shown a case's code.
    CodeHolder,
    /// Officials.
    Officials,
    /// Administrators.
    Administrators,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// GET or POST.
    pub method: Method,
    /// The path, with `{name}` for its parts.
    pub path: &'static str,
    /// Whom it is for.
    pub audience: Audience,
}

/// A router that remembers its rows.
#[derive(Default)]
pub struct Routes {
    /// Pages that are the same for everybody.
    pub public: Router<Portal>,
    /// All others.
    pub private: Router<Portal>,
    /// Every row.
    pub table: Vec<Route>,
}

impl Routes {
    /// No route yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A page that is the same for everybody.
    #[must_use]
    pub fn page<T: 'static>(mut self, path: &'static str, handler: impl Handler<T, Portal>) -> Self {
        self.public = self.public.route(path, get(handler));
        self.table.push(Route { method: Method::GET, path, audience: Audience::Public });
        self
    }

    /// A page for some.
    #[must_use]
    pub fn get<T: 'static>(mut self, path: &'static str, audience: Audience, handler: impl Handler<T, Portal>) -> Self {
        self.private = self.private.route(path, get(handler));
        self.table.push(Route { method: Method::GET, path, audience });
        self
    }

    /// A form's target.
    #[must_use]
    pub fn post<T: 'static>(mut self, path: &'static str, audience: Audience, handler: impl Handler<T, Portal>) -> Self {
        self.private = self.private.route(path, post(handler));
        self.table.push(Route { method: Method::POST, path, audience });
        self
    }

    /// The routes of another folder.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.public = self.public.merge(other.public);
        self.private = self.private.merge(other.private);
        self.table.extend(other.table);
        self
    }
}

/// Every route of the portal.
pub fn all() -> Routes {
    Routes::new()
        .merge(crate::publishing::routes())
        .merge(crate::deadlines::routes())
        .merge(crate::periods::routes())
        .merge(crate::filing::routes())
        .merge(crate::following::routes())
        .merge(crate::accounts::routes())
        .merge(crate::citizens::routes())
        .merge(crate::desk::routes())
        .merge(crate::letters::routes())
        .merge(crate::routing::routes())
        .merge(crate::relations::routes())
        .merge(crate::redaction::routes())
        .merge(crate::dialogues::routes())
        .merge(crate::commitments::routes())
        .merge(crate::receptions::routes())
        .merge(crate::record::routes())
        .merge(crate::sealed::routes())
        .merge(crate::limits::routes())
        .merge(crate::retention::routes())
}
