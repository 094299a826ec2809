//! Opens the configured calendar.

use std::ops::RangeInclusive;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::catalog::{Calendar, Preload};
use crate::config::{self, CalendarConfig};
use crate::delivery::push::PUSHES;
use crate::http::Fetcher;
use crate::http::address::AllowedHost;
use crate::ingest::run::Runner;
use crate::seed::{self, DataSource};
use crate::web::Site;
use calendar_domain::clock::{Clock, SystemClock};

use calendar_store::IfMissing;

use super::{CommandContext, Failure, log};

/// An open calendar with its configuration and runner.
pub struct OpenCalendar {
    /// The configuration.
    pub config: CalendarConfig,
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// The runner of exchanges with partners.
    pub runner: Arc<Runner>,
    /// The address of the running server; `None` without one.
    pub site: Option<Site>,
    /// Outcome of loading the region's files; `None` if the store was not writable.
    pub seeded: Option<seed::SeedReport>,
}

/// Reads the configuration, opens the store, and loads the catalog and the region's files. `if_missing` decides what
/// happens if there is no store, unless the configuration requires one.
pub fn calendar(context: &CommandContext, if_missing: IfMissing) -> Result<OpenCalendar, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    log::start(config.log);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let folder = calendar_store::cache_folder(&config.store);
    let early = folder.and_then(|folder| Preload::begin(folder, Arc::clone(&clock)));
    let if_missing = match if_missing {
        IfMissing::Create | IfMissing::CreateNothing if config.require_store => {
            IfMissing::FailAsRequired
        }
        other => other,
    };
    let store = calendar_store::open_or(&config.store, if_missing)?;
    let calendar = Arc::new(Calendar::open_with(store, clock, early)?);
    let seeded = match load_files(&calendar, &config) {
        Ok(report) => Some(report),
        // Reads do not need the files; a write will report the error again.
        Err(seed::ApplyError::Store(error)) if error.is_passing() => {
            tracing::warn!(%error, "cannot load the region's files");
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
    Ok(OpenCalendar {
        config,
        calendar,
        runner,
        site: None,
        seeded,
    })
}

/// Returns where the region's files are.
pub fn region_files(config: &CalendarConfig) -> DataSource<'_> {
    let folder = config.data.as_deref();
    folder.map_or(DataSource::Shipped, DataSource::Folder)
}

/// Errors if a partner in the region's files uses an unknown kind of interface.
pub fn check_kinds(config: &CalendarConfig) -> Result<(), seed::SeedErrors> {
    let connectors = calendar_connectors::CONNECTORS
        .iter()
        .map(|connector| connector.id());
    // Partners of this kind send their events and are never fetched from.
    let connectors: Vec<&str> = connectors.chain([calendar_connectors::INTERFACE]).collect();
    let pushes: Vec<&str> = PUSHES.iter().map(|push| push.id()).collect();
    seed::check_kinds(
        region_files(config),
        &connectors,
        calendar_connectors::INTERFACE,
        &pushes,
    )
}

/// Loads the region's files into the calendar, with tentative editions.
pub fn load_files(
    calendar: &Calendar,
    config: &CalendarConfig,
) -> Result<seed::SeedReport, seed::ApplyError> {
    check_kinds(config)?;
    let clock = calendar.clock();
    let snapshot = calendar.snapshot();
    let today = clock.today(snapshot.region().time_zone);
    let years = tentative_years(today, snapshot.feed_window().until, config.tentative_years);
    let report = seed::apply(calendar, region_files(config), clock.now(), &years)?;
    // The files may have changed the time zone, and with it the day.
    calendar.advance();
    Ok(report)
}

/// Returns the years that get tentative editions: the configured number, and every year that feeds cover. `until` is
/// the day after the last day that feeds cover.
fn tentative_years(today: NaiveDate, until: NaiveDate, number: u32) -> RangeInclusive<i32> {
    let this_year = today.year();
    let number = i32::try_from(number).unwrap_or(i32::MAX);
    let last = this_year.saturating_add(number).saturating_sub(1);
    let ahead = until.pred_opt().unwrap_or(until).year();
    let last = if number > 0 { last.max(ahead) } else { last };
    this_year..=last
}

/// Returns an HTTP client as configured.
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
