//! Clients that the server is waiting for.
//!
//! A client may be slow: its pipe is silent, or its output is not read. A client that ends closes the socket, which
//! ends the wait. If all slots are taken, the client waited for longest is disconnected, so that stopped clients cannot
//! block others.

use std::collections::BTreeMap;
use std::io;
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Minimum wait for a client before its slot may be given to another.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Clients that are waited for, by number.
#[derive(Default)]
pub struct Waits(Mutex<BTreeMap<u64, (Instant, UnixStream)>>);

impl Waits {
    /// Runs `work`, which may block on a client.
    pub fn during<T>(
        &self,
        caller: u64,
        stream: &mut UnixStream,
        work: impl FnOnce(&mut UnixStream) -> io::Result<T>,
    ) -> io::Result<T> {
        let handle = stream.try_clone()?;
        self.lock().insert(caller, (Instant::now(), handle));
        let done = work(stream);
        self.lock().remove(&caller);
        done
    }

    /// Disconnects the client waited for longest, if that exceeds [`PATIENCE`]. Returns its number.
    pub fn give_up_longest(&self, now: Instant) -> Option<u64> {
        let mut waits = self.lock();
        let longest = waits.iter().min_by_key(|(_, (since, _))| *since);
        let (&caller, (since, _)) = longest?;
        if now.saturating_duration_since(*since) < PATIENCE {
            return None;
        }
        let (_, stream) = waits.remove(&caller)?;
        // A client that has already closed the connection has released its slot.
        let _ = stream.shutdown(Shutdown::Both);
        Some(caller)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<u64, (Instant, UnixStream)>> {
        // A map that is valid at any time.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;
    use std::sync::Arc;

    use super::*;

    /// Starts a thread that waits for a silent client and returns the result.
    fn silent(
        waits: &Arc<Waits>,
        caller: u64,
    ) -> (UnixStream, std::thread::JoinHandle<io::Result<usize>>) {
        let (theirs, mut ours) = UnixStream::pair().unwrap();
        let shared = Arc::clone(waits);
        let waiting = std::thread::spawn(move || {
            shared.during(caller, &mut ours, |stream| stream.read(&mut [0; 8]))
        });
        while !waits.lock().contains_key(&caller) {
            std::thread::yield_now();
        }
        (theirs, waiting)
    }

    #[test]
    fn the_one_waited_for_longest_goes_and_only_after_a_while() {
        let waits = Arc::new(Waits::default());
        let (_first, first) = silent(&waits, 1);
        let (second_end, second) = silent(&waits, 2);
        assert_eq!(waits.give_up_longest(Instant::now()), None);
        let later = Instant::now() + PATIENCE;
        assert_eq!(waits.give_up_longest(later), Some(1));
        assert_eq!(first.join().unwrap().unwrap(), 0, "its end is seen");
        assert!(!second.is_finished());
        // A client that ends by itself also ends the wait.
        drop(second_end);
        assert_eq!(second.join().unwrap().unwrap(), 0);
        assert_eq!(waits.give_up_longest(later + PATIENCE), None);
    }
}
