//! Calendars that exchange their events: the program as it is built, with partners that are real.

mod commands;
mod large;
mod review;
mod ring;
mod safety;
