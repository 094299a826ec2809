//! Signing in with OpenID Connect: a relying party over the one HTTP client.
//!
//! The authorization code flow with PKCE (RFC 7636), pushed requests where the provider offers them (RFC 9126), a client
//! secret or a private key, and back-channel logout. Accounts are found by issuer and subject alone, never by a mail
//! address that a provider names. Nothing of a token is kept but issuer, subject and session.
//!
//! - `service`: what the pages call.
//! - `authorization`: requests, from leaving this site to coming back.
//! - `provider`: requests to a provider. `published`: what is known of it. `discovery`, `public_keys`: what it publishes.
//! - `client_key`: how the calendar shows a provider who it is.
//! - `id_token`, `logout_token`, `claims`: what tokens must say. `signatures`: the cryptography of tokens.
//! - `linking`: linking an identity to an account, and removing it. `logout`: logout tokens that were used.

mod authorization;
mod claims;
mod client_key;
mod discovery;
mod error;
mod id_token;
mod linking;
mod logout;
mod logout_token;
mod provider;
mod public_keys;
mod published;
mod service;
mod signatures;

pub use authorization::{
    AUTHORIZATION_MINUTES, AuthorizationRequest, AuthorizationResponse, PendingAuthorization,
    callback_path,
};
pub use client_key::check_secrets;
pub use error::{OidcError, OidcSettingError, RefusedToken};
pub use logout_token::LogoutOrder;
pub use service::{IdentityOutcome, NewAuthorization, OidcLogin};
