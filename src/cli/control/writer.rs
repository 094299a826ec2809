//! Output of a running command to its client.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::message::{Message, PART_LIMIT, send};
use super::permit::{CommandPermit, Home};

/// Interval of the messages that show that the command is running.
const WORKING: Duration = Duration::from_secs(5);

/// The sending half of a client's connection.
pub struct Caller {
    stream: Mutex<UnixStream>,
    home: Arc<Home>,
    number: u64,
}

impl Caller {
    /// Wraps the connection of the client in `place`.
    pub fn new(stream: UnixStream, place: &CommandPermit) -> Self {
        Self {
            stream: Mutex::new(stream),
            home: Arc::clone(&place.home),
            number: place.number,
        }
    }

    /// Sends a message. Blocks while the client does not read.
    fn send(&self, message: &Message) -> io::Result<()> {
        let mut stream = self.stream.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = &self.home.waits;
        let sent = waits.during(self.number, &mut stream, |stream| send(stream, message));
        sent.inspect_err(|_| {
            // After a partial message the stream is unusable.
            let _ = stream.shutdown(std::net::Shutdown::Both);
        })
    }
}

/// Standard output of a command, sent to its client in parts.
pub struct Out(pub Arc<Caller>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(PART_LIMIT)];
        // A broken pipe in either case: the command runs to its end without a client.
        let gone = |error| io::Error::new(io::ErrorKind::BrokenPipe, error);
        self.0.send(&Message::Part(part.to_vec())).map_err(gone)?;
        Ok(part.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Sends a message at intervals while the command is running, until dropped.
pub struct Working {
    done: Option<Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Working {
    /// Starts sending.
    pub fn begin(caller: &Arc<Caller>) -> io::Result<Self> {
        let caller = Arc::clone(caller);
        let (done, wait) = channel();
        let thread = thread::Builder::new()
            .name("working".into())
            .spawn(move || {
                while wait.recv_timeout(WORKING) == Err(RecvTimeoutError::Timeout) {
                    if caller.send(&Message::Working).is_err() {
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
            // Wait for the thread, so that the last message stays last.
            let _ = thread.join();
        }
    }
}
