//! An event in its encoded form.

use std::ops::Range;
use std::sync::Arc;

use super::bytes::{FieldReader, FieldWriter};
use super::event;
use super::event::Projection;
use calendar_domain::{Event, Field};

/// Version of the encoding. Must be incremented with every change but a new plain field, so that older
/// files are not misread.
const FORM: u32 = 4;

/// Returns the version of the encoding with the fields that have an owner, plain fields among them.
pub(in crate::catalog) fn form() -> String {
    let fields = Field::ALL.map(Field::as_str).join(" ");
    format!("{FORM} {fields}")
}

/// An encoded event.
#[derive(Debug, Clone)]
pub(in crate::catalog) enum EncodedEvent {
    /// In an allocation of its own.
    Own(Box<[u8]>),
    /// In a block of events that were read together.
    In {
        block: Arc<[u8]>,
        from: u32,
        until: u32,
    },
}

impl PartialEq for EncodedEvent {
    fn eq(&self, other: &Self) -> bool {
        self.bytes() == other.bytes()
    }
}

/// Size of the header: the lengths of id, slug and `UID`, the last in two bytes.
const HEAD: usize = 4;

impl EncodedEvent {
    /// Encodes an event.
    pub(in crate::catalog) fn new(event: &Event) -> Self {
        let (id, slug, uid) = (event.id.as_str(), event.slug.as_str(), event.uid.as_str());
        let short =
            |text: &str| u8::try_from(text.len()).expect("ids and slugs have 100 bytes at most");
        let long = u16::try_from(uid.len()).expect("a UID has 1000 bytes at most");
        let texts = [&event.title, &event.summary, &event.description];
        let length: usize = texts
            .iter()
            .flat_map(|text| text.iter())
            .map(|item| item.text.len())
            .sum();
        let mut out = FieldWriter {
            bytes: Vec::with_capacity(length + 300),
        };
        out.byte(short(id));
        out.byte(short(slug));
        out.bytes.extend_from_slice(&long.to_le_bytes());
        for text in [id, slug, uid] {
            out.bytes.extend_from_slice(text.as_bytes());
        }
        event::write(event, &mut out);
        Self::Own(out.bytes.into_boxed_slice())
    }

    /// Reads an encoded event from the range `part` of a block, and decodes the fields that indexes
    /// use. Returns `None` on invalid input. The block is kept alive by its events.
    pub(in crate::catalog) fn read(block: &Arc<[u8]>, part: Range<usize>) -> Option<(Self, Event)> {
        let from = u32::try_from(part.start).ok()?;
        let until = u32::try_from(part.end).ok()?;
        block.get(part)?;
        let block = Arc::clone(block);
        let packed = Self::In { block, from, until };
        let event = packed.unpack(Projection::WhatIsShown)?;
        Some((packed, event))
    }

    /// Decodes the fields that indexes use.
    pub(in crate::catalog) fn shown(&self) -> Event {
        self.unpack(Projection::WhatIsShown)
            .expect("it was read once when it came in, or packed here")
    }

    /// Returns the encoded bytes.
    pub(in crate::catalog) fn bytes(&self) -> &[u8] {
        match self {
            Self::Own(bytes) => bytes,
            Self::In { block, from, until } => &block[*from as usize..*until as usize],
        }
    }

    /// Decodes the event.
    pub(in crate::catalog) fn event(&self) -> Event {
        self.unpack(Projection::ToTheEnd)
            .expect("it was read once when it came in, or packed here")
    }

    pub(in crate::catalog) fn id(&self) -> &str {
        self.part(0)
    }

    pub(in crate::catalog) fn slug(&self) -> &str {
        self.part(1)
    }

    pub(in crate::catalog) fn uid(&self) -> &str {
        self.part(2)
    }

    pub(super) fn unpack(&self, far: Projection) -> Option<Event> {
        let bytes = self.bytes();
        if bytes.len() < HEAD {
            return None;
        }
        let rest = bytes.get(self.ends()[2]..)?;
        let (id, slug, uid) = (self.id(), self.slug(), self.uid());
        let (id, slug, uid) = (id.parse().ok()?, slug.parse().ok()?, uid.parse().ok()?);
        event::read(id, slug, uid, &mut FieldReader { rest }, far)
    }

    fn ends(&self) -> [usize; 3] {
        let bytes = self.bytes();
        let id = HEAD + usize::from(bytes[0]);
        let slug = id + usize::from(bytes[1]);
        let uid = slug + usize::from(u16::from_le_bytes([bytes[2], bytes[3]]));
        [id, slug, uid]
    }

    fn part(&self, number: usize) -> &str {
        let ends = self.ends();
        let from = number.checked_sub(1).map_or(HEAD, |before| ends[before]);
        let bytes = self.bytes().get(from..ends[number]).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
