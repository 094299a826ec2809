//! Mixed load for as long as `SOAK_SECONDS` says; see `tests/load/soak`.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::support::{Answer, TestServer, event, memory_of};

/// The time is cut into so many parts; the first of them are for warming up.
const PARTS: usize = 12;
const WARM_UP: usize = 4;

/// What one part of the time saw.
struct Part {
    /// How long each answer took, in order of time it took.
    times: Vec<Duration>,
    /// How long the same piece of work took beside them, likewise.
    reference: Vec<Duration>,
    writes: u64,
    /// Kilobytes of memory at its end, the clients' own among them.
    memory: usize,
}

impl Part {
    fn percentile(&self, percent: usize) -> Duration {
        self.times[(self.times.len() - 1) * percent / 100]
    }

    /// The 99th percentile of the reference: what the machine had left for anybody.
    fn reference(&self) -> Duration {
        self.reference[(self.reference.len() - 1) * 99 / 100]
    }
}

/// What all who make load share.
struct Load<'a> {
    app: &'a TestServer,
    is_over: AtomicBool,
    times: Mutex<Vec<Duration>>,
    reference: Mutex<Vec<Duration>>,
    writes: AtomicU64,
}

impl Load<'_> {
    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// Reads addresses one after the other, each reader from another place on.
    fn read(&self, addresses: &[String], from: usize) {
        let mut addresses = addresses.iter().cycle().skip(from);
        while self.goes_on() {
            let address = addresses.next().expect("there are addresses");
            let began = Instant::now();
            let answer: Answer = self.app.visitor().get(address);
            let took = began.elapsed();
            assert_eq!(answer.status, 200, "{address}");
            self.times.lock().unwrap().push(took);
        }
    }

    /// Does the same piece of work now and then.
    fn keep_a_reference(&self) {
        let bytes = vec![7; 1 << 16];
        while self.goes_on() {
            let began = Instant::now();
            let sum = (0..8).fold(0, |sum, _| {
                sum ^ crc32fast::hash(std::hint::black_box(&bytes))
            });
            std::hint::black_box(sum);
            self.reference.lock().unwrap().push(began.elapsed());
            std::thread::park_timeout(Duration::from_millis(10));
        }
    }

    fn rename_events(&self) {
        let day = |n: u32| format!("2027-06-{:02}T18:00", n + 1);
        let events: Vec<_> = (0..20)
            .map(|n| event(&format!("Konsert {n}")).on(&day(n)).save(self.app))
            .collect();
        for n in 0.. {
            for saved in &events {
                if !self.goes_on() {
                    return;
                }
                saved.rename(&format!("Konsert, {n}. gang"));
                self.writes.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn import(&self) {
        for n in 0.. {
            let events: Vec<String> = (0..30)
                .map(|it| {
                    format!(
                        "UID:soak-{it}|SUMMARY:Film {n}|DTSTART:20270701T{:02}0000Z",
                        it % 24
                    )
                })
                .collect();
            if !self.goes_on() {
                return;
            }
            self.app
                .import_events(&events.iter().map(String::as_str).collect::<Vec<_>>());
            self.writes.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn part(&self, length: Duration) -> Part {
        std::thread::park_timeout(length);
        let mut times = std::mem::take(&mut *self.times.lock().unwrap());
        times.sort();
        assert!(!times.is_empty(), "nobody was answered for {length:?}");
        let mut reference = std::mem::take(&mut *self.reference.lock().unwrap());
        reference.sort();
        assert!(
            !reference.is_empty(),
            "the machine stood still for {length:?}"
        );
        let writes = self.writes.swap(0, Ordering::Relaxed);
        let memory = memory_of(std::process::id());
        Part {
            times,
            reference,
            writes,
            memory,
        }
    }
}

#[test]
#[ignore = "takes as long as it is told; tests/run gives it a minute"]
fn memory_stays_flat_and_answers_stay_quick() {
    let seconds = std::env::var("SOAK_SECONDS").map_or(60, |text| text.parse().unwrap());
    // Small enough to be full when the warm-up ends.
    let app = TestServer::builder().with_feed_cache(4 << 20).start();
    let (feeds, pages) = (app.every_feed(), app.every_page());
    let load = Load {
        app: &app,
        is_over: AtomicBool::new(false),
        times: Mutex::default(),
        reference: Mutex::default(),
        writes: AtomicU64::new(0),
    };
    let length = Duration::from_secs(seconds) / u32::try_from(PARTS).unwrap();
    let mut parts = Vec::new();
    std::thread::scope(|scope| {
        scope.spawn(|| load.read(&feeds, 0));
        scope.spawn(|| load.read(&feeds, feeds.len() / 2));
        scope.spawn(|| load.read(&pages, 0));
        scope.spawn(|| load.rename_events());
        scope.spawn(|| load.import());
        scope.spawn(|| load.keep_a_reference());
        for number in 1..=PARTS {
            let part = load.part(length);
            let (half, most) = (part.percentile(50), part.percentile(99));
            println!(
                "part {number:2} of {PARTS}: {:6} answers, {:5} writes, median {half:7.1?}, \
                 99th percentile {most:7.1?}, {:4} MiB",
                part.times.len(),
                part.writes,
                part.memory >> 10,
            );
            parts.push(part);
        }
        load.is_over.store(true, Ordering::Relaxed);
    });
    let rest = &parts[WARM_UP..];
    let (first, last) = rest.split_at(rest.len() / 2);
    let most = |parts: &[Part]| parts.iter().map(|part| part.memory).max().unwrap_or(0);
    let (before, after) = (most(first), most(last));
    assert!(
        after < before + before / 10 + (8 << 10),
        "memory grew from {before} to {after} KiB"
    );
    // Other work on the same machine comes and goes: it slows the reference down as well.
    let slowest = |parts: &[Part], of: fn(&Part) -> Duration| {
        let mut times: Vec<_> = parts.iter().map(of).collect();
        times.sort();
        times[times.len() / 2].as_secs_f64()
    };
    let answers = |part: &Part| part.percentile(99);
    let (before, after) = (slowest(first, answers), slowest(last, answers));
    let machine = slowest(last, Part::reference) / slowest(first, Part::reference);
    println!(
        "99th percentile {before:.3} s, then {after:.3} s; the machine took {machine:.2} times as long"
    );
    let bound = (before * 2.0 + 0.05).max(before * 3.0 * machine);
    assert!(
        after < bound,
        "the 99th percentile went from {before} s to {after} s"
    );
    assert!(
        rest.iter().all(|part| part.writes > 0),
        "the writers stood still"
    );
}
