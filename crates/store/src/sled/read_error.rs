//! Errors of reading records.

use super::sled_guard::SledFault;
use crate::body::BodyError;

/// Why reading failed.
pub(super) enum ReadError {
    Fault(SledFault),
    Body(BodyError),
    Gap(String),
}

impl From<SledFault> for ReadError {
    fn from(fault: SledFault) -> Self {
        Self::Fault(fault)
    }
}

impl From<BodyError> for ReadError {
    fn from(error: BodyError) -> Self {
        Self::Body(error)
    }
}
