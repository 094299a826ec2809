//! The id of a request, by which its line in the log is found.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rocket::Request;

/// Counts requests, so that each has an id in the log and in answers to it.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<AtomicU64>);

/// The id of a request.
pub(super) fn request_id<'r>(request: &'r Request<'_>) -> &'r str {
    struct RequestId(String);
    let make = || {
        let counter = request.rocket().state::<RequestCounter>();
        let number = counter.map_or(0, |counter| counter.0.fetch_add(1, Ordering::Relaxed));
        RequestId(format!("{:x}-{number:x}", std::process::id()))
    };
    &request.local_cache(make).0
}
