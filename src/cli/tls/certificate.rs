//! A server's certificate: subject, hosts and validity.

use chrono::{DateTime, TimeDelta, Utc};
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::server::ParsedCertificate;
use url::Host;
use x509_cert::der::Decode;
use x509_cert::ext::pkix::SubjectAltName;
use x509_cert::ext::pkix::name::GeneralName;

use super::TlsError;

/// Time before the end of validity from which a warning is given.
const SOON: TimeDelta = TimeDelta::days(14);

/// A server's certificate.
#[derive(Debug, Clone)]
pub struct Certificate {
    /// Origin, for messages.
    pub place: String,
    /// The subject, as in `CN=kalender.example.no`.
    pub subject: String,
    /// Hosts of the subject alternative name.
    pub hosts: Vec<String>,
    /// Start of validity.
    pub from: DateTime<Utc>,
    /// End of validity.
    pub until: DateTime<Utc>,
    bytes: CertificateDer<'static>,
}

impl Certificate {
    /// Parses a certificate.
    pub(super) fn read(bytes: &CertificateDer<'_>, place: String) -> Result<Self, TlsError> {
        let unreadable = |error: x509_cert::der::Error| TlsError::Unreadable {
            certs: place.clone(),
            cause: error.to_string(),
        };
        let read = x509_cert::Certificate::from_der(bytes).map_err(unreadable)?;
        let content = read.tbs_certificate();
        let names = content.get_extension::<SubjectAltName>();
        let names = names.map_err(unreadable)?;
        let hosts = names.iter().flat_map(|(_, names)| &names.0);
        Ok(Self {
            subject: content.subject().to_string(),
            hosts: hosts.filter_map(host).collect(),
            from: content.validity().not_before.to_system_time().into(),
            until: content.validity().not_after.to_system_time().into(),
            bytes: bytes.clone().into_owned(),
            place,
        })
    }

    /// Returns why the certificate is not valid at `now`, if so.
    #[must_use]
    pub fn not_valid(&self, now: DateTime<Utc>) -> Option<String> {
        let day = |time: DateTime<Utc>| time.format("%Y-%m-%d %H:%M UTC").to_string();
        if now > self.until {
            let until = day(self.until);
            return Some(format!(
                "tls.certs: the certificate in {} expired on {until}; renew it",
                self.place
            ));
        }
        (now < self.from).then(|| {
            let (from, now) = (day(self.from), day(now));
            format!(
                "tls.certs: the certificate in {} is not valid before {from}, and this machine's clock says \
                 {now}; check the clock",
                self.place
            )
        })
    }

    /// Returns true if the validity ends soon.
    #[must_use]
    pub fn ends_soon(&self, now: DateTime<Utc>) -> bool {
        self.until - now < SOON
    }

    /// Returns true if the certificate is valid for a host (RFC 9525).
    #[must_use]
    pub fn is_for(&self, host: &Host<&str>) -> bool {
        let name = match host {
            Host::Domain(name) => ServerName::try_from((*name).to_owned()).ok(),
            Host::Ipv4(address) => Some(ServerName::from(std::net::IpAddr::from(*address))),
            Host::Ipv6(address) => Some(ServerName::from(std::net::IpAddr::from(*address))),
        };
        let parsed = ParsedCertificate::try_from(&self.bytes);
        match (parsed, name) {
            (Ok(parsed), Some(name)) => verify_server_name(&parsed, &name).is_ok(),
            _ => false,
        }
    }

    /// Formats subject, hosts and end of validity in one line.
    #[must_use]
    pub fn line(&self) -> String {
        let until = self.until.format("%Y-%m-%d");
        let hosts = self.hosts.join(", ");
        match self.subject.as_str() {
            "" => format!("{hosts}, valid until {until}"),
            subject => format!("{subject}, for {hosts}, valid until {until}"),
        }
    }
}

fn host(name: &GeneralName) -> Option<String> {
    match name {
        GeneralName::DnsName(name) => Some(name.as_str().to_owned()),
        GeneralName::IpAddress(bytes) => match *bytes.as_bytes() {
            [a, b, c, d] => Some(std::net::Ipv4Addr::new(a, b, c, d).to_string()),
            ref long => {
                let bytes: [u8; 16] = long.try_into().ok()?;
                Some(std::net::Ipv6Addr::from(bytes).to_string())
            }
        },
        _ => None,
    }
}
