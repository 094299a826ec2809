//! Schemas of bodies that handlers read or write by hand.

#![expect(
    dead_code,
    reason = "the types only describe; handlers write these bodies from finished JSON"
)]

use serde::Serialize;
use utoipa::ToSchema;

use utoipa::openapi::ObjectBuilder;

use super::parameters::text;
use calendar_domain::wire::WireEvent;

/// A page of changes.
#[derive(ToSchema)]
pub struct ChangePage {
    /// The changes, in order.
    items: Vec<Change>,
    /// The cursor of the next request, also on the last page.
    next: String,
    /// Address of the licence of the data, if it has one.
    licence: Option<String>,
}

/// A change: an event as it is now, or one that is gone.
#[derive(Serialize, ToSchema)]
#[serde(untagged)]
enum Change {
    Event(Box<ChangedEvent>),
    Gone(GoneEvent),
}

/// An event as it is now.
#[derive(Serialize, ToSchema)]
pub struct ChangedEvent {
    /// `event`.
    #[schema(rename = "type", schema_with = event_word)]
    kind: String,
    /// Key of the event.
    id: String,
    /// RFC 5545 `UID`.
    uid: String,
    /// Slug of its page.
    slug: String,
    /// Time of the change.
    #[schema(format = DateTime)]
    changed: String,
    /// `uid` of the event that it is part of, if that is published.
    super_event_uid: Option<String>,
    /// The event.
    event: WireEvent,
}

/// An event that is no longer public.
#[derive(Serialize, ToSchema)]
pub struct GoneEvent {
    /// `gone`.
    #[schema(rename = "type", schema_with = gone_word)]
    kind: String,
    /// Key of the event.
    id: String,
    /// RFC 5545 `UID`.
    uid: String,
    /// Slug of its page.
    slug: String,
    /// Time of the change.
    #[schema(format = DateTime)]
    changed: String,
}

/// An event as a partner sends it.
#[derive(ToSchema)]
pub struct EventInput(WireEvent);

/// A merge patch of an event (RFC 7396): members to change, and `null` for those to remove.
#[derive(ToSchema)]
pub struct EventPatch(WireEvent);

fn event_word() -> ObjectBuilder {
    word("event", "Says that the event is as it is here.")
}

fn gone_word() -> ObjectBuilder {
    word("gone", "Says that the event is no longer public.")
}

fn word(word: &str, description: &str) -> ObjectBuilder {
    text()
        .enum_values(Some([word]))
        .description(Some(description))
}
