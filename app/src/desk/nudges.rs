//! `POST …/da-doc`: whoever was named in a note or reminded has read it.

use super::place::Place;
use super::queue::home_scope;
use crate::error::{AppError, Result};
use crate::permissions::{Action, check};
use crate::petitions::actions::{self, Act};
use crate::petitions::marks::read_nudges;
use crate::ui::{PageContext, see_other};
use axum::extract::{Path, Query};
use axum::response::Response;
use std::collections::HashMap;

/// Takes a case out of somebody's list of what was put before them.
pub async fn read(context: PageContext, Path(case_id): Path<String>, Query(query): Query<HashMap<String, String>>) -> Result<Response> {
    check(&context.actor, Action::UseDesk)?;
    let official = context.actor.official().ok_or(AppError::SignInNeeded)?;
    let place = Place::of(&query, home_scope(official), &context.portal);
    let mut tx = context.portal.db().write().await?;
    let case = actions::seen(&mut tx, &context.actor, &case_id).await?;
    read_nudges(&mut Act { tx: &mut tx, portal: &context.portal, actor: &context.actor }, &case).await?;
    tx.commit().await?;
    Ok(see_other(&context.href(&format!("/can-bo/don/{case_id}{}", place.query()))))
}
