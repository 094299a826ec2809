//! Lists of the documents that contain a word, delta-encoded as varints.

use crate::document::{FieldBits, TEXT_EN, TEXT_NO};

/// The bits that most entries have; they take no byte of their own.
pub(crate) const USUAL: FieldBits = TEXT_NO | TEXT_EN;

/// Appends a list to others. The documents must be in ascending order.
pub(crate) fn encode(list: &[(u32, FieldBits)], out: &mut Vec<u8>) {
    put(out, u64::try_from(list.len()).unwrap_or(0));
    let mut last = 0;
    for (number, bits) in list {
        let distance = u64::from(number - last);
        last = *number;
        put(out, distance << 1 | u64::from(*bits != USUAL));
        if *bits != USUAL {
            out.push(*bits);
        }
    }
}

/// Appends a number in groups of seven bits, the lowest first.
fn put(out: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        out.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    out.push(number.to_le_bytes()[0]);
}

/// A list, decoded as it is iterated.
#[derive(Debug, Clone)]
pub(crate) struct PostingList<'a> {
    bytes: &'a [u8],
    left: usize,
    last: u32,
}

impl<'a> PostingList<'a> {
    /// Returns the list at the beginning of these bytes.
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        let mut list = Self {
            bytes,
            left: 0,
            last: 0,
        };
        list.left = list
            .number()
            .and_then(|len| len.try_into().ok())
            .unwrap_or(0);
        list
    }

    /// Returns the number of documents left.
    pub(crate) fn len(&self) -> usize {
        self.left
    }

    fn number(&mut self) -> Option<u64> {
        let (mut number, mut shift) = (0, 0);
        loop {
            let (byte, rest) = self.bytes.split_first()?;
            self.bytes = rest;
            number |= u64::from(byte & 0x7F) << shift;
            if *byte < 0x80 {
                return Some(number);
            }
            shift += 7;
        }
    }
}

impl Iterator for PostingList<'_> {
    type Item = (u32, FieldBits);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let number = self.number()?;
        self.last += u32::try_from(number >> 1).ok()?;
        if number & 1 == 0 {
            return Some((self.last, USUAL));
        }
        let (bits, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some((self.last, *bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_decoded_as_it_was_encoded() {
        let list = [(0, 1), (1, USUAL), (300, 5), (70_000, USUAL), (70_001, 255)];
        let mut bytes = Vec::new();
        encode(&list, &mut bytes);
        encode(&[], &mut bytes);
        let decoded = PostingList::new(&bytes);
        assert_eq!(decoded.len(), 5);
        assert!(decoded.eq(list));
        assert_eq!(PostingList::new(&[]).len(), 0);
    }
}
