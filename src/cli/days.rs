//! Daily upkeep while the server runs: advances the calendar's day and reloads the region's files, which adds tentative
//! editions of a further year.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{NaiveDate, NaiveTime};
use rocket::tokio;

use crate::catalog::Calendar;
use crate::config::CalendarConfig;
use calendar_domain::zone::to_utc;
use calendar_store::Store;

use super::open;

/// Interval of checks for a new day.
const DAY_CHECK: Duration = Duration::from_secs(20);

/// Delay of the check at midnight, since timers may fire early by the clock.
const AFTER_MIDNIGHT: Duration = Duration::from_millis(50);

/// Number of checks between writes of the catalog's cache file: an hour.
const IMAGE_ROUNDS: u64 = 180;

/// Maximum pause between attempts to load the files; it doubles with each failure.
const LONGEST_PAUSE: Duration = Duration::from_secs(10 * 60);

/// Advances the calendar each day and loads the region's files for it. `loaded` is false if the files could not be
/// loaded at startup because the store was not writable.
pub async fn keep(calendar: Arc<Calendar>, config: CalendarConfig, loaded: bool) {
    let mut days = Days::new(&calendar, loaded);
    for round in 1_u64.. {
        tokio::time::sleep(pause(&calendar)).await;
        let (calendar, config) = (Arc::clone(&calendar), config.clone());
        let turn = tokio::task::spawn_blocking(move || {
            if round.is_multiple_of(IMAGE_ROUNDS) {
                calendar.keep_image();
            }
            // Sampled regularly, since readiness measures the lag from the first sample.
            let _ = calendar.lag();
            days.look(&calendar, &config, Instant::now());
            days
        });
        days = match turn.await {
            Ok(days) => days,
            Err(error) => {
                tracing::error!(%error, "cannot advance the calendar to the new day");
                Days::default()
            }
        };
    }
}

/// Returns the pause until the next check: [`DAY_CHECK`], or less if midnight comes sooner.
fn pause(calendar: &Calendar) -> Duration {
    let zone = calendar.snapshot().region().time_zone;
    let now = calendar.clock().now();
    let tomorrow = now.with_timezone(&zone).date_naive().succ_opt();
    let midnight = tomorrow.map(|day| to_utc(day.and_time(NaiveTime::MIN), zone));
    let left = midnight.and_then(|midnight| (midnight - now).to_std().ok());
    left.map_or(DAY_CHECK, |left| DAY_CHECK.min(left + AFTER_MIDNIGHT))
}

/// The day for which the region's files were loaded, and the last failure.
#[derive(Debug, Default)]
struct Days {
    /// `None` if they must be loaded.
    loaded: Option<NaiveDate>,
    failed: Option<Failed>,
}

#[derive(Debug)]
struct Failed {
    why: String,
    pause: Duration,
    again: Instant,
}

impl Days {
    /// Returns the state at startup.
    fn new(calendar: &Calendar, loaded: bool) -> Self {
        Self {
            loaded: loaded.then(|| calendar.snapshot().version().today),
            failed: None,
        }
    }

    /// Advances the day and loads the files for it, with retries.
    fn look(&mut self, calendar: &Calendar, config: &CalendarConfig, now: Instant) {
        calendar.advance();
        let today = calendar.snapshot().version().today;
        if self.loaded == Some(today) {
            return;
        }
        let waits = |failed: &Failed| now < failed.again;
        if self.failed.as_ref().is_some_and(waits) || calendar.writable().is_err() {
            return;
        }
        match open::load_files(calendar, config) {
            Ok(_) => {
                // The files may have changed the time zone, and with it the day.
                self.loaded = Some(calendar.snapshot().version().today);
                if self.failed.take().is_some() {
                    tracing::info!("loaded the region's files");
                }
            }
            Err(error) => self.note(error.to_string(), now),
        }
    }

    /// Records a failure. Logs it unless the previous attempt failed for the same reason.
    fn note(&mut self, why: String, now: Instant) {
        let before = self.failed.take();
        if before.as_ref().is_none_or(|failed| failed.why != why) {
            tracing::error!(error = why, "cannot load the region's files; retrying");
        }
        let pause = before.map_or(DAY_CHECK, |failed| (failed.pause * 2).min(LONGEST_PAUSE));
        let again = now + pause;
        self.failed = Some(Failed { why, pause, again });
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use chrono::{DateTime, TimeDelta, Utc};

    use super::*;
    use calendar_domain::clock::FixedClock;

    const SERIES: &str = "series.toml";

    struct Region {
        folder: tempfile::TempDir,
        clock: Arc<FixedClock>,
        calendar: Calendar,
        config: CalendarConfig,
    }

    /// Returns the region of the data files, a minute before its feeds reach into 2029.
    fn region() -> Region {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        std::fs::create_dir(&data).unwrap();
        let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
        for entry in std::fs::read_dir(shipped).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, data.join(path.file_name().unwrap())).unwrap();
        }
        let evening: DateTime<Utc> = "2027-07-01T21:59:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(evening));
        let url = format!("sled:{}", folder.path().join("store").display());
        let calendar = Calendar::open(calendar_store::open(&url).unwrap(), clock.clone()).unwrap();
        let config = CalendarConfig {
            data: Some(data),
            ..CalendarConfig::default()
        };
        open::load_files(&calendar, &config).unwrap();
        Region {
            folder,
            clock,
            calendar,
            config,
        }
    }

    impl Region {
        fn has_the_edition_of_2029(&self) -> bool {
            let slug = "grundsetmartn-2029".parse().unwrap();
            self.calendar.snapshot().event_at(&slug).is_some()
        }

        fn file(&self) -> std::path::PathBuf {
            self.folder.path().join("data").join(SERIES)
        }
    }

    #[test]
    fn files_with_a_mistake_at_midnight_are_loaded_soon_after_it_is_mended() {
        let region = region();
        let good = std::fs::read(region.file()).unwrap();
        let mut days = Days::new(&region.calendar, true);
        let mut now = Instant::now();
        let look = |days: &mut Days, now| days.look(&region.calendar, &region.config, now);
        std::fs::write(region.file(), "nonsense = [").unwrap();
        region.clock.set("2027-07-01T22:00:10Z".parse().unwrap());
        for _ in 0..40 {
            look(&mut days, now);
            now += DAY_CHECK;
        }
        assert!(days.failed.is_some() && !region.has_the_edition_of_2029());
        std::fs::write(region.file(), good).unwrap();
        now += LONGEST_PAUSE;
        look(&mut days, now);
        assert!(region.has_the_edition_of_2029());
        assert!(days.failed.is_none() && days.loaded.is_some());
    }

    #[test]
    fn the_check_comes_at_midnight_of_the_region() {
        let region = region();
        let pause_at = |time: &str| {
            region.clock.set(time.parse().unwrap());
            pause(&region.calendar)
        };
        assert_eq!(pause_at("2027-07-01T21:59:00Z"), DAY_CHECK);
        let late = Duration::from_secs(7) + AFTER_MIDNIGHT;
        assert_eq!(pause_at("2027-07-01T21:59:53Z"), late);
        assert_eq!(pause_at("2027-07-01T22:00:00Z"), DAY_CHECK);
    }

    #[test]
    fn files_are_loaded_though_a_commit_turned_the_day_first() {
        let region = region();
        let mut days = Days::new(&region.calendar, true);
        region.clock.set("2027-07-01T22:00:01Z".parse().unwrap());
        let author = calendar_store::Author::System;
        let change = region.calendar.snapshot().categories()[0].as_ref().clone();
        let change = calendar_domain::Category {
            rank: change.rank + 1,
            ..change
        };
        let change = calendar_store::Change::put(change.into());
        region.calendar.write(author, "", vec![change]).unwrap();
        assert_eq!(
            region.calendar.snapshot().version().today,
            "2027-07-02".parse().unwrap()
        );
        days.look(&region.calendar, &region.config, Instant::now());
        assert!(region.has_the_edition_of_2029());
    }

    #[test]
    fn files_that_stay_wrong_are_tried_less_and_less_often_and_told_of_once() {
        let mut days = Days::default();
        let begin = Instant::now();
        let mut pauses = Vec::new();
        for _ in 0..8 {
            days.note("a mistake".into(), begin);
            pauses.push(days.failed.as_ref().unwrap().pause.as_secs());
        }
        assert_eq!(pauses, [20, 40, 80, 160, 320, 600, 600, 600]);
        assert!(TimeDelta::from_std(LONGEST_PAUSE).unwrap() < TimeDelta::minutes(15));
    }
}
