//! What the fuzz targets share.

pub mod bodies;

use std::fs;
use std::time::Duration;

/// More time than any input of a few kilobytes may take, in a build with instrumentation.
const MOST: Duration = Duration::from_secs(5);

/// Runs a target on one input and panics if it took too long.
///
/// libFuzzer's own limit is one of the clock on the wall, which a busy machine exceeds without any
/// fault of ours; this one is of the time that the processor spent.
pub fn within_time(run: impl FnOnce()) {
    let before = processor_time();
    run();
    let (Some(before), Some(after)) = (before, processor_time()) else {
        return;
    };
    let took = after.saturating_sub(before);
    assert!(took < MOST, "took {took:?} of processor time");
}

/// The time that this thread has run; `None` on systems without Linux's /proc.
fn processor_time() -> Option<Duration> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = statistics.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
