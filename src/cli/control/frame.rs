//! What goes over the control socket: frames of a kind, a length and so many bytes.
//!
//! The caller sends [`Kind::Ask`], then, if the command reads a file, its bytes in [`Kind::Bytes`] and
//! [`Kind::Whole`]. The server answers with any number of [`Kind::Bytes`], the command's standard output,
//! among them [`Kind::Working`] so that a long silence means that it is gone, and last [`Kind::End`].

use std::io::{self, Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The most bytes in a frame; longer contents are several.
pub const FRAME_LIMIT: usize = 64 << 10;

/// Rises when an older program would take what is sent for something else.
pub const VERSION: u32 = 1;

/// What a frame is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// An [`Ask`] as JSON.
    Ask = b'?',
    /// A part of a file or of an answer.
    Bytes = b'b',
    /// The file is whole; empty.
    Whole = b'w',
    /// The work goes on; empty.
    Working = b'.',
    /// An [`End`] as JSON.
    End = b'!',
}

impl Kind {
    const ALL: [Self; 5] = [
        Self::Ask,
        Self::Bytes,
        Self::Whole,
        Self::Working,
        Self::End,
    ];
}

/// What is to be done.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ask {
    /// [`VERSION`].
    pub version: u32,
    /// The command line, the program's name first.
    pub arguments: Vec<String>,
    /// The folder of the region's files, where the caller named one.
    pub data: Option<PathBuf>,
    /// The file whose content follows, as the caller names it.
    pub file: Option<String>,
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// Well.
    Done,
    /// Well, and something was found or refused.
    Findings,
    /// Not: the reason, for people.
    Failed(String),
}

/// Sends one frame of at most [`FRAME_LIMIT`] bytes.
pub fn send(to: &mut impl Write, kind: Kind, content: &[u8]) -> io::Result<()> {
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

/// Sends a value as JSON.
pub fn send_json(to: &mut impl Write, kind: Kind, value: &impl Serialize) -> io::Result<()> {
    send(to, kind, &serde_json::to_vec(value)?)
}

/// Waits for one frame; one that claims to be larger than allowed is not read.
pub fn receive(from: &mut impl Read) -> io::Result<(Kind, Vec<u8>)> {
    let mut head = [0; 5];
    from.read_exact(&mut head)?;
    let [kind, length @ ..] = head;
    let length = u32::from_be_bytes(length) as usize;
    let kind = Kind::ALL.into_iter().find(|it| *it as u8 == kind);
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
