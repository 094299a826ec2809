//! What visitors write to the editors without an account: suggestions and reports.
//!
//! A message waits among short-lived data until its sender opens the link that was mailed to the address and presses the
//! button there. Then it is a record in the editors' queue, and the address is kept apart, until its own end.
//!
//! **May import:** `random`, `rate_limit`, `catalog`, `editorial`, `config`, `notify`, `login`.
//!
//! - `form_stamp`: when a form was opened.
//! - `limits`: how much one client, address or all together may send.
//! - `unconfirmed`: the messages that wait for their confirmation.
//! - `service`: what the pages call.

mod error;
mod form_stamp;
mod limits;
mod service;
mod unconfirmed;

pub use error::VisitorError;
pub use form_stamp::{StampCheck, TYPING_SECONDS};
pub use limits::VisitorRefusal;
pub use service::{ConfirmOutcome, SendRequest, VisitorMessages};
pub use unconfirmed::{CONFIRM_HOURS, ConfirmationLink, VisitorMessage};
