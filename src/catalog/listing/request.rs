//! What a list contains.

use calendar_domain::{EventFilter, Query, Window};

use super::ListKey;

/// A request for a page of a list.
#[derive(Debug, Clone)]
pub struct ListingRequest<'a> {
    /// Filters with indexes. Its days are ignored; `window` has them.
    pub query: &'a Query,
    /// Further filters of events and occurrences.
    pub filter: &'a EventFilter,
    /// The days that an occurrence has to touch. The list is empty if there are none.
    pub window: Window,
    /// Occurrences that began before the window.
    pub ongoing: Ongoing,
    /// Whether a recurring event is listed once only, and the parts of recurring events not at all.
    pub without_repetition: bool,
    /// The order.
    pub order: ListOrder,
    /// The last item of the page before; `None` for the first page.
    pub after: Option<&'a ListKey>,
    /// Maximum number of items.
    pub limit: usize,
}

/// How occurrences are treated that began before the window and are still running in it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Ongoing {
    /// They are included.
    #[default]
    Include,
    /// They are left out.
    Omit,
    /// Everything else is left out.
    Only,
}

/// The order of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ListOrder {
    /// By start, earliest first. An event stands at its first occurrence that matches.
    #[default]
    Start,
    /// The reverse.
    StartDescending,
    /// By the time of the last change, longest ago first.
    Change,
    /// The reverse.
    ChangeDescending,
}

impl ListOrder {
    /// Returns true if the order is reversed.
    #[must_use]
    pub fn is_descending(self) -> bool {
        matches!(self, Self::StartDescending | Self::ChangeDescending)
    }

    /// Returns true if the order has keys of this kind.
    #[must_use]
    pub fn has_key(self, key: &ListKey) -> bool {
        match self {
            Self::Start | Self::StartDescending => matches!(key, ListKey::Start(_)),
            Self::Change | Self::ChangeDescending => matches!(key, ListKey::Change(_)),
        }
    }
}
