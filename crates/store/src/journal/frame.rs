//! The format of the journal's files: a header, then frames.
//!
//! ```text
//! header  magic 8 · format u32 · number u64 · zero 8 · crc32 of the 28 bytes before it
//! frame   magic 4 · length u32 · number u64 · crc32 of length, number and payload · payload
//! ```
//!
//! Numbers are little-endian. The header keeps this layout in every later format. A frame's magic has two
//! bytes that never occur in UTF-8. Payloads are JSON, so no payload looks like a frame, and a reader can
//! find the next whole frame after a damaged one.

/// The format version that this program writes, and the newest that it reads.
pub(crate) const FORMAT: u32 = 1;

/// Size of the file header in bytes.
pub(crate) const HEADER: usize = 32;
/// Size of the frame header in bytes.
pub(crate) const FRAME: usize = 20;

const FRAME_MAGIC: [u8; 4] = [0xFE, b'C', b'J', 0xFF];

/// The kind of file that a header begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FileKind {
    /// Commits, starting with the header's number.
    Segment,
    /// The store as of the commit of the header's number.
    Snapshot,
    /// A backup of the store as of the commit of the header's number.
    Backup,
}

impl FileKind {
    fn magic(self) -> &'static [u8; 8] {
        match self {
            Self::Segment => b"ELVJRNL\n",
            Self::Snapshot => b"ELVSNAP\n",
            Self::Backup => b"ELVBKUP\n",
        }
    }
}

/// A parsed file header.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Header {
    /// A file of a format that this program reads.
    Known { number: u64 },
    /// A valid header of a newer program.
    Newer { format: u32 },
    /// A missing or damaged header.
    Broken,
}

/// Returns a file header.
pub(crate) fn header(kind: FileKind, number: u64) -> [u8; HEADER] {
    let mut bytes = [0; HEADER];
    bytes[..8].copy_from_slice(kind.magic());
    bytes[8..12].copy_from_slice(&FORMAT.to_le_bytes());
    bytes[12..20].copy_from_slice(&number.to_le_bytes());
    let crc = crc32fast::hash(&bytes[..28]);
    bytes[28..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

/// Parses a file header.
pub(crate) fn read_header(kind: FileKind, bytes: &[u8]) -> Header {
    let Some(bytes) = bytes.get(..HEADER) else {
        return Header::Broken;
    };
    if &bytes[..8] != kind.magic() || u32_at(bytes, 28) != crc32fast::hash(&bytes[..28]) {
        return Header::Broken;
    }
    match u32_at(bytes, 8) {
        FORMAT => Header::Known {
            number: u64_at(bytes, 12),
        },
        format => Header::Newer { format },
    }
}

/// Appends a frame to `out`.
pub(crate) fn encode(number: u64, payload: &[u8], out: &mut Vec<u8>) {
    let length = u32::try_from(payload.len()).expect("a commit's size is capped far below 4 GiB");
    out.reserve(FRAME + payload.len());
    out.extend_from_slice(&FRAME_MAGIC);
    out.extend_from_slice(&length.to_le_bytes());
    out.extend_from_slice(&number.to_le_bytes());
    out.extend_from_slice(&checksum(length, number, payload).to_le_bytes());
    out.extend_from_slice(payload);
}

/// A frame header.
pub(crate) struct Prefix {
    pub(crate) length: u32,
    pub(crate) number: u64,
    crc: u32,
}

impl Prefix {
    /// Parses a frame header. Returns `None` if there is no frame.
    pub(crate) fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..FRAME)?;
        (bytes[..4] == FRAME_MAGIC).then(|| Self {
            length: u32_at(bytes, 4),
            number: u64_at(bytes, 8),
            crc: u32_at(bytes, 16),
        })
    }

    /// Returns true if the checksum of `payload` matches.
    pub(crate) fn fits(&self, payload: &[u8]) -> bool {
        checksum(self.length, self.number, payload) == self.crc
    }

    /// Returns the checksum so far, to be updated with the payload in pieces.
    pub(super) fn sum(&self) -> crc32fast::Hasher {
        sum(self.length, self.number)
    }

    /// Returns true if the checksum, including the payload, matches.
    pub(super) fn is(&self, sum: crc32fast::Hasher) -> bool {
        sum.finalize() == self.crc
    }
}

/// The position of a whole frame in a file's bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) number: u64,
    /// Offset of the payload.
    pub(super) payload: usize,
    /// Offset of the next frame.
    pub(super) end: usize,
}

/// Returns true if `bytes` are exactly one whole frame with this number.
pub(super) fn is_whole(bytes: &[u8], number: u64) -> bool {
    frame_at(bytes, 0).is_some_and(|frame| frame.end == bytes.len() && frame.number == number)
}

/// A range of bytes outside of whole frames.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hole {
    pub(super) from: usize,
    pub(super) to: usize,
}

/// Finds all whole frames in a file's bytes, and the holes between them.
pub(super) fn scan(bytes: &[u8]) -> (Vec<Frame>, Vec<Hole>) {
    let (mut frames, mut holes) = (Vec::new(), Vec::new());
    let mut at = HEADER.min(bytes.len());
    while at < bytes.len() {
        if let Some(frame) = frame_at(bytes, at) {
            frames.push(frame);
            at = frame.end;
            continue;
        }
        let next = next_frame(bytes, at + 1);
        holes.push(Hole { from: at, to: next });
        at = next;
    }
    (frames, holes)
}

fn frame_at(bytes: &[u8], at: usize) -> Option<Frame> {
    let prefix = Prefix::read(&bytes[at..])?;
    let payload = at + FRAME;
    let end = payload.checked_add(usize::try_from(prefix.length).ok()?)?;
    let whole = prefix.fits(bytes.get(payload..end)?);
    whole.then_some(Frame {
        number: prefix.number,
        payload,
        end,
    })
}

fn next_frame(bytes: &[u8], from: usize) -> usize {
    (from..bytes.len())
        .filter(|&at| bytes[at] == FRAME_MAGIC[0])
        .find(|&at| frame_at(bytes, at).is_some())
        .unwrap_or(bytes.len())
}

fn checksum(length: u32, number: u64, payload: &[u8]) -> u32 {
    let mut hasher = sum(length, number);
    hasher.update(payload);
    hasher.finalize()
}

fn sum(length: u32, number: u64) -> crc32fast::Hasher {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&length.to_le_bytes());
    hasher.update(&number.to_le_bytes());
    hasher
}

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(payloads: &[&[u8]]) -> Vec<u8> {
        let mut bytes = header(FileKind::Segment, 1).to_vec();
        for (number, payload) in (1..).zip(payloads) {
            encode(number, payload, &mut bytes);
        }
        bytes
    }

    #[test]
    fn frames_are_read_as_they_were_written() {
        let bytes = file(&[b"one", b"", b"three"]);
        let (frames, holes) = scan(&bytes);
        assert!(holes.is_empty());
        let read: Vec<_> = frames
            .iter()
            .map(|f| (f.number, &bytes[f.payload..f.end]))
            .collect();
        assert_eq!(read, [(1, &b"one"[..]), (2, b""), (3, b"three")]);
    }

    #[test]
    fn any_flipped_byte_makes_a_hole_and_spares_the_other_frames() {
        let clean = file(&[b"first payload", b"second payload", b"third payload"]);
        for at in HEADER..clean.len() {
            let mut bytes = clean.clone();
            bytes[at] ^= 0x10;
            let (frames, holes) = scan(&bytes);
            assert_eq!(frames.len(), 2, "flipped byte {at}");
            assert_eq!(holes.len(), 1, "flipped byte {at}");
            assert!((holes[0].from..holes[0].to).contains(&at));
        }
    }

    #[test]
    fn a_file_cut_anywhere_keeps_the_frames_before_the_cut() {
        let clean = file(&[b"first payload", b"second payload"]);
        let second = clean.len() - FRAME - b"second payload".len();
        for cut in second + 1..clean.len() {
            let (frames, holes) = scan(&clean[..cut]);
            assert_eq!(frames.len(), 1, "cut at {cut}");
            assert_eq!(
                holes,
                [Hole {
                    from: second,
                    to: cut
                }]
            );
        }
    }

    #[test]
    fn a_header_tells_its_format_and_shows_its_damage() {
        let bytes = header(FileKind::Segment, 7);
        assert_eq!(
            read_header(FileKind::Segment, &bytes),
            Header::Known { number: 7 }
        );
        assert_eq!(read_header(FileKind::Snapshot, &bytes), Header::Broken);
        assert_eq!(read_header(FileKind::Segment, &bytes[..31]), Header::Broken);
        for at in 0..HEADER {
            let mut flipped = bytes;
            flipped[at] ^= 1;
            assert_eq!(
                read_header(FileKind::Segment, &flipped),
                Header::Broken,
                "byte {at}"
            );
        }
        let mut newer = bytes;
        newer[8..12].copy_from_slice(&9u32.to_le_bytes());
        let crc = crc32fast::hash(&newer[..28]);
        newer[28..].copy_from_slice(&crc.to_le_bytes());
        assert_eq!(
            read_header(FileKind::Segment, &newer),
            Header::Newer { format: 9 }
        );
    }
}
