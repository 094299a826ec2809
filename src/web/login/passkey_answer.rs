//! What the script of a page with passkeys gets: JSON.

use std::io::Cursor;

use rocket::Request;
use rocket::http::{ContentType, Status};
use rocket::response::{self, Responder, Response};
use serde::Serialize;

use crate::login::passkeys::{CHALLENGE_MINUTES, PasskeyError, PasskeyRefusal, RelyingParty};
use crate::web::problem::Problem;
use calendar_language::Words;

/// Milliseconds within which a person has to use their device.
pub(super) const TIMEOUT: i64 = CHALLENGE_MINUTES * 60 * 1_000;

/// A response to the script.
#[derive(Debug)]
pub(super) struct PasskeyAnswer {
    status: Status,
    body: String,
}

/// The challenge of a sign-in.
#[derive(Debug, Serialize)]
pub(super) struct ChallengeBody {
    pub(super) challenge: String,
    pub(super) rp_id: String,
    pub(super) timeout: i64,
}

/// What a new passkey is made for.
#[derive(Debug, Serialize)]
pub(super) struct CreationBody {
    pub(super) challenge: String,
    pub(super) rp_id: String,
    /// Name of the calendar.
    pub(super) rp_name: String,
    pub(super) user_id: String,
    /// What the person chooses the passkey by.
    pub(super) user_name: String,
    pub(super) user_display_name: String,
    /// COSE numbers of the supported algorithms, the preferred one first.
    pub(super) algorithms: [i32; 2],
    pub(super) exclude: Vec<String>,
    pub(super) timeout: i64,
}

/// The page to show.
#[derive(Debug, Serialize)]
pub(super) struct NextBody {
    pub(super) next: String,
}

/// What is wrong, in the language of the page.
#[derive(Debug, Serialize)]
struct RefusalBody {
    text: String,
    /// The page where the person can do something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

impl PasskeyAnswer {
    /// Returns a successful response.
    pub(super) fn new(body: &impl Serialize) -> Result<Self, Problem> {
        Self::with_status(Status::Ok, body)
    }

    fn with_status(status: Status, body: &impl Serialize) -> Result<Self, Problem> {
        let body = serde_json::to_string(body).map_err(|error| Problem::internal(&error))?;
        Ok(Self { status, body })
    }

    /// Returns the response to a request that failed.
    pub(super) fn failed(error: PasskeyError, words: Words) -> Result<Self, Problem> {
        match error {
            PasskeyError::Refused(refusal) => {
                let text = words.say(text_of(refusal)).into_owned();
                Self::with_status(status_of(refusal), &RefusalBody { text, next: None })
            }
            PasskeyError::TooMany(seconds) => Err(Problem::too_many_requests(seconds)),
            PasskeyError::Failed(error) => Err(error.into()),
        }
    }

    /// Returns the response to a person who has to sign in anew first: `next` is the page that says how.
    pub(super) fn not_recent(next: String, words: Words) -> Result<Self, Problem> {
        let refusal = PasskeyRefusal::NotRecent;
        let text = words.say(text_of(refusal)).into_owned();
        let next = Some(next);
        Self::with_status(status_of(refusal), &RefusalBody { text, next })
    }

    /// Returns the response where passkeys can't be used: `site` is `None`.
    pub(super) fn site<T>(site: Option<T>, words: Words) -> Result<Result<T, Self>, Problem> {
        match site {
            Some(site) => Ok(Ok(site)),
            None => {
                let text = words.say("passkey-needs-https").into_owned();
                Self::with_status(Status::Forbidden, &RefusalBody { text, next: None }).map(Err)
            }
        }
    }
}

fn status_of(refusal: PasskeyRefusal) -> Status {
    match refusal {
        PasskeyRefusal::Malformed => Status::BadRequest,
        PasskeyRefusal::Exists | PasskeyRefusal::Full => Status::Conflict,
        PasskeyRefusal::Unsupported => Status::UnprocessableEntity,
        PasskeyRefusal::Ended
        | PasskeyRefusal::Challenge
        | PasskeyRefusal::Origin
        | PasskeyRefusal::Host
        | PasskeyRefusal::Unverified
        | PasskeyRefusal::Unknown
        | PasskeyRefusal::Owner
        | PasskeyRefusal::Signature
        | PasskeyRefusal::Counter
        | PasskeyRefusal::Backup
        | PasskeyRefusal::NotRecent => Status::Forbidden,
    }
}

/// Returns the key of the text. What only a forged request can cause has one text.
fn text_of(refusal: PasskeyRefusal) -> &'static str {
    match refusal {
        PasskeyRefusal::Malformed => "passkey-malformed",
        PasskeyRefusal::Ended | PasskeyRefusal::Challenge => "passkey-ended",
        PasskeyRefusal::Origin | PasskeyRefusal::Host => "passkey-elsewhere",
        PasskeyRefusal::Unverified => "passkey-unverified",
        PasskeyRefusal::Unknown => "passkey-unknown",
        PasskeyRefusal::Owner | PasskeyRefusal::Signature | PasskeyRefusal::Backup => {
            "passkey-wrong"
        }
        PasskeyRefusal::Counter => "passkey-copied",
        PasskeyRefusal::Unsupported => "passkey-unsupported",
        PasskeyRefusal::Exists => "passkey-exists",
        PasskeyRefusal::Full => "passkey-full",
        PasskeyRefusal::NotRecent => "passkey-not-recent",
    }
}

/// Returns the body with the challenge of a sign-in.
pub(super) fn challenge(party: &RelyingParty, challenge: &impl ToString) -> ChallengeBody {
    ChallengeBody {
        challenge: challenge.to_string(),
        rp_id: party.id.clone(),
        timeout: TIMEOUT,
    }
}

impl<'r> Responder<'r, 'static> for PasskeyAnswer {
    fn respond_to(self, _: &'r Request<'_>) -> response::Result<'static> {
        Response::build()
            .status(self.status)
            .header(ContentType::JSON)
            .sized_body(self.body.len(), Cursor::new(self.body))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::Lang;

    #[test]
    fn every_refusal_is_explained_in_every_language() {
        for lang in Lang::ALL {
            for refusal in PasskeyRefusal::ALL {
                let words = Words::new(lang);
                let answer = PasskeyAnswer::failed(refusal.into(), words).unwrap();
                assert!((400..500).contains(&answer.status.code), "{refusal:?}");
                let body: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
                assert!(body["text"].as_str().unwrap().ends_with('.'), "{body}");
            }
        }
    }
}
