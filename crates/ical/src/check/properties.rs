//! Property definitions of RFC 5545 and its successors: permitted components, multiplicity and
//! value type.

/// Value type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ValueKind {
    /// TEXT.
    Text,
    /// Comma-separated TEXT values.
    TextList,
    /// DATE-TIME or DATE.
    Time,
    /// Comma-separated DATE-TIME, DATE or PERIOD values.
    TimeList,
    /// DATE-TIME in UTC.
    Stamp,
    /// DURATION.
    Duration,
    /// URI.
    Uri,
    /// CAL-ADDRESS.
    Address,
    /// UTC-OFFSET.
    Offset,
    /// RECUR.
    Rule,
    /// Type with a rule of its own, or one that is not checked.
    Other,
}

/// Definition of a property.
pub(super) struct PropertyRule {
    pub name: &'static str,
    pub kind: ValueKind,
    /// Components that may contain it; empty for all.
    pub places: &'static [&'static str],
    /// Whether it may occur only once per component.
    pub once: bool,
}

const ENTRIES: &[&str] = &["VEVENT", "VTODO", "VJOURNAL"];
const ENTRIES_AND_BUSY: &[&str] = &[
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VAVAILABILITY",
    "AVAILABLE",
    "VALARM",
];
const EVENTS_AND_TASKS: &[&str] = &[
    "VEVENT",
    "VTODO",
    "VAVAILABILITY",
    "AVAILABLE",
    "VRESOURCE",
    "PARTICIPANT",
    "VLOCATION",
];
const CALENDAR: &[&str] = &["VCALENDAR"];
const ZONE: &[&str] = &["VTIMEZONE"];
const OBSERVANCES: &[&str] = &["STANDARD", "DAYLIGHT"];
const RECURRING: &[&str] = &[
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "STANDARD",
    "DAYLIGHT",
    "AVAILABLE",
];
const ALARM: &[&str] = &["VALARM"];
const TASK: &[&str] = &["VTODO"];
/// RFC 7986, 9073 and 9253 permit some properties in nearly every component.
const ANYWHERE: &[&str] = &[];

const fn once(
    name: &'static str,
    kind: ValueKind,
    places: &'static [&'static str],
) -> PropertyRule {
    PropertyRule {
        name,
        kind,
        places,
        once: true,
    }
}

const fn often(
    name: &'static str,
    kind: ValueKind,
    places: &'static [&'static str],
) -> PropertyRule {
    PropertyRule {
        name,
        kind,
        places,
        once: false,
    }
}

/// All properties of RFC 5545, 7808, 7953, 7986, 9073, 9074 and 9253.
#[rustfmt::skip]
const PROPERTIES: &[PropertyRule] = &[
    once("CALSCALE", ValueKind::Text, CALENDAR),
    once("METHOD", ValueKind::Text, CALENDAR),
    once("PRODID", ValueKind::Text, CALENDAR),
    once("VERSION", ValueKind::Text, CALENDAR),
    once("REFRESH-INTERVAL", ValueKind::Duration, CALENDAR),
    once("SOURCE", ValueKind::Uri, CALENDAR),
    often("NAME", ValueKind::Text, ANYWHERE),
    once("COLOR", ValueKind::Text, ANYWHERE),
    often("IMAGE", ValueKind::Uri, ANYWHERE),
    often("CONFERENCE", ValueKind::Uri, &["VEVENT", "VTODO"]),
    often("ATTACH", ValueKind::Uri, &["VEVENT", "VTODO", "VJOURNAL", "VALARM"]),
    often("CATEGORIES", ValueKind::TextList, ANYWHERE),
    once("CLASS", ValueKind::Text, &["VEVENT", "VTODO", "VJOURNAL", "VAVAILABILITY"]),
    often("COMMENT", ValueKind::Text, ANYWHERE),
    often("DESCRIPTION", ValueKind::Text, ANYWHERE),
    once("GEO", ValueKind::Other, EVENTS_AND_TASKS),
    once("LOCATION", ValueKind::Text, EVENTS_AND_TASKS),
    once("PERCENT-COMPLETE", ValueKind::Other, TASK),
    once("PRIORITY", ValueKind::Other, &["VEVENT", "VTODO", "VAVAILABILITY"]),
    often("RESOURCES", ValueKind::TextList, &["VEVENT", "VTODO"]),
    once("STATUS", ValueKind::Other, &["VEVENT", "VTODO", "VJOURNAL", "PARTICIPANT"]),
    once("SUMMARY", ValueKind::Text, ANYWHERE),
    once("COMPLETED", ValueKind::Stamp, TASK),
    once("DTEND", ValueKind::Time, &["VEVENT", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE"]),
    once("DUE", ValueKind::Time, TASK),
    once("DTSTART", ValueKind::Time, &["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "STANDARD",
        "DAYLIGHT", "VAVAILABILITY", "AVAILABLE"]),
    once("DURATION", ValueKind::Duration, &["VEVENT", "VTODO", "VALARM", "VAVAILABILITY", "AVAILABLE"]),
    often("FREEBUSY", ValueKind::Other, &["VFREEBUSY"]),
    once("TRANSP", ValueKind::Other, &["VEVENT"]),
    once("TZID", ValueKind::Text, ZONE),
    often("TZNAME", ValueKind::Text, OBSERVANCES),
    once("TZOFFSETFROM", ValueKind::Offset, OBSERVANCES),
    once("TZOFFSETTO", ValueKind::Offset, OBSERVANCES),
    once("TZURL", ValueKind::Uri, ZONE),
    once("TZUNTIL", ValueKind::Stamp, ZONE),
    often("TZID-ALIAS-OF", ValueKind::Text, ZONE),
    often("ATTENDEE", ValueKind::Address, ENTRIES_AND_BUSY),
    often("CONTACT", ValueKind::Text, ENTRIES_AND_BUSY),
    once("ORGANIZER", ValueKind::Address, ENTRIES_AND_BUSY),
    once("RECURRENCE-ID", ValueKind::Time, &["VEVENT", "VTODO", "VJOURNAL", "AVAILABLE"]),
    often("RELATED-TO", ValueKind::Other, ANYWHERE),
    once("URL", ValueKind::Uri, ANYWHERE),
    once("UID", ValueKind::Text, ANYWHERE),
    often("EXDATE", ValueKind::TimeList, RECURRING),
    often("RDATE", ValueKind::TimeList, RECURRING),
    often("RRULE", ValueKind::Rule, RECURRING),
    often("EXRULE", ValueKind::Rule, RECURRING),
    once("ACTION", ValueKind::Text, ALARM),
    once("REPEAT", ValueKind::Other, ALARM),
    once("TRIGGER", ValueKind::Other, ALARM),
    once("ACKNOWLEDGED", ValueKind::Stamp, ALARM),
    once("PROXIMITY", ValueKind::Text, ALARM),
    once("CREATED", ValueKind::Stamp, ANYWHERE),
    once("DTSTAMP", ValueKind::Stamp, ANYWHERE),
    once("LAST-MODIFIED", ValueKind::Stamp, ANYWHERE),
    once("SEQUENCE", ValueKind::Other, &["VEVENT", "VTODO", "VJOURNAL", "VAVAILABILITY"]),
    often("REQUEST-STATUS", ValueKind::Other, ENTRIES_AND_BUSY),
    once("BUSYTYPE", ValueKind::Text, &["VAVAILABILITY"]),
    often("STYLED-DESCRIPTION", ValueKind::Other, ANYWHERE),
    often("STRUCTURED-DATA", ValueKind::Other, ANYWHERE),
    often("LOCATION-TYPE", ValueKind::TextList, ANYWHERE),
    often("PARTICIPANT-TYPE", ValueKind::TextList, ANYWHERE),
    often("RESOURCE-TYPE", ValueKind::TextList, ANYWHERE),
    once("CALENDAR-ADDRESS", ValueKind::Address, ANYWHERE),
    often("LINK", ValueKind::Other, ANYWHERE),
    often("CONCEPT", ValueKind::Uri, ANYWHERE),
    often("REFID", ValueKind::Text, ANYWHERE),
];

/// Returns the definition of a property by its name in upper case.
pub(super) fn property_rule(name: &str) -> Option<&'static PropertyRule> {
    PROPERTIES.iter().find(|rule| rule.name == name)
}

impl PropertyRule {
    /// Returns true if the property is permitted in a component of this name, or if the component
    /// is unregistered.
    pub fn may_stand_in(&self, component: &str) -> bool {
        self.places.is_empty() || self.places.contains(&component) || !is_registered(component)
    }

    /// Returns true if the property may occur only once in a component of this name.
    pub fn stands_once_in(&self, component: &str) -> bool {
        let several = match self.name {
            // A VJOURNAL may have several descriptions, a VCALENDAR one per language.
            "DESCRIPTION" => component == "VJOURNAL" || component == "VCALENDAR",
            _ => false,
        };
        (self.once || self.name == "DESCRIPTION") && !several && is_registered(component)
    }
}

/// Components defined by the RFCs.
pub(super) const COMPONENTS: [&str; 14] = [
    "VCALENDAR",
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
    "VALARM",
    "STANDARD",
    "DAYLIGHT",
    "VAVAILABILITY",
    "AVAILABLE",
    "PARTICIPANT",
    "VLOCATION",
    "VRESOURCE",
];

/// Returns true if an RFC defines the component.
pub(super) fn is_registered(component: &str) -> bool {
    COMPONENTS.contains(&component)
}

/// Returns true for components that require UID and DTSTAMP.
pub(super) fn is_entry(component: &str) -> bool {
    ENTRIES.contains(&component) || component == "VFREEBUSY"
}
