//! Calendars that exchange their events: the program as it is built, with partners that are real.

mod anew;
mod commands;
mod incomplete;
mod large;
mod review;
mod ring;
mod safety;
