//! From the configuration to a calendar that is loaded.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::catalog::{Calendar, Early};
use crate::config::{self, CalendarConfig};
use crate::delivery::push::PUSHES;
use crate::http::Fetcher;
use crate::http::address::AllowedHost;
use crate::ingest::run::Runner;
use crate::seed;
use calendar_domain::clock::{Clock, SystemClock};

use calendar_store::IfMissing;

use super::{Context, Failure, log};

/// A calendar with what it was made of.
pub struct Opened {
    /// The configuration.
    pub config: CalendarConfig,
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// Whoever asks partners.
    pub runner: Arc<Runner>,
    /// What loading the region's files changed, where this was done just now; not where the store can't be written.
    pub seeded: Option<seed::SeedReport>,
}

/// Reads the configuration, opens the store, loads the catalog and the region's files. Where there is no store,
/// does as is said, and as the configuration allows.
pub fn calendar(context: &Context, if_missing: IfMissing) -> Result<Opened, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    log::start(config.log);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let folder = calendar_store::cache_folder(&config.store);
    let early = folder.and_then(|folder| Early::begin(folder, Arc::clone(&clock)));
    let if_missing = match if_missing {
        IfMissing::Create if config.require_store => IfMissing::FailAsRequired,
        other => other,
    };
    let store = calendar_store::open_or(&config.store, if_missing)?;
    let calendar = Arc::new(Calendar::open_with(store, clock, early)?);
    let seeded = match load_files(&calendar, &config) {
        Ok(report) => Some(report),
        // Readers need not wait for that; whoever wants to write meets it again.
        Err(seed::ApplyError::Store(error)) if error.is_passing() => {
            tracing::warn!(%error, "the region's files were not loaded");
            None
        }
        Err(error) => return Err(error.into()),
    };
    let runner = Arc::new(Runner::new(
        Arc::clone(&calendar),
        fetcher(&config)?,
        config.base_url.clone(),
        |name| std::env::var(name).ok(),
    ));
    Ok(Opened {
        config,
        calendar,
        runner,
        seeded,
    })
}

/// Errors if a partner in the region's files is reached by an interface that is not built in.
pub fn check_kinds(config: &CalendarConfig) -> Result<(), seed::SeedErrors> {
    let connectors = calendar_connectors::CONNECTORS.iter().map(|it| it.id());
    // One that sends by itself is never asked.
    let connectors: Vec<&str> = connectors.chain([calendar_connectors::INTERFACE]).collect();
    let pushes: Vec<&str> = PUSHES.iter().map(|it| it.id()).collect();
    seed::check_kinds(
        &config.data,
        &connectors,
        calendar_connectors::INTERFACE,
        &pushes,
    )
}

/// Brings the region's files into the calendar.
pub fn load_files(
    calendar: &Calendar,
    config: &CalendarConfig,
) -> Result<seed::SeedReport, seed::ApplyError> {
    check_kinds(config)?;
    let clock = calendar.clock();
    let snapshot = calendar.snapshot();
    let today = clock.today(snapshot.region().time_zone);
    let years = tentative_years(today, snapshot.feed_window().until, config.tentative_years);
    let report = seed::apply(calendar, &config.data, clock.now(), &years)?;
    // The files may have changed the zone, and with it the day.
    calendar.advance();
    Ok(report)
}

/// The years that get tentative editions: as many as are configured, and none of the days that a feed looks
/// ahead without them. `until` is the day after those.
fn tentative_years(today: NaiveDate, until: NaiveDate, number: u32) -> RangeInclusive<i32> {
    let this_year = today.year();
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let last = this_year.saturating_add(number).saturating_sub(1);
    let ahead = until.pred_opt().unwrap_or(until).year();
    let last = if number > 0 { last.max(ahead) } else { last };
    this_year..=last
}

/// A fetcher as configured.
pub fn fetcher(config: &CalendarConfig) -> Result<Fetcher, Failure> {
    let allowed: Result<Vec<AllowedHost>, _> = config
        .sync
        .allow_private
        .iter()
        .map(|text| text.parse())
        .collect();
    let site = config.base_url.as_ref();
    let at_once = config.sync.deliveries_at_once as usize;
    let fetcher = Fetcher::new(allowed?, config.limits.import_bytes, site);
    Ok(fetcher.delivering(at_once))
}
