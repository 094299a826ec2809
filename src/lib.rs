//! elverum-calendar
