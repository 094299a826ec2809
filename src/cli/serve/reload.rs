//! A reload: the region's files and the certificate are read again.

use std::sync::Arc;

use rocket::figment::Figment;
use rocket::tokio;

use crate::catalog::Calendar;
use crate::cli::report::with_causes;
use crate::cli::{Failure, open, tls};
use crate::config::CalendarConfig;
use calendar_domain::clock::{Clock, SystemClock};

use super::launches::Launches;
use super::notify;

/// What a reload reads.
pub struct Reload {
    pub figment: Figment,
    pub config: CalendarConfig,
    pub calendar: Arc<Calendar>,
    /// Which certificate and key are served, if any.
    pub serving: Option<tls::Fingerprint>,
}

impl Reload {
    /// Before the first reload.
    ///
    /// # Errors
    /// Where certificate or key cannot be read.
    pub fn new(
        figment: Figment,
        config: CalendarConfig,
        calendar: Arc<Calendar>,
    ) -> Result<Self, Failure> {
        let serving = fingerprint(&figment)?;
        Ok(Self {
            figment,
            config,
            calendar,
            serving,
        })
    }

    /// Reads everything again. What is wrong is logged, and what was there before stays.
    ///
    /// # Errors
    /// Where the server does not listen any more.
    pub async fn run(&mut self, launches: &mut Launches) -> Result<(), Failure> {
        notify::reloading();
        tracing::info!("reloading");
        let files = self.files().await;
        let certificate = self.certificate(launches).await?;
        match (files, certificate) {
            (Ok(changed), Ok(certificate)) => {
                tracing::info!(changed_records = changed, certificate, "reloaded");
            }
            (files, certificate) => {
                let wrong = [files.err(), certificate.err()];
                let wrong = wrong.iter().flatten().map(|it| with_causes(&**it));
                let error = wrong.collect::<Vec<_>>().join("; ");
                tracing::error!(error, "reload failed");
            }
        }
        notify::ready();
        Ok(())
    }

    /// Loads the region's files; returns how many records changed.
    async fn files(&self) -> Result<usize, Failure> {
        let (calendar, config) = (Arc::clone(&self.calendar), self.config.clone());
        let loaded = tokio::task::spawn_blocking(move || open::load_files(&calendar, &config));
        let report = loaded.await??;
        Ok(report.created + report.updated)
    }

    /// Takes another certificate, where it is one and is right. The outer error is the server's end.
    async fn certificate(
        &mut self,
        launches: &mut Launches,
    ) -> Result<Result<&'static str, Failure>, Failure> {
        let now = match fingerprint(&self.figment) {
            Ok(None) => return Ok(Ok("none")),
            Ok(now) if now == self.serving => return Ok(Ok("unchanged")),
            Ok(now) => now,
            Err(error) => return Ok(Err(error)),
        };
        let prepared = match launches.prepare().await {
            Ok(prepared) => prepared,
            Err(error) => return Ok(Err(error)),
        };
        launches.again(prepared).await?;
        self.serving = now;
        Ok(Ok("renewed"))
    }
}

/// Returns the fingerprint of the certificate and key that a start would serve now, which are right.
fn fingerprint(figment: &Figment) -> Result<Option<tls::Fingerprint>, Failure> {
    let server: rocket::Config = figment.extract().map_err(Box::new)?;
    let Some(tls) = server.tls.as_ref().filter(|_| server.tls_enabled()) else {
        return Ok(None);
    };
    let certificate = tls::check(tls)?;
    match certificate.not_valid(SystemClock.now()) {
        Some(why) => Err(why.into()),
        None => Ok(Some(tls::fingerprint(tls)?)),
    }
}
