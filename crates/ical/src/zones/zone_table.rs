//! The time zones that a calendar names or defines.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDateTime;
use chrono_tz::Tz;

use super::canonical;
use super::{CustomZone, named_zone};
use super::{names, vtimezone};
use crate::component::Component;
use crate::finding::{Finding, Findings, Reason, Severity};
use crate::limits::ReadLimits;
use crate::property::Property;
use crate::value::unescape_text;
use calendar_domain::zone;

/// Zone of a local time.
#[derive(Debug, Clone, PartialEq)]
pub enum ZoneRef {
    /// A zone of the IANA database.
    Iana(Tz),
    /// A zone defined only in the file.
    Custom(Arc<CustomZone>),
}

impl ZoneRef {
    /// Converts a wall time to an instant in UTC; gaps and overlaps follow RFC 5545 section 3.3.5.
    pub fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        match self {
            ZoneRef::Iana(tz) => zone::to_utc(local, *tz).naive_utc(),
            ZoneRef::Custom(custom) => custom.to_utc(local),
        }
    }

    /// Converts an instant in UTC to wall time.
    pub fn to_local(&self, utc: NaiveDateTime) -> NaiveDateTime {
        match self {
            ZoneRef::Iana(tz) => zone::to_local(utc.and_utc(), *tz),
            ZoneRef::Custom(custom) => custom.to_local(utc),
        }
    }
}

/// Zones of one file: its VTIMEZONEs, and the TZIDs resolved so far.
#[derive(Debug)]
pub struct ZoneTable<'c, 'a> {
    definitions: HashMap<String, &'c Component<'a>>,
    known: HashMap<String, Option<ZoneRef>>,
    limits: &'c ReadLimits,
    evaluated: usize,
}

impl<'c, 'a> ZoneTable<'c, 'a> {
    /// Registers the VTIMEZONEs of a file; the first of several with one TZID is used. They are
    /// evaluated on demand.
    pub fn new(
        vtimezones: impl Iterator<Item = &'c Component<'a>>,
        limits: &'c ReadLimits,
    ) -> Self {
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

    /// Returns the zone of a TZID; `None`, reported once per TZID, if it is unknown.
    pub fn zone(&mut self, tzid: &str, line: u32, findings: &mut Findings) -> Option<ZoneRef> {
        if let Some(known) = self.known.get(tzid) {
            return known.clone();
        }
        let zone = self.resolve(tzid, findings);
        if zone.is_none() {
            let shown: String = tzid.chars().filter(|c| !c.is_control()).take(80).collect();
            let detail = format!("the zone «{shown}» is unknown; its times are read as floating");
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

    /// Returns the VTIMEZONE of a name. Parameters do not escape commas, but some programs copy the
    /// escaped text of the property.
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

/// Returns the name of a VTIMEZONE. Its TZID is TEXT with escaped commas (RFC 5545 section
/// 3.8.3.1), in contrast to the TZID parameter.
pub(crate) fn defined_name(tzid: &Property<'_>) -> String {
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
