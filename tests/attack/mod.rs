//! Attacks on the running program, by strangers or careless operators.

mod configuration;
mod fields;
mod files;
mod http;
mod names;
mod writers;
