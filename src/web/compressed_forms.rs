//! A body in the codings that clients requested.

use std::sync::OnceLock;

use bytes::Bytes;

use crate::feeds::{Coding, compress};

/// The compressed forms of a body, each made once.
#[derive(Debug, Default)]
pub(super) struct CompressedForms {
    gzip: OnceLock<Option<Bytes>>,
    brotli: OnceLock<Option<Bytes>>,
    zstd: OnceLock<Option<Bytes>>,
}

impl CompressedForms {
    /// Returns the body in a coding, or as it is if that fails. `bytes` are always the same.
    pub(super) fn get(&self, bytes: &Bytes, coding: Coding) -> (Coding, Bytes) {
        let form = match coding {
            Coding::Identity => return (coding, bytes.clone()),
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
            Coding::Zstd => &self.zstd,
        };
        let made = form.get_or_init(|| match compress(bytes, coding) {
            Ok(smaller) => Some(smaller.into_boxed_slice().into()),
            Err(error) => {
                tracing::warn!(%error, coding = coding.name(), "cannot compress a response");
                None
            }
        });
        match made {
            Some(smaller) => (coding, smaller.clone()),
            None => (Coding::Identity, bytes.clone()),
        }
    }
}
