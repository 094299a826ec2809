//! `/api/docs`: the API as a page, made from its description.
//!
//! [`operations`] and [`schemas`] turn the document of [`super::openapi`] into what [`page`] shows. The page is complete
//! without its script, which sends requests and shows the responses.

mod marked_text;
mod operations;
mod page;
mod schemas;

pub use page::routes;
