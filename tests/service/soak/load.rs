//! Load generators.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use reqwest::blocking::Client;
use serde_json::json;

use super::figures::{Part, Sample, memory_of, percentile};
use crate::support::Program;
use crate::support::importer::calendar_of;
use crate::support::program::Serving;

/// Sampling interval of memory.
const LOOK: Duration = Duration::from_secs(1);
/// `Accept-Encoding` fields of clients, in turn.
const CODINGS: [&str; 3] = ["gzip", "br, gzip", "identity"];
/// Minimum interval between edits. A key may send twenty requests a second.
const PACE: Duration = Duration::from_millis(10);
const KEYS: usize = 6;

/// State shared by the load generators.
pub struct Load<'a> {
    program: &'a Program,
    serving: &'a Serving,
    client: Client,
    keys: Vec<String>,
    began: Instant,
    is_over: AtomicBool,
    times: Mutex<Vec<Duration>>,
    reference: Mutex<Vec<Duration>>,
    edits: AtomicU64,
    imports: AtomicU64,
}

/// Ends the load when a generator fails; the others would otherwise go on.
struct Alarm<'a>(&'a AtomicBool);

impl Drop for Alarm<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.store(true, Ordering::Relaxed);
        }
    }
}

impl<'a> Load<'a> {
    pub fn new(program: &'a Program, serving: &'a Serving) -> Self {
        let key = || {
            let said = program.run(&["partner", "key", "soak"]).ok().out;
            let key = said.split_whitespace().next_back();
            key.expect("a key").to_owned()
        };
        let client = Client::builder()
            .no_proxy()
            .no_gzip()
            .no_brotli()
            .pool_max_idle_per_host(0)
            .build();
        Self {
            program,
            serving,
            client: client.expect("a client"),
            keys: std::iter::repeat_with(key).take(KEYS).collect(),
            began: Instant::now(),
            is_over: AtomicBool::new(false),
            times: Mutex::default(),
            reference: Mutex::default(),
            edits: AtomicU64::new(0),
            imports: AtomicU64::new(0),
        }
    }

    pub fn end(&self) {
        self.is_over.store(true, Ordering::Relaxed);
    }

    fn goes_on(&self) -> bool {
        !self.is_over.load(Ordering::Relaxed)
    }

    /// Requests the addresses in turn, each client from a different offset.
    pub fn read(&self, addresses: &[String], from: usize) {
        let _alarm = Alarm(&self.is_over);
        let addresses = addresses.iter().cycle().skip(from);
        for (address, coding) in addresses.zip(CODINGS.iter().cycle()) {
            if !self.goes_on() {
                return;
            }
            let url = format!("{}{address}", self.serving.address);
            let began = Instant::now();
            let answer = self.client.get(&url).header("Accept-Encoding", *coding);
            let answer = answer.send().unwrap_or_else(|error| panic!("{error}"));
            let status = answer.status().as_u16();
            let body = answer.bytes().unwrap_or_else(|error| panic!("{error}"));
            let took = began.elapsed();
            assert!(status == 200 && !body.is_empty(), "{url}: {status}");
            self.times.lock().unwrap().push(took);
        }
    }

    /// Repeats a constant piece of work.
    pub fn keep_a_reference(&self) {
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

    /// Changes twenty events through the partner interface; one per round is withdrawn and sent again.
    pub fn edit(&self, rounds: usize) {
        let _alarm = Alarm(&self.is_over);
        for round in (0..rounds).cycle() {
            for event in 0..20 {
                if !self.goes_on() {
                    return;
                }
                if event == round % 20 {
                    self.send(Method::DELETE, event, "");
                }
                let day = event + 1;
                let body = json!({
                    "title": {"nb": format!("Konsert {event}, {round}. gang")},
                    "start": format!("2027-06-{day:02}T18:00:00+02:00"),
                });
                self.send(Method::PUT, event, &body.to_string());
            }
        }
    }

    fn send(&self, method: Method, event: usize, body: &str) {
        let url = format!("{}/api/v1/partner/events/{event}", self.serving.address);
        let began = Instant::now();
        let key = &self.keys[event % KEYS];
        let request = self.client.request(method, &url).bearer_auth(key);
        let request = request.header("Content-Type", "application/json");
        let answer = request.body(body.to_owned()).send();
        let status = answer
            .unwrap_or_else(|error| panic!("{error}"))
            .status()
            .as_u16();
        // In a new round, the first withdrawal may find nothing.
        assert!(matches!(status, 200..=204 | 404), "{url}: {status}");
        let took = began.elapsed();
        self.times.lock().unwrap().push(took);
        self.edits.fetch_add(1, Ordering::Relaxed);
        std::thread::park_timeout(PACE.saturating_sub(took));
    }

    /// Imports a file of thirty events on the command line, beside the server.
    pub fn import(&self, rounds: usize) {
        let _alarm = Alarm(&self.is_over);
        for round in (0..rounds).cycle() {
            if !self.goes_on() {
                return;
            }
            let event = |n: usize| {
                let hour = n % 24;
                format!("UID:soak-{n}|SUMMARY:Film {round}|DTSTART:20270701T{hour:02}0000Z")
            };
            let events: Vec<String> = (0..30).map(event).collect();
            let events: Vec<&str> = events.iter().map(String::as_str).collect();
            self.program.write("import.ics", calendar_of(&events));
            self.program.run(&["import", "import.ics"]).ok();
            self.imports.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Waits for an interval and returns its measurements, or `None` if a generator failed.
    pub fn part(&self, length: Duration) -> Option<Part> {
        let (began, mut memory) = (Instant::now(), Vec::new());
        while let Some(left) = length.checked_sub(began.elapsed()) {
            std::thread::park_timeout(left.min(LOOK));
            if !self.goes_on() {
                return None;
            }
            memory.push(Sample {
                at: self.began.elapsed(),
                mebibytes: memory_of(self.serving),
            });
        }
        let mut times = std::mem::take(&mut *self.times.lock().unwrap());
        let mut reference = std::mem::take(&mut *self.reference.lock().unwrap());
        assert!(!times.is_empty(), "nobody was answered for {length:?}");
        assert!(
            !reference.is_empty(),
            "the machine stood still for {length:?}"
        );
        Some(Part {
            answers: times.len(),
            edits: self.edits.swap(0, Ordering::Relaxed),
            imports: self.imports.swap(0, Ordering::Relaxed),
            usual: percentile(&mut times, 50),
            slowest: percentile(&mut times, 99),
            reference: percentile(&mut reference, 99),
            memory,
        })
    }
}
