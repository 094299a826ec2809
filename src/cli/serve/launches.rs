//! Launches of the server, one after another at one address.
//!
//! Rocket 0.5 reads the certificate once, and opens its listener itself. So another certificate takes another
//! launch: the old one stops listening, the new one listens at once, and the old one is told to stop a little
//! later, so that requests on their way still find it. For some milliseconds in between a new connection is refused.

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

/// How long the old launch takes requests on its connections after the new one has begun to listen.
const OVERLAP: Duration = Duration::from_secs(1);
/// How often a launch is tried again where the port is not free yet, and after how long.
const ATTEMPTS: u32 = 100;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(100);

type Ended = Result<Rocket<Ignite>, rocket::Error>;

/// A server that is launched, and those before it that finish what they have begun.
pub struct Launches {
    server: web::Server,
    figment: Figment,
    address: SocketAddr,
    now: Launch,
    before: Vec<JoinHandle<()>>,
}

/// A launch that listens.
struct Launch {
    shutdown: Shutdown,
    succession: Succession,
    running: JoinHandle<Ended>,
}

impl Launches {
    /// Launches the server for the first time; it listens when this returns.
    ///
    /// # Errors
    /// Where the server cannot be made or cannot listen.
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

    /// Where it listens, as a URL.
    pub fn url(&self) -> String {
        let config: Result<rocket::Config, _> = self.figment.extract();
        let is_tls = config.is_ok_and(|config| config.tls_enabled());
        format!("http{}://{}", if is_tls { "s" } else { "" }, self.address)
    }

    /// The server.
    pub fn server(&self) -> &web::Server {
        &self.server
    }

    /// Resolves when the server is told to stop.
    pub fn shutdown(&self) -> Shutdown {
        self.now.shutdown.clone()
    }

    /// Waits for the end of the server, which is not told to stop by this.
    ///
    /// # Errors
    /// Why it ended, where it failed.
    pub async fn ended(&mut self) -> Result<(), Failure> {
        let ended = (&mut self.now.running).await;
        for before in self.before.drain(..) {
            // It tells by itself how it ended.
            let _ = before.await;
        }
        ended?.map(drop).map_err(Failure::from)
    }

    /// Makes the next launch, while this one goes on.
    ///
    /// # Errors
    /// Where the server cannot be made.
    pub async fn prepare(&self) -> Result<Prepared, Failure> {
        Prepared::new(&self.server, &self.figment).await
    }

    /// Launches it anew at the same address.
    ///
    /// # Errors
    /// Where it cannot listen any more; then nothing listens.
    pub async fn again(&mut self, prepared: Prepared) -> Result<(), Failure> {
        self.before.retain(|before| !before.is_finished());
        let mut next = Some(prepared);
        self.now.succession.hand_over();
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
                Err(error) => tracing::debug!(%error, "the port is not free yet"),
            }
            time::sleep(BETWEEN_ATTEMPTS).await;
        }
        Ok(())
    }
}

/// A server that is made and does not listen yet.
pub struct Prepared {
    rocket: Rocket<Ignite>,
    ready: oneshot::Receiver<SocketAddr>,
    succession: Succession,
}

impl Prepared {
    async fn new(server: &web::Server, figment: &Figment) -> Result<Self, Failure> {
        let (tell, ready) = oneshot::channel();
        let tell = AdHoc::on_liftoff("tell where it listens", move |rocket| {
            let config = rocket.config();
            // Nobody waits for it any more where the program ends meanwhile.
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

    /// Launches it and waits until it listens.
    async fn launch(self) -> Result<(Launch, SocketAddr), Failure> {
        let config = self.rocket.config();
        let wanted = SocketAddr::new(config.address, config.port);
        let shutdown = self.rocket.shutdown();
        let running = tokio::spawn(self.rocket.launch());
        let Ok(address) = self.ready.await else {
            // It ended before it listened.
            return match running.await? {
                Ok(_) => Err("the server was stopped before it listened".into()),
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

/// Waits for the end of a launch that another one has followed.
async fn note_end(running: JoinHandle<Ended>) {
    let error = match running.await {
        Ok(Ok(_)) => return,
        // Rocket panics where nobody looks at its error.
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::debug!(%error, "connections of the earlier launch were cut off");
}

/// Stops listening at an address without a word to the connections; returns false where that is not possible.
#[cfg(target_os = "linux")]
fn stop_listening(address: SocketAddr) -> bool {
    let closed = super::listener::close(address);
    closed.unwrap_or_else(|error| {
        tracing::debug!(%error, "the listener cannot be closed by itself");
        false
    })
}

#[cfg(not(target_os = "linux"))]
fn stop_listening(_: SocketAddr) -> bool {
    false
}
