//! A body in the codings that clients requested.

use std::sync::{Arc, OnceLock};

use crate::feeds::{Coding, compress};

/// The compressed forms of a body, each made once.
#[derive(Debug, Default)]
pub(super) struct CompressedForms {
    gzip: OnceLock<Option<Arc<[u8]>>>,
    brotli: OnceLock<Option<Arc<[u8]>>>,
    zstd: OnceLock<Option<Arc<[u8]>>>,
}

impl CompressedForms {
    /// Returns the body in a coding, or as it is if that fails. `bytes` are always the same.
    pub(super) fn get(&self, bytes: &Arc<[u8]>, coding: Coding) -> (Coding, Arc<[u8]>) {
        let form = match coding {
            Coding::Identity => return (coding, Arc::clone(bytes)),
            Coding::Gzip => &self.gzip,
            Coding::Brotli => &self.brotli,
            Coding::Zstd => &self.zstd,
        };
        let made = form.get_or_init(|| match compress(bytes, coding) {
            Ok(smaller) => Some(smaller.into()),
            Err(error) => {
                tracing::warn!(%error, coding = coding.name(), "cannot compress a response");
                None
            }
        });
        match made {
            Some(smaller) => (coding, Arc::clone(smaller)),
            None => (Coding::Identity, Arc::clone(bytes)),
        }
    }
}
