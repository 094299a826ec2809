//! Texts without the secrets in them, for errors and logs.

/// Returns the text with `…` for what stands between `://` and `@` of an address: a name and password.
#[must_use]
pub fn without_secrets(text: &str) -> String {
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
        ] {
            assert_eq!(without_secrets(text), shown);
        }
    }
}
