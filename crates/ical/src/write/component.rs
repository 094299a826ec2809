//! The written form of one event.

use super::times::Zones;

/// The VEVENTs of one event, including line ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CalendarComponent {
    /// VEVENTs; empty if the event is [left out](Self::left_out).
    pub bytes: Vec<u8>,
    /// Zones that the VEVENTs refer to.
    pub zones: Zones,
    /// Whether a VEVENT has no ORGANIZER.
    pub lacks_organizer: bool,
    /// Why there are no VEVENTs, if there are none.
    pub left_out: Option<LeftOut>,
}

/// Why an event has no VEVENT.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeftOut {
    /// The options exclude it.
    Choice,
    /// Its rule and exceptions leave no start.
    NeverHappens,
    /// Its year is not between 1 and 9999; RFC 5545 cannot represent it.
    NoSuchDate,
}
