//! Addresses and ids in remote interfaces.

use serde_json::Value;
use url::Url;

/// Returns an address within an interface: the configured address up to `root`, which is added if missing,
/// then `parts` as segments. The query is dropped.
#[must_use]
pub fn within(to: &Url, root: &[&str], parts: &[&str]) -> Url {
    let mut url = to.clone();
    url.set_query(None);
    url.set_fragment(None);
    let given: Vec<String> = to.path_segments().map_or_else(Vec::new, |segments| {
        segments
            .map(str::to_owned)
            .filter(|segments| !segments.is_empty())
            .collect()
    });
    let at = given.windows(root.len()).position(|window| window == root);
    let before = at.map_or(&given[..], |at| &given[..at]);
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.clear().extend(before).extend(root).extend(parts);
    }
    url
}

/// Returns an id that is a JSON string or number, of at most 200 bytes.
pub(super) fn id_in(value: &Value) -> Option<String> {
    let id = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!id.is_empty() && id.len() <= 200).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_as_an_operator_would_paste_it() {
        for given in [
            "https://le.example/api",
            "https://le.example/api/",
            "https://le.example/api/v1/event/?page=2",
        ] {
            let url = within(&given.parse().unwrap(), &["v1"], &["event", "a:b/c", ""]);
            assert_eq!(url.as_str(), "https://le.example/api/v1/event/a:b%2Fc/");
        }
    }
}
