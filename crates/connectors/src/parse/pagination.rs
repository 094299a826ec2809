//! Query parameters and links to further pages.

use url::Url;

/// Returns the value of a query parameter.
#[must_use]
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.into_owned())
}

/// Adds a query parameter unless there is one with that name. An operator's own value is kept.
#[must_use]
pub fn asking_for(mut url: Url, name: &str, value: &str) -> Url {
    if parameter(&url, name).is_none() {
        url.query_pairs_mut().append_pair(name, value);
    }
    url
}

/// Completes the path of an interface: appends the second text of the first pair whose first text ends the path. An
/// empty text matches an empty path. An address with a query is returned unchanged.
#[must_use]
pub fn completed(url: &Url, ways: &[(&str, &str)]) -> Url {
    let path = url.path().trim_end_matches('/');
    let is_it = |begun: &str| match begun {
        "" => path.is_empty(),
        begun => path.ends_with(begun),
    };
    let way = ways.iter().find(|(begun, _)| is_it(begun));
    let mut completed = url.clone();
    if let Some((_, rest)) = way.filter(|_| url.query().is_none()) {
        completed.set_path(&format!("{path}/{rest}"));
        completed.set_fragment(None);
    }
    completed
}

/// Removes a query parameter.
#[must_use]
pub fn without(url: &Url, name: &str) -> Url {
    let others = url.query_pairs().into_owned();
    let others: Vec<(String, String)> = others.filter(|(key, _)| key != name).collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(others);
    url
}

/// Sets a query parameter, replacing any other value.
#[must_use]
pub fn with(url: &Url, name: &str, value: &str) -> Url {
    let mut url = without(url, name);
    url.query_pairs_mut().append_pair(name, value);
    url
}

/// Resolves a response's link to a further page. If the link has the response's host but http instead of
/// https, it is changed to https. If it has the response's origin, missing query parameters are added.
/// Neither is done for other hosts, so parameters are not disclosed.
#[must_use]
pub fn further(link: &str, answer: &Url) -> Option<Url> {
    let mut next = answer.join(link.trim()).ok()?;
    if !matches!(next.scheme(), "http" | "https") {
        return None;
    }
    if next.scheme() == "http"
        && answer.scheme() == "https"
        && next.host() == answer.host()
        && next.port().is_none()
        && next.set_scheme("https").is_err()
    {
        return None;
    }
    if next.origin() == answer.origin() {
        for (name, value) in answer.query_pairs() {
            next = asking_for(next, &name, &value);
        }
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn what_the_operator_wrote_stays() {
        let asked = asking_for(url("https://eksempel.no/?per_page=10"), "per_page", "50");
        assert_eq!(asked.as_str(), "https://eksempel.no/?per_page=10");
        let asked = asking_for(asked, "a[b]", "2027-01-01T00:00:00+01:00");
        assert_eq!(
            parameter(&asked, "a[b]").as_deref(),
            Some("2027-01-01T00:00:00+01:00")
        );
        let asked = with(&url("https://eksempel.no/?page=1&q=a%26b"), "page", "2");
        assert_eq!(asked.as_str(), "https://eksempel.no/?q=a%26b&page=2");
    }

    #[test]
    fn a_next_page_keeps_tls_and_the_operators_parameters() {
        let asked = url("https://eksempel.no/api?place=elverum&key=hemmelig");
        let next = |link| further(link, &asked).map(String::from);
        assert_eq!(
            next("http://eksempel.no/api?page=2").as_deref(),
            Some("https://eksempel.no/api?page=2&place=elverum&key=hemmelig")
        );
        assert_eq!(
            next("/api?page=2&place=elverum").as_deref(),
            Some("https://eksempel.no/api?page=2&place=elverum&key=hemmelig")
        );
        assert_eq!(
            next("https://annet.no/api?page=2").as_deref(),
            Some("https://annet.no/api?page=2")
        );
        assert_eq!(next("file:///etc/passwd"), None);
    }
}
