//! The program at the command line, as it is built.

#[cfg(unix)]
mod beside;
mod files;
mod help;
mod importing;
mod safekeeping;
mod serving;
mod settings;
mod stores;
