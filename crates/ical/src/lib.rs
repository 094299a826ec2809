//! iCalendar (RFC 5545, 7986, 7529): a tolerant reader, a strict checker and a writer.
//!
//! Imports the crates `calendar_domain` and `calendar_language`. Pure: no clock, no network, no
//! files. The input is bytes, the output values and findings.
//!
//! Reading is a pipeline of modules, each usable alone:
//!
//! 1. [`encoding`] and [`lines`]: bytes to unfolded content lines with physical line numbers
//! 2. [`property`], [`component`] and [`tree`]: lines to properties and components, closed or not
//! 3. [`value`]: value types (dates, durations, periods, text, offsets)
//! 4. [`zones`]: TZIDs to time zones
//! 5. [`read`](mod@read): components to events; [`occurrences`](mod@occurrences) expands them,
//!    [`to_events`] converts them to drafts of domain events
//!
//! [`check`](mod@check) uses the same lower steps and reports what the author of a file should fix.
//!
//! Unreadable input is never dropped silently: it is reported as a [`finding::Finding`] with line,
//! property and reason, and reading continues. [`limits::ReadLimits`] bounds everything that a
//! malicious file could inflate.
//!
//! [`write`](mod@write) serializes an event and the names it refers to as a calendar fragment, and
//! joins fragments into a feed. [`vtimezone`] serializes the rules of a time zone.

pub mod check;
pub mod component;
pub mod encoding;
pub mod finding;
mod image_parameters;
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
