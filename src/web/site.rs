//! The public address of this service.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use rocket::{Build, Orbit, Rocket, fairing};
use url::Url;

use calendar_domain::Lang;
use calendar_language::Words;

/// Returns the addresses printed once the server listens.
fn addresses() -> Vec<(Cow<'static, str>, &'static str)> {
    let mut listed = vec![("calendar".into(), "/")];
    let others = Words::all().filter(|words| words.lang() != Lang::default());
    listed.extend(others.map(|words| (words.say("language-name"), words.lang().path_prefix())));
    listed.extend([
        ("subscribe".into(), "/subscribe"),
        ("feed".into(), "/feeds/all.ics"),
    ]);
    listed
}

/// The base of links in pages and feeds: the configured address, or else the listening address.
#[derive(Debug, Clone)]
pub struct Site {
    configured: Option<Arc<Url>>,
    bound: Arc<OnceLock<Arc<Url>>>,
}

impl Site {
    /// Returns a site with the configured address, if there is one.
    #[must_use]
    pub fn new(configured: Option<Url>) -> Self {
        Self {
            configured: configured.map(directory),
            bound: Arc::new(OnceLock::new()),
        }
    }

    /// Returns the address, with a trailing `/`. Constant once the server listens.
    #[must_use]
    pub fn base(&self) -> Arc<Url> {
        let known = self.configured.as_ref().or_else(|| self.bound.get());
        known.cloned().unwrap_or_else(local)
    }

    /// Returns true if the public address is HTTPS, by a proxy or directly.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let known = self.configured.as_ref().or_else(|| self.bound.get());
        known.is_some_and(|url| url.scheme() == "https")
    }

    /// Returns the full address of a path, which begins with `/`.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let base = self.base();
        format!("{}{}", base.as_str().trim_end_matches('/'), path)
    }
}

fn local() -> Arc<Url> {
    Arc::new(Url::parse("http://127.0.0.1:8000/").expect("a constant address parses"))
}

/// Adds a trailing `/`, so that paths can be appended.
fn directory(mut base: Url) -> Arc<Url> {
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", base.path()));
    }
    Arc::new(base)
}

/// Records the listening address at liftoff and prints the addresses.
#[rocket::async_trait]
impl fairing::Fairing for Site {
    fn info(&self) -> fairing::Info {
        fairing::Info {
            name: "site address",
            kind: fairing::Kind::Ignite | fairing::Kind::Liftoff,
        }
    }

    async fn on_ignite(&self, rocket: Rocket<Build>) -> fairing::Result {
        Ok(rocket)
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let config = rocket.config();
        let scheme = if config.tls_enabled() {
            "https"
        } else {
            "http"
        };
        let host = match config.address {
            std::net::IpAddr::V6(address) => format!("[{address}]"),
            std::net::IpAddr::V4(address) => address.to_string(),
        };
        let bound = format!("{scheme}://{host}:{}", config.port);
        let url = Url::parse(&bound).map_or_else(|_| local(), directory);
        if self.bound.set(url).is_err() {
            // An earlier launch, with another certificate, has set it.
            return;
        }
        let mut lines = format!("listening on {bound}\n");
        for (name, path) in addresses() {
            // Writing to a string cannot fail.
            let _ = writeln!(lines, "  {name:10} {}", self.address(path));
        }
        // Errors are ignored: a closed or full standard output must not stop the server.
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(lines.as_bytes()).and_then(|()| out.flush());
    }
}
