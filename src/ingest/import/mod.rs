//! One-time import of a file or an address by an operator.
//!
//! Three steps run on threads of their own: `drafts` parses, [`reconcile`](crate::ingest::reconcile) plans, and
//! two writers commit. Batches of bounded size pass between the steps.

mod commit;
mod drafts;
mod error;
mod importer;
mod report;
mod unknown;

pub use calendar_connectors::diagnostic::Diagnostic;
pub use error::ImportError;
pub use importer::{Importer, Rehearsal};
pub use report::{ImportedItem, Report};
