//! What goes back to a caller while a command runs.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::frame::{FRAME_LIMIT, Kind, send};
use super::server::{Home, Place};

/// How often a caller hears that the work goes on.
const WORKING: Duration = Duration::from_secs(5);

/// A caller, as whoever sends it something sees it.
pub struct Caller {
    stream: Mutex<UnixStream>,
    home: Arc<Home>,
    number: u64,
}

impl Caller {
    /// The caller who has this place.
    pub fn new(stream: UnixStream, place: &Place) -> Self {
        Self {
            stream: Mutex::new(stream),
            home: Arc::clone(&place.home),
            number: place.number,
        }
    }

    /// Sends a frame, for which a caller that does not read is waited for.
    fn send(&self, kind: Kind, content: &[u8]) -> io::Result<()> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = &self.home.waits;
        let sent = waits.during(self.number, &mut stream, |stream| {
            send(stream, kind, content)
        });
        sent.inspect_err(|_| {
            // A frame that went out in part can't be gone on with.
            let _ = stream.shutdown(std::net::Shutdown::Both);
        })
    }
}

/// A command's standard output: frames to its caller.
pub struct Out(pub Arc<Caller>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(FRAME_LIMIT)];
        // Whether the caller is gone or was given up is the same to the command: it does its work to the end.
        let gone = |error| io::Error::new(io::ErrorKind::BrokenPipe, error);
        self.0.send(Kind::Bytes, part).map_err(gone)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Tells the caller every now and then that the work goes on, until dropped.
pub struct Working {
    done: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Working {
    /// From now on.
    pub fn begin(caller: &Arc<Caller>) -> io::Result<Self> {
        let caller = Arc::clone(caller);
        let (done, wait) = channel();
        let thread = thread::Builder::new()
            .name("working".into())
            .spawn(move || {
                while wait.recv_timeout(WORKING) == Err(RecvTimeoutError::Timeout) {
                    if caller.send(Kind::Working, &[]).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            done: Some(done),
            thread: Some(thread),
        })
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // It says nothing that anyone waits for; only the last frame has to be the last.
            let _ = thread.join();
        }
    }
}
