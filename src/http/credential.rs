//! Secrets for partners, read from the environment and sent only to the partner.

use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use url::form_urlencoded::byte_serialize;
use url::{Origin, Url};

use calendar_domain::redaction::AddressSecrets;
use calendar_domain::{Connection, EventDraft, ImageSource, OrganizerRef, SecretName};

use calendar_connectors::connector::SecretUse;

/// A secret that is sent only to one origin (RFC 6454).
#[derive(Clone)]
pub struct Credential {
    origin: Origin,
    form: Form,
    secret: String,
    /// The secret in each encoding in which a response might repeat it.
    repeated: Vec<String>,
}

#[derive(Clone)]
enum Form {
    Field(HeaderName, HeaderValue),
    /// The secret by this name.
    Parameter(&'static str),
}

/// Shows only the origin.
impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Credential({})", self.origin.ascii_serialization())
    }
}

/// Why there is no secret to send.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CredentialError {
    /// The environment variable is not set.
    #[error("the environment variable {0}, which must contain the partner's secret, is not set")]
    Missing(SecretName),
    /// The secret has characters that no header can contain.
    #[error("the secret in {0} has characters that are invalid in a request")]
    Unsendable(SecretName),
}

impl Credential {
    /// Returns the secret of a connection, if it has one. `variable` reads an environment variable.
    ///
    /// # Errors
    /// Errors if the variable is not set or its value can't be sent.
    pub fn from_connection(
        connection: &Connection,
        how: SecretUse,
        variable: impl FnOnce(&str) -> Option<String>,
    ) -> Result<Option<Self>, CredentialError> {
        let (Some(name), Some(url)) = (&connection.secret, &connection.url) else {
            return Ok(None);
        };
        let secret = variable(name.as_str()).filter(|variable| !variable.trim().is_empty());
        let secret = secret.ok_or_else(|| CredentialError::Missing(name.clone()))?;
        let secret = secret.trim();
        let field = |header: HeaderName, value: String| {
            let mut value = HeaderValue::from_str(&value)
                .map_err(|_| CredentialError::Unsendable(name.clone()))?;
            value.set_sensitive(true);
            Ok(Form::Field(header, value))
        };
        let form = match (how, &connection.user) {
            (SecretUse::Password, Some(user)) => field(AUTHORIZATION, basic(user, secret))?,
            (SecretUse::Password, None) | (SecretUse::Bearer, _) => {
                field(AUTHORIZATION, format!("Bearer {secret}"))?
            }
            (SecretUse::Query(parameter), _) => Form::Parameter(parameter),
            (SecretUse::Header(header), _) => {
                field(HeaderName::from_static(header), secret.to_owned())?
            }
        };
        let encoded: String = byte_serialize(secret.as_bytes()).collect();
        let with_spaces = encoded.replace('+', "%20");
        let mut repeated = vec![
            secret.to_owned(),
            with_small_digits(&encoded),
            with_small_digits(&with_spaces),
            encoded,
            with_spaces,
        ];
        if let Some(user) = &connection.user {
            repeated.push(basic(user, secret).replace("Basic ", ""));
        }
        Ok(Some(Self {
            origin: url.origin(),
            form,
            secret: secret.to_owned(),
            repeated,
        }))
    }

    /// Returns the header field for a request to `url`, if it has the credential's origin.
    pub(super) fn field(&self, url: &Url) -> Option<(HeaderName, HeaderValue)> {
        match &self.form {
            Form::Field(name, value) if url.origin() == self.origin => {
                Some((name.clone(), value.clone()))
            }
            _ => None,
        }
    }

    /// Adds the secret to the query of `url`, if the interface expects it there and the origin matches.
    pub(super) fn with_parameter(&self, url: &Url) -> Url {
        let mut url = url.clone();
        if let Form::Parameter(name) = &self.form
            && url.origin() == self.origin
        {
            url.query_pairs_mut().append_pair(name, &self.secret);
        }
        url
    }
}

impl Credential {
    /// Removes the secret from the query of `url`. A server may put it into redirects and links, and
    /// addresses are shown and stored.
    pub(super) fn without_parameter(&self, url: &Url) -> Url {
        match &self.form {
            Form::Parameter(..) => self.left_out_of(url),
            Form::Field(..) => url.clone(),
        }
    }

    fn left_out_of(&self, url: &Url) -> Url {
        without_parameters(url, |_, value| value == self.secret)
    }

    /// Replaces the secret in a text: verbatim, percent-encoded, and encoded for Basic authentication.
    pub fn hidden_in(&self, text: &str) -> String {
        let repeated = self.repeated.iter();
        repeated.fold(text.to_owned(), |text, secret| text.replace(secret, "…"))
    }
}

/// Removes the partner's secrets from the addresses in a draft, which are published.
pub fn remove_from_links(
    draft: &mut EventDraft,
    credential: Option<&Credential>,
    of_address: &AddressSecrets,
) {
    let is_secret = |name: &str, value: &str| {
        credential.is_some_and(|credential| value == credential.secret)
            || of_address.is_in(name, value)
    };
    let organizer = match &mut draft.organizer {
        Some(OrganizerRef::Described { url, .. }) => url.as_mut(),
        Some(OrganizerRef::Organizer(_)) | None => None,
    };
    let offers = draft
        .offers
        .iter_mut()
        .filter_map(|offer| offer.url.as_mut());
    let images = draft.images.iter_mut();
    let images = images.filter_map(|image| match &mut image.source {
        ImageSource::Url(url) => Some(url),
        ImageSource::Kept(_) | ImageSource::Copied { .. } => None,
    });
    let own = [&mut draft.website, &mut draft.online_url];
    let own = own.into_iter().filter_map(Option::as_mut);
    for url in own.chain(organizer).chain(offers).chain(images) {
        *url = without_parameters(url, is_secret);
    }
}

/// Returns `url` without the query parameters, each a name and a value, that are secret.
fn without_parameters(url: &Url, is_secret: impl Fn(&str, &str) -> bool) -> Url {
    let pairs = url.query_pairs().into_owned();
    let (secret, others): (Vec<_>, Vec<_>) =
        pairs.partition(|(name, value)| is_secret(name, value));
    let mut url = url.clone();
    if secret.is_empty() {
        return url;
    }
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    url
}

/// Percent-encoded text with the hexadecimal digits a to f small.
fn with_small_digits(encoded: &str) -> String {
    let mut left = 0;
    let small = |c: char| {
        let is_digit = left > 0;
        left = if c == '%' { 2 } else { left.max(1) - 1 };
        if is_digit { c.to_ascii_lowercase() } else { c }
    };
    encoded.chars().map(small).collect()
}

/// Returns the value of the `Authorization` header for Basic authentication (RFC 7617).
fn basic(user: &str, password: &str) -> String {
    use base64::Engine as _;
    let pair = format!("{user}:{password}");
    format!(
        "Basic {}",
        base64::engine::general_purpose::STANDARD.encode(pair)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection() -> Connection {
        let url = Url::parse("https://calendar.example/feed.ics").unwrap();
        Connection {
            secret: Some("PARTNER_KEY".parse().unwrap()),
            ..Connection::new("ics".parse().unwrap(), Some(url))
        }
    }

    fn url(text: &str) -> Url {
        text.parse().unwrap()
    }

    #[test]
    fn a_secret_goes_to_the_partners_origin_alone() {
        for how in [SecretUse::Bearer, SecretUse::Header("key")] {
            let found = Credential::from_connection(&connection(), how, |_| Some("s3cret".into()));
            let credential = found.unwrap().unwrap();
            assert!(
                credential
                    .field(&url("https://calendar.example/more?page=2"))
                    .is_some()
            );
            for other in [
                "http://calendar.example/",
                "https://calendar.example:8443/",
                "https://evil.example/",
            ] {
                assert_eq!(credential.field(&url(other)), None, "{other}");
            }
            assert!(!format!("{credential:?}").contains("s3cret"));
        }
    }

    #[test]
    fn a_secret_in_the_query_goes_to_the_partners_origin_alone() {
        let found = Credential::from_connection(&connection(), SecretUse::Query("token"), |_| {
            Some("a&b".into())
        });
        let credential = found.unwrap().unwrap();
        let own = credential.with_parameter(&url("https://calendar.example/v1"));
        assert_eq!(own.as_str(), "https://calendar.example/v1?token=a%26b");
        let other = url("https://evil.example/v1");
        assert_eq!(credential.with_parameter(&other), other);
    }

    #[test]
    fn a_secret_that_a_server_repeats_is_taken_out_of_the_address() {
        let found = Credential::from_connection(&connection(), SecretUse::Query("token"), |_| {
            Some("a&b".into())
        });
        let credential = found.unwrap().unwrap();
        for (told, shown) in [
            ("https://x.no/?token=a%26b&page=2", "https://x.no/?page=2"),
            ("https://x.no/?key=a%26b", "https://x.no/"),
            ("https://x.no/?q=a+b%20c", "https://x.no/?q=a+b%20c"),
        ] {
            assert_eq!(credential.without_parameter(&url(told)).as_str(), shown);
        }
        let said = credential.hidden_in("to https://x.no/?token=a%26b and a&b");
        assert_eq!(said, "to https://x.no/?token=… and …");
    }

    #[test]
    fn a_secret_of_the_partners_address_is_taken_out_of_links() {
        use calendar_domain::{Schedule, Text, When};

        let day = "2027-04-10".parse().unwrap();
        let schedule = Schedule::once(When::day(day));
        let mut draft = EventDraft::new("1", Text::nb("Vårkonsert"), schedule);
        draft.website = Some(url("https://x.no/1?key=hunter2hunter2&page=2"));
        draft.online_url = Some(url("https://x.no/1?t=hunter2hunter2"));
        let mut secrets = AddressSecrets::default();
        secrets.add(&url("https://x.no/feed.ics?key=hunter2hunter2"));
        remove_from_links(&mut draft, None, &secrets);
        assert_eq!(draft.website, Some(url("https://x.no/1?page=2")));
        assert_eq!(draft.online_url, Some(url("https://x.no/1")));
    }

    #[test]
    fn a_secret_is_found_in_each_way_of_encoding_it() {
        let found = Credential::from_connection(&connection(), SecretUse::Query("x"), |_| {
            Some("Æ B%".into())
        });
        let credential = found.unwrap().unwrap();
        for told in [
            "Æ B%",
            "%C3%86+B%25",
            "%c3%86+B%25",
            "%C3%86%20B%25",
            "%c3%86%20B%25",
        ] {
            assert_eq!(credential.hidden_in(told), "…", "{told}");
        }
    }

    #[test]
    fn a_missing_variable_is_named_and_its_value_never() {
        let found = Credential::from_connection(&connection(), SecretUse::Bearer, |_| None);
        assert!(found.unwrap_err().to_string().contains("PARTNER_KEY"));
        let found =
            Credential::from_connection(&connection(), SecretUse::Bearer, |_| Some("a\nb".into()));
        assert!(!found.unwrap_err().to_string().contains("a\nb"));
    }
}
