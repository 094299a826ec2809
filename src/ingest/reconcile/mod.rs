//! Compares a partner's drafts with the stored events, and returns a plan. Reads the store, writes nothing.
//!
//! - [`Planner`] decides for each draft: create, update, join with another partner's event, or leave as it is.
//! - `identify` finds the event that a draft describes; `merge` decides field by field which value takes
//!   precedence.
//! - [`batch`] handles a whole response: missing events and plausibility.
//!
//! Three rules hold throughout:
//!
//! - A value that a person set stays; a partner that differs raises a suggestion.
//! - Of several partners, the primary takes precedence, and among equals the first source of the event.
//! - Nothing is removed because a response is empty, malformed or much shorter than the last.

pub mod batch;
mod event;
mod identify;
mod likeness;
mod lookup;
mod lost_sources;
mod merge;
mod missing_events;
mod moved;
mod own_sources;
mod pairings;
mod places;
mod plan;
mod planner;
mod renamed;
mod step;
mod terms;
#[cfg(test)]
mod tests;
mod twin;
mod whole;

pub use lookup::Lookup;
pub use lost_sources::lose_source;
pub use merge::suggestions_of_rest;
pub use pairings::Pairings;
pub use planner::Planner;
pub use step::{DEEPEST, NotPart, Planned, Step, StepOutcome};
use terms::hash_of;
pub use terms::{IntakeTerms, Origin, content_hash, partner_event_id, partner_event_ids};
pub use twin::published_twin;
