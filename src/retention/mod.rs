//! Retention: deletes personal data whose time has ended, once a day.
//!
//! **May import:** `catalog`, `editorial`, `config`, `notify`, `login`, `personal_data`.
//!
//! What is due follows from the records and the clock alone, so a run that was interrupted or that a stopped server missed
//! is made up for by the next one, and a run twice on a day changes nothing. Each deletion is a small commit that checks the
//! revision of its records: what somebody changed meanwhile stays.
//!
//! - `service`: a run over all kinds, and what the last run did.
//! - `kind`: the kinds of data.
//! - `submissions`: when submissions, reports and mails are due. `invitations`, `accounts`: the same, with their deletion.
//! - `removal`: deletes records in small commits.
//! - `versions`: removes what was deleted from the history.
//! - `schedule`: runs it once a day while the server runs.

mod accounts;
mod invitations;
mod kind;
mod removal;
mod schedule;
mod service;
mod submissions;
mod versions;

pub use accounts::NOTICE_DAYS;
pub use kind::RetainedKind;
pub use schedule::keep;
pub use service::{Retention, RetentionError, RetentionRun};
