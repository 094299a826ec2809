//! Signing in with OpenID Connect.
//!
//! - `start`: sends the browser to the provider. `callback`: takes it back.
//! - `link`: asks for the mail address of a person whose identity no account has.
//! - `identities`: the identities of one's own account.
//! - `backchannel`: a provider ends sessions.
//! - `sign_out`: where a browser goes after signing out.
//! - `buttons`, `provider_lines`: the providers on pages. `messages`: pages with a message. `departure`: the page on the way to a provider.

mod backchannel;
mod buttons;
mod callback;
mod departure;
mod identities;
mod link;
mod messages;
mod provider_lines;
mod routes;
mod sign_out;
mod start;

pub(super) use buttons::{buttons, linked_identities};
pub(super) use departure::Departure;
pub(super) use provider_lines::{LinkedIdentity, ProviderButton};
pub(super) use routes::{provider_routes, routes};
pub(super) use sign_out::{at_provider, provider_of};
