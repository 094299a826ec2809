//! `serve`: pages and feeds.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use rocket::tokio;

use crate::catalog::Calendar;
use crate::config::CalendarConfig;
use crate::web;

use super::open::{self, Opened};
use super::{Context, Ending, Failure, scheduled_backup};

/// How often the calendar looks whether a new day has begun.
const DAY_CHECK: Duration = Duration::from_secs(20);

/// After how many looks the catalog's image is renewed, where something has changed: an hour.
const IMAGE_ROUNDS: u64 = 180;

#[derive(Debug, Args)]
pub struct Arguments {
    /// The address to listen on [default: 127.0.0.1]
    #[arg(long, value_name = "A")]
    address: Option<String>,

    /// The port to listen on; 0 takes a free one [default: 8000]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
}

impl Arguments {
    /// These, and where they are silent, the others: options may stand before or after `serve`.
    pub fn or(self, other: Self) -> Self {
        Self {
            address: self.address.or(other.address),
            port: self.port.or(other.port),
        }
    }
}

pub fn run(context: &mut Context, arguments: Arguments) -> Result<Ending, Failure> {
    context.overrides.address = arguments.address;
    context.overrides.port = arguments.port;
    let Opened {
        figment,
        config,
        calendar,
        ..
    } = open::calendar(context)?;
    rocket::execute(async move {
        let services = web::Services {
            calendar: Arc::clone(&calendar),
        };
        let server = web::build(figment, &config, services).ignite().await?;
        let clock = Arc::clone(calendar.clock());
        let backups = tokio::spawn(scheduled_backup::keep(config.clone(), clock));
        let days = tokio::spawn(turn_days(Arc::clone(&calendar), config));
        let ended = server.launch().await;
        days.abort();
        backups.abort();
        let kept = tokio::task::spawn_blocking(move || calendar.keep_image());
        if kept.await.is_err() {
            tracing::warn!("the catalog's image was not written");
        }
        ended.map(|_| Ending::Done).map_err(Failure::from)
    })
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
