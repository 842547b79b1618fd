//! Whether somebody has proven lately that they are who signed in. See the top of [`super`] for how to ask for it.

use super::actions::{self, Verdict};
use super::rules::{self, Grace};
use super::store;
use crate::accounts::actions::Limit;
use crate::accounts::rules::SIGN_IN_FAILURES_MAX;
use crate::accounts::{password, session, store as accounts};
use crate::actor::Official;
use crate::error::{AppError, Result};
use crate::form::FormState;
use crate::portal::Portal;
use crate::ui::fields::FieldLook;
use crate::ui::{Icon, PageContext, icon, text_field};
use chrono::NaiveDate;
use leptos::prelude::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tower_sessions::Session;

/// Name of the field a proof is typed into. It never comes back onto a page.
pub const FIELD: &str = "proof";
/// The pages that add a second factor: all that opens for whoever must have one and has none after the days of grace.
const ADDING: &str = "/can-bo/bao-mat";

/// What a request knows about its session's proof.
#[derive(Clone, Debug, Default)]
pub struct Proof {
    session: Option<Session>,
    is_fresh: Arc<AtomicBool>,
    /// Whether a second factor stood behind the sign-in.
    is_by_second: bool,
    /// Whether there is a passkey to ask for.
    has_passkey: bool,
    /// Whether somebody came in with a first password and has to choose their own now.
    pub is_first_password: bool,
    /// The last day on which somebody who must have a second factor may work without.
    pub add_until: Option<NaiveDate>,
}

impl Proof {
    /// Whether a second factor stands behind this session.
    pub fn is_by_second(&self) -> bool {
        self.is_by_second
    }

    /// Whether a page of this request may ask for a passkey: then it loads the script that does.
    pub fn may_ask_for_passkey(&self) -> bool {
        self.has_passkey && !self.is_fresh.load(Ordering::Relaxed)
    }
}

/// What the session of an official says, for the middleware.
///
/// # Errors
/// [`AppError::PasswordNeeded`] where somebody must choose a password of their own before anything else; [`AppError::FactorNeeded`] where somebody must add a second factor before anything else, and `path` is no page that does.
pub async fn standing(portal: &Portal, session: &Session, official: &Official, path: &str) -> Result<Proof> {
    let now = portal.now();
    let is_by_second = session::is_by_second(session).await?;
    let is_fresh = Arc::new(AtomicBool::new(rules::is_fresh(session::proven_at(session).await?, now)));
    let mut proof = Proof {
        session: Some(session.clone()),
        is_fresh,
        is_by_second,
        has_passkey: session::has_passkey(session).await?,
        is_first_password: false,
        add_until: None,
    };
    if session::has_first_password(session, &official.account_id).await? {
        proof.is_first_password = true;
        return if is_choosing(path) { Ok(proof) } else { Err(AppError::PasswordNeeded) };
    }
    if is_by_second || portal.settings().second_factor == rules::Policy::Offered {
        return Ok(proof);
    }
    match actions::grace(portal, official, crate::clock::day(now)).await? {
        Some(Grace::Over) if !is_adding(path) => return Err(AppError::FactorNeeded),
        Some(Grace::Until(day)) => proof.add_until = Some(day),
        _ => {}
    }
    Ok(proof)
}

/// All that opens for whoever came in with a first password.
fn is_choosing(path: &str) -> bool {
    path == "/can-bo/mat-khau" || path == "/dang-xuat"
}

fn is_adding(path: &str) -> bool {
    path == "/dang-xuat" || path == ADDING || path.strip_prefix(ADDING).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether the last proof of this session is fresh enough for a dangerous step.
pub fn fresh_proof(context: &PageContext) -> bool {
    context.proof.is_fresh.load(Ordering::Relaxed)
}

/// The field of a form that leads to a dangerous step; nothing while the last proof is fresh. `twin` tells several forms of one page apart:
/// 0 for the one that was filled in, or the only one.
pub fn proof_field(context: &PageContext, form: &FormState, twin: usize) -> AnyView {
    if fresh_proof(context) || context.actor.official().is_none() { ().into_any() } else { field_now(context, form, twin) }
}

/// The field of a form that needs a proof each time, however fresh the last one is: opening what is sealed. Its page loads the script for
/// passkeys ([`crate::ui::Page::passkeys`]).
pub fn field_now(context: &PageContext, form: &FormState, twin: usize) -> AnyView {
    let lang = context.lang;
    let look = if context.proof.is_by_second {
        FieldLook {
            label: "signin.proof.code",
            hint: Some("signin.proof.code_hint"),
            autocomplete: "one-time-code",
            class: "field-s",
            twin,
            ..FieldLook::default()
        }
    } else {
        FieldLook {
            label: "signin.proof.password",
            hint: Some("signin.proof.password_hint"),
            kind: "password",
            autocomplete: "current-password",
            twin,
            ..FieldLook::default()
        }
    };
    let passkey = context.proof.has_passkey.then(|| passkey_button(context, "/can-bo/bao-mat/thach-thuc", "get", FIELD));
    view! {
        <div class="proof stack-s">
            {text_field(lang, form, FIELD, look)}
            {passkey}
        </div>
    }
    .into_any()
}

/// A button that asks the device for a passkey and puts its answer into a field of its form. Hidden until the script finds that it can.
pub(super) fn passkey_button(context: &PageContext, from: &str, way: &'static str, field: &'static str) -> AnyView {
    let lang = context.lang;
    let words = if way == "create" { lang.t("signin.passkey.add") } else { lang.t("signin.passkey.use") };
    view! {
        <div class="stack-s" data-passkey=way data-from=lang.href(from) data-field=field hidden>
            <button type="button" class="btn">{icon(Icon::Lock)}{words}</button>
            <p class="err" role="alert" data-refused hidden>{lang.t("signin.passkey.refused")}</p>
            <p class="small" role="status" data-answered hidden>{lang.t("signin.passkey.answered")}</p>
        </div>
    }
    .into_any()
}

/// For the form of a dangerous step: true if the last proof is fresh, or if the form brought one, which is then remembered. False: the form
/// says what is wrong, at its field, and the page is to be shown again with all that was typed.
///
/// # Errors
/// A database that fails. Too many wrong proofs are told in the form, so that nothing typed is lost.
pub async fn demand_fresh(context: &PageContext, form: &mut FormState) -> Result<bool> {
    if fresh_proof(context) {
        form.forget(FIELD);
        return Ok(true);
    }
    demand_now(context, form).await
}

/// The same where a proof is needed each time.
///
/// # Errors
/// As [`demand_fresh`].
pub async fn demand_now(context: &PageContext, form: &mut FormState) -> Result<bool> {
    let typed = form.values().get(FIELD).cloned().unwrap_or_default();
    form.forget(FIELD);
    let (Some(account_id), Some(session)) = (context.actor.account_id(), &context.proof.session) else { return Err(AppError::SignInNeeded) };
    if typed.trim().is_empty() {
        form.wrong(FIELD, "signin.proof.missing");
        return Ok(false);
    }
    match prove(context, session, &account_id, &typed).await {
        Ok(None) => {
            context.proof.is_fresh.store(true, Ordering::Relaxed);
            Ok(true)
        }
        Ok(Some(objection)) => {
            form.wrong(FIELD, objection);
            Ok(false)
        }
        Err(AppError::TooMany { retry_after_seconds }) => {
            form.wrong_with(FIELD, "signin.proof.too_many", vec![("n", retry_after_seconds.div_ceil(60).to_string())]);
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Checks a proof and remembers it in the session; what is wrong with it as a key of the catalogues.
async fn prove(context: &PageContext, session: &Session, account_id: &str, typed: &str) -> Result<Option<&'static str>> {
    let portal = &context.portal;
    let mut tx = portal.db().read().await?;
    let has_factor = store::factors(&mut tx, account_id).await?.is_any();
    let stored = accounts::password_hash(&mut tx, account_id).await?;
    drop(tx);
    if has_factor {
        let verdict = actions::verify(portal, session, account_id, typed).await?;
        if verdict == Verdict::Wrong {
            return Ok(Some("signin.code.wrong"));
        }
        session::prove_second(session, context.now).await?;
        return Ok(None);
    }
    let limit = Limit::new("old_password", &[account_id], SIGN_IN_FAILURES_MAX);
    limit.check(portal).await?;
    if !password::fits(password::normal(typed), stored).await? {
        limit.failed(portal).await?;
        return Ok(Some("signin.proof.password_wrong"));
    }
    limit.succeeded(portal).await?;
    session::prove(session, context.now).await?;
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::is_adding;

    #[test]
    fn after_the_days_of_grace_only_adding_and_leaving_are_open() {
        for open in ["/can-bo/bao-mat", "/can-bo/bao-mat/ung-dung", "/dang-xuat"] {
            assert!(is_adding(open), "{open}");
        }
        for shut in ["/can-bo", "/can-bo/bao-mat-gia", "/can-bo/don/1", "/can-bo/mat-khau", "/can-bo/phien"] {
            assert!(!is_adding(shut), "{shut}");
        }
    }
}
