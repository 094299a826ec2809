//! Decides which connections to close, from successive samples of each. Pure.

use std::collections::HashMap;
use std::time::Duration;

use super::ConnectionLimits;
use super::close_reason::CloseReason;
use super::eviction::{self, EvictionCandidate};
use super::tcp_sample::TcpSample;

/// A connection to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// Id of the connection.
    pub id: u64,
    /// Inode of its socket.
    pub inode: u32,
    /// Why it is closed.
    pub reason: CloseReason,
    /// True if unacknowledged bytes must be discarded; otherwise the kernel would retransmit them for minutes.
    pub unread: bool,
}

/// Which side is expected to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Neither: every request has been answered, or none was sent.
    Resting,
    /// A request is arriving, or its response is being computed; samples cannot distinguish these.
    Asking,
    /// The client is reading a response.
    Answering,
}

/// State of a connection between rounds.
#[derive(Debug, Clone, Copy)]
struct Known {
    phase: Phase,
    received: u64,
    taken: u64,
    /// When traffic was last observed.
    moved: Duration,
    /// When the connection last made useful progress, as opposed to any traffic.
    useful: Duration,
    /// Remaining seconds that the request or response may take without progress. Transferred bytes add to it.
    patience: f64,
}

/// Tracks connections. Times are offsets from an arbitrary fixed moment.
#[derive(Debug, Default)]
pub struct Watch {
    known: HashMap<u64, Known>,
    last: Duration,
}

impl Watch {
    /// Records the current samples and returns the connections to close.
    pub fn look(
        &mut self,
        now: Duration,
        limits: &ConnectionLimits,
        there: &[TcpSample],
    ) -> Vec<Closing> {
        let elapsed = now.saturating_sub(self.last);
        self.last = now;
        let mut before = std::mem::take(&mut self.known);
        let mut closing = Vec::new();
        let mut staying = Vec::with_capacity(there.len());
        for seen in there {
            let known = match before.remove(&seen.id) {
                Some(known) => known.follow(seen, now, elapsed, limits),
                None => Known::meet(seen, now, limits),
            };
            match known.verdict(seen, now, limits) {
                Some(reason) => closing.push(seen.closing(reason)),
                None => {
                    let unserved = now.saturating_sub(known.useful);
                    staying.push(EvictionCandidate { seen, unserved });
                }
            }
            self.known.insert(seen.id, known);
        }
        let crowd = eviction::too_many(staying, limits);
        closing.extend(crowd.map(|(seen, reason)| seen.closing(reason)));
        closing
    }
}

impl TcpSample {
    fn phase(&self) -> Phase {
        if self.waiting > 0 {
            Phase::Answering
        } else if self.received > 0 && self.heard < self.spoke {
            Phase::Asking
        } else {
            Phase::Resting
        }
    }

    fn quiet(&self) -> Duration {
        self.heard.min(self.spoke)
    }

    fn closing(&self, reason: CloseReason) -> Closing {
        Closing {
            id: self.id,
            inode: self.inode,
            reason,
            unread: self.waiting > 0,
        }
    }
}

impl Known {
    /// Returns the state of a new connection.
    fn meet(seen: &TcpSample, now: Duration, limits: &ConnectionLimits) -> Self {
        let since = now.saturating_sub(seen.quiet());
        Self {
            phase: seen.phase(),
            received: seen.received,
            taken: seen.taken,
            moved: since,
            useful: since,
            patience: limits.patience(),
        }
    }

    /// Returns the state after `elapsed` since the last sample.
    fn follow(
        self,
        seen: &TcpSample,
        now: Duration,
        elapsed: Duration,
        limits: &ConnectionLimits,
    ) -> Self {
        let came = seen.received.saturating_sub(self.received);
        let went = seen.taken.saturating_sub(self.taken);
        let phase = seen.phase();
        let progress = match phase {
            Phase::Resting => 0,
            Phase::Asking => came,
            Phase::Answering => went,
        };
        // A request after a response is a new one, even if no sample fell in between.
        let anew =
            phase != self.phase || phase == Phase::Resting || (phase == Phase::Asking && went > 0);
        let patience = if anew {
            limits.patience()
        } else {
            let left = self.patience - elapsed.as_secs_f64() + limits.seconds_for(progress);
            left.min(limits.patience())
        };
        let enough = |bytes| limits.seconds_for(bytes) >= elapsed.as_secs_f64();
        let answered = went > 0 && seen.waiting == 0;
        Self {
            phase,
            received: seen.received,
            taken: seen.taken,
            moved: if came + went > 0 { now } else { self.moved },
            useful: if answered || enough(came) || enough(went) {
                // Not `now`, or a connection opened since then would count as idle for longer.
                now.saturating_sub(seen.quiet()).max(self.useful)
            } else {
                self.useful
            },
            patience,
        }
    }

    fn verdict(
        &self,
        seen: &TcpSample,
        now: Duration,
        limits: &ConnectionLimits,
    ) -> Option<CloseReason> {
        let quiet = seen.quiet().min(now.saturating_sub(self.moved));
        if limits.idle.is_some_and(|idle| quiet >= idle) {
            return Some(CloseReason::Idle);
        }
        if limits.slow.is_none() || self.patience >= 0.0 {
            return None;
        }
        match self.phase {
            Phase::Resting => None,
            Phase::Asking => Some(CloseReason::SlowRequest),
            Phase::Answering => Some(CloseReason::SlowAnswer),
        }
    }
}

#[cfg(test)]
mod tests;
