//! Attacks on the running program, each as a stranger or a careless operator would make it.

mod configuration;
mod fields;
mod files;
mod http;
mod names;
mod writers;
