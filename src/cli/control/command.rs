//! Runs one command that a client sent.

use std::fs::{self, DirBuilder, File};
use std::io::{self, BufReader, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use crate::cli::calendar_command::Work;
use crate::cli::command_line::{Cli, Command};
use crate::cli::open::region_files;
use crate::cli::session::{Sent, Session};
use crate::cli::{Ending, Failure, Output, report};

use super::message::{Ask, End, Message, PART_LIMIT, VERSION, receive, send};
use super::permit::CommandPermit;
use super::waits::PATIENCE;
use super::writer::{Caller, Out, Working};

/// Maximum size of a file in bytes.
const FILE_LIMIT: u64 = 8 << 30;
/// Directory for clients' files in the store's directory.
pub const INCOMING: &str = "incoming";

/// Reads a command, runs it and sends its result.
pub fn serve(place: &CommandPermit, mut stream: UnixStream) {
    let end = match work(place, &mut stream) {
        Ok(Ending::Done) => End::Done,
        Ok(Ending::Findings) => End::Findings,
        Err(failure) => End::Failed(report::with_causes(&*failure)),
    };
    let well = !matches!(end, End::Failed(_));
    tracing::info!(well, "ended a command from the control socket");
    let end = match end {
        End::Failed(why) => End::Failed(why.chars().take(PART_LIMIT / 8).collect()),
        other => other,
    };
    if let Err(error) = send(&mut stream, &Message::End(end)) {
        tracing::info!(%error, "its client had disconnected");
    }
}

fn work(place: &CommandPermit, stream: &mut UnixStream) -> Result<Ending, Failure> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let ask = asked(place, &mut reader)?;
    let (work, output) = parse(&ask)?;
    let folder = ask.file.as_ref().map(|_| Folder::new(place)).transpose()?;
    let sent = match (ask.file, &folder) {
        (Some(named), Some(folder)) => {
            Some(take_file(place, stream, &mut reader, named, &folder.0)?)
        }
        _ => None,
    };
    let copy = sent.as_ref().map(|sent| {
        (
            sent.path.display().to_string(),
            sent.named.to_string_lossy().into_owned(),
        )
    });
    // The arguments are not logged: they may contain keys, and URLs with passwords.
    tracing::info!(
        command = work.name(),
        "running a command from the control socket"
    );
    let caller = Arc::new(Caller::new(stream.try_clone()?, place));
    let ending = {
        let _working = Working::begin(&caller)?;
        let mut out = Out(caller);
        work.run(
            &place.home.opened,
            &mut Session::new(output, &mut out, sent),
        )
    };
    ending.map_err(|failure| match copy {
        // The client knows its own path, not that of the copy.
        Some((path, named)) => report::with_causes(&*failure).replace(&path, &named).into(),
        None => failure,
    })
}

fn asked(place: &CommandPermit, reader: &mut BufReader<UnixStream>) -> Result<Ask, Failure> {
    let Message::Ask(ask) = first_message(reader, PATIENCE)? else {
        return Err("the first message must be a command".into());
    };
    if ask.version != VERSION {
        let text = "the running server has another version; restart it with this one";
        return Err(text.into());
    }
    let config = &place.home.opened.config;
    let own = config.data.as_ref();
    match &ask.data {
        Some(data) if own.is_none_or(|own| data.canonicalize().ok() != own.canonicalize().ok()) => {
            let (data, own) = (data.display(), region_files(config));
            let text = format!(
                "the running server reads the region's files from {own}, not from {data}; omit --data, or \
                 stop the server first"
            );
            Err(text.into())
        }
        _ => Ok(ask),
    }
}

/// Receives the first message, which must arrive within `patience`. Later ones have no timeout, since the socket closes
/// when the client ends.
fn first_message(reader: &mut BufReader<UnixStream>, patience: Duration) -> io::Result<Message> {
    reader.get_ref().set_read_timeout(Some(patience))?;
    let message = receive(reader)?;
    reader.get_ref().set_read_timeout(None)?;
    Ok(message)
}

fn parse(ask: &Ask) -> Result<(Work, Output), Failure> {
    let cli = Cli::try_parse_from(&ask.arguments)
        .map_err(|error| format!("the running server does not know this command: {error}"))?;
    let output = cli.output();
    match cli.command {
        Some(Command::Work(work)) => Ok((work, output)),
        _ => Err("a running server cannot run this command; stop it first".into()),
    }
}

/// Receives the client's file into `folder`, under its own name.
fn take_file(
    place: &CommandPermit,
    stream: &mut UnixStream,
    reader: &mut BufReader<UnixStream>,
    named: String,
    folder: &Path,
) -> Result<Sent, Failure> {
    let path = folder.join(Path::new(&named).file_name().unwrap_or("file".as_ref()));
    let mut file = File::create(&path)?;
    let mut size: u64 = 0;
    loop {
        let waits = &place.home.waits;
        match waits.during(place.number, stream, |_| receive(reader))? {
            Message::Part(bytes) => {
                size += bytes.len() as u64;
                if size > FILE_LIMIT {
                    return Err(format!("{named} has more than {FILE_LIMIT} bytes").into());
                }
                file.write_all(&bytes)?;
            }
            Message::Whole => {
                let named = named.into();
                return Ok(Sent { named, path });
            }
            _ => return Err("the next message must be a part of the file".into()),
        }
    }
}

/// Temporary directory of a command, removed on drop.
struct Folder(PathBuf);

impl Folder {
    fn new(place: &CommandPermit) -> io::Result<Self> {
        let incoming = place.home.folder.join(INCOMING);
        let path = incoming.join(place.number.to_string());
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!(%error, folder = %self.0.display(), "cannot remove a client's file");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn only_the_first_message_has_to_come_in_time() {
        let (mut theirs, ours) = UnixStream::pair().unwrap();
        let mut reader = BufReader::new(ours);
        send(&mut theirs, &Message::Working).unwrap();
        let first = first_message(&mut reader, Duration::from_secs(60)).unwrap();
        assert_eq!(first, Message::Working);
        assert_eq!(reader.get_ref().read_timeout().unwrap(), None);
        assert_eq!(reader.get_ref().write_timeout().unwrap(), None);
        let late = first_message(&mut reader, Duration::from_millis(1)).unwrap_err();
        use io::ErrorKind::{TimedOut, WouldBlock};
        assert!(matches!(late.kind(), TimedOut | WouldBlock), "{late}");
    }
}
