//! From the configuration to a calendar that is loaded.

use std::io::IsTerminal;
use std::sync::Arc;

use chrono::Datelike;

use crate::catalog::{Calendar, Early};
use crate::clock::{Clock, SystemClock};
use crate::config::{self, CalendarConfig, LogFormat};
use crate::sync::Fetcher;
use crate::sync::address::AllowedHost;
use crate::sync::connectors;
use crate::sync::push::PUSHES;
use crate::sync::run::Runner;
use crate::{seed, store};

use super::{Context, Failure};

/// A calendar with what it was made of.
pub struct Opened {
    /// The configuration.
    pub config: CalendarConfig,
    /// The calendar.
    pub calendar: Arc<Calendar>,
    /// Whoever asks partners.
    pub runner: Arc<Runner>,
    /// What loading the region's files changed, where this was done just now.
    pub seeded: Option<seed::SeedReport>,
}

/// Reads the configuration, opens the store, loads the catalog and the region's files.
pub fn calendar(context: &Context) -> Result<Opened, Failure> {
    let (_, config) = config::read(&context.overrides)?;
    start_log(config.log);
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let folder = store::cache_folder(&config.store);
    let early = folder.and_then(|folder| Early::begin(folder, Arc::clone(&clock)));
    let store = store::open(&config.store)?;
    let calendar = Arc::new(Calendar::open_with(store, clock, early)?);
    let seeded = Some(load_files(&calendar, &config)?);
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
    let connectors = connectors::CONNECTORS.iter().map(|it| it.id());
    // One that sends by itself is never asked.
    let connectors: Vec<&str> = connectors.chain([connectors::INTERFACE]).collect();
    let pushes: Vec<&str> = PUSHES.iter().map(|it| it.id()).collect();
    seed::check_kinds(&config.data, &connectors, &pushes)
}

/// Brings the region's files into the calendar.
pub fn load_files(
    calendar: &Calendar,
    config: &CalendarConfig,
) -> Result<seed::SeedReport, seed::ApplyError> {
    check_kinds(config)?;
    let clock = calendar.clock();
    let this_year = clock.today(calendar.snapshot().region().time_zone).year();
    let further = i32::try_from(config.tentative_years).unwrap_or(i32::MAX);
    let years = this_year..=this_year.saturating_add(further).saturating_sub(1);
    let report = seed::apply(calendar, &config.data, clock.now(), &years)?;
    // The files may have changed the zone, and with it the day.
    calendar.advance();
    Ok(report)
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
    Ok(Fetcher::new(allowed?, config.limits.import_bytes, site))
}

/// Sends log lines to standard error; `RUST_LOG` chooses which, as in `RUST_LOG=debug`.
pub fn start_log(format: LogFormat) {
    use tracing_subscriber::EnvFilter;
    let default = || EnvFilter::new("info,rocket=error,_=error,sled=warn");
    let chosen = EnvFilter::try_from_default_env();
    let by_default = chosen.is_err();
    let filter = chosen.unwrap_or_else(|_| default());
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    let log = log.with_ansi(std::io::stderr().is_terminal());
    // A second start in one process keeps the first log.
    let _ = match format {
        LogFormat::Text => log.with_target(false).try_init(),
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    if by_default {
        // Rocket writes several lines for each request, none of which the filter lets through.
        log::set_max_level(log::LevelFilter::Warn);
    }
}
