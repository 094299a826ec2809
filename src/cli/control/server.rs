//! Server of the control socket: runs clients' commands on the open calendar.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{fs, thread};

use rocket::tokio::{self, net::UnixListener, sync::oneshot};

use crate::cli::open::OpenCalendar;

use super::message::{End, Message, send};
use super::permit::{AT_ONCE, CommandPermit, Home};
use super::{command, socket};

/// Interval between attempts to create the socket.
const AGAIN: Duration = Duration::from_secs(5);
/// The listening socket and the running commands.
pub struct Control {
    listening: tokio::task::JoinHandle<Option<Instant>>,
    home: Arc<Home>,
}

impl Control {
    /// Listens in the store's directory until `stop` receives a value or its sender is dropped. If the socket cannot be
    /// created, it is retried, and the server runs without it. Returns `None` if the store has no directory.
    pub fn start(opened: OpenCalendar, stop: oneshot::Receiver<()>) -> Option<Self> {
        let folder = opened.calendar.store().folder()?.to_owned();
        let started = listen(&folder).inspect_err(|error| {
            let folder = folder.display();
            tracing::warn!(%error, %folder, "cannot open the control socket; commands need the server stopped");
        });
        let home = Arc::new(Home::new(opened, folder));
        let listening = tokio::spawn(accept(started.ok(), Arc::clone(&home), stop));
        Some(Self { listening, home })
    }

    /// Stops listening and waits for running commands until `at_most` after the stop signal. Remaining commands are cut
    /// off; their commits stay.
    pub async fn stop(self, at_most: Duration) {
        // Without a signal, if the server failed to start, listening is aborted.
        let mut listening = self.listening;
        let grace = tokio::time::timeout(Duration::from_millis(100), &mut listening);
        let stopped_at = grace.await.ok().and_then(Result::ok).flatten();
        listening.abort();
        let until = stopped_at.unwrap_or_else(Instant::now) + at_most;
        let home = self.home;
        let left = tokio::task::spawn_blocking(move || home.wait(until)).await;
        if let Ok(left @ 1..) = left {
            tracing::warn!(
                commands = left,
                "stopped running commands; their commits remain"
            );
        }
    }
}

fn listen(folder: &Path) -> io::Result<(UnixListener, Socket)> {
    // Leftovers of a killed server.
    match fs::remove_dir_all(folder.join(command::INCOMING)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (listener, path) = socket::listen(folder)?;
    let socket = Socket(path);
    listener.set_nonblocking(true)?;
    Ok((UnixListener::from_std(listener)?, socket))
}

/// The socket's file, removed on drop.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "cannot remove the control socket");
        }
    }
}

/// Retries listening until it succeeds.
async fn listen_again(folder: &Path) -> (UnixListener, Socket) {
    loop {
        tokio::time::sleep(AGAIN).await;
        if let Ok(started) = listen(folder) {
            tracing::info!("opened the control socket");
            return started;
        }
    }
}

/// Accepts clients until the server stops; returns the time of the stop signal.
async fn accept(
    started: Option<(UnixListener, Socket)>,
    home: Arc<Home>,
    mut stop: oneshot::Receiver<()>,
) -> Option<Instant> {
    let (listener, _socket) = match started {
        Some(started) => started,
        None => tokio::select! {
            _ = &mut stop => return Some(Instant::now()),
            started = listen_again(&home.folder) => started,
        },
    };
    loop {
        let caller = tokio::select! {
            _ = &mut stop => return Some(Instant::now()),
            caller = listener.accept() => caller,
        };
        let taken = caller.and_then(|(stream, _)| {
            let who = stream.peer_cred()?.uid();
            let stream = stream.into_std()?;
            stream.set_nonblocking(false)?;
            Ok((stream, who))
        });
        match taken {
            Ok((stream, who)) => home.welcome(stream, who),
            Err(error) => {
                tracing::warn!(%error, "cannot accept a command");
                // Mostly too many open files, which lasts for a while.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Returns true if user `who` may send commands.
pub(super) fn is_listened_to(who: u32, own: u32) -> bool {
    who == own || who == 0
}

impl Home {
    /// Runs a client's command on a thread of its own, or refuses it.
    fn welcome(self: &Arc<Self>, mut stream: UnixStream, who: u32) {
        let own = rustix::process::geteuid().as_raw();
        if !is_listened_to(who, own) {
            tracing::warn!(
                user = who,
                "refused a client of another user at the control socket"
            );
            let why = "this server accepts commands only from its own user and root";
            return refuse(&mut stream, why);
        }
        let Some(place) = CommandPermit::take(self) else {
            if let Some(caller) = self.waits.give_up_longest(Instant::now()) {
                tracing::warn!(
                    caller,
                    "disconnected a client that had not read its output, to free its slot"
                );
            }
            let why = format!("this server is already running {AT_ONCE} commands; try again later");
            return refuse(&mut stream, &why);
        };
        let started = thread::Builder::new().name("command".into());
        if let Err(error) = started.spawn(move || command::serve(&place, stream)) {
            tracing::warn!(%error, "cannot start a thread for a command");
        }
    }
}

fn refuse(stream: &mut UnixStream, why: &str) {
    // A client that has disconnected needs no response. The message fits the socket's buffer, so this does not block.
    let _ = send(stream, &Message::End(End::Failed(why.to_owned())));
}
