//! What TLS to others calculates with.

use rustls::crypto::{CryptoProvider, ring};

/// Has TLS to others take the cryptography that the server's own takes; needed before the first client of
/// `reqwest` is made, and harmless again.
pub fn choose_cryptography() {
    if CryptoProvider::get_default().is_none() {
        // Should another thread be first, it has chosen the same.
        let _ = ring::default_provider().install_default();
    }
}
