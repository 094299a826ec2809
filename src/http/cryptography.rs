//! The cryptography of outgoing TLS connections.

use rustls::crypto::{CryptoProvider, ring};

/// Installs the cryptography provider that the server uses too. It must be called before the first `reqwest`
/// client is created; repeated calls do nothing.
pub fn choose_cryptography() {
    if CryptoProvider::get_default().is_none() {
        // If another thread is first, it installs the same provider.
        let _ = ring::default_provider().install_default();
    }
}
