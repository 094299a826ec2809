//! Measurements under load.

use std::fmt;
use std::time::Duration;

use crate::support;
use crate::support::program::Serving;

/// Returns the program's memory in MiB.
pub fn memory_of(serving: &Serving) -> f64 {
    let kilobytes = u32::try_from(support::memory_of(serving.pid())).expect("less than 4 TiB");
    f64::from(kilobytes) / 1024.0
}

/// Memory in MiB at a time since the start.
#[derive(Clone, Copy)]
pub struct Sample {
    pub at: Duration,
    pub mebibytes: f64,
}

/// Measurements of one interval.
pub struct Part {
    pub answers: usize,
    pub edits: u64,
    pub imports: u64,
    pub usual: Duration,
    /// The 99th percentile of response times.
    pub slowest: Duration,
    /// The 99th percentile of a constant piece of work, as a measure of the machine's other load.
    pub reference: Duration,
    pub memory: Vec<Sample>,
}

impl Part {
    /// Returns the sample with the least memory: what remains between the peaks of single answers.
    pub fn least_memory(&self) -> Option<Sample> {
        let samples = self.memory.iter().copied();
        samples.min_by(|a, b| a.mebibytes.total_cmp(&b.mebibytes))
    }

    pub fn most_memory(&self) -> f64 {
        self.memory
            .iter()
            .map(|memory| memory.mebibytes)
            .fold(0.0, f64::max)
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            answers,
            edits,
            imports,
            usual,
            slowest,
            ..
        } = self;
        let memory: Course = self.memory.iter().copied().collect();
        write!(
            f,
            "{answers:6} answers, {edits:5} edits, {imports:4} imports, median {usual:7.1?}, \
             99th percentile {slowest:7.1?}, {:6.1} MiB on average, {:6.1} at most",
            memory.mean(),
            self.most_memory(),
        )
    }
}

/// Returns a percentile of durations.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() - 1) * percent / 100]
}

/// Memory over time.
pub struct Course(Vec<Sample>);

impl FromIterator<Sample> for Course {
    fn from_iter<T: IntoIterator<Item = Sample>>(samples: T) -> Self {
        Self(samples.into_iter().collect())
    }
}

impl Course {
    fn average(&self, of: impl Fn(&Sample) -> f64) -> f64 {
        let count = u32::try_from(self.0.len()).expect("one a second at most");
        self.0.iter().map(of).sum::<f64>() / f64::from(count)
    }

    pub fn mean(&self) -> f64 {
        self.average(|value| value.mebibytes)
    }

    /// Returns the duration in minutes.
    pub fn minutes(&self) -> f64 {
        let ends = self.0.first().zip(self.0.last());
        ends.map_or(0.0, |(first, last)| minutes(last.at - first.at))
    }

    /// Returns the slope in MiB per minute, by least squares.
    pub fn slope(&self) -> f64 {
        let (mean, middle) = (self.mean(), self.average(|value| minutes(value.at)));
        let off = |sample: &Sample| minutes(sample.at) - middle;
        let spread = self.average(|value| off(value).powi(2));
        self.average(|value| off(value) * (value.mebibytes - mean)) / spread
    }
}

fn minutes(time: Duration) -> f64 {
    time.as_secs_f64() / 60.0
}

#[test]
fn a_line_through_memory_says_what_it_gains_a_minute_whatever_swings_about_it() {
    let swing = [0.0, 3.0, -3.0];
    let course = |gain: f64| -> Course {
        let samples = (0..300_u32).map(|second| Sample {
            at: Duration::from_secs(second.into()),
            mebibytes: 100.0 + gain * f64::from(second) / 60.0 + swing[second as usize % 3],
        });
        samples.collect()
    };
    assert!(course(0.0).slope().abs() < 0.05);
    assert!((course(2.0).slope() - 2.0).abs() < 0.05);
    assert!((course(-1.0).slope() + 1.0).abs() < 0.05);
}
