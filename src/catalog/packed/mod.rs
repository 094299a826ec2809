//! An event in as few bytes as it takes: what the catalog keeps of each.
//!
//! An [`Event`] is made of some thirty allocations, most of them for things that it has not. Packed
//! it is one, little longer than its texts. What is asked of every event of a list (key, slug, `UID`)
//! stands in front and is read in place. Rare parts (recurrence, offers, pictures) are JSON, as in
//! the store.

mod bytes;
mod event;
#[cfg(test)]
mod tests;

use crate::domain::Event;
use bytes::{Reader, Writer};

/// Changes with every change of the form, so that bytes of an older program are not misread.
pub(super) const FORM: u32 = 1;

/// A packed event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Packed(Box<[u8]>);

/// Lengths of id, slug and `UID`, the last in two bytes.
const HEAD: usize = 4;

impl Packed {
    /// Packs an event.
    pub(super) fn of(event: &Event) -> Self {
        let (id, slug, uid) = (event.id.as_str(), event.slug.as_str(), event.uid.as_str());
        let short =
            |text: &str| u8::try_from(text.len()).expect("ids and slugs have 100 bytes at most");
        let long = u16::try_from(uid.len()).expect("a UID has 1000 bytes at most");
        let texts = [&event.title, &event.summary, &event.description];
        let length: usize = texts
            .iter()
            .flat_map(|it| it.iter())
            .map(|it| it.text.len())
            .sum();
        let mut out = Writer {
            bytes: Vec::with_capacity(length + 300),
        };
        out.byte(short(id));
        out.byte(short(slug));
        out.bytes.extend_from_slice(&long.to_le_bytes());
        for text in [id, slug, uid] {
            out.bytes.extend_from_slice(text.as_bytes());
        }
        event::write(event, &mut out);
        Self(out.bytes.into_boxed_slice())
    }

    /// Bytes that a [`Packed`] of this form was, if they are; with the event.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, Event)> {
        let packed = Self(bytes.into());
        let event = packed.unpack()?;
        Some((packed, event))
    }

    /// The bytes.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The event.
    pub(super) fn event(&self) -> Event {
        self.unpack()
            .expect("it was read once when it came in, or packed here")
    }

    pub(super) fn id(&self) -> &str {
        self.part(0)
    }

    pub(super) fn slug(&self) -> &str {
        self.part(1)
    }

    pub(super) fn uid(&self) -> &str {
        self.part(2)
    }

    fn unpack(&self) -> Option<Event> {
        if self.0.len() < HEAD {
            return None;
        }
        let rest = self.0.get(self.ends()[2]..)?;
        let (id, slug, uid) = (self.id(), self.slug(), self.uid());
        let (id, slug, uid) = (id.parse().ok()?, slug.parse().ok()?, uid.parse().ok()?);
        event::read(id, slug, uid, &mut Reader { rest })
    }

    fn ends(&self) -> [usize; 3] {
        let id = HEAD + usize::from(self.0[0]);
        let slug = id + usize::from(self.0[1]);
        let uid = slug + usize::from(u16::from_le_bytes([self.0[2], self.0[3]]));
        [id, slug, uid]
    }

    fn part(&self, number: usize) -> &str {
        let ends = self.ends();
        let from = number.checked_sub(1).map_or(HEAD, |before| ends[before]);
        let bytes = self.0.get(from..ends[number]).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}
