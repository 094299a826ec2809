//! A wrong setting in words: which key, from where, what is wrong.

use rocket::figment::Error;

use super::sources::{DEFAULT, origin};

/// What is wrong, each mistake with its key in the order in which it is written.
pub(super) fn explain(error: &Error) -> String {
    let all: Vec<String> = error.clone().into_iter().map(|it| one(&it)).collect();
    without_secrets(&all.join("; "))
}

fn one(error: &Error) -> String {
    let key = error.path.join(".");
    let from = error.metadata.as_ref().map(origin);
    let from = from.filter(|it| it != DEFAULT);
    let from = from.map_or_else(String::new, |it| format!(" (from {it})"));
    let right = match key.as_str() {
        "calendar.base_url" => "; write it as https://kalender.example.no",
        _ => "",
    };
    if key.is_empty() {
        return format!("{}{from}", error.kind);
    }
    format!("«{key}»{from}: {}{right}", error.kind)
}

/// The text with `…` for what stands between `://` and `@` of an address: a name and password.
pub(super) fn without_secrets(text: &str) -> String {
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
