//! Signing in: codes by mail, sessions, invitations, and the accounts behind them.
//!
//! Whoever receives mail at an address may sign in with it; the first time, an account is created. Sessions, requests for
//! codes and invitations are short-lived data ([`calendar_store::EphemeralStore`]); accounts are records.
//!
//! **May import:** `random`, `rate_limit`, `catalog`, `http`, `config`, `notify`.
//!
//! - `secret`: random secrets, of which only digests are stored.
//! - `service`: what the pages call, with its limits.
//! - `codes`: requests for a code, and the check of codes.
//! - `signing_in`: from a proof to a session. `sessions`: who is signed in where.
//! - `invitations`: links for becoming an editor.
//! - `kept_forms`: forms that arrived after the end of their session.
//! - `accounts`, `account_change`: the records of accounts.
//! - `passkeys`: signing in with a passkey.
//! - `oidc`: signing in with OpenID Connect.
//! - `provider_login`: identities at OpenID providers. `pending_links`: those that no account has yet. `ended_logins`: what
//!   providers ended.

mod account_change;
pub mod accounts;
mod codes;
mod ended_logins;
mod error;
pub mod invitations;
mod kept_forms;
mod limits;
pub mod oidc;
pub mod passkeys;
mod pending_links;
mod provider_login;
mod secret;
mod service;
mod sessions;
mod signing_in;

pub use codes::CODE_MINUTES;
pub use error::LoginError;
pub use kept_forms::{KeptForm, kept_form_of};
pub use limits::LoginClient;
pub use pending_links::{LINK_MINUTES, PendingLink};
pub use provider_login::{LinkOutcome, ProviderLogin};
pub use secret::{FormToken, Secret};
pub use service::{CodeOutcome, CodeRequest, Login, RequestOutcome, request_id};
pub use sessions::{OpenSession, SessionId, SignedInSession, end_begun_before};
