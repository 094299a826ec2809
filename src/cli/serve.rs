//! `serve`: pages and feeds.

mod launches;
#[cfg(target_os = "linux")]
mod listener;
#[cfg_attr(not(unix), path = "serve/no_notify.rs")]
mod notify;
mod reload;
#[cfg_attr(not(unix), path = "serve/no_signals.rs")]
mod signals;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rocket::figment::Figment;
use rocket::tokio::{self, sync::oneshot, task::JoinHandle};

use crate::catalog::{Calendar, FilterUpkeep};
use crate::config::{self, CalendarConfig, LogFormat};
use crate::sync::run::Runner;
use crate::sync::schedule;
use crate::web::doorman;
use crate::web::operator::OperatorAccess;
use crate::{seed, store, web};

#[cfg(unix)]
use super::control::Control;
use super::open::{self, Opened};
use super::report::{print, with_causes};
use super::{Context, Ending, Failure, Output, log, scheduled_backup, tls};
use launches::Launches;
use reload::Reload;
use signals::{Hangups, Stops};

/// How often the calendar looks whether a new day has begun.
const DAY_CHECK: Duration = Duration::from_secs(20);

/// After how many looks the catalog's image is renewed, where something has changed: an hour.
const IMAGE_ROUNDS: u64 = 180;

/// How often uses of short addresses are written down.
const FILTER_CHECK: Duration = Duration::from_secs(3_600);

/// How long after the signal to stop a command beside the server may run: within the ten seconds in
/// which a stop is done.
#[cfg(unix)]
const COMMANDS_STOP: Duration = Duration::from_millis(8_500);

#[derive(Debug, Args)]
pub struct Arguments {
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "A")]
    address: Option<String>,

    /// The port to listen on; 0 takes a free one [default: 8000]
    #[arg(long, value_name = "N")]
    port: Option<u16>,

    /// Look whether the configuration and the region's files are right, and serve nothing
    #[arg(long)]
    check: bool,
}

impl Arguments {
    /// These, and where they are silent, the others: options may stand before or after `serve`.
    pub fn or(self, other: Self) -> Self {
        Self {
            address: self.address.or(other.address),
            port: self.port.or(other.port),
            check: self.check || other.check,
        }
    }
}

/// Why the server did not start or ended, which stands in its log already.
#[derive(Debug, thiserror::Error)]
#[error("the log says why")]
pub struct Logged;

pub fn run(context: &mut Context, arguments: Arguments) -> Result<Ending, Failure> {
    context.overrides.address = arguments.address;
    context.overrides.port = arguments.port;
    if arguments.check {
        return check(context);
    }
    let format = config::log_format(&context.overrides);
    log::start(format);
    raise_open_files();
    // Before the runtime, which Rocket makes of its configuration.
    let right = check_start(context);
    let ended = right.and_then(|()| rocket::execute(serve(context)));
    if let Err(failure) = &ended
        && format == LogFormat::Json
        && tracing::enabled!(tracing::Level::ERROR)
    {
        tracing::error!(error = with_causes(&**failure), "the server failed");
        return Err(Logged.into());
    }
    ended
}

/// Looks at what is to be right before anything is opened.
fn check_start(context: &Context) -> Result<(), Failure> {
    check_tls(&config::read(&context.overrides)?.0)?;
    OperatorAccess::from_environment(|name| std::env::var(name).ok())?;
    Ok(())
}

/// Opens the calendar and serves it until a signal ends that.
async fn serve(context: &Context) -> Result<Ending, Failure> {
    // First of all: a hangup must not end the program, however long the store takes to open.
    let hangups = Hangups::hear()?;
    let opened = Opened {
        // A command beside the server loads the files anew.
        seeded: None,
        ..open::calendar(context)?
    };
    let (calendar, runner) = (Arc::clone(&opened.calendar), Arc::clone(&opened.runner));
    let services = web::Services {
        calendar: Arc::clone(&calendar),
        runner: Arc::clone(&runner),
    };
    let (figment, config) = (opened.figment.clone(), opened.config.clone());
    let server = web::Server::new(&config, services)?;
    let reload = Reload::new(figment.clone(), config.clone(), Arc::clone(&calendar))?;
    let (stop_control, stop) = oneshot::channel();
    #[cfg(unix)]
    let control = Control::start(opened, stop);
    #[cfg(not(unix))]
    drop((opened, stop));
    let work = background(&calendar, runner, &config);
    // Before anyone can know that it listens, and send one.
    let signals = (hangups, Stops::hear()?);
    let ended = match Launches::begin(server, figment).await {
        Ok(launches) => answer(launches, reload, signals, stop_control).await,
        Err(failure) => Err(failure),
    };
    work.iter().for_each(|task| task.abort());
    #[cfg(unix)]
    if let Some(control) = control {
        control.stop(COMMANDS_STOP).await;
    }
    let kept = tokio::task::spawn_blocking(move || calendar.keep_image());
    if kept.await.is_err() {
        tracing::warn!("the catalog's image was not written");
    }
    ended?;
    tracing::info!("stopped");
    Ok(Ending::Done)
}

/// Starts what goes on beside the requests.
fn background(
    calendar: &Arc<Calendar>,
    runner: Arc<Runner>,
    config: &CalendarConfig,
) -> [JoinHandle<()>; 4] {
    let clock = Arc::clone(calendar.clock());
    [
        tokio::spawn(scheduled_backup::keep(config.clone(), clock)),
        tokio::spawn(turn_days(Arc::clone(calendar), config.clone())),
        tokio::spawn(tidy_filters(Arc::clone(calendar), config.clone())),
        tokio::spawn(schedule::keep(runner)),
    ]
}

/// Lets the launched server answer, and reloads at each hangup, until it is told to stop and has.
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
        store = reload.config.store,
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
    // Told or gone, it stops taking commands.
    let _ = stop_control.send(());
    reason?;
    launches.shutdown().notify();
    launches.ended().await
}

/// Rocket's configuration, whose certificate and key are usable where it has any.
fn check_tls(figment: &Figment) -> Result<rocket::Config, Failure> {
    let server: rocket::Config = figment.extract().map_err(Box::new)?;
    if let Some(tls) = server.tls.as_ref().filter(|_| server.tls_enabled()) {
        tls::check(tls)?;
    }
    Ok(server)
}

/// Reads all that a start reads before it opens the store; touches nothing.
fn check(context: &Context) -> Result<Ending, Failure> {
    let (figment, config) = config::read(&context.overrides)?;
    let server = check_tls(&figment)?;
    OperatorAccess::from_environment(|name| std::env::var(name).ok())?;
    store::check_address(&config.store)?;
    open::fetcher(&config)?;
    if let Some(place) = &config.backup.to {
        scheduled_backup::Place::of(place)?;
    }
    seed::read(&config.data)?;
    let tls = server.tls_enabled();
    let limits = doorman::Limits::of(&config.limits, doorman::most_open_files());
    print(&match context.output {
        Output::Json => {
            let address = server.address.to_string();
            let report = serde_json::json!({
                "address": address, "port": server.port, "tls": tls, "store": config.store,
                "data": config.data, "base_url": config.base_url, "connections": limits.to_string(),
            });
            format!("{report}\n")
        }
        Output::Text => format!(
            "the configuration is right: {}://{}, store {}, data {}\n  connections: {limits}\n",
            if tls { "https" } else { "http" },
            SocketAddr::new(server.address, server.port),
            config.store,
            config.data.display()
        ),
    })?;
    Ok(Ending::Done)
}

/// Takes as many open files as the system gives: each connection is one, and many shells begin with a
/// limit of 1024.
fn raise_open_files() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::warn!(%error, "the limit of open files stays as it is");
        }
    }
}

/// Notes which short addresses are used, and forgets those that nobody has used for long.
async fn tidy_filters(calendar: Arc<Calendar>, config: CalendarConfig) {
    loop {
        tokio::time::sleep(FILTER_CHECK).await;
        let (calendar, days) = (Arc::clone(&calendar), config.limits.stored_filter_days);
        let tidied = tokio::task::spawn_blocking(move || calendar.tidy_filters(days)).await;
        match tidied {
            Ok(Ok(FilterUpkeep { forgotten: 0, .. })) => {}
            Ok(Ok(FilterUpkeep { forgotten, .. })) => {
                tracing::info!(forgotten, "short addresses that nobody used are forgotten");
            }
            Ok(Err(error)) => tracing::warn!(%error, "uses of short addresses are not noted yet"),
            Err(error) => tracing::error!(%error, "short addresses could not be tidied"),
        }
    }
}

/// Moves the calendar on when a day ends, and makes the tentative editions of a new year.
async fn turn_days(calendar: Arc<Calendar>, config: CalendarConfig) {
    for round in 1_u64.. {
        tokio::time::sleep(DAY_CHECK).await;
        let (calendar, config) = (Arc::clone(&calendar), config.clone());
        let turn = tokio::task::spawn_blocking(move || {
            if round.is_multiple_of(IMAGE_ROUNDS) {
                calendar.keep_image();
            }
            if calendar.advance() {
                open::load_files(&calendar, &config).map(|_| ())
            } else {
                Ok(())
            }
        });
        match turn.await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(%error, "the region's files were not loaded again"),
            Err(error) => tracing::error!(%error, "the day could not be turned"),
        }
    }
}
