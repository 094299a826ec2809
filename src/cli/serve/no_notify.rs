//! Stub for systems without a service manager.

use std::sync::Arc;

use rocket::tokio::task::JoinHandle;

use crate::catalog::Calendar;

pub fn ready() {}

pub fn reloading() {}

pub fn stopping() {}

pub fn keep_alive(_: &Arc<Calendar>) -> Option<JoinHandle<()>> {
    None
}
