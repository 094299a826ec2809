//! Removal of secrets from texts for errors and logs.

/// Endings of the names of query parameters that hold credentials.
const NAMES: [&str; 9] = [
    "key",
    "token",
    "secret",
    "password",
    "passwd",
    "pass",
    "signature",
    "sig",
    "auth",
];

/// Returns the text with `…` instead of the credentials in its addresses: user name and password
/// between `://` and `@`, and the values of query parameters named like a key, token or password.
#[must_use]
pub fn without_secrets(text: &str) -> String {
    let text = without_userinfo(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some(at) = rest.find(['?', '&']) {
        let (before, after) = rest.split_at(at + 1);
        out.push_str(before);
        rest = after;
        let end = rest.find(['&', '#', '"', '«', '»', ' ', ')']);
        let parameter = &rest[..end.unwrap_or(rest.len())];
        if let Some((name, value)) = parameter.split_once('=')
            && is_secret(name)
            && !value.is_empty()
        {
            out.push_str(name);
            out.push_str("=…");
            rest = &rest[parameter.len()..];
        }
    }
    out.push_str(rest);
    out
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    NAMES.iter().any(|end| name.ends_with(end))
}

fn without_userinfo(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        out.push_str(before);
        out.push_str("://");
        let end = after.find(['/', '?', '#', '"', '«', '»', ' ']);
        let (authority, behind) = after.split_at(end.unwrap_or(after.len()));
        match authority.rsplit_once('@') {
            Some((_, host)) => {
                out.push_str("…@");
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::without_secrets;

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
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }
}
