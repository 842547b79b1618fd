//! Fresh proof of who is at the desk, for what is dangerous: asked again in the same form, whoever has been signed in for how long.
//!
//! Today the proof is the password, with the limits on guessing. Whoever puts another in its place (a code of an app, a passkey) changes this
//! file only: what is read of the form ([`Typed`]), how it is checked ([`prove`]), what is asked for ([`field`]).

use super::actions::Limit;
use super::rules::SIGN_IN_FAILURES_MAX;
use super::{password, store};
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::ui::fields::FieldLook;
use crate::ui::{PageContext, text_field};
use leptos::prelude::*;

/// The field of the form. Its name keeps it out of what is carried through a sign-in.
pub const FIELD: &str = "fresh_password";
/// Key of what is said of a wrong proof.
pub const WRONG: &str = "sealed.fresh.wrong";

/// What was typed, taken before the form is cleaned: a password is compared sign by sign.
pub struct Typed(String);

impl std::fmt::Debug for Typed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Typed([redacted])")
    }
}

impl Typed {
    /// Of the pairs of a form.
    pub fn of(pairs: &[(String, String)]) -> Self {
        Self(pairs.iter().find(|(name, _)| name == FIELD).map(|(_, value)| password::normal(value)).unwrap_or_default())
    }
}

/// The form without the proof: no page gives it back.
pub fn forget(form: &mut FormState) {
    form.forget(FIELD);
}

/// Whether whoever is signed in has just proven to be who they are.
///
/// # Errors
/// [`AppError::TooMany`] after too many wrong ones.
pub async fn prove(context: &PageContext, typed: &Typed) -> Result<bool> {
    let account_id = context.actor.account_id().ok_or(AppError::SignInNeeded)?;
    let limit = Limit::new("fresh_proof", &[&account_id], SIGN_IN_FAILURES_MAX);
    limit.check(&context.portal).await?;
    let stored = store::password_hash(&mut context.portal.db().look().await?, &account_id).await?;
    if password::fits(typed.0.clone(), stored).await? {
        limit.succeeded(&context.portal).await?;
        return Ok(true);
    }
    limit.failed(&context.portal).await?;
    Ok(false)
}

/// The field that asks for it.
pub fn field(context: &PageContext, form: &FormState) -> AnyView {
    let look =
        FieldLook { label: "sealed.fresh.label", hint: Some("sealed.fresh.hint"), kind: "password", autocomplete: "current-password", ..FieldLook::default() };
    text_field(context.lang, form, FIELD, look)
}
