//! Requests for a code, and the check of codes.
//!
//! A request belongs to the browser that made it, whose cookie holds the request's secret. A code is of no use without
//! that secret. So wrong codes of one browser touch the request of no other.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use crate::catalog::Calendar;
use crate::random::random_bytes;
use calendar_domain::{EmailAddress, Lang};
use calendar_store::{EphemeralEntry, EphemeralStore, EphemeralTable, Store};

use super::error::LoginError;
use super::secret::Secret;

/// Minutes for which a code is valid.
pub const CODE_MINUTES: i64 = 15;
/// Number of attempts to type a code.
const ATTEMPTS: u32 = 5;
/// Number of digits of a code.
const DIGITS: usize = 8;

const TABLE: EphemeralTable = EphemeralTable::SignIns;

/// A request for a code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct SignInRequest {
    pub(super) email: EmailAddress,
    pub(super) language: Lang,
    /// The page to show after signing in.
    pub(super) next: Option<String>,
    /// Key of the invitation that the request for a code used.
    pub(super) invitation: Option<String>,
    /// Key of the identity at a provider that waits for the address.
    #[serde(default)]
    pub(super) link: Option<String>,
}

/// A request for a code, as stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct PendingSignIn {
    #[serde(flatten)]
    request: SignInRequest,
    /// Digest of the code and the secret.
    code: String,
    attempts: u32,
}

/// A new request.
pub(super) struct NewCode {
    pub(super) secret: Secret,
    pub(super) code: String,
}

/// Result of an attempt.
pub(super) enum Attempt {
    Right(SignInRequest),
    /// Holds the number of further attempts.
    Wrong(u32),
    /// There is no request, it has ended, or it has no attempts left.
    Ended,
}

/// Returns the short-lived data of a calendar.
pub(super) fn ephemeral(calendar: &Calendar) -> Result<&dyn EphemeralStore, LoginError> {
    calendar.ephemeral().ok_or(LoginError::NoSessions)
}

fn key(secret: &Secret) -> String {
    format!("code/{}", secret.key())
}

/// Makes a code. If it is not mailed, the request looks the same and no code is right, since nobody could know it other
/// than by guessing.
pub(super) fn create(
    calendar: &Calendar,
    request: SignInRequest,
    is_mailed: bool,
) -> Result<NewCode, LoginError> {
    let secret = Secret::new()?;
    let code = new_code()?;
    let right = if is_mailed {
        secret.digest_of(&code)
    } else {
        Secret::new()?.key()
    };
    let pending = PendingSignIn {
        request,
        code: right,
        attempts: 0,
    };
    let now = calendar.clock().now();
    let entry = EphemeralEntry {
        value: serde_json::to_vec(&pending)?,
        expires: now + TimeDelta::minutes(CODE_MINUTES),
    };
    ephemeral(calendar)?.put(TABLE, &key(&secret), now, &entry)?;
    Ok(NewCode { secret, code })
}

/// Returns eight digits.
fn new_code() -> Result<String, getrandom::Error> {
    let number = u64::from_be_bytes(random_bytes()?) % 10_u64.pow(DIGITS as u32);
    Ok(format!("{number:0DIGITS$}"))
}

/// Returns the digits of a code as people type it: with spaces or hyphens.
pub(super) fn digits(typed: &str) -> String {
    let is_space = |c: &char| !c.is_whitespace() && !matches!(c, '-' | '\u{2011}' | '.');
    typed.chars().take(64).filter(is_space).collect()
}

/// Returns the request of a browser, if it is still waiting for its code.
pub(super) fn pending(
    calendar: &Calendar,
    secret: &Secret,
) -> Result<Option<SignInRequest>, LoginError> {
    let now = calendar.clock().now();
    let entry = ephemeral(calendar)?.get(TABLE, &key(secret), now)?;
    let pending = entry.map(|entry| serde_json::from_slice::<PendingSignIn>(&entry.value));
    Ok(pending.transpose()?.map(|pending| pending.request))
}

/// Tries a code. A right one ends the request, as the last wrong one does.
pub(super) fn attempt(
    calendar: &Calendar,
    secret: &Secret,
    typed: &str,
) -> Result<Attempt, LoginError> {
    let now = calendar.clock().now();
    let shown = secret.digest_of(&digits(typed));
    let mut outcome = Ok(Attempt::Ended);
    let mut next = |entry: Option<EphemeralEntry>| {
        let entry = entry?;
        let mut pending: PendingSignIn = match serde_json::from_slice(&entry.value) {
            Ok(pending) => pending,
            Err(error) => {
                outcome = Err(error);
                return None;
            }
        };
        if pending.code == shown {
            outcome = Ok(Attempt::Right(pending.request));
            return None;
        }
        pending.attempts += 1;
        let left = ATTEMPTS.saturating_sub(pending.attempts);
        if left == 0 {
            outcome = Ok(Attempt::Ended);
            return None;
        }
        outcome = Ok(Attempt::Wrong(left));
        let value = serde_json::to_vec(&pending).ok()?;
        Some(EphemeralEntry { value, ..entry })
    };
    ephemeral(calendar)?.update(TABLE, &key(secret), now, &mut next)?;
    Ok(outcome?)
}
