//! Messages of the control socket, each a line of JSON.
//!
//! The client sends [`Message::Ask`] and, if the command reads a file, its content as [`Message::Part`]s and
//! [`Message::Whole`]. The server responds with [`Message::Part`]s, the command's standard output, and finally
//! [`Message::End`]. [`Message::Working`] in between shows that it is alive.

use std::io::{self, BufRead, Read, Write};
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Maximum length of a line in bytes, about twice that of a part.
const LINE_LIMIT: usize = 128 << 10;

/// Maximum length of a [`Message::Part`] in bytes.
pub const PART_LIMIT: usize = 64 << 10;

/// Protocol version; to be raised on incompatible changes.
pub const VERSION: u32 = 2;

/// A message.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Message {
    /// The command to run.
    Ask(Ask),
    /// A part of a file or of the output, in Base64.
    Part(#[serde(with = "base64")] Vec<u8>),
    /// End of the file.
    Whole,
    /// The command is still running.
    Working,
    /// The result.
    End(End),
}

/// A command to run.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
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

/// Sends a message.
///
/// # Errors
/// Returns [`io::ErrorKind::InvalidInput`] if its line would be too long.
pub fn send(to: &mut impl Write, message: &Message) -> io::Result<()> {
    let mut line = serde_json::to_vec(message)?;
    line.push(b'\n');
    if line.len() > LINE_LIMIT {
        let detail = format!(
            "a message of {} bytes exceeds the limit of the control socket",
            line.len()
        );
        return Err(io::Error::new(io::ErrorKind::InvalidInput, detail));
    }
    to.write_all(&line)
}

/// Receives a message.
///
/// # Errors
/// Returns [`io::ErrorKind::InvalidData`] if a line is too long or no message, and
/// [`io::ErrorKind::UnexpectedEof`] after the last one.
pub fn receive(from: &mut impl BufRead) -> io::Result<Message> {
    let mut line = Vec::new();
    from.by_ref()
        .take(LINE_LIMIT as u64)
        .read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    serde_json::from_slice(&line).map_err(|_| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "the control socket received an unknown message; if the server has another version, restart it",
        )
    })
}

/// Serialization of bytes as Base64.
mod base64 {
    use base64::{Engine, engine::general_purpose::STANDARD};
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&STANDARD.encode(bytes))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        STANDARD
            .decode(String::deserialize(from)?)
            .map_err(D::Error::custom)
    }
}
