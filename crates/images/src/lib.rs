//! Pictures that people upload: recognized by their content, bounded before they are decoded, turned upright, reduced to
//! a few sizes and written anew as JPEG. Nothing of the original file but its pixels is kept.
//!
//! - `format`: the format of a file, by its first bytes.
//! - `complete`: whether a file was transferred as a whole.
//! - `bounds`: the shape, and the maximum number of pixels, which depends on the memory that decoding takes.
//! - `clean`: decoding, resizing, encoding.
//!
//! **Imports nothing of ours. Pure**: bytes in, bytes out. A caller who decodes one picture at a time needs at most
//! [`DECODING_MEMORY`] for all of them.

mod bounds;
mod clean;
mod complete;
mod error;
mod format;
#[cfg(test)]
mod tests;

pub use bounds::{DECODING_MEMORY, MAX_PIXELS, MAX_RATIO, MIN_SIDE};
pub use clean::{CleanImage, JpegImage, MAX_SIZE_BYTES, WIDTHS, clean};
pub use error::ImageError;
pub use format::{ImageFormat, UnsupportedFormat};

/// Maximum size of a file in bytes.
pub const MAX_BYTES: usize = 15 * 1024 * 1024;
