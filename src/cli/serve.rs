//! `serve`: pages and feeds.
//!
//! `preflight` looks at the whole configuration before anything is opened or made, at `storage` and the port to
//! `listen` on too; `report` tells what it found.

mod listen;
mod preflight;
mod report;
mod storage;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rocket::error::ErrorKind;
use rocket::tokio;

use crate::catalog::Calendar;
use crate::config::CalendarConfig;
use crate::sync::schedule;
use crate::{seed, web};

#[cfg(unix)]
use super::control::Control;
use super::open::{self, Opened};
use super::progress::Progress;
use super::report::print;
use super::{Context, Ending, Failure, Output, scheduled_backup};
use preflight::{Preflight, Purpose};

/// How often the calendar looks whether a new day has begun.
const DAY_CHECK: Duration = Duration::from_secs(20);

/// After how many looks the catalog's image is renewed, where something has changed: an hour.
const IMAGE_ROUNDS: u64 = 180;

/// How long after the signal to stop a command beside the server may run: within the ten seconds in
/// which a stop is done.
#[cfg(unix)]
const COMMANDS_STOP: Duration = Duration::from_millis(8_500);

/// How long what runs still may take once all is stopped, as Rocket has it.
const FORCED: Duration = Duration::from_millis(500);

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

pub fn run(context: &mut Context, arguments: Arguments) -> Result<Ending, Failure> {
    context.overrides.address = arguments.address;
    context.overrides.port = arguments.port;
    if arguments.check {
        return check(context);
    }
    raise_open_files();
    let preflight = Preflight::of(context, Purpose::Start)?;
    open::start_log(preflight.config.log);
    for warning in &preflight.warnings {
        tracing::warn!("{warning}");
    }
    let (figment, server) = (preflight.figment, preflight.server);
    let progress = Progress::begin("Opening the store");
    let opened = open::calendar(context);
    progress.end();
    let Opened {
        config,
        calendar,
        runner,
        ..
    } = opened?;
    // Rocket's own way to run would take the number of threads from Rocket.toml and the environment alone.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .thread_name("rocket-worker-thread")
        .worker_threads(server.workers)
        .max_blocking_threads(server.max_blocking)
        .enable_all()
        .build()?;
    let listening = SocketAddr::new(server.address, server.port);
    let ended = runtime.block_on(async move {
        let services = web::Services {
            calendar: Arc::clone(&calendar),
            runner: Arc::clone(&runner),
        };
        let server = web::build(figment, &config, services);
        let server = server.ignite().await?;
        #[cfg(unix)]
        let control = {
            let (config, calendar) = (config.clone(), Arc::clone(&calendar));
            let opened = Opened {
                config,
                calendar,
                runner: Arc::clone(&runner),
                seeded: None,
            };
            Control::start(opened, server.shutdown())
        };
        let clock = Arc::clone(calendar.clock());
        let backups = tokio::spawn(scheduled_backup::keep(config.clone(), clock));
        let days = tokio::spawn(turn_days(Arc::clone(&calendar), config));
        let exchange = tokio::spawn(schedule::keep(runner));
        let ended = server.launch().await;
        exchange.abort();
        days.abort();
        backups.abort();
        #[cfg(unix)]
        if let Some(control) = control {
            control.stop(COMMANDS_STOP).await;
        }
        let kept = tokio::task::spawn_blocking(move || calendar.keep_image());
        if kept.await.is_err() {
            tracing::warn!("the catalog's image was not written");
        }
        ended
            .map(|_| Ending::Done)
            .map_err(|error| match error.kind() {
                ErrorKind::Bind(cause) => listen::why_not(listening, cause).into(),
                _ => Failure::from(error),
            })
    });
    if server.shutdown.force {
        runtime.shutdown_timeout(FORCED);
    }
    ended
}

/// Reads all that a start reads before it opens the store; touches nothing.
fn check(context: &Context) -> Result<Ending, Failure> {
    let preflight = Preflight::of(context, Purpose::Check)?;
    open::fetcher(&preflight.config)?;
    seed::read(&preflight.config.data)?;
    open::check_kinds(&preflight.config)?;
    print(&match context.output {
        Output::Json => format!("{}\n", preflight.as_json()),
        Output::Text => preflight.as_text(),
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
