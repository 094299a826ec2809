//! Builders of events.

use std::collections::BTreeSet;

use calendar_domain::{
    Admission, Channel, EditionRef, Event, EventStatus, Lang, OrganizerRef, Override, PartnerId,
    Publication, Recurrence, Schedule, Slug, Source, Start, Text, Venue, When,
};
use calendar_store::Change;
use chrono::{DateTime, NaiveDate};
use chrono_tz::{Europe::Oslo, Tz};
use elverum_calendar::catalog::Snapshot;

use super::TestServer;
use super::region::{slug, slug_of};
use super::saved::Saved;
use super::server::local_time;

/// Starts an event with a title. Its time is required, the rest is optional.
pub fn event(title: &str) -> EventBuilder {
    EventBuilder {
        title: Text::nb(title),
        when: None,
        zone: Oslo,
        recurrence: Recurrence::default(),
        status: EventStatus::Scheduled,
        publication: Publication::Published,
        places: Vec::new(),
        organizer: None,
        categories: BTreeSet::new(),
        audiences: BTreeSet::new(),
        series: None,
        admission: Admission::Unknown,
        description: Text::default(),
        partner: None,
    }
}

/// A builder of an event.
#[derive(Debug, Clone)]
pub struct EventBuilder {
    title: Text,
    when: Option<When>,
    zone: Tz,
    recurrence: Recurrence,
    status: EventStatus,
    publication: Publication,
    places: Vec<String>,
    organizer: Option<String>,
    categories: BTreeSet<Slug>,
    audiences: BTreeSet<Slug>,
    series: Option<EditionRef>,
    admission: Admission,
    description: Text,
    partner: Option<PartnerId>,
}

fn date(text: &str) -> NaiveDate {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

impl EventBuilder {
    /// Sets the zone, if it is not the region's. Must come before the time.
    pub fn in_zone(mut self, zone: Tz) -> Self {
        self.zone = zone;
        self
    }

    /// Sets the start, such as `2027-06-01T18:00`, without an end.
    pub fn on(mut self, start: &str) -> Self {
        self.when = Some(When::Timed {
            start: local_time(start),
            end: None,
            zone: self.zone,
        });
        self
    }

    /// Sets the end.
    pub fn until(mut self, local_end: &str) -> Self {
        match &mut self.when {
            Some(When::Timed { end, .. }) => *end = Some(local_time(local_end)),
            other => panic!("{other:?} has no end on the clock"),
        }
        self
    }

    /// Sets whole days, both inclusive.
    pub fn on_days(mut self, first: &str, last: &str) -> Self {
        self.when = Some(When::days(date(first), date(last)));
        self
    }

    /// Sets a day without a time.
    pub fn some_time_on(mut self, day: &str) -> Self {
        self.when = Some(When::TimeToCome { date: date(day) });
        self
    }

    /// Adds a rule of RFC 5545, such as `FREQ=WEEKLY;COUNT=5`.
    pub fn repeating(mut self, rule: &str) -> Self {
        let parsed = rule
            .parse()
            .unwrap_or_else(|error| panic!("{rule}: {error}"));
        self.recurrence.rule = Some(parsed);
        self
    }

    /// Excludes an occurrence.
    pub fn but_not_on(mut self, start: &str) -> Self {
        self.recurrence
            .exdates
            .insert(Start::Local(local_time(start)));
        self
    }

    /// Moves an occurrence to another time.
    pub fn with_one_moved(mut self, start: &str, to: &str) -> Self {
        let when = When::Timed {
            start: local_time(to),
            end: None,
            zone: self.zone,
        };
        let change = Override {
            when: Some(when),
            ..Override::default()
        };
        self.recurrence
            .overrides
            .insert(Start::Local(local_time(start)), change);
        self
    }

    /// Moves an occurrence to another known place.
    pub fn with_one_at(mut self, start: &str, place: &str) -> Self {
        let place = place
            .parse()
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        let change = Override {
            venues: Some(vec![Venue::Place(place)]),
            ..Override::default()
        };
        self.recurrence
            .overrides
            .insert(Start::Local(local_time(start)), change);
        self
    }

    /// Cancels an occurrence.
    pub fn with_one_cancelled(mut self, start: &str) -> Self {
        let change = Override {
            status: Some(EventStatus::Cancelled),
            ..Override::default()
        };
        self.recurrence
            .overrides
            .insert(Start::Local(local_time(start)), change);
        self
    }

    /// One occurrence that differs.
    pub fn with_change(mut self, start: Start, change: Override) -> Self {
        self.recurrence.overrides.insert(start, change);
        self
    }

    /// One occurrence left out, by its start.
    pub fn without(mut self, start: Start) -> Self {
        self.recurrence.exdates.insert(start);
        self
    }

    /// Further occurrences.
    pub fn also_on(mut self, starts: impl IntoIterator<Item = Start>) -> Self {
        self.recurrence.rdates.extend(starts);
        self
    }

    /// Its time, of whatever kind.
    pub fn at_time(mut self, when: When) -> Self {
        self.when = Some(when);
        self
    }

    /// Sets the status.
    pub fn standing(mut self, status: EventStatus) -> Self {
        self.status = status;
        self
    }

    /// Makes it a draft.
    pub fn drafted(mut self) -> Self {
        self.publication = Publication::Draft;
        self
    }

    /// Adds a place: a known one with this name, or a described one.
    pub fn at(mut self, place: &str) -> Self {
        self.places.push(place.to_owned());
        self
    }

    /// Sets the organizer: a known one with this name, or a described one.
    pub fn by(mut self, organizer: &str) -> Self {
        self.organizer = Some(organizer.to_owned());
        self
    }

    /// Adds a category by slug.
    pub fn under(mut self, category: &str) -> Self {
        self.categories.insert(slug(category));
        self
    }

    /// Adds an audience by slug.
    pub fn for_audience(mut self, audience: &str) -> Self {
        self.audiences.insert(slug(audience));
        self
    }

    /// Sets the series and edition.
    pub fn edition(mut self, series: &str, edition: &str) -> Self {
        self.series = Some(EditionRef {
            series: slug(series),
            edition: slug(edition),
        });
        self
    }

    /// Sets free admission.
    pub fn free(mut self) -> Self {
        self.admission = Admission::Free;
        self
    }

    /// Sets the English title.
    pub fn called_in_english(mut self, title: &str) -> Self {
        self.title.set(Lang::En, title);
        self
    }

    /// Sets the description.
    pub fn described(mut self, text: &str) -> Self {
        self.description = Text::nb(text);
        self
    }

    /// Sets the partner that it came from.
    pub fn sent_by(mut self, id: &str) -> Self {
        self.partner = Some(id.parse().unwrap());
        self
    }

    /// Commits it as a new event.
    #[track_caller]
    pub fn save(self, app: &TestServer) -> Saved<'_> {
        let event = self.finish(app);
        let saved = Saved::of(app, &event);
        app.commit_changes(vec![Change::create(event.into())]);
        saved
    }

    /// The event as it would be committed.
    pub fn finish(self, app: &TestServer) -> Event {
        let calendar = app.calendar();
        let id = calendar.clock().new_id();
        let snapshot = calendar.snapshot();
        let own = slug_of(
            self.title
                .exact(Lang::Nb)
                .expect("every title is there in bokmål"),
        );
        let recurs = self.recurrence != Recurrence::default();
        let schedule = Schedule {
            when: self.when.expect("an event has a time: say on(…)"),
            recurrence: recurs.then_some(self.recurrence),
        };
        Event {
            id: id.to_string().parse().expect("a UUID is an event id"),
            description: self.description,
            status: self.status,
            publication: self.publication,
            venues: self
                .places
                .iter()
                .map(|name| venue(&snapshot, name))
                .collect(),
            organizer: self
                .organizer
                .as_deref()
                .map(|name| organizer(&snapshot, name)),
            categories: self.categories,
            audiences: self.audiences,
            admission: self.admission,
            series: self.series,
            sources: self.partner.into_iter().map(source).collect(),
            ..Event::new(own, id.into(), self.title, schedule, app.now())
        }
    }
}

fn source(partner: PartnerId) -> Source {
    Source {
        partner,
        origin_id: "1".into(),
        url: None,
        fetched_at: DateTime::UNIX_EPOCH,
        content_hash: String::new(),
        secondhand: false,
        channel: Channel::Feed,
    }
}

/// Returns the known place with a name, or a described one.
pub fn venue(snapshot: &Snapshot, name: &str) -> Venue {
    match snapshot.places().find(|place| place.name == name) {
        Some(place) => Venue::Place(place.slug.clone()),
        None => Venue::named(name),
    }
}

fn organizer(snapshot: &Snapshot, name: &str) -> OrganizerRef {
    match snapshot
        .organizers()
        .find(|organizer| organizer.name == name)
    {
        Some(organizer) => OrganizerRef::Organizer(organizer.slug.clone()),
        None => OrganizerRef::Described {
            name: name.to_owned(),
            url: None,
        },
    }
}
