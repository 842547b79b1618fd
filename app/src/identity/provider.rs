//! One provider: what it says of itself, remembered for a while; the address to send people to; the token for a code, checked.

use super::rules::{self, CLOCK_SKEW, FLOW_LASTS, LEVEL_CHARS_MAX, METADATA_LASTS, Proven, SUBJECT_CHARS_MAX, TROUBLE_LASTS, Trouble};
use crate::error::{AppError, Result};
use crate::filing::rules::{EMAIL_CHARS_MAX, NAME_CHARS_MAX, email, id_number};
use crate::outgoing::{Outgoing, OutgoingError};
use chrono::{DateTime, Utc};
use futures::future::BoxFuture;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClientAuthMethod, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm, CoreProviderMetadata, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse, CoreTokenIntrospectionResponse,
    CoreTokenType,
};
use openidconnect::{
    AccessTokenHash, AdditionalClaims, AsyncHttpClient, AuthType, AuthenticationContextClass, AuthenticationFlow, AuthorizationCode, ClaimsVerificationError,
    Client, ClientId, ClientSecret, CsrfToken, EmptyExtraTokenFields, EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdTokenClaims,
    IdTokenFields, IdTokenVerifier, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope, SignatureVerificationError,
    StandardErrorResponse, StandardTokenResponse, TokenResponse, UserInfoClaims,
};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;

/// Signatures that are believed: keys of the provider's own. None at all and those made with our own secret are not among them.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Claims beside the standard's: whatever else the provider tells.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct More {
    #[serde(flatten)]
    all: HashMap<String, serde_json::Value>,
}

impl AdditionalClaims for More {}

type Claims = IdTokenClaims<More, CoreGenderClaim>;
type Tokens = StandardTokenResponse<
    IdTokenFields<More, EmptyExtraTokenFields, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>,
    CoreTokenType,
>;
type OidcClient = Client<
    More,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// How a provider is known to the portal, and the portal to it.
#[derive(Clone, Default)]
pub struct ProviderSettings {
    /// Its address; `/.well-known/openid-configuration` below it says the rest.
    pub issuer: String,
    /// What the portal is called there.
    pub client_id: String,
    /// The portal's secret there; none for a client without one.
    pub client_secret: Option<String>,
    /// What is asked for besides `openid`.
    pub scopes: Vec<String>,
    /// The claim that holds a citizen's ID number; empty: it is not asked for.
    pub id_claim: String,
    /// The levels of assurance (`acr`) of which one is needed; none: any will do.
    pub levels: Vec<String>,
    /// Whether somebody who is signed in there must prove it again: on phones that are lent.
    pub asks_anew: bool,
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ProviderSettings").field("issuer", &self.issuer).field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

/// Whether people may be sent to an address, with what they prove: encrypted, or on this machine itself (a provider somebody tries out).
fn is_safe(address: &reqwest::Url) -> bool {
    let is_here = matches!(address.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"));
    let has_secret = !address.username().is_empty() || address.password().is_some();
    !has_secret && (address.scheme() == "https" || (address.scheme() == "http" && is_here))
}

/// What somebody came back with.
pub struct Returned {
    /// The code of the provider.
    pub code: String,
    /// What the browser's session kept.
    pub secrets: Secrets,
    /// When they set out.
    pub set_out_at: DateTime<Utc>,
}

/// A provider.
#[derive(Clone, Debug)]
pub struct Provider(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    settings: ProviderSettings,
    http: Http,
    known: Mutex<Known>,
}

/// The way to the provider.
#[derive(Debug)]
struct Http(Outgoing);

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = OutgoingError;
    type Future = BoxFuture<'c, std::result::Result<HttpResponse, Self::Error>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.0.send(request))
    }
}

#[derive(Debug, Default)]
struct Known {
    metadata: Option<(CoreProviderMetadata, DateTime<Utc>)>,
    troubled_at: Option<DateTime<Utc>>,
}

/// The secrets of one sign-in: they go along with it and are checked when it comes back.
#[derive(Clone, Serialize, Deserialize)]
pub struct Secrets {
    /// Ties what comes back to this browser.
    pub state: String,
    /// Ties the token to this sign-in.
    pub nonce: String,
    /// Ties the code to this portal (PKCE).
    pub verifier: String,
}

impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets([redacted])")
    }
}

impl Provider {
    /// A provider of these settings. Nothing is asked of it yet.
    ///
    /// # Errors
    /// [`AppError::Config`] if its address is none, or not encrypted.
    pub fn new(settings: ProviderSettings, outgoing: Outgoing) -> Result<Self> {
        let address = settings.issuer.parse::<reqwest::Url>().map_err(|error| AppError::config(format!("the address {:?}: {error}", settings.issuer)))?;
        if !is_safe(&address) {
            return Err(AppError::config(format!("the address {:?} must begin with https://", settings.issuer)));
        }
        Ok(Self(Arc::new(Inner { settings, http: Http(outgoing), known: Mutex::default() })))
    }

    /// Its address.
    pub fn issuer(&self) -> &str {
        &self.0.settings.issuer
    }

    /// The address to send somebody to; they come back to `redirect`.
    ///
    /// # Errors
    /// [`Trouble::NoAnswer`] if it does not say where.
    pub fn begin(&self, redirect: String, secrets: Secrets, now: DateTime<Utc>) -> BoxFuture<'static, std::result::Result<String, Trouble>> {
        let provider = self.clone();
        Box::pin(async move { provider.address(&redirect, secrets, now).await })
    }

    async fn address(&self, redirect: &str, secrets: Secrets, now: DateTime<Utc>) -> std::result::Result<String, Trouble> {
        let settings = &self.0.settings;
        let client = self.client(&self.metadata(now, false).await?, redirect)?;
        let verifier = PkceCodeVerifier::new(secrets.verifier);
        let (state, nonce) = (CsrfToken::new(secrets.state), Nonce::new(secrets.nonce));
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = client
            .authorize_url(flow, move || state, move || nonce)
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_scopes(settings.scopes.iter().cloned().map(Scope::new));
        for level in &settings.levels {
            request = request.add_auth_context_value(AuthenticationContextClass::new(level.clone()));
        }
        if settings.asks_anew {
            // With a longest age the provider must say when it was (OpenID Connect Core 2, auth_time).
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(FLOW_LASTS.to_std().unwrap_or_default());
        }
        Ok(request.url().0.to_string())
    }

    /// Whom a code proves. Where it is asked anew who somebody is, they must have proven it there after `set_out_at`.
    ///
    /// # Errors
    /// [`Trouble`], whatever it is; its cause is in the log.
    pub fn prove(&self, redirect: String, back: Returned, now: DateTime<Utc>) -> BoxFuture<'static, std::result::Result<Proven, Trouble>> {
        let provider = self.clone();
        Box::pin(async move { provider.ask(&redirect, back, now).await })
    }

    async fn ask(&self, redirect: &str, back: Returned, now: DateTime<Utc>) -> std::result::Result<Proven, Trouble> {
        let Returned { code, secrets, set_out_at } = back;
        let mut metadata = self.metadata(now, false).await?;
        let tokens = self.exchange(&self.client(&metadata, redirect)?, code, secrets.verifier).await?;
        let nonce = Nonce::new(secrets.nonce);
        let claims = match self.checked(&metadata, &tokens, &nonce, now) {
            // It may have new keys since we looked.
            Err(ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey)) => {
                metadata = self.metadata(now, true).await?;
                self.checked(&metadata, &tokens, &nonce, now)
            }
            other => other,
        };
        let claims = claims.map_err(|error| self.not_believed(&error))?;
        if claims.subject().is_empty() || claims.subject().chars().count() > SUBJECT_CHARS_MAX {
            return Err(self.not_believed(&"a subject that is none"));
        }
        if self.0.settings.asks_anew && !rules::is_recent(claims.auth_time(), set_out_at, now) {
            return Err(Trouble::TooWeak);
        }
        let client = self.client(&metadata, redirect)?;
        let info = match client.user_info(tokens.access_token().clone(), Some(claims.subject().clone())) {
            Ok(request) => {
                let info: UserInfoClaims<More, CoreGenderClaim> = request.request_async(&self.0.http).await.map_err(|error| self.no_answer(&error))?;
                Some(info)
            }
            Err(_) => None,
        };
        let proven = self.proven(&claims, info.as_ref());
        if rules::is_sure_enough(&proven.level, &self.0.settings.levels) { Ok(proven) } else { Err(Trouble::TooWeak) }
    }

    fn client(&self, metadata: &CoreProviderMetadata, redirect: &str) -> std::result::Result<OidcClient, Trouble> {
        let settings = &self.0.settings;
        let redirect = RedirectUrl::new(redirect.to_owned()).map_err(|error| self.no_answer(&error))?;
        // Basic is what a provider takes that says nothing.
        let takes_basic = metadata.token_endpoint_auth_methods_supported().is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let secret = settings.client_secret.clone().map(ClientSecret::new);
        Ok(OidcClient::from_provider_metadata(metadata.clone(), ClientId::new(settings.client_id.clone()), secret)
            .set_auth_type(if takes_basic { AuthType::BasicAuth } else { AuthType::RequestBody })
            .set_redirect_uri(redirect))
    }

    async fn exchange(&self, client: &OidcClient, code: String, verifier: String) -> std::result::Result<Tokens, Trouble> {
        let request = client.exchange_code(AuthorizationCode::new(code)).map_err(|error| self.no_answer(&error))?;
        let tokens = request.set_pkce_verifier(PkceCodeVerifier::new(verifier)).request_async(&self.0.http).await;
        tokens.map_err(|error| match error {
            // A code that was used, is old, or not for us.
            openidconnect::RequestTokenError::ServerResponse(said) => self.not_believed(&said),
            other => self.no_answer(&other),
        })
    }

    /// The claims of a token whose signature, issuer, audience, times, nonce and access token fit.
    fn checked(
        &self,
        metadata: &CoreProviderMetadata,
        tokens: &Tokens,
        nonce: &Nonce,
        now: DateTime<Utc>,
    ) -> std::result::Result<Claims, ClaimsVerificationError> {
        let settings = &self.0.settings;
        let other = |why: &str| ClaimsVerificationError::Other(why.to_owned());
        let (client_id, issuer, keys) = (ClientId::new(settings.client_id.clone()), metadata.issuer().clone(), metadata.jwks().clone());
        // Without our secret in it, no signature made with that secret can be believed.
        let verifier = IdTokenVerifier::new_public_client(client_id, issuer, keys)
            .set_allowed_algs(ALGORITHMS)
            .set_time_fn(move || now - CLOCK_SKEW)
            .set_issue_time_verifier_fn(move |at| {
                let is_fresh = at <= now + CLOCK_SKEW && at >= now - FLOW_LASTS - CLOCK_SKEW;
                if is_fresh { Ok(()) } else { Err(format!("issued at {at}, now it is {now}")) }
            });
        let token = tokens.id_token().ok_or_else(|| other("there is no ID token"))?;
        let claims = token.claims(&verifier, nonce)?;
        if claims.authorized_party().is_some_and(|party| party.as_str() != settings.client_id) {
            return Err(ClaimsVerificationError::InvalidAudience("it was issued for another party".to_owned()));
        }
        if let Some(expected) = claims.access_token_hash() {
            let key = token.signing_key(&verifier).map_err(ClaimsVerificationError::SignatureVerification)?;
            let algorithm = token.signing_alg().map_err(ClaimsVerificationError::SignatureVerification)?;
            let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).map_err(|_| other("the access token cannot be hashed"))?;
            if hash != *expected {
                return Err(other("the access token is another"));
            }
        }
        Ok(claims.clone())
    }

    fn proven(&self, claims: &Claims, info: Option<&UserInfoClaims<More, CoreGenderClaim>>) -> Proven {
        let named = claims.name().and_then(|name| name.get(None)).or_else(|| info.and_then(|info| info.name()?.get(None)));
        let addresses = [
            claims.email().filter(|_| claims.email_verified() == Some(true)),
            info.and_then(|info| info.email().filter(|_| info.email_verified() == Some(true))),
        ];
        let address = addresses.into_iter().flatten().find_map(|address| email(&rules::tidy(address, EMAIL_CHARS_MAX)));
        let told = |more: &More| more.all.get(&self.0.settings.id_claim).and_then(|value| id_number(value.as_str()?));
        let number = told(claims.additional_claims()).or_else(|| info.and_then(|info| told(info.additional_claims())));
        Proven {
            issuer: self.issuer().to_owned(),
            subject: claims.subject().to_string(),
            name: named.map(|name| rules::tidy(name, NAME_CHARS_MAX)).unwrap_or_default(),
            email: address.unwrap_or_default(),
            id_number: number.unwrap_or_default(),
            level: claims.auth_context_ref().map(|level| rules::tidy(level, LEVEL_CHARS_MAX)).unwrap_or_default(),
        }
    }

    /// What the provider says of itself; `anew`: its keys may have changed.
    async fn metadata(&self, now: DateTime<Utc>, anew: bool) -> std::result::Result<CoreProviderMetadata, Trouble> {
        let mut known = self.0.known.lock().await;
        if let Some((metadata, _)) = known.metadata.as_ref().filter(|(_, at)| !anew && now - *at < METADATA_LASTS && now >= *at) {
            return Ok(metadata.clone());
        }
        if known.troubled_at.is_some_and(|at| now - at < TROUBLE_LASTS && now >= at) {
            return Err(Trouble::NoAnswer);
        }
        match self.discover().await {
            Ok(metadata) => {
                *known = Known { metadata: Some((metadata.clone(), now)), troubled_at: None };
                Ok(metadata)
            }
            Err(trouble) => {
                known.troubled_at = Some(now);
                Err(trouble)
            }
        }
    }

    async fn discover(&self) -> std::result::Result<CoreProviderMetadata, Trouble> {
        let issuer = IssuerUrl::new(self.issuer().to_owned()).map_err(|error| self.no_answer(&error))?;
        let metadata = CoreProviderMetadata::discover_async(issuer, &self.0.http).await.map_err(|error| self.no_answer(&error))?;
        // People are sent there: nowhere that is not encrypted.
        if !is_safe(metadata.authorization_endpoint().url()) {
            return Err(self.no_answer(&"its sign-in page is not encrypted"));
        }
        Ok(metadata)
    }

    fn no_answer(&self, cause: &dyn std::fmt::Display) -> Trouble {
        tracing::warn!(issuer = self.issuer(), %cause, "the identity provider gives no answer that can be used");
        Trouble::NoAnswer
    }

    fn not_believed(&self, cause: &dyn std::fmt::Display) -> Trouble {
        tracing::warn!(issuer = self.issuer(), %cause, "what the identity provider says is not believed");
        Trouble::NotBelieved
    }
}
