//! Why a file is refused.

use thiserror::Error;

use crate::UnsupportedFormat;

/// Why a file is refused.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ImageError {
    /// The file has too many bytes.
    #[error("the file has more than {} bytes", crate::MAX_BYTES)]
    TooLarge,
    /// The picture has too many pixels to be decoded.
    #[error("the picture has {width} × {height} pixels; at most {limit} are read in this format")]
    TooManyPixels {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
        /// Maximum number of pixels in this format.
        limit: u64,
    },
    /// The picture is too small to be shown.
    #[error(
        "the picture has {width} × {height} pixels; each side needs at least {}",
        crate::MIN_SIDE
    )]
    TooSmall {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// One side is too long for the other.
    #[error(
        "the picture has {width} × {height} pixels; one side may be {} times as long as the other",
        crate::MAX_RATIO
    )]
    TooNarrow {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
    /// The file ends before the picture does.
    #[error("the file is cut short")]
    CutShort,
    /// The file is recognized, but pictures of this format are not read.
    #[error("files of this format are not read: {0:?}")]
    Unsupported(UnsupportedFormat),
    /// The content is no picture.
    #[error("the content is no picture")]
    NotAnImage,
    /// The picture cannot be decoded.
    #[error("the picture is damaged")]
    Damaged,
}
