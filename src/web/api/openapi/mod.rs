//! `/api/openapi.json`: the description of the API, OpenAPI 3.1.
//!
//! `utoipa` derives operations from the handlers and schemas from their types. Each module of the API has a document with
//! its operations, which [`document`](mod@document) merges. [`refine`](mod@refine) adds what cannot be derived.
//!
//! To describe an operation: `#[utoipa::path(…)]` above its route, and its name in the document of the module.

mod document;
pub mod filters;
pub mod parameters;
pub mod problems;
mod refine;
pub mod schemas;
mod words;

pub use document::{document, routes};
