//! Resolves TZIDs to time zones.
//!
//! A TZID is resolved in this order: an IANA name in any form or a Windows name ([`named_zone`]);
//! the VTIMEZONE's X-LIC-LOCATION; the rules of the VTIMEZONE; a Windows display name or an offset
//! in the name. A known name takes precedence over a conflicting VTIMEZONE, as in most calendar
//! programs: such definitions are usually outdated or generated wrongly.

mod canonical;
mod custom;
mod names;
mod vtimezone;
mod zone_table;

pub use canonical::canonical;
pub use custom::{CustomZone, OffsetChange};
pub use names::named_zone;
pub(super) use zone_table::defined_name;
pub use zone_table::{ZoneRef, ZoneTable};
