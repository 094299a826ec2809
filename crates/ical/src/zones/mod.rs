//! TZIDs to zones.
//!
//! What a TZID means is decided in this order: an IANA name in any dress or a Windows name
//! ([`named_zone`]); the VTIMEZONE's X-LIC-LOCATION; the VTIMEZONE's own rules, evaluated; a Windows
//! display name or an offset in the name. Where a name that we know has a VTIMEZONE that says
//! otherwise, the name wins, as in most calendar programs: such definitions are old or generated
//! wrongly far more often than they are meant.

mod canonical;
mod custom;
mod names;
mod vtimezone;

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

pub use canonical::canonical;
pub use custom::{CustomZone, Onset};
pub use names::named_zone;

use super::component::Component;
use super::finding::{Finding, Findings, Reason, Severity};
use super::limits::Limits;
use super::property::Property;
use super::value::unescape_text;
use calendar_domain::zone;

/// A zone that a local time stands in.
#[derive(Debug, Clone, PartialEq)]
pub enum ZoneRef {
    /// A zone of the IANA database.
    Iana(Tz),
    /// A zone that only the file defines.
    Custom(Arc<CustomZone>),
}

impl ZoneRef {
    /// The instant, in UTC, of a wall time; gaps and overlaps after RFC 5545 section 3.3.5.
    pub fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        match self {
            ZoneRef::Iana(tz) => zone::to_utc(local, *tz).naive_utc(),
            ZoneRef::Custom(custom) => custom.to_utc(local),
        }
    }

    /// The wall time at an instant in UTC.
    pub fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        match self {
            ZoneRef::Iana(tz) => zone::to_local(utc.and_utc(), *tz),
            ZoneRef::Custom(custom) => custom.to_local(utc),
        }
    }
}

/// The zones of one file: what its VTIMEZONEs define, and what was made of each TZID.
#[derive(Debug)]
pub struct ZoneTable<'c, 'a> {
    definitions: HashMap<String, &'c Component<'a>>,
    known: HashMap<String, Option<ZoneRef>>,
    limits: &'c Limits,
    evaluated: usize,
}

impl<'c, 'a> ZoneTable<'c, 'a> {
    /// Takes up the VTIMEZONEs of a file; of several with one TZID the first counts. They are
    /// evaluated when an event asks for them.
    pub fn new(vtimezones: impl Iterator<Item = &'c Component<'a>>, limits: &'c Limits) -> Self {
        let mut definitions = HashMap::new();
        for component in vtimezones {
            if let Some(tzid) = component.property("TZID") {
                definitions.entry(defined_name(tzid)).or_insert(component);
            }
        }
        ZoneTable {
            definitions,
            known: HashMap::new(),
            limits,
            evaluated: 0,
        }
    }

    /// The zone of a TZID; `None`, reported once per TZID, if it means none.
    pub fn zone(&mut self, tzid: &str, line: u32, findings: &mut Findings) -> Option<ZoneRef> {
        if let Some(known) = self.known.get(tzid) {
            return known.clone();
        }
        let zone = self.resolve(tzid, findings);
        if zone.is_none() {
            let shown: String = tzid.chars().filter(|c| !c.is_control()).take(80).collect();
            let detail = format!("the zone «{shown}» is not known; its times are read as floating");
            findings.add(finding(
                line,
                "",
                Reason::UnknownZone,
                Severity::Warning,
                detail,
            ));
        }
        self.known.insert(tzid.to_owned(), zone.clone());
        zone
    }

    fn resolve(&mut self, tzid: &str, findings: &mut Findings) -> Option<ZoneRef> {
        if let Some(zone) = named_zone(tzid) {
            return Some(ZoneRef::Iana(canonical(zone)));
        }
        let bare = tzid.trim().trim_matches('"').trim();
        if let Some(definition) = self.definition(bare) {
            let located = definition.property("X-LIC-LOCATION");
            if let Some(zone) = located.and_then(|location| named_zone(&defined_name(location))) {
                return Some(ZoneRef::Iana(canonical(zone)));
            }
            if let Some(zone) = self.evaluate(bare, definition, findings) {
                return Some(ZoneRef::Custom(Arc::new(zone)));
            }
        }
        if let Some(zone) = names::guessed_zone(bare) {
            return Some(ZoneRef::Iana(canonical(zone)));
        }
        let offset = names::offset_in_name(bare)?;
        Some(ZoneRef::Custom(Arc::new(CustomZone::fixed(bare, offset))))
    }

    /// The VTIMEZONE of a name. A parameter has no escapes for commas, yet some programs copy the
    /// escaped text into it.
    fn definition(&self, name: &str) -> Option<&'c Component<'a>> {
        let found = self.definitions.get(name);
        let found = found.or_else(|| self.definitions.get(&*unescape_text(name)));
        found.copied()
    }

    fn evaluate(
        &mut self,
        tzid: &str,
        definition: &Component<'_>,
        findings: &mut Findings,
    ) -> Option<CustomZone> {
        self.evaluated += 1;
        if self.evaluated > self.limits.custom_zones {
            let detail = format!("more than {} zones of its own", self.limits.custom_zones);
            findings.add(finding(
                definition.line,
                "VTIMEZONE",
                Reason::TooMuch,
                Severity::Warning,
                detail,
            ));
            return None;
        }
        vtimezone::evaluate(tzid, definition, self.limits, findings)
    }
}

/// The name that a VTIMEZONE gives its zone: TZID is TEXT there, so its commas are escaped (RFC 5545
/// section 3.8.3.1), while the parameter TZID holds them as they are.
pub(super) fn defined_name(tzid: &Property<'_>) -> String {
    unescape_text(&tzid.decoded_value()).trim().to_owned()
}

fn finding(
    line: u32,
    component: &str,
    reason: Reason,
    severity: Severity,
    detail: String,
) -> Finding {
    let (component, property) = (component.to_owned(), "TZID".to_owned());
    Finding {
        line,
        component,
        property,
        reason,
        severity,
        detail,
    }
}
