//! Pages of editors, `/editor/`.
//!
//! - `queue`: what waits, by the date of the event.
//! - `submission`: a submission beside the public version, drawn by `review_page`. `replies`: texts that editors often
//!   reply with. `suggestion_form`: the form in which they change what a visitor suggests.
//! - `rejections`: several suggestions at once, by `rejection_form`.
//! - `report`: a mistake that a visitor reports.
//! - `organisation`: an organisation to approve or trust.
//! - `audit`: who read personal data.
//! - `mails`: mails that did not arrive.
//! - `partner_review`: what runs with partners left open.
//! - `help`: how editors decide.

mod audit;
mod help;
mod mails;
mod organisation;
mod partner_review;
mod queue;
mod rejection_form;
mod rejections;
mod replies;
mod report;
mod review_page;
mod routes;
mod submission;
mod suggestion_form;

pub use routes::routes;
