//! Targets of redirects.

use reqwest::{Response, StatusCode, header};
use url::Url;

use super::error::FetchError;

/// Returns the `Location` of a response, if it is text.
pub(super) fn location(response: &Response) -> Option<&str> {
    let location = response.headers().get(header::LOCATION);
    location.and_then(|value| value.to_str().ok())
}

/// Returns the target of a redirect, or `None` if the response is not a redirect.
///
/// # Errors
/// Errors if the target is not a URL, or leads from https to http.
pub(super) fn redirect_target(
    from: &Url,
    status: StatusCode,
    location: Option<&str>,
) -> Result<Option<Url>, FetchError> {
    if !matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    let to = location.unwrap_or_default();
    let wrong = |to: &str, why| FetchError::Redirect {
        to: to.to_owned(),
        why,
    };
    let next = from.join(to).map_err(|_| {
        // Where it begins and ends is not known, so that a password in it is not found.
        let to = to.rsplit_once('@').map_or(to, |(_, host)| host);
        wrong(to, "not a URL")
    })?;
    if from.scheme() == "https" && next.scheme() != "https" {
        return Err(wrong(next.as_str(), "it leads from https to http"));
    }
    Ok(Some(next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_never_leads_from_https_to_http() {
        let from: Url = "https://calendar.example/all.ics".parse().unwrap();
        let leads = |to: &str| redirect_target(&from, StatusCode::FOUND, Some(to));
        for to in [
            "http://calendar.example/all.ics",
            "http://other.example/",
            "ftp://calendar.example/",
        ] {
            assert!(
                matches!(leads(to), Err(FetchError::Redirect { .. })),
                "{to}"
            );
        }
        let next = leads("/moved.ics").unwrap().unwrap();
        assert_eq!(next.as_str(), "https://calendar.example/moved.ics");
        let next = leads("//other.example/all.ics").unwrap().unwrap();
        assert_eq!(next.as_str(), "https://other.example/all.ics");
    }
}
