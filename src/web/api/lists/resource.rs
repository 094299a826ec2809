//! The two lists.

use calendar_domain::wire::{WireEvent, WireOccurrence};

/// A list of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Resource {
    /// Events, each once.
    Events,
    /// Their occurrences.
    Occurrences,
}

impl Resource {
    /// Returns the path.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Events => "/api/v1/events",
            Self::Occurrences => "/api/v1/occurrences",
        }
    }

    /// Returns the members of an item.
    pub(super) fn members(self) -> &'static [&'static str] {
        match self {
            Self::Events => WireEvent::MEMBERS,
            Self::Occurrences => WireOccurrence::MEMBERS,
        }
    }

    /// Returns what may be included beside the members.
    pub(super) fn inclusions(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["parts"],
            Self::Occurrences => &[],
        }
    }

    /// Returns what `fields` may name.
    pub(super) fn fields(self) -> Vec<&'static str> {
        [self.members(), self.inclusions()].concat()
    }

    /// Returns the member that identifies an item.
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Events => "id",
            Self::Occurrences => "event",
        }
    }

    /// Returns the orders, the default first.
    pub(super) fn orders(self) -> &'static [&'static str] {
        match self {
            Self::Events => &["start", "-start", "modified", "-modified"],
            Self::Occurrences => &["start", "-start"],
        }
    }
}
