//! Group commit: concurrent callers are served in one batch.
//!
//! The first caller that finds no leader becomes the leader. It takes all waiting items, including its own,
//! and serves them together. Later callers wait, and one of them leads next. A lone caller therefore needs no
//! other thread, and concurrent callers share one sync.
//!
//! Callers that were just answered often return immediately. The leader waits for as many callers as there
//! were last time, at most as long as the last batch took. Otherwise they would split into two groups that
//! wait for each other. A lone caller doesn't wait.

use std::collections::HashMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Maximum number of callers per batch.
pub(super) const MOST: usize = 64;
/// Maximum size in bytes of a batch of several callers.
const MOST_BYTES: usize = 16 << 20;

/// Maximum time that a leader waits for other callers.
const LONGEST_WAIT: Duration = Duration::from_millis(2);

/// A queue of callers, each with an item `T` and waiting for an answer `R`.
pub(super) struct GroupCommit<T, R> {
    queue: Mutex<Queue<T, R>>,
    changed: Condvar,
    /// Notified when a caller arrives while the leader gathers.
    came: Condvar,
}

struct Queue<T, R> {
    waiting: Vec<Waiting<T>>,
    answers: HashMap<u64, R>,
    next: u64,
    led: bool,
    /// Number of callers in the last batch and waiting after it, and how long the batch took.
    crowd: usize,
    took: Duration,
}

struct Waiting<T> {
    ticket: u64,
    bytes: usize,
    item: T,
}

impl<T, R> GroupCommit<T, R> {
    pub(super) fn new() -> Self {
        Self {
            queue: Mutex::new(Queue::new()),
            changed: Condvar::new(),
            came: Condvar::new(),
        }
    }

    /// Waits until `item` has been served and returns the answer.
    ///
    /// `serve` returns an answer for each item of a batch, in order, and must not panic. `afterwards` is
    /// called after the answers are delivered and before the next batch.
    pub(super) fn take(
        &self,
        item: T,
        bytes: usize,
        serve: impl Fn(Vec<T>) -> Vec<R>,
        afterwards: impl Fn(),
    ) -> R {
        let mut queue = self.lock();
        let ticket = queue.next;
        queue.next += 1;
        queue.waiting.push(Waiting {
            ticket,
            bytes,
            item,
        });
        if queue.led && queue.waiting.len() >= queue.crowd {
            self.came.notify_one();
        }
        loop {
            if let Some(answer) = queue.answers.remove(&ticket) {
                return answer;
            }
            if queue.led {
                queue = self
                    .changed
                    .wait(queue)
                    .unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            queue.led = true;
            queue = self.gather(queue);
            let (tickets, items) = queue.batch();
            drop(queue);
            let (began, count) = (Instant::now(), tickets.len());
            let answers = serve(items);
            queue = self.lock();
            queue.answers.extend(tickets.into_iter().zip(answers));
            queue.crowd = count + queue.waiting.len();
            queue.took = began.elapsed();
            drop(queue);
            self.changed.notify_all();
            afterwards();
            queue = self.lock();
            queue.led = false;
            self.changed.notify_all();
        }
    }

    /// Waits briefly for as many callers as there were last time.
    fn gather<'a>(&self, mut queue: MutexGuard<'a, Queue<T, R>>) -> MutexGuard<'a, Queue<T, R>> {
        let until = Instant::now() + queue.took.min(LONGEST_WAIT);
        while queue.waiting.len() < queue.crowd.min(MOST) {
            let Some(left) = until.checked_duration_since(Instant::now()) else {
                break;
            };
            let waited = self.came.wait_timeout(queue, left);
            queue = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        queue
    }

    fn lock(&self) -> MutexGuard<'_, Queue<T, R>> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, R> Queue<T, R> {
    fn new() -> Self {
        Self {
            waiting: Vec::new(),
            answers: HashMap::new(),
            next: 0,
            led: false,
            crowd: 0,
            took: Duration::ZERO,
        }
    }

    fn batch(&mut self) -> (Vec<u64>, Vec<T>) {
        let mut bytes = 0;
        let mut fits = |waiting: &Waiting<T>| {
            bytes += waiting.bytes;
            bytes <= MOST_BYTES
        };
        let count = self
            .waiting
            .iter()
            .take(MOST)
            .take_while(|w| fits(w))
            .count()
            .max(1);
        self.waiting
            .drain(..count)
            .map(|waiting| (waiting.ticket, waiting.item))
            .unzip()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn a_lone_caller_is_served_at_once() {
        let turns = GroupCommit::new();
        let answer = turns.take(20, 1, |items| items.iter().map(|i| i + 1).collect(), || ());
        assert_eq!(answer, 21);
    }

    #[test]
    fn everyone_gets_the_own_answer_and_those_who_waited_were_served_together() {
        let (turns, batches) = (GroupCommit::new(), AtomicUsize::new(0));
        let together = Barrier::new(9);
        std::thread::scope(|scope| {
            let serve = |items: Vec<usize>| {
                // The first batch lasts until all other callers are waiting.
                if batches.fetch_add(1, Ordering::SeqCst) == 0 {
                    together.wait();
                    while turns.lock().waiting.len() < 8 {
                        std::thread::yield_now();
                    }
                }
                items.into_iter().map(|item| item * 10).collect::<Vec<_>>()
            };
            let (turns, together) = (&turns, &together);
            scope.spawn(move || assert_eq!(turns.take(100, 1, serve, || ()), 1000));
            for caller in 0..8 {
                scope.spawn(move || {
                    together.wait();
                    assert_eq!(turns.take(caller, 1, serve, || ()), caller * 10);
                });
            }
        });
        assert_eq!(batches.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_batch_is_bounded_in_bytes_but_never_empty() {
        let mut queue: Queue<u8, ()> = Queue::new();
        for ticket in 0..3 {
            queue.waiting.push(Waiting {
                ticket,
                bytes: MOST_BYTES / 2 + 1,
                item: 0,
            });
        }
        assert_eq!(queue.batch().0, [0]);
        queue.waiting[0].bytes = 2 * MOST_BYTES;
        assert_eq!(queue.batch().0, [1]);
    }
}
