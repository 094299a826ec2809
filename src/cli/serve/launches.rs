//! Launches of the server, one after another at one address.
//!
//! Rocket 0.5 reads the certificate once, and opens its listener itself. So another certificate needs another
//! launch: the old one stops accepting, the new one listens as soon as the port is free, and answers under way
//! are finished by the old. For some milliseconds in between a new connection is refused.

use std::net::SocketAddr;
use std::time::Duration;

use rocket::error::ErrorKind;
use rocket::fairing::AdHoc;
use rocket::figment::Figment;
use rocket::tokio::{self, sync::oneshot, task::JoinHandle, time};
use rocket::{Build, Ignite, Rocket, Shutdown};

use crate::cli::Failure;
use crate::web;

use super::listen;

/// How often the port is looked at until it is free.
const PORT_CHECK: Duration = Duration::from_micros(200);
/// How long it may take to become free.
const PORT_FREE: Duration = Duration::from_secs(10);
/// How often a launch is tried again where something else took the port in between, and after how long.
const ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);

type Ended = Result<Rocket<Ignite>, rocket::Error>;

/// A server that is launched, and those before it that finish what they have begun.
pub struct Launches {
    server: web::Server,
    figment: Figment,
    address: SocketAddr,
    shutdown: Shutdown,
    running: JoinHandle<Ended>,
    before: Vec<JoinHandle<Ended>>,
}

impl Launches {
    /// Launches the server for the first time; it listens when this returns.
    ///
    /// # Errors
    /// Where the server cannot be made or cannot listen.
    pub async fn begin(server: web::Server, figment: Figment) -> Result<Self, Failure> {
        let (rocket, ready) = made(&server, &figment);
        let (address, shutdown, running) = lifted(rocket, ready).await?;
        let figment = figment.merge(("port", address.port()));
        Ok(Self {
            server,
            figment,
            address,
            shutdown,
            running,
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
        self.shutdown.clone()
    }

    /// Waits for the end of the server, which is not told to stop by this.
    ///
    /// # Errors
    /// Why it ended, where it failed.
    pub async fn ended(&mut self) -> Result<(), Failure> {
        let ended = (&mut self.running).await;
        for before in self.before.drain(..) {
            note_end(before.await);
        }
        ended?.map(drop).map_err(Failure::from)
    }

    /// Launches it anew at the same address.
    ///
    /// # Errors
    /// Where it cannot listen any more; nothing listens then.
    pub async fn again(&mut self) -> Result<(), Failure> {
        self.before.retain(|before| !before.is_finished());
        let mut next = Some(made(&self.server, &self.figment));
        self.server.set_relaunching(true);
        self.shutdown.clone().notify();
        until_free(self.address).await;
        for attempt in 1.. {
            let (rocket, ready) = next
                .take()
                .unwrap_or_else(|| made(&self.server, &self.figment));
            match lifted(rocket, ready).await {
                Ok((address, shutdown, running)) => {
                    self.address = address;
                    self.shutdown = shutdown;
                    self.before
                        .push(std::mem::replace(&mut self.running, running));
                    break;
                }
                Err(error) if attempt == ATTEMPTS => return Err(error),
                Err(error) => tracing::warn!(%error, "the server does not listen; once more"),
            }
            time::sleep(BETWEEN_ATTEMPTS).await;
        }
        self.server.set_relaunching(false);
        Ok(())
    }
}

/// Says where the server listens.
type Ready = oneshot::Receiver<SocketAddr>;

fn made(server: &web::Server, figment: &Figment) -> (Rocket<Build>, Ready) {
    let (tell, ready) = oneshot::channel();
    let tell = AdHoc::on_liftoff("tell where it listens", move |rocket| {
        let config = rocket.config();
        // Nobody listens any more where the program ends meanwhile.
        let _ = tell.send(SocketAddr::new(config.address, config.port));
        Box::pin(async {})
    });
    (server.rocket(figment.clone()).attach(tell), ready)
}

/// Launches a server and waits until it listens.
async fn lifted(
    rocket: Rocket<Build>,
    ready: Ready,
) -> Result<(SocketAddr, Shutdown, JoinHandle<Ended>), Failure> {
    let rocket = rocket.ignite().await?;
    let address = SocketAddr::new(rocket.config().address, rocket.config().port);
    let shutdown = rocket.shutdown();
    let running = tokio::spawn(rocket.launch());
    match ready.await {
        Ok(address) => Ok((address, shutdown, running)),
        // It ended before it listened.
        Err(_) => match running.await? {
            Ok(_) => Err("the server was stopped before it listened".into()),
            Err(error) => Err(match error.kind() {
                ErrorKind::Bind(cause) => listen::why_not(address, cause).into(),
                _ => error.into(),
            }),
        },
    }
}

/// The end of a launch that another one has followed.
fn note_end(ended: Result<Ended, tokio::task::JoinError>) {
    let error = match ended {
        Ok(Ok(_)) => return,
        // Rocket panics where nobody looks at its error.
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    tracing::debug!(%error, "connections of the earlier launch were cut off");
}

/// Waits until nothing listens at an address, for as long as it may take.
async fn until_free(address: SocketAddr) {
    let free = async {
        while !is_free(address) {
            time::sleep(PORT_CHECK).await;
        }
    };
    if time::timeout(PORT_FREE, free).await.is_err() {
        tracing::warn!(%address, "the server before still listens");
    }
}

/// Returns true if a listener could be bound; listens at no time, which would take connections and lose them.
#[cfg(unix)]
fn is_free(address: SocketAddr) -> bool {
    use rustix::net::{AddressFamily, SocketFlags, SocketType, bind, socket_with, sockopt};
    let family = match address {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let socket = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, None);
    socket.is_ok_and(|socket| {
        sockopt::set_socket_reuseaddr(&socket, true).is_ok() && bind(&socket, &address).is_ok()
    })
}

#[cfg(not(unix))]
fn is_free(_: SocketAddr) -> bool {
    true
}
