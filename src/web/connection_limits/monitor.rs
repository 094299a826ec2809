//! The loop that samples connections, decides and closes.

use std::collections::{HashMap, HashSet};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use super::close_reason::CloseReason;
use super::system::{self, Sockets};
use super::watch::{Closing, Watch};
use super::{ConnectionLimits, ConnectionStats};

/// Interval between rounds.
const REST: Duration = Duration::from_secs(1);
/// Interval if connections are near their maximum, or if time limits are short.
const SHORT_REST: Duration = Duration::from_millis(250);
/// Interval after the kernel refused to list connections.
const LONG_REST: Duration = Duration::from_secs(60);

/// Minimum interval between warnings about too many connections.
const SAID: Duration = Duration::from_secs(60);

/// State of the loop.
pub struct Monitor {
    limits: ConnectionLimits,
    figures: Arc<ConnectionStats>,
    sockets: Sockets,
    watch: Watch,
    began: Instant,
    /// Ids of connections to the same port number that another program owns.
    foreign: HashSet<u64>,
    refused: bool,
    said: Option<Instant>,
}

impl Monitor {
    /// Returns the loop before its first round; `door` is the listening address.
    pub fn new(door: SocketAddr, limits: ConnectionLimits, figures: Arc<ConnectionStats>) -> Self {
        Self {
            limits,
            figures,
            sockets: Sockets::new(door),
            watch: Watch::default(),
            began: Instant::now(),
            foreign: HashSet::new(),
            refused: false,
            said: None,
        }
    }

    /// Runs rounds until the sender of `over` is dropped.
    pub fn walk(mut self, over: &Receiver<()>) {
        let mut rest = Duration::ZERO;
        while over.recv_timeout(rest) == Err(RecvTimeoutError::Timeout) {
            rest = match self.look() {
                Ok(open) => {
                    self.refused = false;
                    self.rest(open)
                }
                Err(error) => {
                    if !self.refused {
                        tracing::warn!(%error, "{}", system::REFUSED);
                    }
                    self.refused = true;
                    LONG_REST
                }
            };
            self.figures
                .enforcing
                .store(!self.refused, Ordering::Relaxed);
        }
        self.figures.enforcing.store(false, Ordering::Relaxed);
    }

    /// Runs one round and returns the number of connections.
    fn look(&mut self) -> std::io::Result<usize> {
        let mut there = self.sockets.seen()?;
        if !self.foreign.is_empty() {
            let all: HashSet<u64> = there.iter().map(|seen| seen.id).collect();
            self.foreign.retain(|id| all.contains(id));
            there.retain(|seen| !self.foreign.contains(&seen.id));
        }
        let open = there.len();
        self.figures.open.store(open as u64, Ordering::Relaxed);
        let closing = self.watch.look(self.began.elapsed(), &self.limits, &there);
        if !closing.is_empty() {
            self.close(&closing);
        }
        Ok(open)
    }

    fn close(&mut self, closing: &[Closing]) {
        let mut wanted: HashMap<u32, &Closing> = closing
            .iter()
            .map(|closing| (closing.inode, closing))
            .collect();
        let mut counts = [0_u64; CloseReason::ALL.len()];
        let closed = self.sockets.close(|inode| {
            let closing = wanted.remove(&inode)?;
            counts[closing.reason as usize] += 1;
            Some(closing.unread)
        });
        for (reason, count) in CloseReason::ALL.into_iter().zip(counts) {
            let total = &self.figures.closed[reason as usize];
            total.fetch_add(count, Ordering::Relaxed);
            if count > 0 {
                tracing::debug!(count, reason = reason.name(), "connections closed");
            }
        }
        self.say_if_crowded(&counts);
        match closed {
            // A socket not among the open files has been closed in the meantime, or belongs to another program.
            Ok(()) => self.foreign.extend(wanted.values().map(|wanted| wanted.id)),
            Err(error) => tracing::warn!(%error, "cannot close some connections yet"),
        }
    }

    fn say_if_crowded(&mut self, counts: &[u64]) {
        let crowded = counts[CloseReason::Crowded as usize];
        if crowded == 0 || self.said.is_some_and(|said| said.elapsed() < SAID) {
            return;
        }
        self.said = Some(Instant::now());
        let most = self.limits.most;
        tracing::warn!(
            most,
            closed = crowded,
            "too many connections; closing the least useful"
        );
    }

    fn rest(&self, open: usize) -> Duration {
        let full = self.limits.most.is_some_and(|most| open > most - most / 4);
        let times = [self.limits.idle, self.limits.slow];
        let shortest = times.into_iter().flatten().min();
        if full || shortest.is_some_and(|shortest| shortest < 5 * REST) {
            SHORT_REST
        } else {
            REST
        }
    }
}
