//! Background work: updates requested feeds after each commit, and compresses feeds.

use std::cmp::Reverse;
use std::collections::VecDeque;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::catalog::{Calendar, ChangeNotifier, Snapshot};

use super::cache::{CacheSlot, Inner};
use super::content_encoding::Deflater;
use super::queue::QUEUE;
use super::{Coding, Feeds};

/// Interval in which an idle thread checks whether the program has ended.
const BREATH: Duration = Duration::from_millis(500);
/// How long a feed without requests is still updated in advance.
const IDLE: Duration = Duration::from_secs(15 * 60);

/// Starts the background threads. They end when [`Feeds`] is dropped, and keep neither it nor the
/// calendar alive.
///
/// # Errors
/// Returns an error if the system cannot start a thread.
pub fn work_ahead(feeds: &Feeds, calendar: &Arc<Calendar>) -> std::io::Result<()> {
    let bell = Arc::new(ChangeNotifier::default());
    calendar.notify(&bell);
    let (inner, calendar) = (Arc::downgrade(&feeds.0), Arc::downgrade(calendar));
    let named = |name: &str| thread::Builder::new().name(name.to_owned());
    named("feeds ahead").spawn(move || keep_fresh(&inner, &calendar, &bell))?;
    let inner = Arc::downgrade(&feeds.0);
    named("feeds press").spawn(move || press_all(&inner))?;
    Ok(())
}

/// A feed that is updated on every commit.
struct Hot {
    slot: Weak<CacheSlot>,
    asked: u32,
    lately: u32,
    since: Instant,
}

fn keep_fresh(feeds: &Weak<Inner>, calendar: &Weak<Calendar>, bell: &ChangeNotifier) {
    let mut hot: Vec<Hot> = Vec::new();
    let mut deflater = Deflater::default();
    loop {
        let rung = bell.wait(BREATH);
        let Some(feeds) = feeds.upgrade() else { return };
        take_in(&feeds, &mut hot);
        if rung {
            let Some(snapshot) = calendar.upgrade().map(|value| value.snapshot()) else {
                return;
            };
            follow(&feeds, &hot, &snapshot, &mut deflater);
        }
    }
}

/// Adds newly requested feeds, drops idle ones, and sorts by recent requests.
fn take_in(feeds: &Inner, hot: &mut Vec<Hot>) {
    let new = std::mem::take(&mut *feeds.hot.lock().unwrap_or_else(PoisonError::into_inner));
    hot.extend(new.into_iter().map(|slot| Hot {
        slot,
        asked: 0,
        lately: 0,
        since: Instant::now(),
    }));
    hot.retain_mut(|hot| {
        let Some(slot) = hot.slot.upgrade() else {
            return false;
        };
        let asked = slot.asked.load(Ordering::Relaxed);
        hot.lately = hot.lately / 2 + asked.wrapping_sub(hot.asked);
        if asked != hot.asked {
            hot.since = Instant::now();
        }
        hot.asked = asked;
        let keep = hot.since.elapsed() < IDLE;
        if !keep {
            // It becomes hot again on its second request.
            slot.asked.store(0, Ordering::Relaxed);
        }
        keep
    });
    hot.sort_by_key(|hot| Reverse(hot.lately));
}

fn follow(feeds: &Inner, hot: &[Hot], snapshot: &Snapshot, deflater: &mut Deflater) {
    for slot in hot.iter().filter_map(|hot| hot.slot.upgrade()) {
        feeds.refresh(&slot, snapshot);
        if let Some(latest) = slot.latest() {
            latest.press(deflater);
        }
    }
}

fn press_all(feeds: &Weak<Inner>) {
    let mut deflater = Deflater::default();
    // Feeds that changed too recently for the expensive codings.
    let mut later: VecDeque<(Instant, Weak<CacheSlot>)> = VecDeque::new();
    while let Some(feeds) = feeds.upgrade() {
        let until_due = later
            .front()
            .map(|(due, _)| due.saturating_duration_since(Instant::now()));
        let next = feeds
            .queue
            .pop(until_due.map_or(BREATH, |value| value.min(BREATH)));
        let next = next.or_else(|| {
            later.front().filter(|(due, _)| *due <= Instant::now())?;
            later.pop_front()?.1.upgrade()
        });
        let Some(slot) = next else { continue };
        if let Some(wait) = press_one(&feeds, &slot, &mut deflater)
            && later.len() < QUEUE
            && !later
                .iter()
                .any(|(_, value)| value.as_ptr() == Arc::as_ptr(&slot))
        {
            later.push_back((Instant::now() + wait, Arc::downgrade(&slot)));
        }
    }
}

/// Compresses a feed. Returns how long to wait before producing the expensive codings, if it
/// changed too recently.
fn press_one(feeds: &Inner, slot: &Arc<CacheSlot>, deflater: &mut Deflater) -> Option<Duration> {
    let latest = slot.latest()?;
    latest.press(deflater);
    let costly = [Coding::Brotli, Coding::Zstd];
    let mut missing = costly
        .into_iter()
        .filter(|costly| slot.wants(*costly) && !latest.is_pressed(*costly))
        .peekable();
    let wait = missing.peek().and_then(|_| latest.unsettled());
    if wait.is_none() {
        missing.for_each(|coding| latest.press_whole(coding));
    }
    feeds.weigh(slot);
    wait
}
