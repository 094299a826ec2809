//! Passkeys: signing in with a key that a person's device keeps (W3C Web Authentication, level 2).
//!
//! A passkey belongs to the host of this site and can be used on no other one, so it can't be given away on a forged
//! page. The device finds the passkey by itself ("discoverable"), so nobody types an address, and checks who holds it by
//! finger, face or PIN ("user verification").
//!
//! Statements of authenticators about themselves (attestation) are neither asked for nor read.
//!
//! - `service`: what the pages call.
//! - `challenges`: what a passkey has to sign, once and within five minutes.
//! - `registration`, `assertion`: the checks of a new passkey, and of a sign-in with one.
//! - `client_data`, `authenticator_data`, `cose_key`: the parts of what browsers send.
//! - `relying_party`: this site, as authenticators know it.
//! - `error`: why a passkey is refused.

mod assertion;
mod authenticator_data;
mod challenges;
mod client_data;
mod cose_key;
mod error;
mod registration;
mod relying_party;
mod service;
#[cfg(test)]
mod tests;

pub use assertion::SentAssertion;
pub use challenges::CHALLENGE_MINUTES;
pub use cose_key::ALGORITHMS;
pub use error::{PasskeyError, PasskeyRefusal};
pub use registration::SentRegistration;
pub use relying_party::RelyingParty;
pub use service::{PasskeyChallenge, PasskeyCreation, PasskeySignIn, RECENT_MINUTES};
