//! This site, as authenticators know it.

use url::{Host, Url};

/// The site that passkeys are for ("relying party").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelyingParty {
    /// Host name to which passkeys belong (RP ID).
    pub id: String,
    /// Scheme, host and port of the pages that may use them, as browsers write them.
    pub origin: String,
}

impl RelyingParty {
    /// Returns the relying party of an address. Returns `None` if browsers keep no passkeys for it: its host is an IP
    /// address, or it is neither HTTPS nor `localhost`.
    #[must_use]
    pub fn new(site: &Url) -> Option<Self> {
        let Some(Host::Domain(id)) = site.host() else {
            return None;
        };
        let is_secure = site.scheme() == "https" || (site.scheme() == "http" && id == "localhost");
        is_secure.then(|| Self {
            id: id.to_owned(),
            origin: site.origin().ascii_serialization(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_belong_to_a_host_name_on_https_or_to_this_machine() {
        let party = |site: &str| RelyingParty::new(&Url::parse(site).unwrap());
        let found = party("https://Kalender.example.no:443/").unwrap();
        assert_eq!(found.id, "kalender.example.no");
        assert_eq!(found.origin, "https://kalender.example.no");
        let found = party("https://blåbær.example.no:8443/").unwrap();
        assert_eq!(found.origin, "https://xn--blbr-roah.example.no:8443");
        assert_eq!(party("http://localhost:8000/").unwrap().id, "localhost");
        for site in [
            "http://kalender.example.no/",
            "http://127.0.0.1:8000/",
            "https://192.0.2.1/",
            "https://[::1]/",
        ] {
            assert_eq!(party(site), None, "{site}");
        }
    }
}
