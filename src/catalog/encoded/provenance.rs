//! Encoding of an event's sources and the owners of its fields.

use std::collections::BTreeMap;

use super::bytes::{FieldReader, FieldWriter};
use calendar_domain::{Channel, Field, Owner, Source, Uid};

pub(super) fn write_source(source: &Source, uid: &Uid, out: &mut FieldWriter) {
    let Source {
        partner,
        origin_id,
        url,
        fetched_at,
        content_hash,
        secondhand,
        channel,
    } = source;
    out.text(partner.as_str());
    // The origin id is usually the UID.
    let own = Some(origin_id).filter(|id| *id != uid.as_str());
    out.option(own, |out, value| out.text(value));
    out.option(url.as_ref(), |out, value| out.text(value));
    out.instant(*fetched_at);
    let form = u8::from(*secondhand) * 2 + u8::from(*channel == Channel::Sent) * 4;
    match half(content_hash) {
        Some(half) => {
            out.byte(form);
            out.bytes.extend_from_slice(&half);
        }
        None => {
            out.byte(form + 1);
            out.text(content_hash);
        }
    }
}

pub(super) fn read_source(uid: &Uid, from: &mut FieldReader<'_>) -> Option<Source> {
    let own = |from: &mut FieldReader<'_>| from.text().map(str::to_owned);
    let partner = from.parsed()?;
    let origin_id = from.option(own)?.unwrap_or_else(|| uid.to_string());
    let url = from.option(own)?;
    let fetched_at = from.instant()?;
    // Bit 0 gives the form of the hash, bit 1 whether the source is second-hand.
    let form = from.byte()?;
    Some(Source {
        partner,
        origin_id,
        url,
        fetched_at,
        content_hash: match form & 1 {
            0 => hex::encode(from.bytes(32)?),
            _ => own(from)?,
        },
        secondhand: form & 2 != 0,
        channel: match form & 4 {
            0 => Channel::Feed,
            _ => Channel::Sent,
        },
    })
}

/// Decodes 64 lower-case hexadecimal digits. Upper case is rejected, since it would not round-trip.
fn half(digits: &str) -> Option<[u8; 32]> {
    let mut half = [0; 32];
    let lower = !digits.bytes().any(|digit| digit.is_ascii_uppercase());
    let read = lower && hex::decode_to_slice(digits, &mut half).is_ok();
    read.then_some(half)
}

/// Writes each owner once, with its fields as bits.
pub(super) fn write_owners(owners: &BTreeMap<Field, Owner>, out: &mut FieldWriter) {
    let mut fields: BTreeMap<&Owner, u64> = BTreeMap::new();
    for (place, field) in Field::ALL.iter().enumerate() {
        if let Some(owner) = owners.get(field) {
            *fields.entry(owner).or_default() |= 1 << place;
        }
    }
    out.list(fields.into_iter(), |out, (owner, fields)| {
        out.number(fields);
        let (kind, who) = match owner {
            Owner::Rule => (0, ""),
            Owner::DataFile => (1, ""),
            Owner::Partner(id) => (2, id.as_str()),
            Owner::Organizer(who) => (3, who.as_str()),
            Owner::Editor(who) => (4, who.as_str()),
        };
        out.byte(kind);
        if kind > 1 {
            out.text(who);
        }
    });
}

pub(super) fn read_owners(from: &mut FieldReader<'_>) -> Option<BTreeMap<Field, Owner>> {
    let mut owners = BTreeMap::new();
    for _ in 0..from.number()? {
        let fields = from.number()?;
        let owner = match from.byte()? {
            0 => Owner::Rule,
            1 => Owner::DataFile,
            2 => Owner::Partner(from.parsed()?),
            3 => Owner::Organizer(from.text()?.to_owned()),
            _ => Owner::Editor(from.text()?.to_owned()),
        };
        let named = Field::ALL.iter().enumerate();
        let named = named.filter(|(place, _)| fields >> place & 1 == 1);
        owners.extend(named.map(|(_, field)| (*field, owner.clone())));
    }
    Some(owners)
}
