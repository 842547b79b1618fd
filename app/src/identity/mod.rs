//! Who somebody is, told by a provider outside: OpenID Connect, the code flow with PKCE, state and nonce.
//!
//! Two providers may be configured, each for a use of its own: the staff directory, through which officials sign in
//! ([`crate::accounts::directory`]), and a national identity, which proves a citizen's name and ID number ([`crate::citizens`]). Neither is ever
//! needed: officials have the local sign-in, citizens need nothing at all.
//!
//! ```text
//! begin ──→ the provider's page ──→ back with code and state ──→ token, checked ──→ [`Proven`]
//!   └ state, nonce, verifier in the session, for one use and ten minutes
//! ```
//!
//! Of a token the signature, issuer, audience, expiry and nonce are checked; of everything else the provider says only that it is short
//! enough. Whatever goes wrong is one of [`Trouble`], with a sentence and the local way beside it.

pub mod flow;
pub mod provider;
pub mod rules;

pub use provider::{Provider, ProviderSettings};
pub use rules::{Proven, Trouble};

/// The providers that are configured.
#[derive(Clone, Debug, Default)]
pub struct Providers {
    /// The staff directory.
    pub staff: Option<Provider>,
    /// The national identity.
    pub citizens: Option<Provider>,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The staff directory.
    Staff,
    /// The national identity.
    Citizens,
}

impl Which {
    /// Where its provider sends people back to: what is registered there.
    pub fn back(self) -> &'static str {
        match self {
            Self::Staff => "/dang-nhap/danh-ba/ve",
            Self::Citizens => "/toi/dinh-danh/ve",
        }
    }

    /// Its provider, if it is configured.
    pub fn provider(self, providers: &Providers) -> Option<&Provider> {
        match self {
            Self::Staff => providers.staff.as_ref(),
            Self::Citizens => providers.citizens.as_ref(),
        }
    }
}
