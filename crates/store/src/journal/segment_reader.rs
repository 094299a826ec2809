//! Reading of one segment. An undamaged segment is read in pieces, a damaged one as a whole.
//!
//! Almost all segments are undamaged. Reading whole segments at every start would leave the allocator with
//! memory that the program never needs again.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use super::frame::{self, FRAME, FileKind, Frame, HEADER, Header, Hole, Prefix};
use crate::StoreError;
use crate::file_system::read_file;

/// Number of bytes read at a time.
const PIECE: usize = 16 << 10;

/// The content of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SegmentContent {
    pub(super) header: Header,
    pub(super) frames: Vec<Frame>,
    /// Ranges that are neither frames nor trailing zeros.
    pub(super) holes: Vec<Hole>,
    /// Size of the file in bytes.
    pub(super) length: usize,
    /// Offset of the end of the bytes before the trailing zeros.
    pub(super) written: usize,
}

impl SegmentContent {
    /// Reads a segment. A missing file is an empty segment.
    pub(super) fn new(path: &Path) -> Result<Self, StoreError> {
        let sound = match File::open(path) {
            Ok(file) => Self::walk(file).map_err(|error| StoreError::io("reading", path, error))?,
            Err(_) => None,
        };
        match sound {
            Some(sound) => Ok(sound),
            None => Ok(Self::of_bytes(&read_file(path)?)),
        }
    }

    /// Searches the bytes for frames at any offset.
    fn of_bytes(bytes: &[u8]) -> Self {
        // No commit ends with a zero, so trailing zeros were written ahead.
        let last = bytes.iter().rposition(|byte| *byte != 0);
        let written = last.map_or(0, |at| at + 1);
        let (frames, holes) = frame::scan(&bytes[..written]);
        Self {
            header: frame::read_header(FileKind::Segment, bytes),
            frames,
            holes,
            length: bytes.len(),
            written,
        }
    }

    /// Reads frame by frame. Returns `None` without frames, or if there is anything but frames and trailing
    /// zeros.
    fn walk(file: impl Read) -> io::Result<Option<Self>> {
        let mut file = BufReader::with_capacity(PIECE, file);
        let mut header = [0; HEADER];
        if fill(&mut file, &mut header)? < HEADER {
            return Ok(None);
        }
        let (mut frames, mut end) = (Vec::new(), HEADER);
        loop {
            let mut prefix = [0; FRAME];
            let read = fill(&mut file, &mut prefix)?;
            let Some(frame) = Prefix::read(&prefix[..read]) else {
                let room = if is_room(&prefix) {
                    rest(&mut file)?
                } else {
                    None
                };
                let sound = !frames.is_empty();
                return Ok(room.filter(|_| sound).map(|room| Self {
                    header: frame::read_header(FileKind::Segment, &header),
                    frames,
                    holes: Vec::new(),
                    length: end + read + room,
                    written: end,
                }));
            };
            let payload = end + FRAME;
            let Some(length) = pass(&mut file, &frame)? else {
                return Ok(None);
            };
            end = payload + length;
            frames.push(Frame {
                number: frame.number,
                payload,
                end,
            });
        }
    }
}

fn is_room(bytes: &[u8]) -> bool {
    bytes.iter().all(|byte| *byte == 0)
}

/// Reads until the buffer is full or the file ends. Returns the number of bytes read.
fn fill(file: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut full = 0;
    while full < buffer.len() {
        match file.read(&mut buffer[full..]) {
            Ok(0) => break,
            Ok(read) => full += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(full)
}

/// Reads the payload of a frame and returns its length, or `None` if its checksum doesn't match.
fn pass(file: &mut impl Read, frame: &Prefix) -> io::Result<Option<usize>> {
    let Ok(length) = usize::try_from(frame.length) else {
        return Ok(None);
    };
    let (mut sum, mut left, mut last) = (frame.sum(), length, 0);
    let mut piece = [0; PIECE];
    while left > 0 {
        let piece = &mut piece[..left.min(PIECE)];
        if fill(file, piece)? < piece.len() {
            return Ok(None);
        }
        sum.update(piece);
        left -= piece.len();
        last = piece[piece.len() - 1];
    }
    Ok((last != 0 && frame.is(sum)).then_some(length))
}

/// Returns the number of zeros up to the end of the file, or `None` if there are other bytes.
fn rest(file: &mut impl Read) -> io::Result<Option<usize>> {
    let (mut piece, mut length) = ([0; PIECE], 0);
    loop {
        let read = fill(file, &mut piece)?;
        if !is_room(&piece[..read]) {
            return Ok(None);
        }
        length += read;
        if read < PIECE {
            return Ok(Some(length));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(payloads: &[&[u8]], room: usize) -> Vec<u8> {
        let mut bytes = frame::header(FileKind::Segment, 1).to_vec();
        for (number, payload) in (1..).zip(payloads) {
            frame::encode(number, payload, &mut bytes);
        }
        bytes.resize(bytes.len() + room, 0);
        bytes
    }

    fn walked(bytes: &[u8]) -> Option<SegmentContent> {
        SegmentContent::walk(bytes).expect("bytes can be read")
    }

    #[test]
    fn a_sound_segment_holds_the_same_read_in_pieces_as_read_at_once() {
        let long = vec![b'x'; 3 * PIECE + 1];
        for room in [0, 1, FRAME, PIECE, 2 * PIECE + 7] {
            let bytes = segment(&[b"one", &long, b"{}", &long[..PIECE]], room);
            let walked = walked(&bytes).expect("it is sound");
            assert_eq!(walked.frames.len(), 4);
            assert_eq!(
                walked,
                SegmentContent::of_bytes(&bytes),
                "{room} bytes of room"
            );
        }
    }

    #[test]
    fn what_is_not_sound_is_left_to_who_looks_at_all_of_it() {
        let sound = segment(&[b"first payload", b"second payload"], 40);
        assert!(walked(&sound).is_some());
        // Every byte except in the header, which is checked separately, and in the trailing zeros.
        for at in HEADER..sound.len() {
            let mut bytes = sound.clone();
            bytes[at] ^= 0x10;
            assert_eq!(walked(&bytes), None, "flipped byte {at}");
        }
        for cut in 0..sound.len() - 40 {
            let found = walked(&sound[..cut]);
            let whole = SegmentContent::of_bytes(&sound[..cut]);
            assert!(found.is_none_or(|walked| walked == whole), "cut at {cut}");
        }
        assert_eq!(walked(&segment(&[], 100)), None);
        assert_eq!(walked(&segment(&[b"ends with a zero\0"], 9)), None);
    }
}
