//! Counts refused access keys.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{head, line};

/// Why a key was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyRefusal {
    /// No such key, or its secret is wrong.
    Unknown,
    /// The key was revoked.
    Revoked,
    /// The key is valid for another scope.
    Scope,
}

/// Number of refused keys since the start, by reason.
#[derive(Debug, Default)]
pub struct RefusedKeys([AtomicU64; 3]);

impl RefusedKeys {
    /// Counts one refusal.
    pub fn count(&self, reason: KeyRefusal) {
        self.0[reason as usize].fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn write(&self, out: &mut String) {
        let name = "keys_refused_total";
        let help = "Requests with a refused key, by reason.";
        head(out, name, "counter", help);
        let reasons = ["unknown", "revoked", "scope"];
        for (reason, count) in reasons.iter().zip(&self.0) {
            let count = count.load(Ordering::Relaxed);
            line(out, name, &format!("reason=\"{reason}\""), count);
        }
    }
}
