//! Personal data: how long it is kept, who reads it, and what the log says.

mod audit;
mod log_lines;
mod page;
mod retention;
