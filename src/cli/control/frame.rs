//! Frames of the control socket: a kind, a length and that many bytes.
//!
//! The client sends [`FrameKind::Ask`] and, if the command reads a file, its content as [`FrameKind::Bytes`] and [`FrameKind::Whole`].
//! The server responds with [`FrameKind::Bytes`], the command's standard output, and finally [`FrameKind::End`].
//! [`FrameKind::Working`] in between shows that it is alive.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Maximum length of a frame's content in bytes.
pub const FRAME_LIMIT: usize = 64 << 10;

/// Protocol version; to be raised on incompatible changes.
pub const VERSION: u32 = 1;

/// The kind of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// An [`Ask`] as JSON.
    Ask = b'?',
    /// A part of a file or of the output.
    Bytes = b'b',
    /// End of the file; empty.
    Whole = b'w',
    /// The command is still running; empty.
    Working = b'.',
    /// An [`End`] as JSON.
    End = b'!',
}

impl FrameKind {
    const ALL: [Self; 5] = [
        Self::Ask,
        Self::Bytes,
        Self::Whole,
        Self::Working,
        Self::End,
    ];
}

/// A command to run.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ask {
    /// [`VERSION`].
    pub version: u32,
    /// The command line, beginning with the program's name.
    pub arguments: Vec<String>,
    /// Directory of the region's files, if `--data` was given.
    pub data: Option<PathBuf>,
    /// Name of the file whose content follows.
    pub file: Option<String>,
}

/// The result of a command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Success.
    Done,
    /// Success, with findings or refused items.
    Findings,
    /// Failure, with a message for people.
    Failed(String),
}

/// Sends one frame.
///
/// # Errors
/// Returns [`io::ErrorKind::InvalidInput`] if the content exceeds [`FRAME_LIMIT`].
pub fn send(to: &mut impl Write, kind: FrameKind, content: &[u8]) -> io::Result<()> {
    let length = u32::try_from(content.len()).ok();
    let Some(length) = length.filter(|_| content.len() <= FRAME_LIMIT) else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            format!(
                "{} bytes are too many for the control socket",
                content.len()
            ),
        ));
    };
    let mut frame = Vec::with_capacity(5 + content.len());
    frame.push(kind as u8);
    frame.extend(length.to_be_bytes());
    frame.extend(content);
    to.write_all(&frame)
}

/// Sends a value as JSON in one frame.
pub fn send_json(to: &mut impl Write, kind: FrameKind, value: &impl Serialize) -> io::Result<()> {
    send(to, kind, &serde_json::to_vec(value)?)
}

/// Receives one frame.
///
/// # Errors
/// Returns [`io::ErrorKind::InvalidData`] if the kind is unknown or the length exceeds [`FRAME_LIMIT`].
pub fn receive(from: &mut impl Read) -> io::Result<(FrameKind, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    let kind = FrameKind::ALL.into_iter().find(|it| *it as u8 == kind);
    let Some(kind) = kind.filter(|_| length <= FRAME_LIMIT) else {
        return Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "what came over the control socket is nothing that this program understands",
        ));
    };
    let mut content = vec![0; length];
    from.read_exact(&mut content)?;
    Ok((kind, content))
}
