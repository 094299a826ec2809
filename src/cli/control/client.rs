//! Client of the control socket: sends a command to the server that has the store open.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use crate::cli::calendar_command::Work;
use crate::cli::progress::ProgressLine;
use crate::cli::source::STANDARD_INPUT;
use crate::cli::{CommandContext, Ending, Failure, report};
use crate::ingest::import::ImportError;
use calendar_store::StoreError;

use super::message::{Ask, End, Message, PART_LIMIT, VERSION, receive, send};
use super::socket;

/// Timeout between two messages; a working server sends one every few seconds.
const SILENCE: Duration = Duration::from_secs(30);

/// Runs the command on the server if `failure` is that the store is in use; else returns `failure`.
pub fn ask(context: &CommandContext, work: &Work, failure: Failure) -> Result<Ending, Failure> {
    let folder = match failure.downcast_ref() {
        Some(StoreError::InUse { path, .. }) => path.clone(),
        _ => return Err(failure),
    };
    match socket::connect(&folder) {
        Ok(server) => run_on(server, context, work),
        Err(error) if nobody_listens(&error) => Err(format!(
            "{failure}; a server takes no commands while its disk is not writable"
        )
        .into()),
        Err(error) => Err(unreachable_at(&folder, &error)),
    }
}

/// Returns true if no server listens: another command has the store open, or the socket is left over from a crash.
fn nobody_listens(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionRefused, NotFound};
    matches!(error.kind(), NotFound | ConnectionRefused)
}

fn unreachable_at(folder: &Path, error: &io::Error) -> Failure {
    let path = folder.join(socket::SOCKET);
    let advice = match error.kind() {
        io::ErrorKind::PermissionDenied => "run this as the server's user or as root",
        _ => "stop the server first",
    };
    let socket = path.display();
    format!("a server has the store open, but cannot be reached at {socket} ({error}); {advice}")
        .into()
}

fn run_on(
    mut server: UnixStream,
    context: &CommandContext,
    work: &Work,
) -> Result<Ending, Failure> {
    server.set_read_timeout(Some(SILENCE))?;
    let data = context.overrides.data.as_deref();
    let ask = Ask {
        version: VERSION,
        arguments: arguments(),
        data: data.map(std::path::absolute).transpose()?,
        file: work.file().map(lossy),
    };
    let sent = send(&mut server, &Message::Ask(ask));
    if let Err(error) = &sent
        && error.kind() == io::ErrorKind::InvalidInput
    {
        return Err(format!("the command line is too long: {error}").into());
    }
    let progress = work.progress();
    if let Some(named) = work.file()
        && sent.is_ok()
    {
        // Opened only now: opening a named pipe blocks until it has a writer.
        transfer_ownership(&mut server, named, open(named)?)?;
    }
    // A server that refuses does not read to the end; its response gives the reason.
    answer(server, &progress)
}

fn open(named: &OsStr) -> Result<Box<dyn Read>, ImportError> {
    if named == STANDARD_INPUT {
        return Ok(Box::new(io::stdin()));
    }
    match File::open(named) {
        Ok(file) => Ok(Box::new(file)),
        Err(cause) => Err(unreadable(named, cause)),
    }
}

fn unreadable(named: &OsStr, cause: io::Error) -> ImportError {
    ImportError::File {
        path: named.into(),
        cause,
    }
}

/// Returns the command line as text. Lossy for paths only, none of which the server opens: the file's content is sent,
/// `--data` is compared separately, and the store is the server's own.
fn arguments() -> Vec<String> {
    std::env::args_os().map(|word| lossy(&word)).collect()
}

fn lossy(word: &OsStr) -> String {
    word.to_string_lossy().into_owned()
}

/// Sends a file until its end, or until the server stops reading and responds.
fn transfer_ownership(
    server: &mut UnixStream,
    named: &OsStr,
    mut file: Box<dyn Read>,
) -> Result<(), Failure> {
    let mut buffer = vec![0; PART_LIMIT];
    loop {
        let count = file
            .read(&mut buffer)
            .map_err(|cause| unreadable(named, cause))?;
        let message = match count {
            0 => Message::Whole,
            _ => Message::Part(buffer[..count].to_vec()),
        };
        if send(server, &message).is_err() || count == 0 {
            return Ok(());
        }
    }
}

/// Copies the command's output until it ends.
fn answer(server: UnixStream, progress: &ProgressLine) -> Result<Ending, Failure> {
    let mut server = BufReader::new(server);
    let mut out = progress.before(io::stdout().lock());
    loop {
        match receive(&mut server) {
            // A closed pipe, such as by `head`, is no failure; the command continues.
            Ok(Message::Part(text)) => report::unless_gone(out.write_all(&text))?,
            Ok(Message::Working) => {}
            Ok(Message::End(end)) => {
                report::unless_gone(out.flush())?;
                progress.end();
                return match end {
                    End::Done => Ok(Ending::Done),
                    End::Findings => Ok(Ending::Findings),
                    End::Failed(why) => Err(why.into()),
                };
            }
            Ok(Message::Ask(_) | Message::Whole) => {
                return Err("the server sent a message that only clients send".into());
            }
            Err(error) => return Err(broken_off(&error)),
        }
    }
}

fn broken_off(error: &io::Error) -> Failure {
    use io::ErrorKind::{TimedOut, WouldBlock};
    let what = match error.kind() {
        TimedOut | WouldBlock => format!("sent nothing for {} seconds", SILENCE.as_secs()),
        io::ErrorKind::InvalidData => return error.to_string().into(),
        _ => format!("closed the connection ({error})"),
    };
    format!(
        "the server that has the store open {what}; its commits remain: see its log, then run the command again"
    )
    .into()
}
