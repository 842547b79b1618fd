//! Passkeys (WebAuthn): the ceremonies of adding one and of answering with one.
//!
//! A passkey belongs to one address: that of `--public-url`, which must be a name under https (or `localhost`, for trying things out).
//! Each ceremony begins with a challenge that is kept in the session, on the server, and is good for one answer. The device must verify the
//! person (finger, face, PIN), so that a passkey alone is two factors: something they have and something they are or know.

use super::rules::CEREMONY_MINUTES;
use super::store::{self, PasskeyRow};
use crate::db::Tx;
use crate::error::{AppError, Result};
use crate::id::secret_hash;
use crate::portal::Settings;
use chrono::{DateTime, Duration, Utc};
use data_encoding::BASE64URL_NOPAD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tower_sessions::Session;
use url::{Host, Url};
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};

/// Key of the ceremony a session is in the middle of.
const CEREMONY: &str = "ceremony";
/// The portal's name, as devices show it.
const NAME: &str = "Nghe Dân";

/// What was begun and waits for the device's answer.
#[derive(Serialize, Deserialize)]
enum Ceremony {
    /// Adding a passkey.
    Add(PasskeyRegistration),
    /// Answering with one of somebody's passkeys.
    Answer(PasskeyAuthentication),
    /// Answering with any passkey of this portal: it says whose it is.
    Enter(DiscoverableAuthentication),
}

#[derive(Serialize, Deserialize)]
struct Kept {
    until: i64,
    ceremony: Ceremony,
}

/// The portal as devices know it; none where its public address is no name under https.
pub fn party(settings: &Settings) -> Option<Webauthn> {
    let origin = Url::parse(&settings.public_url).ok()?;
    let Some(Host::Domain(name)) = origin.host() else { return None };
    let is_here = name == "localhost";
    if origin.scheme() != "https" && !is_here {
        return None;
    }
    // On the developer's own machine the port is whatever was free.
    WebauthnBuilder::new(name, &origin).ok()?.rp_name(NAME).allow_any_port(is_here).build().ok()
}

/// What identifies an account to devices. Theirs to keep, so it says nothing.
fn handle(account_id: &str) -> Result<Uuid> {
    let hash = secret_hash("passkey handle", account_id);
    u128::from_str_radix(&hash[..32], 16).map(Uuid::from_u128).map_err(AppError::internal)
}

fn passkey_of(row: &PasskeyRow) -> Result<Passkey> {
    Ok(serde_json::from_str(&row.data)?)
}

async fn keep(session: &Session, ceremony: Ceremony, now: DateTime<Utc>) -> Result<()> {
    let until = (now + Duration::minutes(CEREMONY_MINUTES)).timestamp();
    session.insert(CEREMONY, Kept { until, ceremony }).await.map_err(AppError::internal)
}

/// The ceremony that was begun, once.
async fn take(session: &Session, now: DateTime<Utc>) -> Result<Option<Ceremony>> {
    let kept: Option<Kept> = session.remove(CEREMONY).await.map_err(AppError::internal)?;
    Ok(kept.filter(|kept| now.timestamp() < kept.until).map(|kept| kept.ceremony))
}

/// Begins to add a passkey; gives what the browser is to ask the device.
pub(super) async fn begin_add(
    web: &Webauthn,
    session: &Session,
    owner: &crate::accounts::store::Account,
    known: &[PasskeyRow],
    now: DateTime<Utc>,
) -> Result<Value> {
    let known = known.iter().map(|row| Ok(passkey_of(row)?.cred_id().clone())).collect::<Result<Vec<_>>>()?;
    let started = web.start_passkey_registration(handle(&owner.id)?, &owner.login, &owner.display_name, Some(known));
    let (challenge, state) = started.map_err(AppError::internal)?;
    keep(session, Ceremony::Add(state), now).await?;
    let mut asked = serde_json::to_value(challenge)?;
    // One that the device can find by itself signs in without a name; a device that cannot keep such a one makes the other kind.
    asked["publicKey"]["authenticatorSelection"]["residentKey"] = Value::from("preferred");
    Ok(asked)
}

/// Ends adding a passkey: the row to store. None for an answer that is none.
pub(super) async fn end_add(web: &Webauthn, session: &Session, account_id: &str, name: String, answer: &str, now: DateTime<Utc>) -> Result<Option<PasskeyRow>> {
    let Some(Ceremony::Add(state)) = take(session, now).await? else { return Ok(None) };
    let Ok(answer) = serde_json::from_str::<RegisterPublicKeyCredential>(answer) else { return Ok(None) };
    let passkey = match web.finish_passkey_registration(&answer, &state) {
        Ok(passkey) => passkey,
        Err(error) => {
            tracing::info!(%error, "a passkey was not added");
            return Ok(None);
        }
    };
    let id = BASE64URL_NOPAD.encode(passkey.cred_id().as_ref());
    Ok(Some(PasskeyRow { id, account_id: account_id.to_owned(), name, data: serde_json::to_string(&passkey)?, made_at: now, used_at: None }))
}

/// Asks for one of somebody's passkeys; none where they have none.
pub(super) async fn begin_answer(web: &Webauthn, session: &Session, known: &[PasskeyRow], now: DateTime<Utc>) -> Result<Option<Value>> {
    if known.is_empty() {
        return Ok(None);
    }
    let known = known.iter().map(passkey_of).collect::<Result<Vec<_>>>()?;
    let (challenge, state) = web.start_passkey_authentication(&known).map_err(AppError::internal)?;
    keep(session, Ceremony::Answer(state), now).await?;
    Ok(Some(serde_json::to_value(challenge)?))
}

/// Asks for any passkey of this portal.
pub(super) async fn begin_enter(web: &Webauthn, session: &Session, now: DateTime<Utc>) -> Result<Value> {
    let (challenge, state) = web.start_discoverable_authentication().map_err(AppError::internal)?;
    keep(session, Ceremony::Enter(state), now).await?;
    Ok(serde_json::to_value(challenge)?)
}

/// Whose passkey answered what was begun in this session, if the answer is a good one. It is written down as used.
pub(super) async fn end_answer(web: &Webauthn, session: &Session, tx: &mut Tx, answer: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    let Some(ceremony) = take(session, now).await? else { return Ok(None) };
    let Ok(answer) = serde_json::from_str::<PublicKeyCredential>(answer) else { return Ok(None) };
    let Some(row) = store::passkey(tx, &BASE64URL_NOPAD.encode(answer.get_credential_id())).await? else { return Ok(None) };
    let mut passkey = passkey_of(&row)?;
    let checked = match ceremony {
        Ceremony::Add(_) => return Ok(None),
        Ceremony::Answer(state) => web.finish_passkey_authentication(&answer, &state),
        Ceremony::Enter(state) => match web.identify_discoverable_authentication(&answer) {
            Ok((owner, _)) if owner == handle(&row.account_id)? => web.finish_discoverable_authentication_v2(&answer, state, &passkey),
            _ => return Ok(None),
        },
    };
    let result = match checked {
        Ok(result) if result.user_verified() => result,
        Ok(_) => return Ok(None),
        Err(error) => {
            tracing::info!(%error, "a passkey was refused");
            return Ok(None);
        }
    };
    used(tx, &row, &mut passkey, &result, now).await
}

async fn used(tx: &mut Tx, row: &PasskeyRow, passkey: &mut Passkey, result: &AuthenticationResult, now: DateTime<Utc>) -> Result<Option<String>> {
    passkey.update_credential(result);
    let is_first = store::use_passkey(tx, row, &serde_json::to_string(passkey)?, now).await?;
    Ok(is_first.then(|| row.account_id.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::second::rules::Policy;

    fn at(public_url: &str) -> Option<Webauthn> {
        party(&Settings {
            public_url: public_url.into(),
            province_code: String::new(),
            secure_cookies: false,
            is_demo: false,
            identity: Default::default(),
            second_factor: Policy::Offered,
        })
    }

    #[test]
    fn a_passkey_needs_a_name_under_https() {
        assert!(at("https://nghedan.thainguyen.gov.vn").is_some());
        assert!(at("http://localhost:8080").is_some(), "for trying things out");
        for without in ["http://nghedan.thainguyen.gov.vn", "http://127.0.0.1:8080", "https://203.0.113.7", "", "nghedan"] {
            assert!(at(without).is_none(), "{without}");
        }
    }

    #[test]
    fn a_handle_is_the_accounts_own_and_says_nothing() {
        let (one, other) = (handle("account-an").expect("a handle"), handle("account-ha").expect("a handle"));
        assert!(one != other && one == handle("account-an").expect("a handle"));
    }
}
