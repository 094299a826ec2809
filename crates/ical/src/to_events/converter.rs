//! Converts read events to drafts.

use std::collections::HashMap;

use chrono_tz::Tz;
use url::Url;

use super::own_text::Own;
use super::text::StatusMarkers;
use super::{cut, one_line};
use crate::finding::{Finding, Reason, Severity};
use crate::limits::ReadLimits;
use crate::read::{
    AttachedLink, CalTime, ComponentSet, ReadCalendar, ReadEvent, ReadOrganizer, ReadStatus, series,
};
use crate::write::is_ours;
use calendar_domain::image::image_licence_name;
use calendar_domain::recurrence::ExpansionLimits as RuleLimits;
use calendar_domain::{
    Admission, EventDraft, EventStatus, Image, Lang, OrganizerRef, Schedule, Text,
};

/// Defaults for information missing in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadOptions {
    /// Zone of floating times.
    pub default_zone: Tz,
    /// Language of texts without LANGUAGE.
    pub language: Lang,
}

/// Maximum number of expansion steps per rule: daily for about 50 years.
const RULE_STEPS: u64 = 20_000;

/// Maximum number of images per event.
const IMAGES: usize = 20;
/// Maximum length of the description, creator and licence of an image.
const IMAGE_LETTERS: usize = 300;

/// Maximum number of categories per event, and maximum characters of each.
const CATEGORIES: usize = 50;

const CATEGORY_LETTERS: usize = 100;

/// Converts the events of a file to drafts, in file order. Also returns findings about information
/// that was lost.
///
/// ```
/// use calendar_domain::Lang;
/// use calendar_ical::read::read;
/// use calendar_ical::to_events::{ReadOptions, to_drafts};
///
/// let file = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1@example.org\r\n\
///             SUMMARY:Vårkonsert\r\nDTSTART;VALUE=DATE:20270410\r\n\
///             END:VEVENT\r\nEND:VCALENDAR\r\n";
/// let options = ReadOptions { default_zone: chrono_tz::Europe::Oslo, language: Lang::Nb };
/// let (drafts, findings) = to_drafts(&read(file.as_bytes()), &options);
/// assert_eq!(drafts[0].title.get(Lang::Nb), "Vårkonsert");
/// assert!(findings.is_empty());
/// ```
pub fn to_drafts(
    calendar: &ReadCalendar,
    options: &ReadOptions,
) -> (Vec<EventDraft>, Vec<Finding>) {
    let mut converter = Converter {
        calendar,
        options,
        rule_limits: ReadLimits {
            rule_steps: RULE_STEPS,
            ..ReadLimits::default()
        }
        .of_rule(),
        marks: StatusMarkers::new(),
        findings: Vec::new(),
        origins: HashMap::new(),
        recurring: 0,
    };
    let drafts = series(calendar)
        .iter()
        .flat_map(|series| converter.series(series))
        .collect();
    (drafts, converter.findings)
}

pub(super) struct Converter<'c> {
    pub(super) calendar: &'c ReadCalendar,
    pub(super) options: &'c ReadOptions,
    pub(super) rule_limits: RuleLimits,
    pub(super) marks: StatusMarkers,
    pub(super) findings: Vec<Finding>,
    /// Origins in use, with the last number appended to each.
    origins: HashMap<String, u32>,
    /// Number of recurring events so far.
    pub(super) recurring: usize,
}

impl Converter<'_> {
    pub(super) fn report(
        &mut self,
        event: &ReadEvent,
        property: &str,
        reason: Reason,
        severity: Severity,
        detail: impl Into<String>,
    ) {
        if self.findings.len() >= ReadLimits::default().findings {
            return;
        }
        self.findings.push(Finding {
            line: event.line,
            component: "VEVENT".to_owned(),
            property: property.to_owned(),
            reason,
            severity,
            detail: detail.into(),
        });
    }

    /// Returns the draft of an event with its overrides, or of each override if the event is
    /// missing.
    fn series(&mut self, series: &ComponentSet<'_>) -> Vec<EventDraft> {
        let Some(master) = series.master else {
            let alone = series.overrides.iter();
            return alone
                .filter_map(|change| self.lone_override(change))
                .collect();
        };
        if self.is_private(master) {
            return Vec::new();
        }
        let Some(schedule) = self.schedule(master, &series.overrides) else {
            return Vec::new();
        };
        let origin = self.origin_of(master);
        vec![self.draft(master, origin, schedule)]
    }

    fn lone_override(&mut self, change: &ReadEvent) -> Option<EventDraft> {
        if self.is_private(change) {
            return None;
        }
        let when = self.when(change)?;
        let origin = match &change.recurrence_id {
            Some(id) => format!("{}#{}", change.uid, id.time.local().format("%Y%m%dT%H%M%S")),
            None => change.uid.clone(),
        };
        let origin = self.unique(origin, &change.start);
        let mut draft = self.draft(change, origin, Schedule::once(when));
        // The UID identifies the whole series, so other overrides may share it.
        draft.uid = None;
        Some(draft)
    }

    fn is_private(&mut self, event: &ReadEvent) -> bool {
        if event.private {
            let detail = "its CLASS is not public; left out";
            self.report(event, "CLASS", Reason::NotKept, Severity::Warning, detail);
        }
        event.private
    }

    /// Returns the UID, or the start and title if there is none.
    fn origin_of(&mut self, event: &ReadEvent) -> String {
        let origin = if event.uid.is_empty() {
            let title = cut(&one_line(event.title()), CATEGORY_LETTERS).0;
            format!("{}#{title}", event.start.local().format("%Y%m%dT%H%M%S"))
        } else {
            cut(&event.uid, 1000).0
        };
        self.unique(origin, &event.start)
    }

    /// Makes an origin unique among events with the same UID by appending the start, then a number.
    fn unique(&mut self, origin: String, start: &CalTime) -> String {
        if !self.origins.contains_key(&origin) {
            self.origins.insert(origin.clone(), 1);
            return origin;
        }
        let base = format!("{origin}#{}", start.local().format("%Y%m%dT%H%M%S"));
        loop {
            let next = self.origins.entry(base.clone()).or_insert(0);
            *next += 1;
            if *next == 1 {
                return base;
            }
            let numbered = format!("{base}#{next}");
            if !self.origins.contains_key(&numbered) {
                self.origins.insert(numbered.clone(), 1);
                return numbered;
            }
        }
    }

    fn draft(&mut self, event: &ReadEvent, origin: String, schedule: Schedule) -> EventDraft {
        let own = self.own(event);
        let (title, status) = self.title(event, own.as_ref());
        let mut draft = EventDraft::new(origin, title, schedule);
        draft.uid = event
            .uid
            .parse()
            .ok()
            .filter(|_| draft.origin_id == event.uid);
        draft.status = status;
        draft.description = self.description(event, own.as_ref());
        (draft.venues, draft.online_url) = self.venues(event, own.as_ref());
        draft.organizer = event.organizer.as_ref().and_then(organizer);
        draft.categories = categories(event);
        draft.admission = admission(event.cost.as_deref());
        let lang = self.language_of(event);
        let images = event.images.iter().filter_map(|link| image(link, lang));
        draft.images = images.take(IMAGES).collect();
        draft.website = event.url.as_deref().and_then(web_address);
        draft.super_event = parent(event);
        draft.sequence = Some(event.sequence);
        draft.modified = event.last_modified.map(|at| at.and_utc());
        if let Some(own) = own {
            own.fill(&mut draft, self.language_of(event));
        }
        draft
    }

    /// Returns the fields in an event's description if this program wrote the calendar.
    pub(super) fn own(&self, event: &ReadEvent) -> Option<Own> {
        let calendar = self.calendar.calendars.get(event.calendar)?;
        let ours = calendar.product.as_deref().is_some_and(is_ours);
        ours.then(|| Own::read(event, self.language_of(event)))
    }

    /// Returns the language of an event's description, or the default if it is not supported.
    fn language_of(&self, event: &ReadEvent) -> Lang {
        let told = event.description.first();
        told.and_then(|told| told.language.as_deref()?.parse().ok())
            .unwrap_or(self.options.language)
    }
}

pub(super) fn status_of(event: &ReadEvent) -> EventStatus {
    match event.status {
        None | Some(ReadStatus::Confirmed) => EventStatus::Scheduled,
        Some(ReadStatus::Tentative) => EventStatus::Tentative,
        Some(ReadStatus::Cancelled) => EventStatus::Cancelled,
    }
}

/// Parses a web address; other URIs are rejected.
pub(super) fn web_address(text: &str) -> Option<Url> {
    let url = Url::parse(text.trim()).ok()?;
    (["http", "https"].contains(&url.scheme()) && url.has_host() && text.len() <= 2000)
        .then_some(url)
}

/// Returns the organizer's name and web page. Mail addresses are private and dropped.
fn organizer(read: &ReadOrganizer) -> Option<OrganizerRef> {
    let name = one_line(read.name.as_deref()?);
    let is_name = !name.is_empty() && !name.contains('@');
    let url = web_address(&read.address);
    is_name.then(|| OrganizerRef::Described {
        name: cut(&name, 200).0,
        url,
    })
}

fn categories(event: &ReadEvent) -> Vec<String> {
    let names = event
        .categories
        .iter()
        .map(|name| cut(&one_line(name), CATEGORY_LETTERS).0);
    let mut kept: Vec<String> = Vec::new();
    for name in names.take(CATEGORIES) {
        if !name.is_empty() && !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn admission(cost: Option<&str>) -> Admission {
    let Some(cost) = cost else {
        return Admission::Unknown;
    };
    let cost = cost.trim().to_lowercase();
    match &*cost {
        "" => Admission::Unknown,
        "0" | "0.00" | "0,00" | "free" | "gratis" | "kr 0" | "0 kr" | "0,-" => Admission::Free,
        _ if cost.bytes().any(|b| b.is_ascii_digit()) => Admission::Paid,
        _ => Admission::Unknown,
    }
}

fn image(link: &AttachedLink, lang: Lang) -> Option<Image> {
    let url = web_address(&link.url)?;
    let text = |value: &Option<String>| {
        let value = value.as_deref().unwrap_or_default();
        cut(&one_line(value), IMAGE_LETTERS).0
    };
    let some = |value| Some(text(value)).filter(|text| !text.is_empty());
    let licence = some(&link.licence);
    let licence = licence.map(|named| image_licence_name(&named).map_or(named, str::to_owned));
    Some(Image {
        alt: Text::in_lang(lang, text(&link.alt)),
        credit: some(&link.credit),
        licence,
        ..Image::at(url)
    })
}

fn parent(event: &ReadEvent) -> Option<String> {
    let parent = event
        .related
        .iter()
        .find(|relation| relation.kind == "PARENT")?;
    (!parent.uid.is_empty() && parent.uid != event.uid).then(|| parent.uid.clone())
}
