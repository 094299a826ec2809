use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{TimeDelta, TimeZone, Utc};

use super::*;
use crate::catalog::Calendar;
use crate::catalog::Entry;
use calendar_domain::clock::{Clock, FixedClock};
use calendar_domain::partner::Permission;
use calendar_domain::*;
use calendar_store::{Author, Change, Commit, Store};

struct Desk {
    clock: Arc<FixedClock>,
    calendar: Arc<Calendar>,
    _folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sled:{}", folder.path().join("store").display());
    let noon = Utc.with_ymd_and_hms(2027, 2, 1, 12, 0, 0).unwrap();
    let clock = Arc::new(FixedClock::at(noon));
    let calendar = Calendar::open(calendar_store::open(&url).unwrap(), clock.clone()).unwrap();
    Desk {
        clock,
        calendar: Arc::new(calendar),
        _folder: folder,
    }
}

impl Desk {
    fn put(&self, record: impl Into<Record>) {
        self.clock.set(self.clock.now() + TimeDelta::minutes(1));
        self.change(Change::put(record.into()));
    }

    fn change(&self, change: Change) {
        let commit = Commit {
            author: Author::System,
            at: self.clock.now(),
            note: String::new(),
            changes: vec![change],
        };
        self.calendar.commit(commit).unwrap();
    }

    fn change_log(&self) -> ChangeLog {
        ChangeLog::new(Arc::clone(&self.calendar))
    }
}

fn event(id: &str) -> Event {
    let schedule = Schedule::once(When::day("2027-03-01".parse().unwrap()));
    let uid = format!("{id}@test").parse().unwrap();
    let born = Utc.with_ymd_and_hms(2027, 1, 1, 12, 0, 0).unwrap();
    Event::new(id.parse().unwrap(), uid, Text::nb(id), schedule, born)
}

fn withdrawn(id: &str) -> Event {
    Event {
        publication: Publication::Withdrawn,
        ..event(id)
    }
}

fn partner(passing_on: Permission) -> Partner {
    let policy = ContentPolicy {
        passing_on,
        ..ContentPolicy::default()
    };
    Partner {
        policy,
        ..Partner::new("venue".parse().unwrap(), "Venue", Owner::DataFile)
    }
}

fn of_partner(id: &str) -> Event {
    let source = Source {
        partner: "venue".parse().unwrap(),
        origin_id: id.to_owned(),
        url: None,
        fetched_at: Utc.with_ymd_and_hms(2027, 1, 1, 12, 0, 0).unwrap(),
        content_hash: String::new(),
        secondhand: false,
        channel: calendar_domain::Channel::Feed,
    };
    Event {
        sources: vec![source],
        ..event(id)
    }
}

/// A reader that keeps a copy of the calendar.
#[derive(Default)]
struct Reader {
    cursor: Cursor,
    copy: BTreeMap<String, String>,
    told: Vec<(u64, String)>,
}

impl Reader {
    /// Reads to the end. Returns the changes, with a `-` before removed events.
    fn read(&mut self, change_log: &ChangeLog) -> Vec<String> {
        let mut said = Vec::new();
        loop {
            let extract = change_log.after(&self.cursor, 3).unwrap();
            for item in &extract.items {
                self.cursor = extract.cursor(item);
                self.told.push((item.commit, item.id.to_string()));
                let id = item.id.to_string();
                match &item.now {
                    Now::Shown(entry) => {
                        let title = entry.event().title_in(Lang::Nb).to_owned();
                        self.copy.insert(id.clone(), title);
                        said.push(id);
                    }
                    Now::Gone { slug, .. } => {
                        self.copy.remove(&id);
                        said.push(format!("-{slug}"));
                    }
                }
            }
            if !extract.more {
                return said;
            }
        }
    }
}

#[test]
fn a_reader_is_told_of_each_event_once_and_of_each_change_after_that() {
    let desk = desk();
    for id in ["a", "b", "c", "d", "e"] {
        desk.put(event(id));
    }
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    assert_eq!(reader.read(&change_log), ["a", "b", "c", "d", "e"]);
    assert!(reader.read(&change_log).is_empty());
    desk.put(Event {
        title: Text::nb("ny"),
        ..event("b")
    });
    desk.put(withdrawn("d"));
    desk.put(event("f"));
    assert_eq!(reader.read(&change_log), ["b", "-d", "f"]);
    desk.put(event("d"));
    assert_eq!(reader.read(&change_log), ["d"]);
    assert!(reader.told.is_sorted_by_key(|(commit, _)| *commit));
}

#[test]
fn drafts_are_nobodys_business() {
    let desk = desk();
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    assert!(reader.read(&change_log).is_empty());
    let draft = |title: &str| Event {
        publication: Publication::Draft,
        title: Text::nb(title),
        ..event("a")
    };
    desk.put(draft("one"));
    desk.put(draft("two"));
    assert!(reader.read(&change_log).is_empty());
    assert!(Reader::default().read(&desk.change_log()).is_empty());
    desk.put(event("a"));
    assert_eq!(reader.read(&change_log), ["a"]);
    desk.put(withdrawn("a"));
    desk.put(draft("three"));
    // In the store it is a draft; only its history shows that it was public.
    assert_eq!(reader.read(&desk.change_log()), ["-a"]);
}

#[test]
fn a_reader_goes_on_after_a_restart_as_if_there_had_been_none() {
    let desk = desk();
    let place = |name: &str| {
        let fields = serde_json::json!({"slug": "hall", "name": name, "owner": "data_file"});
        serde_json::from_value::<Place>(fields).unwrap()
    };
    desk.put(place("Hall"));
    desk.put(Event {
        venues: vec![Venue::Place("hall".parse().unwrap())],
        ..event("a")
    });
    desk.put(event("b"));
    desk.put(event("c"));
    let mut reader = Reader::default();
    reader.read(&desk.change_log());
    desk.put(withdrawn("b"));
    desk.put(place("Great hall"));
    // The change log must not depend on whether it saw the change or found it in the store.
    assert_eq!(reader.read(&desk.change_log()), ["-b", "a"]);
    assert!(reader.read(&desk.change_log()).is_empty());
}

#[test]
fn an_event_that_was_removed_altogether_is_told_to_be_gone() {
    let desk = desk();
    desk.put(event("a"));
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    reader.read(&change_log);
    let key = RecordKey::new(RecordKind::Event, "a");
    let revision = desk.calendar.get(&key).unwrap().unwrap().revision;
    desk.change(Change::remove(key, revision));
    assert_eq!(reader.read(&change_log), ["-a"]);
}

#[test]
fn what_a_partner_does_not_let_us_pass_on_is_not_told_of() {
    let desk = desk();
    desk.put(partner(Permission::Refused));
    desk.put(of_partner("a"));
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    assert!(reader.read(&change_log).is_empty());
    desk.put(partner(Permission::Allowed));
    assert_eq!(reader.read(&change_log), ["a"]);
    desk.put(partner(Permission::Refused));
    desk.put(of_partner("b"));
    let mut other = Reader {
        cursor: reader.cursor.clone(),
        ..Reader::default()
    };
    assert_eq!(reader.read(&change_log), ["-a"]);
    // After a restart the partner's history shows that only one of them was ever listed.
    let late = Event {
        created: desk.clock.now(),
        ..of_partner("b")
    };
    desk.put(late);
    assert_eq!(other.read(&desk.change_log()), ["-a"]);
}

#[test]
fn more_commits_than_are_remembered_are_read_from_the_store() {
    let desk = desk();
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    desk.put(event("first"));
    reader.read(&change_log);
    desk.put(withdrawn("first"));
    for number in 0..300 {
        desk.put(event(&format!("e{number:03}")));
    }
    let said = reader.read(&change_log);
    assert_eq!(said.len(), 301);
    assert_eq!(said[0], "-first");
    assert_eq!(reader.copy.len(), 300);
}

#[test]
fn no_commit_is_skipped_while_many_write_at_once() {
    let desk = desk();
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    let done = AtomicBool::new(false);
    let reader = std::thread::scope(|threads| {
        let writers: Vec<_> = (0..4)
            .map(|writer| {
                let desk = &desk;
                threads.spawn(move || {
                    for round in 0..40 {
                        let id = format!("w{writer}-{}", round % 7);
                        desk.change(Change::put(if round % 5 == 4 {
                            withdrawn(&id).into()
                        } else {
                            let title = Text::nb(format!("{writer} {round}"));
                            Event {
                                title,
                                ..event(&id)
                            }
                            .into()
                        }));
                    }
                })
            })
            .collect();
        let (change_log, done) = (&change_log, &done);
        let reading = threads.spawn(move || {
            while !done.load(Ordering::Acquire) {
                reader.read(change_log);
            }
            reader.read(change_log);
            reader
        });
        for writer in writers {
            writer.join().unwrap();
        }
        done.store(true, Ordering::Release);
        reading.join().unwrap()
    });
    let snapshot = desk.calendar.snapshot();
    let title = |entry: &Arc<Entry>| {
        let event = entry.event();
        (event.id.to_string(), event.title_in(Lang::Nb).to_owned())
    };
    let published: BTreeMap<_, _> = snapshot.events().map(title).collect();
    assert_eq!(reader.copy, published);
    assert!(reader.told.is_sorted_by_key(|(commit, _)| *commit));
}

#[test]
fn a_cursor_of_another_calendar_is_refused() {
    let desk = desk();
    desk.put(event("a"));
    let change_log = desk.change_log();
    let after = |cursor: &Cursor| Ok(change_log.after(cursor, 10)?.items.len());
    let own = desk.calendar.generation().id;
    let other = "0123456789abcdef".parse().unwrap();
    assert!(matches!(
        after(&Cursor::after(own, 99)),
        Err(ChangeLogError::Ahead)
    ));
    for commit in [0, 1, 99] {
        let refused = after(&Cursor::after(other, commit));
        assert!(matches!(refused, Err(ChangeLogError::OtherGeneration)));
    }
    let unmarked = Cursor {
        commit: 1,
        ..Cursor::default()
    };
    assert!(matches!(
        after(&unmarked),
        Err(ChangeLogError::OtherGeneration)
    ));
    assert_eq!(after(&Cursor::default()).unwrap(), 1);
    assert_eq!(after(&Cursor::after(own, 0)).unwrap(), 1);
}

#[test]
fn an_event_is_told_of_when_it_gets_or_loses_a_part() {
    let desk = desk();
    let part_of = |whole: Option<&str>| Event {
        super_event: whole.map(|id| id.parse().unwrap()),
        ..event("part")
    };
    for id in ["one", "two", "part"] {
        desk.put(event(id));
    }
    let change_log = desk.change_log();
    let mut reader = Reader::default();
    let mut changed = || {
        let mut said = reader.read(&change_log);
        said.sort();
        said
    };
    assert_eq!(changed(), ["one", "part", "two"]);
    desk.put(part_of(Some("one")));
    assert_eq!(changed(), ["one", "part"]);
    desk.put(part_of(Some("two")));
    assert_eq!(changed(), ["one", "part", "two"]);
    desk.put(Event {
        title: Text::nb("Renamed"),
        ..part_of(Some("two"))
    });
    assert_eq!(changed(), ["part"]);
    desk.put(Event {
        publication: Publication::Withdrawn,
        ..part_of(Some("two"))
    });
    assert_eq!(changed(), ["-part", "two"]);
    desk.put(part_of(Some("two")));
    assert_eq!(changed(), ["part", "two"]);
    // After a restart, the part still counts as a change of its whole.
    let mut again = Reader {
        cursor: reader.cursor,
        ..Reader::default()
    };
    desk.put(part_of(Some("one")));
    let mut said = again.read(&desk.change_log());
    said.sort();
    assert_eq!(said, ["one", "part", "two"], "the former whole too");
    // Of no interest any more.
    assert!(again.read(&desk.change_log()).is_empty());
}

#[test]
fn a_new_licence_of_the_region_is_a_change_of_each_event() {
    let desk = desk();
    let licensed = |url: &str| Region {
        licence: Some(Licence {
            name: "Licence".to_owned(),
            url: url.parse().unwrap(),
        }),
        ..desk.calendar.snapshot().region().clone()
    };
    desk.put(licensed("https://example.org/one"));
    for id in ["a", "b"] {
        desk.put(event(id));
    }
    let (change_log, mut reader) = (desk.change_log(), Reader::default());
    assert_eq!(reader.read(&change_log), ["a", "b"]);
    desk.put(Region {
        name: Text::nb("Renamed"),
        ..licensed("https://example.org/one")
    });
    assert!(reader.read(&change_log).is_empty());
    desk.put(licensed("https://example.org/two"));
    assert_eq!(reader.read(&change_log), ["a", "b"]);
}
