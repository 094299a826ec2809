//! Pages of organizers, `/organizer/`.
//! - `dashboard`: pending and public events, open requests.
//! - `organisations`: search, registration. `organisation`: its members.
//! - `events`: the form, saved as a draft. `form_page`: its page. `typed_form`: what it sends. `autosave`: the same for
//!   its script.
//! - `repeated_dates`: the dates of a repetition in it.
//! - `similar`: likely duplicates. `copy`: an event as the start of another.
//! - `images`: the pictures of an event.
//! - `upload`: a file with several events. `upload_report`: what became of its rows, and their correction.
//! - `check`: the last look before sending.
//! - `submission`: a submission and its history.
//! - `published`: a public event, with quick changes. `history`: its earlier versions. `availability`: the places left.
//!   `published_images`: its pictures, to be deleted for good.
//! - `help`: how organizers get an event into the calendar.

mod autosave;
mod availability;
mod check;
mod copy;
mod dashboard;
mod events;
mod form_page;
mod help;
mod history;
mod images;
mod organisation;
mod organisations;
mod published;
mod published_images;
mod repeated_dates;
mod routes;
mod similar;
mod start_param;
mod submission;
mod typed_form;
mod upload;
mod upload_report;

pub(super) use events::FormAction;
pub(super) use form_page::{FormFacts, form_page};
pub use routes::routes;
pub use submission::{StepRow, history, moment};
pub(super) use typed_form::{revision, typed};
pub use upload::UploadTurn;
