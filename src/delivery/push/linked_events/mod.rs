//! Push to a Linked Events calendar (`/v1/event/`), with an API key.
//!
//! This program chooses the ids, prefixed with the data source of the key, so creating an event twice is
//! rejected. A deleted id can't be reused: an event that returns gets a new one. Each date of a recurring
//! event is a separate event under a super event. Images are not sent, since an upload requires a licence
//! that only the partner's own images have.
//!
//! The calendar derives the status from the start: a changed start means rescheduled, no start means
//! postponed. Only a cancellation is sent as a status, with each update. To undo it, the event must become a
//! draft first.

mod body;
mod connector;
mod place;
#[cfg(test)]
mod tests;
mod texts;

pub use connector::LinkedEventsPush;
