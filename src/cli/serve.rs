//! `serve`: pages and feeds.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rocket::figment::Figment;
use rocket::tokio;

use crate::catalog::Calendar;
use crate::config::{self, CalendarConfig};
use crate::sync::schedule;
use crate::web::doorman;
use crate::{seed, store, web};

#[cfg(unix)]
use super::control::Control;
use super::open::{self, Opened};
use super::report::print;
use super::{Context, Ending, Failure, Output, scheduled_backup, tls};

/// How often the calendar looks whether a new day has begun.
const DAY_CHECK: Duration = Duration::from_secs(20);

/// After how many looks the catalog's image is renewed, where something has changed: an hour.
const IMAGE_ROUNDS: u64 = 180;

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

pub fn run(context: &mut Context, arguments: Arguments) -> Result<Ending, Failure> {
    context.overrides.address = arguments.address;
    context.overrides.port = arguments.port;
    if arguments.check {
        return check(context);
    }
    raise_open_files();
    check_tls(&config::read(&context.overrides)?.0)?;
    let Opened {
        figment,
        config,
        calendar,
        runner,
        ..
    } = open::calendar(context)?;
    rocket::execute(async move {
        let services = web::Services {
            calendar: Arc::clone(&calendar),
            runner: Arc::clone(&runner),
        };
        let server = web::build(figment.clone(), &config, services);
        let server = server.ignite().await?;
        #[cfg(unix)]
        let control = {
            let (config, calendar) = (config.clone(), Arc::clone(&calendar));
            let opened = Opened {
                figment,
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
        ended.map(|_| Ending::Done).map_err(Failure::from)
    })
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

/// Moves the calendar on when a day ends, and makes the tentative editions of a new year.
async fn turn_days(calendar: Arc<Calendar>, config: CalendarConfig) {
    for round in 1_u64.. {
        tokio::time::sleep(DAY_CHECK).await;
        let (calendar, config) = (Arc::clone(&calendar), config.clone());
        let turn = tokio::task::spawn_blocking(move || {
            if round.is_multiple_of(IMAGE_ROUNDS) {
                calendar.keep_image();
            }
            // Looked at now and then, so that readiness can tell since when.
            let _ = calendar.lag();
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
