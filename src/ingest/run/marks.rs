//! Where the next run of a connection resumes.

use calendar_domain::Validators;
use calendar_store::Revision;
use std::collections::BTreeMap;

/// Where the next run resumes.
#[derive(Debug, Clone, Default)]
pub(super) struct SyncMarks {
    pub validators: BTreeMap<String, Validators>,
    pub resume: Option<String>,
    /// Revision of the partner's state that these belong to. They are void at any other.
    pub after: Option<Revision>,
}
