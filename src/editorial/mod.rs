//! What organizers, editors and visitors do: organisations, submissions and their review, suggestions and reports of
//! visitors, changes of public events, and decisions about what runs with partners leave open.
//!
//! **May import:** `catalog`, `media`, `ingest`.
//!
//! Functions that take an [`Actor`] check what that person may do; the others leave it to the caller. Each decision is
//! one commit authored by the person, with the mails that it causes, except a rollback that is too large for one.
//!
//! **One more decision** is a function in the module of its subject, exported here.

pub mod actor;
pub mod availability;
mod beside;
pub mod copies;
pub mod daily_mails;
mod decision;
mod editorial_error;
pub mod edits;
mod error;
pub mod event_history;
pub mod event_status;
mod following_parts;
pub mod image_erasure;
mod merge;
mod notices;
pub mod open_form;
pub mod organisation_search;
pub mod organisations;
mod parts;
mod publishing;
pub mod queue;
pub mod reports;
mod review;
mod rollback;
mod runs;
pub mod similar;
mod status_notices;
pub mod submission_form;
pub mod submission_images;
pub mod submission_review;
pub mod submission_store;
pub mod submissions;
#[cfg(test)]
mod tests;
pub mod undelivered_mails;
pub mod undo_status;
pub mod uploads;
pub mod visitor_suggestions;

pub use actor::Actor;
pub use editorial_error::EditorialError;
pub use notices::{organisation_path, published_path, submission_path};
pub use publishing::PublishChoices;
pub use status_notices::UNDO_TIME;

pub use decision::Editor;
use decision::{ask_anew, commit, event, is_there, known_event};
pub use error::{ChangedSinceRun, DecisionError};
pub use merge::{join, split};
pub use review::{OpenReview, accept, approve, dismiss, open_matters, reject, release};
pub use rollback::{Later, RolledBack, roll_back};
pub use runs::runs;
