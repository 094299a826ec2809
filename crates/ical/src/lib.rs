//! iCalendar (RFC 5545, 7986, 7529), read from anyone and checked strictly.
//!
//! Imports `domain` and `language`; pure: no clock, no network, no files. Bytes go in, values and
//! findings come out.
//!
//! Reading goes in steps, each its own module, each usable alone:
//!
//! 1. [`encoding`] and [`lines`]: bytes to unfolded content lines with their physical line numbers;
//! 2. [`property`], [`component`] and [`tree`]: lines to properties and components, whatever is left
//!    unclosed;
//! 3. [`value`]: the value types (dates, durations, periods, text, offsets);
//! 4. [`zones`]: TZIDs to zones, whoever named them;
//! 5. [`read`](mod@read): components to events; [`occurrences`](mod@occurrences) expands them,
//!    [`to_events`] makes drafts of ours of them.
//!
//! The same lower steps serve [`check`](mod@check), which says what a file's author should mend.
//!
//! What cannot be read is never dropped in silence: it is a [`finding::Finding`] with line, property
//! and reason, and the rest goes on. [`limits::Limits`] caps everything a hostile file could inflate.
//!
//! Writing is [`write`](mod@write): an event and the names it needs become a piece of a calendar,
//! pieces become a feed. [`vtimezone`] gives a zone's rules.

pub mod check;
pub mod component;
pub mod encoding;
pub mod finding;
pub mod limits;
pub mod lines;
pub mod occurrences;
pub mod property;
pub mod quoted_printable;
pub mod read;
pub mod to_events;
pub mod tree;
pub mod value;
pub mod vtimezone;
pub mod windows_zones;
pub mod write;
pub mod zones;
