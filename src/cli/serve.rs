//! `serve`: runs the server.
//!
//! `preflight` checks the whole configuration before anything is opened or created, including `storage` and the address
//! to `listen` on; `report` formats the result. `launches` runs the server, and `reload` handles SIGHUP.

mod appearance;
mod arguments;
mod findings;
mod launches;
mod listen;
#[cfg(target_os = "linux")]
mod listener;
mod mail;
#[cfg_attr(not(unix), path = "serve/no_notify.rs")]
mod notify;
mod preflight;
mod reload;
mod report;
#[cfg_attr(not(unix), path = "serve/no_signals.rs")]
mod signals;
mod storage;

use std::sync::Arc;
use std::time::Duration;

use rocket::tokio::{self, sync::oneshot};

use crate::catalog::{Calendar, FilterUpkeep};
use crate::config::{self, CalendarConfig, LogFormat};
use crate::ingest::schedule;
use crate::login::oidc;
use crate::media::ImageCopier;
use crate::web::OutgoingDelivery;
use crate::web::operator::OperatorAccess;
use crate::{media, personal_data, seed, web};
use calendar_domain::clock::Clock;
use calendar_domain::zone_database;

#[cfg(unix)]
use super::control::Control;
use super::open;
use super::progress::ProgressLine;
use super::report::{print, with_causes};
use super::{
    CommandContext, Ending, Failure, Output, calendar_command, days, log, restored,
    scheduled_backup, temporary,
};
pub use arguments::ServeArguments;

use launches::Launches;
use preflight::{Preflight, Purpose};
use reload::Reload;
use signals::{Hangups, Stops};

/// Interval at which uses of stored filters are written.
const FILTER_CHECK: Duration = Duration::from_secs(3_600);

/// Time after the stop signal until which a command on the control socket may run; a stop takes at most ten seconds.
#[cfg(unix)]
const COMMANDS_STOP: Duration = Duration::from_millis(8_500);

/// Time for blocking tasks after a forced shutdown, as in Rocket.
const FORCED: Duration = Duration::from_millis(500);

/// The reason of a failed server, which is already in its log.
#[derive(Debug, thiserror::Error)]
#[error("see the log")]
pub struct Logged;

pub fn run(context: &mut CommandContext, arguments: &ServeArguments) -> Result<Ending, Failure> {
    context.overrides.address.clone_from(&arguments.address);
    context.overrides.port = arguments.port;
    if arguments.check {
        return check(context);
    }
    let format = config::log_format(&context.overrides);
    log::start(format);
    raise_open_files();
    let ended = Preflight::new(context, Purpose::Start)
        .and_then(|preflight| execute(context, arguments, preflight));
    if let Err(failure) = &ended
        && format == LogFormat::Json
        && tracing::enabled!(tracing::Level::ERROR)
    {
        tracing::error!(error = with_causes(&**failure), "the server failed");
        return Err(Logged.into());
    }
    ended
}

/// Serves on a runtime with the configured number of threads, which Rocket's own launch would read from Rocket.toml and
/// the environment only.
fn execute(
    context: &CommandContext,
    arguments: &ServeArguments,
    preflight: Preflight,
) -> Result<Ending, Failure> {
    let server = preflight.server.clone();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("rocket-worker-thread")
        .worker_threads(server.workers)
        .max_blocking_threads(server.max_blocking)
        .enable_all()
        .build()?;
    let ended = runtime.block_on(serve(context, arguments, preflight));
    if server.shutdown.force {
        runtime.shutdown_timeout(FORCED);
    }
    ended
}

/// Opens the calendar and serves it until a signal.
async fn serve(
    context: &CommandContext,
    arguments: &ServeArguments,
    preflight: Preflight,
) -> Result<Ending, Failure> {
    // First, since a SIGHUP must not end the program while the store opens.
    let hangups = Hangups::hear()?;
    for warning in &preflight.warnings {
        tracing::warn!("{warning}");
    }
    if let Some(note) = preflight.shipped() {
        tracing::info!("{note}");
    }
    OperatorAccess::from_environment(|name| std::env::var(name).ok())?;
    oidc::check_secrets(&preflight.config.login, |name| std::env::var(name).ok())?;
    let progress = ProgressLine::begin("Opening the store");
    let opened = open::calendar(context, calendar_command::create(arguments.new));
    progress.end();
    let mut opened = opened?;
    // Taken, so that a `seed` on the control socket loads the files again.
    let loaded = opened.seeded.take().is_some();
    temporary::remove_abandoned();
    warn_of_open_folder(&opened.calendar);
    if let Some(warning) = old_zones(zone_database::VERSION, &**opened.calendar.clock()) {
        tracing::warn!("{warning}");
    }
    let delivery = match restored::is_quiet_since(&opened.calendar) {
        Some(at) if arguments.delivery() == OutgoingDelivery::On => {
            let at = at.format("%Y-%m-%d %H:%M UTC");
            tracing::warn!(
                "the store was restored on {at} and may be a copy: delivery is suspended until \
                 `elverum-calendar webhook resume` and a restart"
            );
            OutgoingDelivery::Off
        }
        _ => arguments.delivery(),
    };
    let (calendar, runner) = (Arc::clone(&opened.calendar), Arc::clone(&opened.runner));
    let backup_stats = Arc::new(web::BackupStats::default());
    let mailer = mail::mailer(&opened.config, &preflight.figment)?;
    let services = web::Services {
        calendar: Arc::clone(&calendar),
        runner: Arc::clone(&runner),
        backups: Arc::clone(&backup_stats),
        delivery,
        mailer: Arc::clone(&mailer),
    };
    let (figment, config) = (preflight.figment, opened.config.clone());
    let server = web::Server::new(&config, services)?;
    opened.site = Some(server.site().clone());
    appearance::note(&calendar, server.site().base().as_str());
    let intake = server.intake().clone();
    let reload = Reload::new(figment.clone(), config.clone(), Arc::clone(&calendar))?;
    let (stop_control, stop) = oneshot::channel();
    #[cfg(unix)]
    let control = Control::start(opened, stop);
    #[cfg(not(unix))]
    drop((opened, stop));
    let clock = Arc::clone(calendar.clock());
    let mut tasks = vec![
        tokio::spawn(days::keep(Arc::clone(&calendar), config.clone(), loaded)),
        tokio::spawn(tidy_filters(Arc::clone(&calendar), config.clone())),
        tokio::spawn(media::keep_tidy(Arc::clone(&calendar))),
        tokio::spawn(personal_data::keep_erasing(Arc::clone(&calendar))),
    ];
    if delivery == OutgoingDelivery::On {
        let backups = scheduled_backup::keep(config, clock, backup_stats);
        tasks.push(tokio::spawn(backups));
        let copier = ImageCopier::new(Arc::clone(&calendar), runner.fetcher(), intake);
        tasks.push(tokio::spawn(media::keep_copying(copier)));
        tasks.push(tokio::spawn(schedule::keep(runner)));
    }
    // Before the server listens, since a signal may follow at once.
    let signals = (hangups, Stops::hear()?);
    let ended = match Launches::begin(server, figment).await {
        Ok(launches) => {
            let (opened, site) = (Arc::clone(&calendar), launches.server().site().clone());
            tokio::task::spawn_blocking(move || mail::tell(&opened, &mailer, &site));
            answer(launches, reload, signals, stop_control).await
        }
        Err(failure) => Err(failure),
    };
    tasks.iter().for_each(tokio::task::JoinHandle::abort);
    #[cfg(unix)]
    if let Some(control) = control {
        control.stop(COMMANDS_STOP).await;
    }
    let kept = tokio::task::spawn_blocking(move || calendar.keep_image());
    if kept.await.is_err() {
        tracing::warn!("cannot write the catalog's cache file");
    }
    ended?;
    tracing::info!("stopped");
    Ok(Ending::Done)
}

/// Serves until stopped, reloading on each SIGHUP.
async fn answer(
    mut launches: Launches,
    mut reload: Reload,
    (mut hangups, mut stops): (Hangups, Stops),
    stop_control: oneshot::Sender<()>,
) -> Result<(), Failure> {
    let calendar = Arc::clone(&reload.calendar);
    tracing::info!(
        version = env!("CARGO_PKG_VERSION"),
        base_url = %launches.server().site().base(),
        address = launches.url(),
        store = %reload.config.store.display(),
        events = calendar.snapshot().event_count(),
        "started"
    );
    notify::ready();
    let alive = notify::keep_alive(&calendar);
    let reason = loop {
        tokio::select! {
            biased;
            reason = stops.next() => break Ok(reason),
            () = launches.shutdown() => break Ok(stops.reason().await),
            ended = launches.ended() => break ended.map(|()| "shutdown"),
            () = hangups.next() => {
                if let Err(failure) = reload.run(&mut launches).await {
                    break Err(failure);
                }
            }
        }
    };
    if let Some(alive) = alive {
        alive.abort();
    }
    tracing::info!(reason = reason.as_ref().unwrap_or(&"failure"), "stopping");
    notify::stopping();
    // Stops the control socket, whether or not it still listens.
    let _ = stop_control.send(());
    reason?;
    launches.shutdown().notify();
    launches.ended().await
}

/// Checks everything that a start reads before it opens the store. Changes nothing.
fn check(context: &CommandContext) -> Result<Ending, Failure> {
    let preflight = Preflight::new(context, Purpose::Check)?;
    OperatorAccess::from_environment(|name| std::env::var(name).ok())?;
    oidc::check_secrets(&preflight.config.login, |name| std::env::var(name).ok())?;
    open::fetcher(&preflight.config)?;
    mail::mailer(&preflight.config, &preflight.figment)?;
    seed::read(open::region_files(&preflight.config))?;
    open::check_kinds(&preflight.config)?;
    print(&match context.output {
        Output::Json => format!("{}\n", preflight.as_json()),
        Output::Text => preflight.as_text(),
    })?;
    Ok(Ending::Done)
}

/// Warns if other users can read the store's directory; earlier versions created it by the shell's umask.
fn warn_of_open_folder(calendar: &Calendar) {
    if let Some(folder) = calendar.store().folder()
        && let Some(mode) = calendar_store::too_open(folder)
    {
        let folder = folder.display();
        tracing::warn!(
            "other users can read the store: {folder} has mode {mode:o}; run chmod -R go-rwx {folder}"
        );
    }
}

/// Returns a warning if the time zone database is more than a year old.
fn old_zones(version: &str, clock: &dyn Clock) -> Option<String> {
    let today = clock.now().date_naive();
    zone_database::is_outdated(version, today).then(|| {
        format!(
            "the time zone database (IANA {version}) is more than a year old: times are wrong in zones \
             whose rules have changed since; install a newer version of this program"
        )
    })
}

/// Raises the limit of open files to the maximum; each connection is one, and the default is often 1024.
fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "cannot raise the limit of open files");
        }
    }
}

/// Writes uses of stored filters, and removes those unused for long.
async fn tidy_filters(calendar: Arc<Calendar>, config: CalendarConfig) {
    loop {
        tokio::time::sleep(FILTER_CHECK).await;
        let (calendar, days) = (Arc::clone(&calendar), config.limits.stored_filter_days);
        let tidied = tokio::task::spawn_blocking(move || calendar.tidy_filters(days)).await;
        match tidied {
            Ok(Ok(FilterUpkeep { forgotten: 0, .. })) => {}
            Ok(Ok(FilterUpkeep { forgotten, .. })) => {
                tracing::info!(forgotten, "removed unused short addresses");
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "cannot record uses of short addresses; retrying")
            }
            Err(error) => tracing::error!(%error, "cannot remove unused short addresses"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::clock::FixedClock;

    #[test]
    fn the_start_warns_of_a_time_zone_database_that_is_more_than_a_year_old() {
        let clock = |now: &str| FixedClock::at(now.parse().unwrap());
        let fresh = old_zones("2025b", &clock("2026-03-01T12:00:00Z"));
        assert_eq!(fresh, None);
        let old = old_zones("2025b", &clock("2026-11-29T12:00:00Z")).unwrap();
        assert!(
            old.contains("IANA 2025b") && old.contains("newer version"),
            "{old}"
        );
    }
}
