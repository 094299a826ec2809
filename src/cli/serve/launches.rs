//! Successive launches of the server at one address.
//!
//! Rocket 0.5 reads the certificate once and opens its listener itself, so a new certificate needs a new launch. The
//! old launch stops listening, the new one listens at once, and the old one shuts down a little later, to finish its
//! requests. New connections are refused for some milliseconds in between.

use std::net::SocketAddr;
use std::time::Duration;

use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio::{self, sync::oneshot, task::JoinHandle, time};
use rocket::{Ignite, Rocket, Shutdown};

use crate::cli::Failure;
use crate::web::{self, Succession};

use super::listen;

/// Time for which the old launch accepts requests on its connections after the new one listens.
const OVERLAP: Duration = Duration::from_secs(1);
/// Maximum number of attempts to listen while the port is in use, and the pause between them.
const ATTEMPTS: u32 = 100;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

type Ended = Result<Rocket<Ignite>, rocket::Error>;

/// The current launch, and earlier ones that are shutting down.
pub struct Launches {
    server: web::Server,
    figment: Figment,
    address: SocketAddr,
    now: Launch,
    before: Vec<JoinHandle<()>>,
}

/// A listening launch.
struct Launch {
    shutdown: Shutdown,
    succession: Succession,
    running: JoinHandle<Ended>,
}

impl Launches {
    /// Launches the server for the first time. It listens on return.
    ///
    /// # Errors
    /// Errors if the server cannot be built or cannot listen.
    pub async fn begin(server: web::Server, figment: Figment) -> Result<Self, Failure> {
        let (now, address) = Prepared::new(&server, &figment).await?.launch().await?;
        let figment = figment.merge(("port", address.port()));
        Ok(Self {
            server,
            figment,
            address,
            now,
            before: Vec::new(),
        })
    }

    /// Returns the listening address as a URL.
    pub fn url(&self) -> String {
        let config: Result<rocket::Config, _> = self.figment.extract();
        let is_tls = config.is_ok_and(|config| config.tls_enabled());
        format!("http{}://{}", if is_tls { "s" } else { "" }, self.address)
    }

    /// Returns the server.
    pub fn server(&self) -> &web::Server {
        &self.server
    }

    /// Returns a future that resolves when the server is asked to stop.
    pub fn shutdown(&self) -> Shutdown {
        self.now.shutdown.clone()
    }

    /// Waits for the server to end, without stopping it.
    ///
    /// # Errors
    /// Returns the reason if it failed.
    pub async fn ended(&mut self) -> Result<(), Failure> {
        let ended = (&mut self.now.running).await;
        for before in self.before.drain(..) {
            // An earlier launch logs its own end.
            let _ = before.await;
        }
        ended?.map(drop).map_err(Failure::from)
    }

    /// Builds the next launch while this one serves.
    ///
    /// # Errors
    /// Errors if the server cannot be built.
    pub async fn prepare(&self) -> Result<Prepared, Failure> {
        Prepared::new(&self.server, &self.figment).await
    }

    /// Launches the server again at the same address.
    ///
    /// # Errors
    /// Errors if it cannot listen any more; then nothing listens.
    pub async fn again(&mut self, prepared: Prepared) -> Result<(), Failure> {
        self.before.retain(|before| !before.is_finished());
        let mut next = Some(prepared);
        self.now.succession.transfer_ownership();
        let overlaps = stop_listening(self.address);
        if !overlaps {
            self.now.shutdown.clone().notify();
        }
        for attempt in 1.. {
            let prepared = match next.take() {
                Some(prepared) => prepared,
                None => self.prepare().await?,
            };
            match prepared.launch().await {
                Ok((launch, _)) => {
                    let old = std::mem::replace(&mut self.now, launch);
                    if overlaps {
                        time::sleep(OVERLAP).await;
                        old.shutdown.notify();
                    }
                    self.before.push(tokio::spawn(note_end(old.running)));
                    break;
                }
                Err(error) if attempt == ATTEMPTS => return Err(error),
                Err(error) => tracing::debug!(%error, "the port is in use; retrying"),
            }
            time::sleep(BETWEEN_ATTEMPTS).await;
        }
        Ok(())
    }
}

/// A launch that does not listen yet.
pub struct Prepared {
    rocket: Rocket<Ignite>,
    ready: oneshot::Receiver<SocketAddr>,
    succession: Succession,
}

impl Prepared {
    async fn new(server: &web::Server, figment: &Figment) -> Result<Self, Failure> {
        let (tell, ready) = oneshot::channel();
        let tell = AdHoc::on_liftoff("print the address", move |rocket| {
            let config = rocket.config();
            // Fails only if the program ends meanwhile.
            let _ = tell.send(SocketAddr::new(config.address, config.port));
            Box::pin(async {})
        });
        let rocket = server.rocket(figment.clone()).attach(tell).ignite().await?;
        let succession = rocket.state::<Succession>().cloned();
        Ok(Self {
            rocket,
            ready,
            succession: succession.unwrap_or_default(),
        })
    }

    /// Launches the server and waits until it listens.
    async fn launch(self) -> Result<(Launch, SocketAddr), Failure> {
        let config = self.rocket.config();
        let wanted = SocketAddr::new(config.address, config.port);
        let shutdown = self.rocket.shutdown();
        let running = tokio::spawn(self.rocket.launch());
        let Ok(address) = self.ready.await else {
            // It ended before it listened.
            return match running.await? {
                Ok(_) => Err("stopped before the server was listening".into()),
                Err(error) => Err(match error.kind() {
                    ErrorKind::Bind(cause) => listen::why_not(wanted, cause).into(),
                    _ => error.into(),
                }),
            };
        };
        let launch = Launch {
            shutdown,
            succession: self.succession,
            running,
        };
        Ok((launch, address))
    }
}

/// Waits for the end of an earlier launch.
async fn note_end(running: JoinHandle<Ended>) {
    let error = match running.await {
        Ok(Ok(_)) => return,
        // Rocket panics if its error is dropped without inspection.
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::debug!(%error, "closed remaining connections of the earlier launch");
}

/// Stops listening without affecting open connections. Returns false if that is not possible.
#[cfg(target_os = "linux")]
fn stop_listening(address: SocketAddr) -> bool {
    let closed = super::listener::close(address);
    closed.unwrap_or_else(|error| {
        tracing::debug!(%error, "cannot close the listener separately");
        false
    })
}

#[cfg(not(target_os = "linux"))]
fn stop_listening(_: SocketAddr) -> bool {
    false
}
