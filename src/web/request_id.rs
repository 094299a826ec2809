//! Request ids, which connect a response to its line in the log.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rocket::Request;

/// Counter of requests for their ids.
#[derive(Debug, Clone, Default)]
pub struct RequestCounter(Arc<AtomicU64>);

/// Returns the id of a request, unique within this process.
pub(super) fn request_id<'r>(request: &'r Request<'_>) -> &'r str {
    struct RequestId(String);
    let make = || {
        let counter = request.rocket().state::<RequestCounter>();
        let number = counter.map_or(0, |counter| counter.0.fetch_add(1, Ordering::Relaxed));
        RequestId(format!("{:x}-{number:x}", std::process::id()))
    };
    &request.local_cache(make).0
}
