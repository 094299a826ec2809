//! Accounts, signing in, and mail.

mod privacy;
