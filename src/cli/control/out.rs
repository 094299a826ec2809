//! What goes back to a caller while a command runs.

use std::io::{self, Write};
use std::os::unix::net::UnixStream;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::frame::{FRAME_LIMIT, Kind, send};

/// How often a caller hears that the work goes on.
const WORKING: Duration = Duration::from_secs(5);

/// A command's standard output: frames to its caller.
pub struct Out(pub Arc<Mutex<UnixStream>>);

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let part = &bytes[..bytes.len().min(FRAME_LIMIT)];
        let mut stream = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        send(&mut *stream, Kind::Bytes, part).map_err(|error| {
            // A frame that went out in part can't be gone on with. And whether the caller is gone or
            // does not read is the same to the command: it does its work to the end.
            let _ = stream.shutdown(std::net::Shutdown::Both);
            io::Error::new(io::ErrorKind::BrokenPipe, error)
        })?;
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
    pub fn begin(stream: &Arc<Mutex<UnixStream>>) -> io::Result<Self> {
        let stream = Arc::clone(stream);
        let (done, wait) = channel();
        let thread = thread::Builder::new()
            .name("working".into())
            .spawn(move || {
                while wait.recv_timeout(WORKING) == Err(RecvTimeoutError::Timeout) {
                    let mut stream = stream.lock().unwrap_or_else(PoisonError::into_inner);
                    if send(&mut *stream, Kind::Working, &[]).is_err() {
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
