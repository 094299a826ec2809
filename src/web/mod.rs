//! The web.
pub mod pages;
