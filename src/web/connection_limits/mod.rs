//! Connection limits: closes idle and slow connections, and the least active ones if there are too many.
//!
//! Rocket 0.5 has no hook for this: it opens its listener itself and sets none of hyper's timeouts. A thread therefore
//! inspects the connections about once a second, outside of any request. `diag` reads from the kernel how many bytes
//! each connection to the port transferred and when; [`watch`] and [`eviction`], which are pure, decide which to close;
//! `files` shuts their sockets down. Rocket then drops the connection as if the client had left.
//!
//! Enforcement needs Linux. On other systems, and if the kernel refuses, one warning is logged and the limits are off.

mod close_reason;
mod eviction;
mod limiter;
mod limits;
mod monitor;
#[cfg(target_os = "linux")]
mod proc_fds;
#[cfg(target_os = "linux")]
mod sock_diag;
mod stats;
#[cfg(target_os = "linux")]
mod system;
#[cfg(not(target_os = "linux"))]
#[path = "no_system.rs"]
mod system;
mod tcp_sample;
mod watch;

pub use close_reason::CloseReason;
pub use limiter::ConnectionLimiter;
pub use limits::ConnectionLimits;
pub use stats::ConnectionStats;
pub use system::most_open_files;
