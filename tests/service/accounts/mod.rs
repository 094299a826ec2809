//! Accounts, signing in, and mail.

mod commands;
mod forms;
mod mail;
mod privacy;
mod sign_in;
