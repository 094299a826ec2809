//! Name resolution that refuses private addresses.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rocket::tokio;

use super::address::is_public;

/// A resolver whose addresses may be connected to. The client connects to what it returns, so that a name that
/// changes its address after the check gains nothing (DNS rebinding).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Resolver {
    /// Errors if one of the addresses is private.
    PublicOnly,
    /// Returns every address.
    Any,
}

/// Why a name was not resolved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum ResolveError {
    /// One of the addresses is private.
    #[error("{0} is private")]
    Private(IpAddr),
    /// The name is unknown, or there is no answer.
    #[error("{0}")]
    Unresolved(String),
}

impl ResolveError {
    /// Returns the error if it is among the causes of another one.
    pub(super) fn among<'e>(error: &'e (dyn Error + 'static)) -> Option<&'e Self> {
        let mut cause = Some(error);
        while let Some(error) = cause {
            if let Some(found) = error.downcast_ref() {
                return Some(found);
            }
            cause = error.source();
        }
        None
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = *self;
        Box::pin(async move {
            // The client replaces the port.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|error| ResolveError::Unresolved(error.to_string()))?;
            let addresses: Vec<SocketAddr> = found.collect();
            let private = addresses.iter().find(|address| !is_public(address.ip()));
            if let (Self::PublicOnly, Some(private)) = (resolver, private) {
                return Err(ResolveError::Private(private.ip()).into());
            }
            let addresses: Addrs = Box::new(addresses.into_iter());
            Ok(addresses)
        })
    }
}
