//! What the browser says about a request (`clientDataJSON`; Web Authentication 5.8.1).

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::IgnoredAny;

use calendar_domain::Base64Url;

use super::{PasskeyRefusal, RelyingParty};

/// What a passkey is asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ceremony {
    /// To be made.
    Create,
    /// To sign in.
    Get,
}

/// Members that are unknown are ignored, as the specification requires.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    challenge: Cow<'a, str>,
    #[serde(borrow)]
    origin: Cow<'a, str>,
    #[serde(default)]
    cross_origin: Option<bool>,
    #[serde(default)]
    top_origin: Option<IgnoredAny>,
}

/// Checks that a page of this site asked for the challenge to be signed.
pub(super) fn check(
    json: &[u8],
    ceremony: Ceremony,
    challenge: &Base64Url,
    party: &RelyingParty,
) -> Result<(), PasskeyRefusal> {
    let data: ClientData<'_> =
        serde_json::from_slice(json).map_err(|_| PasskeyRefusal::Malformed)?;
    let kind = match ceremony {
        Ceremony::Create => "webauthn.create",
        Ceremony::Get => "webauthn.get",
    };
    if data.kind != kind {
        return Err(PasskeyRefusal::Malformed);
    }
    if data.challenge.parse().ok().as_ref() != Some(challenge) {
        return Err(PasskeyRefusal::Challenge);
    }
    let is_framed = data.cross_origin == Some(true) || data.top_origin.is_some();
    if data.origin != party.origin || is_framed {
        return Err(PasskeyRefusal::Origin);
    }
    Ok(())
}
