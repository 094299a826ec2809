//! Checks before a server starts. Reads only; creates and opens nothing.

use std::net::SocketAddr;

use rocket::figment::{Figment, Profile};
use url::{Host, Url};

use crate::config::{self, CalendarConfig};
use crate::http::address::{AllowedHost, is_public};
use calendar_domain::clock::{Clock, SystemClock};

use super::super::tls::{self, Certificate};
use super::super::{CommandContext, Failure};
use super::findings::PreflightFindings;
use super::{listen, storage};

/// A configuration that a server can start with.
pub struct Preflight {
    pub figment: Figment,
    pub config: CalendarConfig,
    pub server: rocket::Config,
    /// The server's certificate, if TLS is enabled.
    pub certificate: Option<Certificate>,
    /// Warnings about settings that may be intended.
    pub warnings: Vec<String>,
}

/// The purpose of the checks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// The server is about to listen.
    Start,
    /// `serve --check`, possibly while the server runs.
    Check,
}

impl Preflight {
    /// Reads the configuration and checks everything that it names.
    ///
    /// # Errors
    /// Lists every error with its key and a correction.
    pub fn new(context: &CommandContext, purpose: Purpose) -> Result<Self, Failure> {
        let (figment, config) = config::read(&context.overrides)?;
        let (figment, server) = config::server(figment)?;
        let certificate = match server.tls.as_ref().filter(|_| server.tls_enabled()) {
            Some(tls) => Some(tls::check(tls)?),
            None => None,
        };
        let mut found = PreflightFindings::default();
        check_public_address(&config, &server, &mut found);
        if let Some(certificate) = &certificate {
            check_certificate(certificate, &config, &server, &mut found);
        }
        check_exceptions(&config, &mut found);
        let store = storage::check_store(&config, &mut found);
        storage::check_backups(&config, store.as_deref(), &mut found);
        check_port(&server, purpose, &mut found);
        check_profiles(&figment, &mut found);
        if !found.problems.is_empty() {
            return Err(format!(
                "the configuration is invalid: {}",
                found.problems.join("\n  ")
            )
            .into());
        }
        Ok(Self {
            figment,
            config,
            server,
            certificate,
            warnings: found.warnings,
        })
    }

    /// Returns a note if settings or the region's files are those compiled into the program.
    #[must_use]
    pub fn shipped(&self) -> Option<String> {
        let missing = match (self.config.data.is_none(), config::has_file(&self.figment)) {
            (false, true) => return None,
            (false, false) => "no Rocket.toml: the settings are",
            (true, true) => "no folder data: the region's files are",
            (true, false) => {
                "no Rocket.toml and no folder data: settings and the region's files are"
            }
        };
        Some(format!(
            "{missing} compiled into the program; `elverum-calendar init DIR` writes them to files"
        ))
    }

    /// Returns the listening address as a URL.
    #[must_use]
    pub fn listening(&self) -> String {
        listening(&self.server)
    }
}

fn listening(server: &rocket::Config) -> String {
    let scheme = if server.tls_enabled() {
        "https"
    } else {
        "http"
    };
    format!(
        "{scheme}://{}",
        SocketAddr::new(server.address, server.port)
    )
}

fn check_public_address(
    config: &CalendarConfig,
    server: &rocket::Config,
    found: &mut PreflightFindings,
) {
    let set = "ROCKET_CALENDAR__BASE_URL=https://kalender.example.no, or base_url below [default.calendar]";
    match &config.base_url {
        None if server.address.is_unspecified() => found.problem(
            "base_url",
            &format!(
                "is not set, and feeds and links cannot use {}; set {set}",
                server.address
            ),
        ),
        None => found.warn(
            "base_url",
            &format!(
                "is not set: feeds and links contain the address that the server listens on; before anyone \
                 subscribes, set {set}"
            ),
        ),
        Some(url) if url.scheme() == "http" && server.tls_enabled() => found.warn(
            "base_url",
            &format!("{url} is an http address, but the server accepts only TLS"),
        ),
        Some(url) if url.scheme() == "http" && !is_local(url) => found.warn(
            "base_url",
            &format!("{url} is not https: nobody can sign in, except at 127.0.0.1 on this machine"),
        ),
        Some(_) => {}
    }
}

/// Returns true if a public address is this machine itself.
fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn check_certificate(
    certificate: &Certificate,
    config: &CalendarConfig,
    server: &rocket::Config,
    found: &mut PreflightFindings,
) {
    let now = SystemClock.now();
    if let Some(why) = certificate.not_valid(now) {
        found.problems.push(why);
    } else if certificate.ends_soon(now) {
        let until = certificate.until.format("%Y-%m-%d %H:%M UTC");
        let place = &certificate.place;
        found.warn(
            "tls.certs",
            &format!("the certificate in {place} expires on {until}"),
        );
    }
    let place = &certificate.place;
    let hosts = certificate.hosts.join(", ");
    match config.base_url.as_ref().and_then(Url::host) {
        Some(host) if !certificate.is_for(&host) => found.problem(
            "tls.certs",
            &format!(
                "the certificate in {place} is for {hosts}, not for {host}, the host of base_url"
            ),
        ),
        Some(_) => {}
        None => {
            let host = match server.address {
                std::net::IpAddr::V4(address) => Host::Ipv4(address),
                std::net::IpAddr::V6(address) => Host::Ipv6(address),
            };
            if !certificate.is_for(&host) {
                let what = format!("the certificate in {place} is for {hosts}, not for {host}");
                found.warn("tls.certs", &what);
            }
        }
    }
}

/// Checks the exceptions for private addresses.
fn check_exceptions(config: &CalendarConfig, found: &mut PreflightFindings) {
    for text in &config.sync.allow_private {
        match text.parse::<AllowedHost>() {
            Ok(host) if host.ip().is_some_and(is_public) => found.warn(
                "calendar.sync.allow_private",
                &format!("{text} is a public address and needs no exception"),
            ),
            Ok(_) => {}
            Err(error) => found.problems.push(error.to_string()),
        }
    }
}

/// Warns about settings of a profile that is not selected.
fn check_profiles(figment: &Figment, found: &mut PreflightFindings) {
    let chosen = figment.profile();
    for profile in figment.profiles() {
        let is_used =
            profile == chosen || *profile == Profile::Default || *profile == Profile::Global;
        // A file may have settings for each of these two; which is chosen depends on the build.
        let is_of_rocket = ["debug", "release"].iter().any(|name| *profile == *name);
        if !is_used && !is_of_rocket {
            found.warn(
                &format!("[{profile}]"),
                &format!(
                    "is ignored, since the profile is {chosen}; set ROCKET_PROFILE={profile}, or move the \
                     settings to [default]"
                ),
            );
        }
    }
}

fn check_port(server: &rocket::Config, purpose: Purpose, found: &mut PreflightFindings) {
    let address = SocketAddr::new(server.address, server.port);
    if let Err(error) = listen::try_out(address) {
        let why = listen::why_not(address, &error);
        if purpose == Purpose::Check && listen::is_in_use(&error) {
            found.warnings.push(why);
        } else {
            found.problems.push(why);
        }
    }
}
