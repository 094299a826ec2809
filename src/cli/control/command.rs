//! Runs one command that a client sent.

use std::fs::{self, DirBuilder, File};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Parser;

use crate::cli::calendar_command::Work;
use crate::cli::open::region_files;
use crate::cli::session::{Sent, Session};
use crate::cli::{Cli, Command, Ending, Failure, Output, report};

use super::frame::{Ask, End, FRAME_LIMIT, FrameKind, VERSION, receive, send_json};
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
    tracing::info!(well, "a command beside the server has ended");
    let end = match end {
        End::Failed(why) => End::Failed(why.chars().take(FRAME_LIMIT / 8).collect()),
        other => other,
    };
    if let Err(error) = send_json(&mut stream, FrameKind::End, &end) {
        tracing::info!(%error, "whoever gave it did not wait for it");
    }
}

fn work(place: &CommandPermit, stream: &mut UnixStream) -> Result<Ending, Failure> {
    let ask = asked(place, stream)?;
    let (work, output) = parse(&ask)?;
    let folder = ask.file.as_ref().map(|_| Folder::new(place)).transpose()?;
    let sent = match (ask.file, &folder) {
        (Some(named), Some(folder)) => Some(take_file(place, stream, named, &folder.0)?),
        _ => None,
    };
    let copy = sent.as_ref().map(|it| {
        (
            it.path.display().to_string(),
            it.named.to_string_lossy().into_owned(),
        )
    });
    // The arguments are not logged: they may contain keys, and URLs with passwords.
    tracing::info!(command = work.name(), "a command beside the server");
    let caller = Arc::new(Caller::new(stream.try_clone()?, place));
    let ending = {
        let _working = Working::begin(&caller)?;
        let mut out = Out(caller);
        work.act(
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

fn asked(place: &CommandPermit, stream: &mut UnixStream) -> Result<Ask, Failure> {
    let (kind, content) = first_frame(stream, PATIENCE)?;
    if kind != FrameKind::Ask {
        return Err("a command comes first".into());
    }
    let ask: Ask = serde_json::from_slice(&content)?;
    if ask.version != VERSION {
        let text = "the running server is of another version; restart it with this one";
        return Err(text.into());
    }
    let config = &place.home.opened.config;
    let own = config.data.as_ref();
    match &ask.data {
        Some(data) if own.is_none_or(|own| data.canonicalize().ok() != own.canonicalize().ok()) => {
            let (data, own) = (data.display(), region_files(config));
            let text = format!(
                "the running server reads the region from {own}, not from {data}; leave --data \
                 out, or stop the server first"
            );
            Err(text.into())
        }
        _ => Ok(ask),
    }
}

/// Receives the first frame, which must arrive within `patience`. Later frames have no timeout, since the socket closes
/// when the client ends.
fn first_frame(stream: &mut UnixStream, patience: Duration) -> io::Result<(FrameKind, Vec<u8>)> {
    stream.set_read_timeout(Some(patience))?;
    let frame = receive(stream)?;
    stream.set_read_timeout(None)?;
    Ok(frame)
}

fn parse(ask: &Ask) -> Result<(Work, Output), Failure> {
    let cli = Cli::try_parse_from(&ask.arguments)
        .map_err(|error| format!("the running server does not know this command: {error}"))?;
    let output = cli.output();
    match cli.command {
        Some(Command::Work(work)) => Ok((work, output)),
        _ => Err("this is nothing that a running server does; stop it first".into()),
    }
}

/// Receives the client's file into `folder`, under its own name.
fn take_file(
    place: &CommandPermit,
    stream: &mut UnixStream,
    named: String,
    folder: &Path,
) -> Result<Sent, Failure> {
    let path = folder.join(Path::new(&named).file_name().unwrap_or("file".as_ref()));
    let mut file = File::create(&path)?;
    let mut size: u64 = 0;
    loop {
        match place.home.waits.during(place.number, stream, receive)? {
            (FrameKind::Bytes, bytes) => {
                size += bytes.len() as u64;
                if size > FILE_LIMIT {
                    return Err(format!("{named} has more than {FILE_LIMIT} bytes").into());
                }
                file.write_all(&bytes)?;
            }
            (FrameKind::Whole, _) => {
                let named = named.into();
                return Ok(Sent { named, path });
            }
            (kind, _) => return Err(format!("{kind:?} is no part of a file").into()),
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
            tracing::warn!(%error, folder = %self.0.display(), "a file that was sent stays behind");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::control::frame::send;

    #[test]
    fn only_the_first_frame_has_to_come_in_time() {
        let (mut theirs, mut ours) = UnixStream::pair().unwrap();
        send(&mut theirs, FrameKind::Ask, b"{}").unwrap();
        let frame = first_frame(&mut ours, Duration::from_secs(60)).unwrap();
        assert_eq!(frame, (FrameKind::Ask, b"{}".to_vec()));
        assert_eq!(ours.read_timeout().unwrap(), None);
        assert_eq!(ours.write_timeout().unwrap(), None);
        let late = first_frame(&mut ours, Duration::from_millis(1)).unwrap_err();
        use io::ErrorKind::{TimedOut, WouldBlock};
        assert!(matches!(late.kind(), TimedOut | WouldBlock), "{late}");
    }
}
