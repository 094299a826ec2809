//! Content codings of bodies that are written bit by bit.

use std::io::{self, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::Coding;

/// Level of gzip, its default.
const GZIP_LEVEL: u32 = 6;
/// Higher levels need more time than the network saves.
const BROTLI_LEVEL: u32 = 4;
/// Base-2 logarithm of Brotli's window in bytes: 1 MiB, which each response holds.
const BROTLI_WINDOW: u32 = 20;
const ZSTD_LEVEL: i32 = 3;

/// Encodes a body and hands out what is finished.
pub(super) enum StreamEncoder {
    Identity(Vec<u8>),
    Gzip(GzEncoder<Vec<u8>>),
    Brotli(Box<brotli::CompressorWriter<Vec<u8>>>),
    Zstd(zstd::stream::write::Encoder<'static, Vec<u8>>),
}

impl StreamEncoder {
    /// Returns an encoder for a coding.
    ///
    /// # Errors
    /// Errors if a library cannot allocate memory.
    pub(super) fn new(coding: Coding) -> io::Result<Self> {
        Ok(match coding {
            Coding::Identity => Self::Identity(Vec::new()),
            Coding::Gzip => Self::Gzip(GzEncoder::new(Vec::new(), Compression::new(GZIP_LEVEL))),
            Coding::Brotli => {
                let writer =
                    brotli::CompressorWriter::new(Vec::new(), 4096, BROTLI_LEVEL, BROTLI_WINDOW);
                Self::Brotli(Box::new(writer))
            }
            Coding::Zstd => Self::Zstd(zstd::stream::write::Encoder::new(Vec::new(), ZSTD_LEVEL)?),
        })
    }

    /// Encodes bytes.
    ///
    /// # Errors
    /// Errors if a library cannot allocate memory.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Identity(out) => out.write_all(bytes),
            Self::Gzip(writer) => writer.write_all(bytes),
            Self::Brotli(writer) => writer.write_all(bytes),
            Self::Zstd(writer) => writer.write_all(bytes),
        }
    }

    /// Takes the encoded bytes that are finished.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(match self {
            Self::Identity(out) => out,
            Self::Gzip(writer) => writer.get_mut(),
            Self::Brotli(writer) => writer.get_mut(),
            Self::Zstd(writer) => writer.get_mut(),
        })
    }

    /// Ends the body and returns the rest of it.
    ///
    /// # Errors
    /// Errors if a library cannot allocate memory.
    pub(super) fn finish(self) -> io::Result<Vec<u8>> {
        match self {
            Self::Identity(out) => Ok(out),
            Self::Gzip(writer) => writer.finish(),
            Self::Brotli(writer) => Ok(writer.into_inner()),
            Self::Zstd(writer) => writer.finish(),
        }
    }
}
