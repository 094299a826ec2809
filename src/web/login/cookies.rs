//! The cookies: of a session, of a request for a code, of a challenge for a passkey, and of a request to sign in at a provider.
//!
//! On HTTPS they have the prefix `__Host-` (RFC 6265bis 4.1.3.2), so that no other host can set them. Browsers accept
//! that prefix only with `Secure`, which plain HTTP on this machine does not have.

use rocket::http::{Cookie, CookieJar, SameSite};
use rocket::time::Duration;

use crate::login::oidc::AUTHORIZATION_MINUTES;
use crate::login::passkeys::CHALLENGE_MINUTES;
use crate::login::{CODE_MINUTES, LINK_MINUTES, Secret};

use super::SafeConnection;

/// Lifetime of the session's cookie. The session itself ends earlier.
const SESSION_DAYS: i64 = 90;

/// A cookie of this site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OwnCookie {
    /// The secret of a session.
    Session,
    /// The secret of a request for a code.
    SignIn,
    /// The secret of a challenge for a passkey.
    Passkey,
    /// The secret of a request to sign in at a provider, and then of the identity that waits for a mail address.
    Provider,
}

impl OwnCookie {
    fn name(self, connection: &SafeConnection) -> &'static str {
        match (self, connection.is_https) {
            (Self::Session, true) => "__Host-session",
            (Self::SignIn, true) => "__Host-sign-in",
            (Self::Passkey, true) => "__Host-passkey",
            (Self::Provider, true) => "__Host-provider",
            (Self::Session, false) => "session",
            (Self::SignIn, false) => "sign-in",
            (Self::Passkey, false) => "passkey",
            (Self::Provider, false) => "provider",
        }
    }

    /// Returns the secret that a request carries.
    pub(super) fn read(self, jar: &CookieJar<'_>, connection: &SafeConnection) -> Option<Secret> {
        Secret::parse(jar.get(self.name(connection))?.value())
    }

    /// Sets the cookie.
    pub(super) fn set(self, jar: &CookieJar<'_>, connection: &SafeConnection, secret: &Secret) {
        let age = match self {
            Self::Session => Duration::days(SESSION_DAYS),
            Self::SignIn => Duration::minutes(CODE_MINUTES),
            Self::Passkey => Duration::minutes(CHALLENGE_MINUTES),
            Self::Provider => Duration::minutes(LINK_MINUTES.max(AUTHORIZATION_MINUTES)),
        };
        jar.add(self.cookie(connection, secret.text(), age));
    }

    /// Makes the browser forget the cookie.
    pub(super) fn remove(self, jar: &CookieJar<'_>, connection: &SafeConnection) {
        // Rocket's own removal leaves out `Secure`, without which browsers ignore the prefixed name.
        jar.add(self.cookie(connection, String::new(), Duration::ZERO));
    }

    fn cookie(self, connection: &SafeConnection, value: String, age: Duration) -> Cookie<'static> {
        Cookie::build((self.name(connection), value))
            .path("/")
            .http_only(true)
            .secure(connection.is_https)
            // A link in a mail has to find the session.
            .same_site(SameSite::Lax)
            .max_age(age)
            .build()
    }
}
