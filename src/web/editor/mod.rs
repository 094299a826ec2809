//! Pages of editors, `/editor/`.
//!
//! - `queue`: what waits, by the date of the event.
//! - `submission`: a submission beside the public version. `replies`: texts that editors often reply with.
//! - `organisation`: an organisation to approve or trust.
//! - `mails`: mails that did not arrive.
//! - `partner_review`: what runs with partners left open.
//! - `help`: how editors decide.

mod help;
mod mails;
mod organisation;
mod partner_review;
mod queue;
mod replies;
mod routes;
mod submission;

pub use routes::routes;
