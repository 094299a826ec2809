//! Removal of secrets from texts for errors and logs.

use url::{Url, form_urlencoded};

/// Minimum length of a secret that is recognized under any parameter name.
const UNMISTAKABLE: usize = 8;

/// Endings of the names of query parameters that hold credentials.
const ENDS: [&str; 18] = [
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "pass",
    "pwd",
    "passord",
    "nøkkel",
    "nokkel",
    "signature",
    "sig",
    "auth",
    "authorization",
    "credential",
    "credentials",
    "jwt",
    "bearer",
];
/// Whole names of query parameters that hold credentials.
const NAMES: [&str; 5] = ["session", "sessionid", "sid", "pw", "pvttk"];
/// Characters that end an address within a text.
const END_OF_ADDRESS: [char; 9] = ['"', '«', '»', ' ', '\n', '\r', '\t', '<', '>'];
/// Beginning of the path segment with the secret in a private address of Google Calendar.
const PRIVATE: &str = "/private-";

/// Returns the text with `…` instead of the credentials in its addresses: user name and password
/// between `://` and `@`, and the values of query parameters named like a key, token or password.
///
/// ```
/// use calendar_domain::redaction::without_secrets;
///
/// let text = "GET https://kari:hunter2@example.org/all.ics?token=abc&page=2";
/// assert_eq!(without_secrets(text), "GET https://…@example.org/all.ics?token=…&page=2");
/// ```
#[must_use]
pub fn without_secrets(text: &str) -> String {
    let text = without_private_paths(&without_userinfo(text));
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['?', '&', '#', ';']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        let is_end = |c: char| matches!(c, '&' | '#') || END_OF_ADDRESS.contains(&c);
        let end = rest.find(is_end).unwrap_or(rest.len());
        let parameter = &rest[..end];
        if let Some((name, value)) = parameter.split_once('=')
            && !value.is_empty()
            && has_secret(parameter)
        {
            out.push_str(name);
            out.push_str("=…");
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// Returns true if a parameter is a secret, or its value is an address that contains one.
fn has_secret(parameter: &str) -> bool {
    let Some((name, value)) = form_urlencoded::parse(parameter.as_bytes()).next() else {
        return false;
    };
    // Each step is shorter than the one before.
    is_secret(&name) || parameter.contains('%') && without_secrets(&value) != *value
}

/// Secrets in the query of a partner's address, which a response may repeat in its links.
#[derive(Debug, Clone, Default)]
pub struct AddressSecrets(Vec<String>);

impl AddressSecrets {
    /// Adds the values of the query parameters of `url` that are named like a key, token or password.
    pub fn add(&mut self, url: &Url) {
        for (name, value) in url.query_pairs() {
            if !value.is_empty() && is_secret(&name) && !self.0.iter().any(|item| *item == value) {
                self.0.push(value.into_owned());
            }
        }
    }

    /// Returns true if a query parameter contains one of the secrets. A short one is compared only under the name of
    /// a secret: it may be an ordinary value of other parameters.
    #[must_use]
    pub fn is_in(&self, name: &str, value: &str) -> bool {
        self.0.iter().any(|secret| {
            let is_unmistakable = secret.len() >= UNMISTAKABLE;
            is_unmistakable && value.contains(secret.as_str())
                || is_secret(name) && value == secret.as_str()
        })
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    let is_index = |c: char| matches!(c, '[' | ']') || c.is_ascii_digit();
    let name = name.trim().trim_end_matches(is_index);
    NAMES.contains(&name) || ENDS.iter().any(|end| name.ends_with(end))
}

fn without_userinfo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("//") {
        out.push_str(before);
        out.push_str("//");
        let end = after.find(END_OF_ADDRESS).unwrap_or(after.len());
        let address = &after[..end];
        let path = address.find(['/', '?', '#']).unwrap_or(address.len());
        let authority = &address[..path];
        let at = match authority.rfind('@') {
            None if is_cut_off(authority) => address.rfind('@'),
            at => at,
        };
        match at {
            Some(at) => {
                out.push('…');
                rest = &after[at..];
            }
            None => {
                out.push_str(authority);
                rest = &after[path..];
            }
        }
    }
    out.push_str(rest);
    out
}

/// Returns true if the authority ends within a password: the text after the colon is no port.
fn is_cut_off(authority: &str) -> bool {
    let Some((_, port)) = authority.rsplit_once(':') else {
        return false;
    };
    !authority.starts_with('[') && !port.chars().all(|c| c.is_ascii_digit())
}

fn without_private_paths(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(PRIVATE) {
        out.push_str(before);
        out.push_str(PRIVATE);
        let end = after.find(|c: char| !c.is_ascii_hexdigit());
        let (secret, behind) = after.split_at(end.unwrap_or(after.len()));
        out.push_str(if secret.len() < 16 { secret } else { "…" });
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{AddressSecrets, without_secrets};

    #[test]
    fn secrets_of_an_address_are_found_in_parameters() {
        let mut secrets = AddressSecrets::default();
        for address in [
            "https://x.no/a?api_key=hunter2hunter2&page=12345678",
            "https://x.no/a?sid=1",
        ] {
            secrets.add(&address.parse().unwrap());
        }
        for (name, value, is_secret) in [
            ("api_key", "hunter2hunter2", true),
            ("k", "hunter2hunter2", true),
            ("to", "https://x.no/?key=hunter2hunter2", true),
            ("sid", "1", true),
            ("page", "1", false),
            ("page", "12345678", false),
            ("key", "other", false),
        ] {
            assert_eq!(secrets.is_in(name, value), is_secret, "{name}={value}");
        }
    }

    #[test]
    fn names_and_passwords_in_addresses_are_left_out() {
        for (text, shown) in [
            ("https://kari:hunter2@x.no/a", "https://…@x.no/a"),
            (
                "«s3://key:p@ss@bucket» and http://x",
                "«s3://…@bucket» and http://x",
            ),
            ("post@elverum.no", "post@elverum.no"),
            ("https://x.no/@kari", "https://x.no/@kari"),
            (
                "https://x.no/a?api_key=s3cret&page=2#b answered 404",
                "https://x.no/a?api_key=…&page=2#b answered 404",
            ),
            (
                "«https://x.no/?q=key&Token=a%26b» is",
                "«https://x.no/?q=key&Token=…» is",
            ),
            ("Hva? key=1 & token", "Hva? key=1 & token"),
            ("http://[::1]:80/@kari", "http://[::1]:80/@kari"),
            ("https://x.no:8443/@kari", "https://x.no:8443/@kari"),
            (
                "https://x.no/?page=2;q=a%20b",
                "https://x.no/?page=2;q=a%20b",
            ),
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }
    #[test]
    fn secrets_are_left_out_however_their_names_are_written() {
        for text in [
            "https://x.no/a?API_KEY=hunter2",
            "https://x.no/a?apikey=hunter2",
            "https://x.no/a?access_token=hunter2",
            "https://x.no/a?X-Amz-Signature=hunter2&X-Amz-Credential=hunter2",
            "https://x.no/a?api%5Fkey=hunter2",
            "https://x.no/a?%6b%65%79=hunter2",
            "https://x.no/a?token[]=hunter2&auth%5Btoken%5D=hunter2&key1=hunter2",
            "https://x.no/a?token=(hunter2)hunter2,hunter2;hunter2",
            "https://x.no/a?page=1;token=hunter2",
            "https://x.no/a?page=1&amp;token=hunter2",
            "https://x.no/a#access_token=hunter2",
            "https://x.no/a?passord=hunter2&n%C3%B8kkel=hunter2",
            "https://x.no/a?pwd=hunter2&sid=hunter2&pw=hunter2",
            "https://x.no/a?to=https%3A%2F%2Fy.no%2F%3Fkey%3Dhunter2",
            "https://x.no/a?to=https%3A%2F%2Fkari%3Ahunter2%40y.no%2F",
            "https://x.no/a?to=https%3A%2F%2Fy.no%2F%3Fto%3Dhttps%253A%252F%252Fy.no%252F%253Fkey%253Dhunter2",
            "//kari:hunter2@x.no/",
            "http://kari:hun/hunter2@x.no/",
        ] {
            let shown = without_secrets(text);
            assert!(!shown.contains("hunter2"), "{text}: {shown}");
            assert!(shown.contains('…'), "{text}: {shown}");
        }
    }

    #[test]
    fn the_secret_address_of_a_calendar_at_google_is_left_out() {
        let path = "https://calendar.google.com/calendar/ical/kari%40example.no/private";
        assert_eq!(
            without_secrets(&format!(
                "{path}-0123456789abcdef0123456789abcdef/basic.ics"
            )),
            format!("{path}-…/basic.ics")
        );
        let text = "https://x.no/private-events/all.ics";
        assert_eq!(without_secrets(text), text);
    }
}
