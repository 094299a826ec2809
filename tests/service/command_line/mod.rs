//! The program at the command line, as it is built.

mod files;
mod help;
mod importing;
mod safekeeping;
mod serving;
mod settings;
