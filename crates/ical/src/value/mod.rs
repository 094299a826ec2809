//! Value types of RFC 5545 section 3.3, parsed tolerantly where the meaning is clear.

mod duration;
mod number;
mod text;
mod time;

pub use duration::CalDuration;
pub use number::{Geo, parse_geo, parse_utc_offset};
pub use text::{split_list, unescape_text};
pub use time::{RawPeriod, RawTime, parse_date, parse_date_time, parse_period, parse_time};
