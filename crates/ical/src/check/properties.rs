//! Property definitions of RFC 5545 and its successors: permitted components, multiplicity and
//! value type.

/// Value type of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
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
    pub kind: Kind,
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

const fn once(name: &'static str, kind: Kind, places: &'static [&'static str]) -> PropertyRule {
    PropertyRule {
        name,
        kind,
        places,
        once: true,
    }
}

const fn often(name: &'static str, kind: Kind, places: &'static [&'static str]) -> PropertyRule {
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
    once("CALSCALE", Kind::Text, CALENDAR),
    once("METHOD", Kind::Text, CALENDAR),
    once("PRODID", Kind::Text, CALENDAR),
    once("VERSION", Kind::Text, CALENDAR),
    once("REFRESH-INTERVAL", Kind::Duration, CALENDAR),
    once("SOURCE", Kind::Uri, CALENDAR),
    often("NAME", Kind::Text, ANYWHERE),
    once("COLOR", Kind::Text, ANYWHERE),
    often("IMAGE", Kind::Uri, ANYWHERE),
    often("CONFERENCE", Kind::Uri, &["VEVENT", "VTODO"]),
    often("ATTACH", Kind::Uri, &["VEVENT", "VTODO", "VJOURNAL", "VALARM"]),
    often("CATEGORIES", Kind::TextList, ANYWHERE),
    once("CLASS", Kind::Text, &["VEVENT", "VTODO", "VJOURNAL", "VAVAILABILITY"]),
    often("COMMENT", Kind::Text, ANYWHERE),
    often("DESCRIPTION", Kind::Text, ANYWHERE),
    once("GEO", Kind::Other, EVENTS_AND_TASKS),
    once("LOCATION", Kind::Text, EVENTS_AND_TASKS),
    once("PERCENT-COMPLETE", Kind::Other, TASK),
    once("PRIORITY", Kind::Other, &["VEVENT", "VTODO", "VAVAILABILITY"]),
    often("RESOURCES", Kind::TextList, &["VEVENT", "VTODO"]),
    once("STATUS", Kind::Other, &["VEVENT", "VTODO", "VJOURNAL", "PARTICIPANT"]),
    once("SUMMARY", Kind::Text, ANYWHERE),
    once("COMPLETED", Kind::Stamp, TASK),
    once("DTEND", Kind::Time, &["VEVENT", "VFREEBUSY", "VAVAILABILITY", "AVAILABLE"]),
    once("DUE", Kind::Time, TASK),
    once("DTSTART", Kind::Time, &["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY", "STANDARD",
        "DAYLIGHT", "VAVAILABILITY", "AVAILABLE"]),
    once("DURATION", Kind::Duration, &["VEVENT", "VTODO", "VALARM", "VAVAILABILITY", "AVAILABLE"]),
    often("FREEBUSY", Kind::Other, &["VFREEBUSY"]),
    once("TRANSP", Kind::Other, &["VEVENT"]),
    once("TZID", Kind::Text, ZONE),
    often("TZNAME", Kind::Text, OBSERVANCES),
    once("TZOFFSETFROM", Kind::Offset, OBSERVANCES),
    once("TZOFFSETTO", Kind::Offset, OBSERVANCES),
    once("TZURL", Kind::Uri, ZONE),
    once("TZUNTIL", Kind::Stamp, ZONE),
    often("TZID-ALIAS-OF", Kind::Text, ZONE),
    often("ATTENDEE", Kind::Address, ENTRIES_AND_BUSY),
    often("CONTACT", Kind::Text, ENTRIES_AND_BUSY),
    once("ORGANIZER", Kind::Address, ENTRIES_AND_BUSY),
    once("RECURRENCE-ID", Kind::Time, &["VEVENT", "VTODO", "VJOURNAL", "AVAILABLE"]),
    often("RELATED-TO", Kind::Other, ANYWHERE),
    once("URL", Kind::Uri, ANYWHERE),
    once("UID", Kind::Text, ANYWHERE),
    often("EXDATE", Kind::TimeList, RECURRING),
    often("RDATE", Kind::TimeList, RECURRING),
    often("RRULE", Kind::Rule, RECURRING),
    often("EXRULE", Kind::Rule, RECURRING),
    once("ACTION", Kind::Text, ALARM),
    once("REPEAT", Kind::Other, ALARM),
    once("TRIGGER", Kind::Other, ALARM),
    once("ACKNOWLEDGED", Kind::Stamp, ALARM),
    once("PROXIMITY", Kind::Text, ALARM),
    once("CREATED", Kind::Stamp, ANYWHERE),
    once("DTSTAMP", Kind::Stamp, ANYWHERE),
    once("LAST-MODIFIED", Kind::Stamp, ANYWHERE),
    once("SEQUENCE", Kind::Other, &["VEVENT", "VTODO", "VJOURNAL", "VAVAILABILITY"]),
    often("REQUEST-STATUS", Kind::Other, ENTRIES_AND_BUSY),
    once("BUSYTYPE", Kind::Text, &["VAVAILABILITY"]),
    often("STYLED-DESCRIPTION", Kind::Other, ANYWHERE),
    often("STRUCTURED-DATA", Kind::Other, ANYWHERE),
    often("LOCATION-TYPE", Kind::TextList, ANYWHERE),
    often("PARTICIPANT-TYPE", Kind::TextList, ANYWHERE),
    often("RESOURCE-TYPE", Kind::TextList, ANYWHERE),
    once("CALENDAR-ADDRESS", Kind::Address, ANYWHERE),
    often("LINK", Kind::Other, ANYWHERE),
    often("CONCEPT", Kind::Uri, ANYWHERE),
    often("REFID", Kind::Text, ANYWHERE),
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
