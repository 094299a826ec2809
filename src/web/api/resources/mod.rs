//! `/api/v1/places`, `/organizers`, `/categories`, `/audiences`, `/series`, `/partners`: what events refer to.
//!
//! Each resource is one file: its JSON form, its list, and the address of one record. [`list`] pages and [`view`] writes
//! texts and addresses alike for all of them. To add one: a file like `places.rs`, its routes in [`routes()`] and its paths
//! in [`ResourcesDoc`].

mod list;
mod organizers;
mod partners;
mod places;
mod routes;
mod series;
mod taxonomy;
mod view;

pub use list::ResourcePage;
pub use routes::{ResourcesDoc, routes};
