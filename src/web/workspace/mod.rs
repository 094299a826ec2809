//! What the pages of organizers and editors share.
//!
//! - [`WorkspaceRequest`]: request guard of every page: who is signed in, with the calendar and the layout.
//! - [`NoticeParam`]: the sentence at the top of a page after a form was sent.
//! - `form_view`: fields of forms with label, hint, value and error. `form_messages`: what errors say.
//! - [`described_by`]: the attributes that connect a field with its hint and error.
//! - `event_lines`: an event as labelled lines, for checking and comparing.
//! - `help`: help pages.
//! - `word_diff`: two texts, word by word.

mod error;
pub mod event_lines;
mod field_attributes;
mod form_facts;
mod form_messages;
mod form_places;
pub mod form_view;
pub mod help;
mod notice;
mod request;
pub mod word_diff;

pub use field_attributes::described_by;
pub use notice::{NoticeParam, PageNotice};
pub use request::{WorkspacePage, WorkspaceRequest};
