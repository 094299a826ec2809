//! Push to The Events Calendar of a WordPress site (REST v1), with an application password.
//!
//! Each event is one event there, a recurring one with its next date. It is found by its slug, which begins
//! with this site's host and contains a hash of the `UID`. Its link (`website`) leads to the event's page on
//! this site. Venues and organizers are the site's existing ones where possible; including them in an event's
//! body would overwrite them for all events. The status is a field of WordPress's own API (`wp/v2`) if the
//! site offers it, else a prefix of the title: «AVLYST: …».
//!
//! The body is always complete, since an update resets many fields that it omits.

mod body;
mod connector;
mod shared;
#[cfg(test)]
mod tests;

use connector::ROOT;
pub use connector::{TribePush, slug_prefix};
