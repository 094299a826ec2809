//! The server's side: commands of others, done with the open calendar.

use std::io;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use std::{fs, thread};

use rocket::tokio::{self, net::UnixListener, sync::oneshot};

use crate::cli::open::Opened;

use super::frame::{End, Kind, send_json};
use super::waits::Waits;
use super::{command, socket};

/// How long after the socket could not be made it is tried again.
const AGAIN: Duration = Duration::from_secs(5);
/// How many commands may run at once.
const AT_ONCE: usize = 16;

/// The socket while it listens, and the commands that run.
pub struct Control {
    listening: tokio::task::JoinHandle<Option<Instant>>,
    home: Arc<Home>,
}

/// What commands are done with.
pub(super) struct Home {
    pub(super) opened: Opened,
    /// The store's.
    pub(super) folder: PathBuf,
    /// The callers that are waited for.
    pub(super) waits: Waits,
    running: Mutex<Running>,
    ended: Condvar,
}

#[derive(Default)]
struct Running {
    count: usize,
    so_far: u64,
}

impl Control {
    /// Listens beside the store until `stop` is sent something or its sender is gone. Where it can't, because the
    /// disk can't be written, it tries again; the server does its work without. `None` where the store has no
    /// folder.
    pub fn start(opened: Opened, stop: oneshot::Receiver<()>) -> Option<Self> {
        let folder = opened.calendar.store().folder()?.to_owned();
        let started = listen(&folder).inspect_err(|error| {
            let folder = folder.display();
            tracing::warn!(%error, %folder, "no commands are taken beside the running server");
        });
        let home = Arc::new(Home {
            opened,
            folder,
            waits: Waits::default(),
            running: Mutex::default(),
            ended: Condvar::new(),
        });
        let listening = tokio::spawn(accept(started.ok(), Arc::clone(&home), stop));
        Some(Self { listening, home })
    }

    /// Takes no more commands, and waits for those that run, `at_most` so long after the server was
    /// told to stop. What runs still is cut off; what it committed stays.
    pub async fn stop(self, at_most: Duration) {
        // Where the server never came to serve, nobody tells the socket.
        let mut listening = self.listening;
        let grace = tokio::time::timeout(Duration::from_millis(100), &mut listening);
        let told = grace.await.ok().and_then(Result::ok).flatten();
        listening.abort();
        let until = told.unwrap_or_else(Instant::now) + at_most;
        let home = self.home;
        let left = tokio::task::spawn_blocking(move || home.wait(until)).await;
        if let Ok(left @ 1..) = left {
            tracing::warn!(commands = left, "cut off; what they committed stays");
        }
    }
}

fn listen(folder: &Path) -> io::Result<(UnixListener, Socket)> {
    // What a server that was killed left behind.
    match fs::remove_dir_all(folder.join(command::INCOMING)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (listener, path) = socket::listen(folder)?;
    let socket = Socket(path);
    listener.set_nonblocking(true)?;
    Ok((UnixListener::from_std(listener)?, socket))
}

/// The socket's file, gone when this is.
struct Socket(PathBuf);

impl Drop for Socket {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::debug!(%error, "the control socket stays behind");
        }
    }
}

/// Tries to listen until it succeeds.
async fn listen_again(folder: &Path) -> (UnixListener, Socket) {
    loop {
        tokio::time::sleep(AGAIN).await;
        if let Ok(started) = listen(folder) {
            tracing::info!("commands are taken beside the running server");
            return started;
        }
    }
}

/// Takes callers until the server stops; gives the time of that.
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
                tracing::warn!(%error, "a command could not be taken");
                // Too many open files, mostly, which does not pass at once.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

/// Whether somebody may give this server commands.
pub(super) fn is_listened_to(who: u32, own: u32) -> bool {
    who == own || who == 0
}

impl Home {
    /// Gives a caller a thread of its own.
    fn welcome(self: &Arc<Self>, mut stream: UnixStream, who: u32) {
        let own = rustix::process::geteuid().as_raw();
        if !is_listened_to(who, own) {
            tracing::warn!(
                user = who,
                "somebody else at the control socket was sent away"
            );
            let why = "this server takes commands from its own user and from root alone";
            return refuse(&mut stream, why);
        }
        let Some(place) = Place::take(self) else {
            if let Some(caller) = self.waits.give_up_longest(Instant::now()) {
                tracing::warn!(
                    caller,
                    "a command was given up that waited for its caller, for others want its place"
                );
            }
            let why = format!("this server does {AT_ONCE} commands already; try again in a moment");
            return refuse(&mut stream, &why);
        };
        let started = thread::Builder::new().name("command".into());
        if let Err(error) = started.spawn(move || command::serve(&place, stream)) {
            tracing::warn!(%error, "no thread for a command");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        // Two numbers, each whole at any time.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no command runs, or until then; gives how many still do.
    fn wait(&self, until: Instant) -> usize {
        let left = until.saturating_duration_since(Instant::now());
        let waited = self
            .ended
            .wait_timeout_while(self.lock(), left, |it| it.count > 0);
        waited.unwrap_or_else(PoisonError::into_inner).0.count
    }
}

fn refuse(stream: &mut UnixStream, why: &str) {
    // Whoever is gone needs no answer, and who does not read holds nobody up: it fits the buffer.
    let _ = send_json(stream, Kind::End, &End::Failed(why.to_owned()));
}

/// One of the commands that may run at once, until dropped.
pub(super) struct Place {
    pub(super) home: Arc<Home>,
    /// Its own as long as the server runs.
    pub(super) number: u64,
}

impl Place {
    fn take(home: &Arc<Home>) -> Option<Self> {
        let mut running = home.lock();
        if running.count >= AT_ONCE {
            return None;
        }
        running.count += 1;
        running.so_far += 1;
        let number = running.so_far;
        drop(running);
        let home = Arc::clone(home);
        Some(Self { home, number })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.home.lock().count -= 1;
        self.home.ended.notify_all();
    }
}
