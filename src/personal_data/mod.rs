//! One's own personal data: what is kept about a person, its export, and its deletion from every file of the store.
//!
//! A deletion removes the records that concern the person alone, and what is about the person in the records of others,
//! in one commit with an [`Erasure`](calendar_domain::Erasure). The commit hides the data at once. Then the history, the
//! journal, the database, the catalog's cache file and the image files lose it ([`finish`]). That is repeated until the
//! erasure is complete, also after a restart.
//!
//! **May import:** `catalog`, `audit`, `media`, `config`, `notify`, `login`.
//!
//! - `subject`: whose data it is, and what belongs to it.
//! - `redaction`: what becomes of one record.
//! - `plan`: all changes of a deletion.
//! - `removal`: the deletion itself.
//! - `short_lived`: sessions, codes, kept forms and addresses of visitors.
//! - `own_data`: what is kept, for its owner.
//! - `receipt`: the receipt in words.
//! - `restored`: erases records again that a restored backup brought back.

mod error;
mod own_data;
mod plan;
mod receipt;
mod redaction;
mod removal;
pub mod restored;
mod short_lived;
mod subject;

pub use error::PersonalDataError;
pub use own_data::{OwnData, own_data};
pub use receipt::{ReceiptLine, backup_hold, find_receipt, receipt_lines};
pub use removal::{RemovalRequest, finish, keep_erasing, remove};
pub use subject::{OrganisationsLeft, organisations_left};
