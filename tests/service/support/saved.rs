//! A committed event, with the changes that an editor makes.

use calendar_domain::revision::revise;
use calendar_domain::{
    Event, EventId, EventStatus, Lang, Publication, Record, RecordKey, RecordKind, Slug, Uid, When,
};
use calendar_store::{Change, Store, Stored};

use super::TestServer;
use super::builders::venue;
use super::server::local_time;

/// A committed event.
pub struct Saved<'a> {
    app: &'a TestServer,
    id: EventId,
    slug: Slug,
    uid: Uid,
}

impl<'a> Saved<'a> {
    /// Wraps an event, whatever its origin.
    pub fn of(app: &'a TestServer, event: &Event) -> Self {
        Self {
            app,
            id: event.id.clone(),
            slug: event.slug.clone(),
            uid: event.uid.clone(),
        }
    }

    /// Returns the published event with a slug.
    #[track_caller]
    pub fn find(app: &'a TestServer, slug: &str) -> Self {
        let slug: Slug = slug.parse().expect("a slug");
        let snapshot = app.snapshot();
        let entry = snapshot
            .event_at(&slug)
            .unwrap_or_else(|| panic!("no event {slug}"));
        Self::of(app, &entry.event())
    }

    /// Returns its UID.
    pub fn uid(&self) -> &str {
        self.uid.as_str()
    }

    /// Returns the path of its page.
    pub fn page(&self) -> String {
        format!("/events/{}", self.slug)
    }

    /// Returns the path of its calendar file.
    pub fn file(&self) -> String {
        format!("/events/{}.ics", self.slug)
    }

    fn stored(&self) -> Stored {
        let key = RecordKey::new(RecordKind::Event, self.id.as_str());
        let stored = self
            .app
            .calendar()
            .get(&key)
            .expect("the store can be read");
        stored.expect("the event is in the store")
    }

    /// Returns the stored event.
    pub fn record(&self) -> Event {
        match self.stored().record {
            Record::Event(event) => (*event).clone(),
            other => panic!("{other:?} is no event"),
        }
    }

    /// Changes it, with a new SEQUENCE and modification time where needed.
    #[track_caller]
    pub fn change(&self, change: impl FnOnce(&mut Event)) {
        let old = self.record();
        let mut next = old.clone();
        change(&mut next);
        let next = revise(&old, next, self.app.now()).expect("the change changes something");
        let change = Change::update(next.into(), self.stored().revision);
        self.app.commit_changes(vec![change]);
    }

    /// Cancels it.
    #[track_caller]
    pub fn cancel(&self) {
        self.change(|event| event.status = EventStatus::Cancelled);
    }

    /// Reschedules it.
    #[track_caller]
    pub fn move_to(&self, start: &str) {
        self.change(|event| {
            let When::Timed { zone, .. } = event.schedule.when else {
                panic!("{:?} is not on the clock", event.schedule.when);
            };
            event.schedule.when = When::Timed {
                start: local_time(start),
                end: None,
                zone,
            };
            event.status = EventStatus::Rescheduled;
        });
    }

    /// Moves it to another place.
    #[track_caller]
    pub fn move_from_its_place_to(&self, place: &str) {
        let venue = venue(&self.app.snapshot(), place);
        self.change(|event| event.venues = vec![venue]);
    }

    /// Changes the title.
    #[track_caller]
    pub fn rename(&self, title: &str) {
        self.change(|event| event.title.set(Lang::Nb, title));
    }

    /// Withdraws it.
    #[track_caller]
    pub fn withdraw(&self) {
        self.change(|event| event.publication = Publication::Withdrawn);
    }

    /// Removes its record.
    #[track_caller]
    pub fn remove(&self) {
        let stored = self.stored();
        self.app
            .commit_changes(vec![Change::remove(stored.record.key(), stored.revision)]);
    }
}
