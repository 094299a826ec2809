//! Events on pages of other sites: a web component, pages in frames, oEmbed, and a page that writes the code.
//!
//! [`EmbedRequest`](request::EmbedRequest) parses what the component, frames and the builder have in common: the filters
//! of feeds, and the appearance. [`EmbedView`](view::EmbedView) has the finished texts. The component gets them as JSON
//! from `/embed/events.json` and builds its elements from them; `/embed/list` renders the same in a template. Both use
//! the style sheet `static/embed/events.css`.
//!
//! Events of partners that do not permit republication are in neither (`ContentPolicy::passing_on`), and each event has
//! the credits that its partners require. No images are shown: they would be requests to other sites.
//!
//! To add a layout: a variant of [`EmbedLayout`](options::EmbedLayout), what it shows in [`EmbedView`](view::EmbedView), and its markup in
//! `static/embed/events.js` and `templates/embed/list.html`.

mod builder;
mod data;
mod frame;
mod item;
mod listing;
mod month;
mod month_days;
mod oembed;
mod options;
mod request;
mod routes;
mod script;
mod single;
mod snippets;
mod theme;
mod view;

#[cfg(test)]
mod tests;

pub use routes::{page_routes, routes};
