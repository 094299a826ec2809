//! The built program on the command line.

#[cfg(unix)]
mod beside;
mod completions;
mod encrypted_backups;
mod files;
mod help;
mod importing;
mod json;
mod partners;
mod patience;
mod progress;
mod safekeeping;
mod serving;
mod settings;
mod shipped;
mod stores;
mod streams;
