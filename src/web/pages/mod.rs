//! HTML pages, in bokmål and, under `/en`, in English.
//!
//! Each page is one file here and one template in `templates/pages/`. The struct holds finished texts and addresses,
//! which the template lays out without logic of its own. [`Shell`] is the layout that every page shares. All texts come
//! from [`Words`](calendar_language::Words), all addresses from [`Paths`].
//!
//! To add a page: its struct and template, its address in [`Paths`], and its route in `routes.rs`.

pub mod about;
pub mod agenda;
pub mod asked;
pub mod cards;
pub mod error;
pub mod event;
pub mod facts;
pub mod finder;
pub mod leaf;
pub mod listing;
pub mod lists;
pub mod organizer;
pub mod partner;
pub mod paths;
pub mod place;
mod reader;
mod routes;
mod rows;
pub mod said;
pub mod series;
pub mod shell;
mod shorten;
pub mod subscribe;
#[cfg(test)]
mod tests;
pub mod visit;

pub use asked::FilterParams;
pub use leaf::Bar;
pub use paths::Paths;
pub use reader::PageRequest;
pub use routes::routes;
pub use said::LocalizedText;
pub use shell::{Section, Shell};
pub use shorten::NewFilters;
pub use visit::PageContext;
