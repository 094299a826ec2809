//! Opens S3 buckets: checks the address, keys and endpoint without a request.

use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::path::Path as Key;
use url::{Host, Url};

use crate::cli::Failure;
use crate::http::address::AllowedHost;
use crate::http::choose_cryptography;

/// Environment variables of the keys. Without them the library would request keys from the metadata service at
/// 169.254.169.254.
const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];
/// Environment variables of the endpoint, most specific first.
const ENDPOINTS: [&str; 3] = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT", "AWS_ENDPOINT_URL"];
/// Environment variable that permits an endpoint without TLS.
const ALLOW_HTTP: &str = "AWS_ALLOW_HTTP";

/// Opens the bucket at `s3://bucket/prefix`, without a request.
///
/// # Errors
/// Names the environment variable that is missing or invalid, never its value.
pub fn open(url: &Url, without_tls: &[String]) -> Result<(Arc<dyn ObjectStore>, Key), Failure> {
    let plain = url.username().is_empty() && url.password().is_none();
    if !plain {
        let keys = KEYS.join(" and ");
        return Err(
            format!("the address must not contain keys; set {keys} in the environment").into(),
        );
    }
    if url.host_str().is_none_or(str::is_empty) || url.query().is_some() || url.fragment().is_some()
    {
        return Err("write a bucket as s3://bucket/prefix".into());
    }
    let missing: Vec<&str> = KEYS
        .into_iter()
        .filter(|name| variable(name).is_none())
        .collect();
    if !missing.is_empty() {
        let missing = missing.join(" and ");
        return Err(format!("{url} needs {missing} in the environment of this program").into());
    }
    choose_cryptography();
    let mut builder = from_environment().with_url(url.as_str());
    if speaks_http(without_tls)? {
        builder = builder.with_allow_http(true);
    }
    let bucket = builder.build()?;
    Ok((Arc::new(bucket), Key::from_url_path(url.path())?))
}

/// Like [`AmazonS3Builder::from_env`], but ignores blank variables.
fn from_environment() -> AmazonS3Builder {
    let mut builder = AmazonS3Builder::new();
    for (name, value) in std::env::vars_os() {
        let (Some(name), Some(value)) = (name.to_str(), value.to_str()) else {
            continue;
        };
        if !name.starts_with("AWS_") || value.trim().is_empty() {
            continue;
        }
        if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
            builder = builder.with_config(key, value);
        }
    }
    builder
}

/// Returns a variable unless it is blank.
fn variable(name: &str) -> Option<String> {
    std::env::var(name)
        .ok()
        .filter(|value| !value.trim().is_empty())
}

/// Returns true if the endpoint has no TLS.
///
/// # Errors
/// Errors if such an endpoint is neither on this machine nor permitted, since backups would be sent in clear text.
fn speaks_http(without_tls: &[String]) -> Result<bool, Failure> {
    let given = ENDPOINTS
        .into_iter()
        .find_map(|name| Some((name, variable(name)?)));
    let Some((name, endpoint)) = given else {
        return Ok(false);
    };
    let wrong = || format!("{name} must be an address such as https://s3.example.no");
    let url = Url::parse(&endpoint).map_err(|_| wrong())?;
    match url.scheme() {
        "https" if url.has_host() => Ok(false),
        "http" if url.has_host() => {
            let allowed =
                variable(ALLOW_HTTP).is_some_and(|variable| variable.eq_ignore_ascii_case("true"));
            if allowed || is_loopback(&url) || is_listed(&url, without_tls) {
                return Ok(true);
            }
            let host = url.host_str().unwrap_or_default();
            let port = url.port_or_known_default().unwrap_or(80);
            Err(format!(
                "{name} is an address without TLS, so others could read backups in transit; use https://, or \
                 list «{host}:{port}» in calendar.sync.allow_private if you control the network"
            )
            .into())
        }
        _ => Err(wrong().into()),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn is_listed(url: &Url, hosts: &[String]) -> bool {
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return false;
    };
    let listed = hosts
        .iter()
        .filter_map(|host| host.parse::<AllowedHost>().ok());
    listed.into_iter().any(|listed| listed.covers(host, port))
}
