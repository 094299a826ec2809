//! Reload: reads the region's files and the certificate again.

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

/// State of reloads.
pub struct Reload {
    pub figment: Figment,
    pub config: CalendarConfig,
    pub calendar: Arc<Calendar>,
    /// Fingerprint of the served certificate and key, if TLS is enabled.
    pub serving: Option<tls::Fingerprint>,
}

impl Reload {
    /// Returns the state before the first reload.
    ///
    /// # Errors
    /// Errors if the certificate or key cannot be read.
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

    /// Reads everything again. Errors are logged, and the previous state is kept.
    ///
    /// # Errors
    /// Errors if the server does not listen any more.
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
                let wrong = wrong.iter().flatten().map(|wrong| with_causes(&**wrong));
                let error = wrong.collect::<Vec<_>>().join("; ");
                tracing::error!(error, "reload failed");
            }
        }
        notify::ready();
        Ok(())
    }

    /// Loads the region's files and returns the number of changed records.
    async fn files(&self) -> Result<usize, Failure> {
        let (calendar, config) = (Arc::clone(&self.calendar), self.config.clone());
        let loaded = tokio::task::spawn_blocking(move || open::load_files(&calendar, &config));
        let report = loaded.await??;
        Ok(report.created + report.updated)
    }

    /// Serves a changed certificate if it is valid. The outer error ends the server.
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

/// Returns the fingerprint of the current certificate and key. Errors if they are not valid.
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
