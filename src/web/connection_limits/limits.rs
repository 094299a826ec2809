//! ConnectionLimits of connections.

use std::fmt;
use std::time::Duration;

use crate::config::LimitsConfig;

/// Open files reserved for everything but client connections: the store, backups, requests to partners, commands.
const OTHER_FILES: u64 = 128;

/// ConnectionLimits of connections; `None` is unlimited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Maximum number of connections.
    pub most: Option<usize>,
    /// Maximum number of connections per client.
    pub most_per_address: Option<usize>,
    /// Maximum time without any traffic.
    pub idle: Option<Duration>,
    /// Maximum time without progress of a request or response.
    pub slow: Option<Duration>,
    /// Bytes per second that count as full progress. At least 1.
    pub bytes_a_second: u32,
}

impl ConnectionLimits {
    /// Returns the limits of the configuration, reduced to what the limit of open files permits (`None`: no such
    /// limit).
    #[must_use]
    pub fn new(config: &LimitsConfig, open_files: Option<u64>) -> Self {
        let some = |count: usize| (count > 0).then_some(count);
        let seconds = |count: u32| (count > 0).then(|| Duration::from_secs(count.into()));
        let room = open_files.map(|files| files - OTHER_FILES.min(files / 2));
        let room = room.map_or(usize::MAX, |room| room.try_into().unwrap_or(usize::MAX));
        Self {
            most: some(config.connections).map(|most| most.min(room)),
            most_per_address: some(config.connections_per_address),
            idle: seconds(config.idle_seconds),
            slow: seconds(config.slow_seconds),
            bytes_a_second: config.slow_bytes_a_second.max(1),
        }
    }

    /// Returns true if anything is limited.
    pub(super) fn any(&self) -> bool {
        let counts = self.most.is_some() || self.most_per_address.is_some();
        counts || self.idle.is_some() || self.slow.is_some()
    }

    /// Returns the seconds that a request or response may pause.
    pub(super) fn patience(&self) -> f64 {
        self.slow.unwrap_or_default().as_secs_f64()
    }

    /// Returns the seconds within which `bytes` must arrive.
    pub(super) fn seconds_for(&self, bytes: u64) -> f64 {
        bytes as f64 / f64::from(self.bytes_a_second)
    }
}

impl fmt::Display for ConnectionLimits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) => write!(f, "at most {most}")?,
            None => write!(f, "any number")?,
        }
        if let Some(most) = self.most_per_address {
            write!(f, ", {most} of one address")?;
        }
        if let Some(idle) = self.idle {
            write!(f, ", idle for {} s", idle.as_secs())?;
        }
        if let Some(slow) = self.slow {
            let (seconds, bytes) = (slow.as_secs(), self.bytes_a_second);
            write!(f, ", slower than {bytes} bytes a second for {seconds} s")?;
        }
        Ok(())
    }
}
