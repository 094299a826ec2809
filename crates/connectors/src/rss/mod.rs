//! RSS (0.9 to 2.0) and Atom feeds whose items have event times: in the event module (`ev:`), in iCalendar's
//! elements or in similar ones, matched by local name.

mod connector;
mod item;
mod times;

pub use connector::RssConnector;
