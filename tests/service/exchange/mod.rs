//! Calendars that exchange their events: the program as it is built, with partners that are real.

mod commands;
mod incomplete;
mod large;
mod radicale;
mod review;
mod ring;
mod safety;
