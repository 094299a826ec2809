//! Exchange between calendars: the built program, with real partners.

mod anew;
mod commands;
mod incomplete;
mod large;
mod review;
mod ring;
mod safety;
