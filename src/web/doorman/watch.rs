//! Which connections are closed, and why: from what is seen of each, look after look. Pure.

use std::collections::HashMap;
use std::net::IpAddr;
use std::time::Duration;

use super::Limits;
use super::crowd::{self, Standing};

/// What the system tells of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its number, which no other connection ever has.
    pub id: u64,
    /// The number of the socket among the process's open files, while it is open.
    pub inode: u32,
    /// Who is at the other end.
    pub from: IpAddr,
    /// Bytes that came in, since it began.
    pub received: u64,
    /// Bytes that went out and that the other end has confirmed, since it began.
    pub taken: u64,
    /// Bytes that were written and are not confirmed yet.
    pub waiting: u32,
    /// How long ago bytes came in; where none did, how long ago it began.
    pub heard: Duration,
    /// How long ago bytes went out; where none did, how long ago it began.
    pub spoke: Duration,
}

/// Why a connection is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing moved on it for too long.
    Idle,
    /// Its request came too slowly.
    SlowRequest,
    /// It took the answer too slowly.
    SlowAnswer,
    /// There were too many in all.
    Crowded,
    /// There were too many of one address.
    OneAddress,
}

impl Reason {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 5] = [
        Self::Idle,
        Self::SlowRequest,
        Self::SlowAnswer,
        Self::Crowded,
        Self::OneAddress,
    ];

    /// Its name in the figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Idle => "idle",
            Self::SlowRequest => "slow_request",
            Self::SlowAnswer => "slow_answer",
            Self::Crowded => "crowded",
            Self::OneAddress => "one_address",
        }
    }
}

/// A connection that is to be closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// Its number.
    pub id: u64,
    /// The number of its socket.
    pub inode: u32,
    /// Why.
    pub reason: Reason,
    /// Whether bytes wait that nobody will take: they are thrown away, or the system would go on offering
    /// them for minutes.
    pub unread: bool,
}

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nobody's: all that was asked is answered, or nothing was asked.
    Resting,
    /// A request is coming, or the answer to it is being made: from here they look the same.
    Asking,
    /// An answer is being taken.
    Answering,
}

/// What is remembered of a connection from one look to the next.
#[derive(Debug, Clone, Copy)]
struct Known {
    phase: Phase,
    received: u64,
    taken: u64,
    /// When bytes were last seen to have moved.
    moved: Duration,
    /// When it last got something done, not only moved some bytes.
    useful: Duration,
    /// Seconds that the request or answer may still take without any progress. Bytes earn more.
    patience: f64,
}

/// Looks after connections. Times are counted from any fixed moment.
#[derive(Debug, Default)]
pub struct Watch {
    known: HashMap<u64, Known>,
    last: Duration,
}

impl Watch {
    /// Takes in what is there now, and tells which connections have to go.
    pub fn look(&mut self, now: Duration, limits: &Limits, there: &[Seen]) -> Vec<Closing> {
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
                    staying.push(Standing { seen, unserved });
                }
            }
            self.known.insert(seen.id, known);
        }
        let crowd = crowd::too_many(staying, limits);
        closing.extend(crowd.map(|(seen, reason)| seen.closing(reason)));
        closing
    }
}

impl Seen {
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

    fn closing(&self, reason: Reason) -> Closing {
        Closing {
            id: self.id,
            inode: self.inode,
            reason,
            unread: self.waiting > 0,
        }
    }
}

impl Known {
    /// A connection that was not there at the last look.
    fn meet(seen: &Seen, now: Duration, limits: &Limits) -> Self {
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

    /// The same connection, a look later.
    fn follow(self, seen: &Seen, now: Duration, elapsed: Duration, limits: &Limits) -> Self {
        let came = seen.received.saturating_sub(self.received);
        let went = seen.taken.saturating_sub(self.taken);
        let phase = seen.phase();
        let progress = match phase {
            Phase::Resting => 0,
            Phase::Asking => came,
            Phase::Answering => went,
        };
        // A request that comes after an answer is another one, also where no look fell in between.
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
                // Not now: whoever came between the answer and this look would be the longer idle.
                now.saturating_sub(seen.quiet()).max(self.useful)
            } else {
                self.useful
            },
            patience,
        }
    }

    fn verdict(&self, seen: &Seen, now: Duration, limits: &Limits) -> Option<Reason> {
        let quiet = seen.quiet().min(now.saturating_sub(self.moved));
        if limits.idle.is_some_and(|idle| quiet >= idle) {
            return Some(Reason::Idle);
        }
        if limits.slow.is_none() || self.patience >= 0.0 {
            return None;
        }
        match self.phase {
            Phase::Resting => None,
            Phase::Asking => Some(Reason::SlowRequest),
            Phase::Answering => Some(Reason::SlowAnswer),
        }
    }
}

#[cfg(test)]
mod tests;
