//! Shared code of the fuzz targets.

pub mod bodies;

use std::fs;
use std::time::Duration;

/// Maximum processor time per input, in an instrumented build.
const MOST: Duration = Duration::from_secs(5);

/// Runs a target on one input.
///
/// Measures processor time, unlike libFuzzer's own limit, which is wall time and therefore exceeded on a busy
/// machine.
///
/// # Panics
/// Panics if the target exceeds the limit.
pub fn within_time(run: impl FnOnce()) {
    let before = processor_time();
    run();
    let (Some(before), Some(after)) = (before, processor_time()) else {
        return;
    };
    let took = after.saturating_sub(before);
    assert!(took < MOST, "took {took:?} of processor time");
}

/// Returns the processor time of this thread, or `None` without Linux's `/proc`.
fn processor_time() -> Option<Duration> {
    let statistics = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = statistics.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}
