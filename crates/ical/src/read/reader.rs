//! Reads a calendar from bytes.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::times::ReadContext;
use super::{CalendarInfo, ComponentCount, ReadCalendar, ReadEvent, ReadStatus};
use super::{event, group};
use crate::component::Component;
use crate::encoding::without_bom;
use crate::finding::{Finding, Findings, Reason, Severity};
use crate::limits::ReadLimits;
use crate::quoted_printable;
use crate::tree;
use crate::value::{CalDuration, unescape_text};
use crate::write::is_ours;
use crate::zones::{ZoneTable, canonical, named_zone};

/// Reads an untrusted calendar file within the default limits.
///
/// ```
/// use calendar_ical::read::read;
///
/// let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n\
///             SUMMARY:Vårkonsert\r\nDTSTART;TZID=Europe/Oslo:20270410T190000\r\n\
///             END:VEVENT\r\nEND:VCALENDAR\r\n";
/// let calendar = read(file.as_bytes());
/// assert_eq!(calendar.events.len(), 1);
/// assert!(!calendar.is_truncated);
/// ```
pub fn read(bytes: &[u8]) -> ReadCalendar {
    read_within(bytes, &ReadLimits::default())
}

/// Reads an untrusted calendar file within `limits`.
pub fn read_within(bytes: &[u8], limits: &ReadLimits) -> ReadCalendar {
    let text = without_bom(bytes);
    let mut findings = Findings::with_cap(limits.findings);
    let tree = tree::parse(&text, limits, &mut findings);
    let zones = ZoneTable::new(vtimezones(&tree.roots), limits);
    let mut reader = Reader {
        context: ReadContext {
            zones,
            findings,
            limits,
        },
        calendar: ReadCalendar::default(),
        others: BTreeMap::new(),
    };
    if tree.roots.is_empty() {
        reader.report(
            1,
            "",
            Reason::NoCalendar,
            Severity::Error,
            "the file contains no calendar",
        );
    }
    reader.calendar.is_truncated =
        tree.is_capped || tree.roots.iter().any(|root| root.is_truncated);
    for root in &tree.roots {
        reader.root(root);
    }
    reader.finish()
}

/// Returns the VTIMEZONE components of a file, inside and outside its calendars.
fn vtimezones<'c, 'a>(roots: &'c [Component<'a>]) -> impl Iterator<Item = &'c Component<'a>> {
    let inside = roots.iter().flat_map(|root| &root.children);
    roots
        .iter()
        .chain(inside)
        .filter(|component| component.name == "VTIMEZONE")
}

struct Reader<'c, 'a> {
    context: ReadContext<'c, 'a>,
    calendar: ReadCalendar,
    /// First line and number of the components that are not events, by name.
    others: BTreeMap<String, (u32, usize)>,
}

impl<'a> Reader<'_, 'a> {
    fn report(
        &mut self,
        line: u32,
        component: &str,
        reason: Reason,
        severity: Severity,
        detail: impl Into<String>,
    ) {
        let (component, property) = (component.to_owned(), String::new());
        let detail = detail.into();
        self.context.findings.add(Finding {
            line,
            component,
            property,
            reason,
            severity,
            detail,
        });
    }

    fn count_read(&mut self, name: &str) {
        self.count(name).read += 1;
    }

    fn count(&mut self, name: &str) -> &mut ComponentCount {
        let counts = &mut self.calendar.components;
        if !counts.contains_key(name) {
            counts.insert(name.to_owned(), ComponentCount::default());
        }
        counts.get_mut(name).expect("it was added if missing")
    }

    fn root(&mut self, root: &Component<'a>) {
        if root.name == "VCALENDAR" {
            self.count_read("VCALENDAR");
            self.calendar.calendars.push(calendar_info(root));
            for child in &root.children {
                self.component(child);
            }
            return;
        }
        if self.calendar.calendars.is_empty() {
            self.calendar.calendars.push(CalendarInfo::default());
        }
        let detail = "is outside a VCALENDAR";
        self.report(
            root.line,
            &root.name,
            Reason::OutsideCalendar,
            Severity::Note,
            detail,
        );
        self.component(root);
    }

    fn component(&mut self, component: &Component<'a>) {
        match &*component.name {
            "VEVENT" => self.event(component),
            "VTIMEZONE" => {
                self.count_read("VTIMEZONE");
                for observance in &component.children {
                    match &*observance.name {
                        "STANDARD" | "DAYLIGHT" => self.count_read(&observance.name),
                        _ => self.not_an_event(observance),
                    }
                }
            }
            _ => self.not_an_event(component),
        }
    }

    fn not_an_event(&mut self, component: &Component<'a>) {
        let other = self.others.entry(component.name.to_string());
        other.or_insert((component.line, 0)).1 += 1;
        self.count(&component.name).reported += 1;
        for child in &component.children {
            self.not_an_event(child);
        }
    }

    fn event(&mut self, component: &Component<'a>) {
        for child in &component.children {
            self.not_an_event(child);
        }
        let calendar = self.calendar.calendars.len().saturating_sub(1);
        if component.is_truncated {
            self.calendar.truncated_uid = uid_of(component);
        }
        match event::read_event(component, calendar, &mut self.context) {
            Some(mut event) => {
                let calendar = self.calendar.calendars.last();
                let method = calendar.and_then(|calendar| calendar.method.as_deref());
                if method == Some("CANCEL") {
                    // RFC 5546 section 3.2.5: METHOD:CANCEL cancels even without STATUS.
                    event.status.get_or_insert(ReadStatus::Cancelled);
                }
                let product = calendar.and_then(|calendar| calendar.product.as_deref());
                // In calendars of this program `=C3=A5` is literal text.
                if !product.is_some_and(is_ours) {
                    without_remains(&mut event);
                }
                if event.uid.is_empty() {
                    let detail = "an event without UID, so a changed version cannot be identified";
                    let line = component.line;
                    self.report(line, "VEVENT", Reason::NoUid, Severity::Warning, detail);
                }
                self.count_read("VEVENT");
                self.calendar.events.push(event);
            }
            None => {
                self.calendar.unread_uids.extend(uid_of(component));
                self.count("VEVENT").reported += 1;
                let detail = "an event without a readable start is left out";
                self.report(
                    component.line,
                    "VEVENT",
                    Reason::NoStart,
                    Severity::Error,
                    detail,
                );
            }
        }
    }

    fn finish(mut self) -> ReadCalendar {
        for (name, (line, number)) in std::mem::take(&mut self.others) {
            let (reason, what) = match &*name {
                "VTODO" | "VJOURNAL" | "VFREEBUSY" | "VALARM" | "VAVAILABILITY" | "AVAILABLE"
                | "PARTICIPANT" | "VLOCATION" | "VRESOURCE" | "STANDARD" | "DAYLIGHT" => {
                    (Reason::NotAnEvent, "not events; left out")
                }
                _ => (Reason::UnknownComponent, "unknown; left out"),
            };
            self.report(
                line,
                &name,
                reason,
                Severity::Note,
                format!("{number} × {name}: {what}"),
            );
        }
        let mut calendar = self.calendar;
        let superseded = group::settle(&mut calendar.events, &mut self.context.findings);
        if let Some(count) = calendar.components.get_mut("VEVENT") {
            count.read -= superseded;
            count.reported += superseded;
        }
        calendar.finding_counts = self.context.findings.counts().clone();
        calendar.findings = self.context.findings.into_sorted();
        calendar
    }
}

/// Decodes texts that are quoted-printable but lost the parameter that declares it.
fn without_remains(event: &mut ReadEvent) {
    let texts = [
        &mut event.summary,
        &mut event.description,
        &mut event.location,
    ];
    for told in texts.into_iter().flatten() {
        if let Cow::Owned(decoded) = quoted_printable::without_remains(&told.text) {
            told.text = decoded;
        }
    }
}

fn uid_of(component: &Component<'_>) -> Option<String> {
    let told = component.property("UID")?.decoded_value();
    let uid = unescape_text(&told).trim().to_owned();
    (!uid.is_empty()).then_some(uid)
}

fn calendar_info(component: &Component<'_>) -> CalendarInfo {
    let text = |names: &[&str]| {
        let found = names.iter().find_map(|name| component.property(name))?;
        let text = unescape_text(&found.decoded_value()).trim().to_owned();
        (!text.is_empty()).then_some(text)
    };
    CalendarInfo {
        line: component.line,
        name: text(&["NAME", "X-WR-CALNAME"]),
        description: text(&["DESCRIPTION", "X-WR-CALDESC"]),
        default_zone: text(&["X-WR-TIMEZONE"])
            .and_then(|name| named_zone(&name))
            .map(canonical),
        method: text(&["METHOD"]).map(|method| method.to_ascii_uppercase()),
        product: text(&["PRODID"]),
        url: text(&["SOURCE", "URL"]),
        refresh: text(&["REFRESH-INTERVAL", "X-PUBLISHED-TTL"])
            .and_then(|duration| CalDuration::parse(&duration)),
    }
}
