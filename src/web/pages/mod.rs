//! HTML pages in every language of the interface: the default one at the root, others under their tag (`/nn`, `/en`).
//!
//! Each page is one file here and one template in `templates/pages/`. The struct holds finished texts and addresses,
//! which the template lays out without logic of its own. [`Layout`] is the layout that every page shares. All texts come
//! from [`Words`](calendar_language::Words), all addresses from [`Paths`].
//!
//! To add a page: its struct and template, its address in [`Paths`], and its handler in `routes.rs`, which is mounted
//! once for each language.

pub mod about;
pub mod agenda;
pub mod cards;
pub mod context;
pub mod date_block;
pub mod error;
pub mod event;
pub mod event_list;
mod event_rows;
pub mod facts;
pub mod filter_params;
pub mod layout;
pub mod links;
pub mod lists;
pub mod localized;
pub mod organizer;
mod page_request;
pub mod partner;
pub mod paths;
pub mod picture;
pub mod place;
mod preview_card;
mod preview_image;
mod privacy;
pub mod render;
mod routes;
pub mod search_form;
pub mod search_results;
pub mod series;
mod shared_picture;
mod shorten;
mod structured;
pub mod subscribe;
#[cfg(test)]
mod tests;

pub use context::PageContext;
pub use date_block::Bar;
pub use filter_params::FilterParams;
pub use layout::{AccountBar, FeedLink, Layout, NavLink, Section};
pub use localized::LocalizedText;
pub use page_request::PageRequest;
pub use paths::Paths;
pub use preview_image::preview_routes;
pub use routes::routes;
pub use shorten::NewFilters;
