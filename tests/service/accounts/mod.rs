//! Accounts, signing in, and mail.

mod commands;
mod deletion;
mod forms;
mod kept_form;
mod mail;
mod passkeys;
mod privacy;
mod sign_in;
