//! Invariants that are checked after each step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calendar_domain::{Publication, Subject};
use elverum_calendar::ingest::run::Ended;

use super::reference::{Expected, Standing, Thing};
use super::words::{FIELDS, Words};
use super::world::{PARTNERS, World};
use crate::*;

type Outcome = Result<RunReport, RunError>;

macro_rules! ensure {
    ($holds:expr, $($what:tt)*) => {
        if !$holds {
            return Err(format!($($what)*));
        }
    };
}

fn counts(report: &RunReport) -> [usize; 8] {
    [
        report.created,
        report.updated,
        report.joined,
        report.unchanged,
        report.refused,
        report.missing,
        report.withdrawn,
        report.suggestions,
    ]
}

/// Checks that a rehearsal reported what the run did.
pub fn is_as_rehearsed(dry: &Outcome, report: &Outcome) -> Result<(), String> {
    let (dry, report) = match (dry, report) {
        (Ok(dry), Ok(report)) => (dry, report),
        (Ok(_), Err(RunError::Held { .. })) => return Ok(()),
        (dry, report) => return Err(format!("{dry:?} but {report:?}")),
    };
    let doubts = |report: &RunReport| matches!(report.ended, Ended::Quarantined(_));
    ensure!(doubts(dry) == doubts(report), "{dry:?} but {report:?}");
    ensure!(counts(dry) == counts(report), "{dry:#?} but {report:#?}");
    let items = |report: &RunReport| serde_json::to_value(&report.items).unwrap();
    ensure!(items(dry) == items(report), "{dry:#?} but {report:#?}");
    Ok(())
}

pub fn is_as_expected(report: &Outcome, expected: Expected) -> Result<(), String> {
    let report = match report {
        Err(RunError::Held { .. }) => {
            ensure!(expected.is_held, "the partner is held");
            return Ok(());
        }
        Err(error) => return Err(format!("the run failed: {error}")),
        Ok(report) => report,
    };
    ensure!(!expected.is_held, "a partner that is held has written");
    let is_doubted = matches!(report.ended, Ended::Quarantined(_));
    ensure!(
        is_doubted == expected.is_doubted,
        "{expected:?} but {report:#?}"
    );
    let found = Expected {
        is_held: false,
        is_doubted,
        created: report.created,
        joined: report.joined,
        refused: report.refused,
        withdrawn: report.withdrawn,
        missing: report.missing,
        learnt: expected.learnt,
    };
    ensure!(
        is_doubted || found == expected,
        "{expected:?} but {report:#?}"
    );
    Ok(())
}

/// Checks that a repeated response changes nothing. `renamed` events have new identifiers, which are learned on
/// repetition.
pub fn is_nothing_new(again: &Outcome, renamed: usize) -> Result<(), String> {
    let again = again.as_ref().map_err(ToString::to_string)?;
    let new = (again.created, again.joined);
    ensure!(
        new == (0, 0) && again.updated <= renamed,
        "the same answer again: {again:#?}"
    );
    Ok(())
}

/// Returns all stored events. They are read again only after a commit.
fn stored(world: &mut World) -> Arc<Vec<Event>> {
    let head = world.office().commits();
    if world.stored.0 != head {
        world.stored = (head, Arc::new(read(world)));
    }
    Arc::clone(&world.stored.1)
}

fn read(world: &World) -> Vec<Event> {
    let mut found = Vec::new();
    let calendar = &world.office().calendar;
    let scanned = calendar.scan(&[RecordKind::Event], &mut |batch| {
        found.extend(batch.into_iter().filter_map(|batch| match batch.record {
            Record::Event(event) => Some(Event::clone(&event)),
            _ => None,
        }));
    });
    scanned.unwrap();
    found
}

pub fn calendar(world: &mut World) -> Result<(), String> {
    let before = world.checked;
    let events = stored(world);
    things(world)?;
    withdrawals(world)?;
    words(world, &events)?;
    world.checked = world.office().commits();
    if world.checked == before {
        return Ok(());
    }
    names(&events)?;
    suggestions(world)?;
    opened_anew(world, &events)
}

/// Checks that slugs, `UID`s and origins are unique.
fn names(events: &[Event]) -> Result<(), String> {
    let mut seen = BTreeMap::new();
    for event in events {
        let origins = event.sources.iter();
        let origins =
            origins.map(|origins| format!("origin {}/{}", origins.partner, origins.origin_id));
        let names = [format!("slug {}", event.slug), format!("uid {}", event.uid)];
        for name in origins.chain(names) {
            let before = seen.insert(name.clone(), &event.id);
            ensure!(before.is_none(), "{before:?} and {} share {name}", event.id);
        }
    }
    Ok(())
}

fn standing(event: &Event) -> Standing {
    match event.publication {
        Publication::Published => Standing::Published,
        Publication::Submitted => Standing::Waiting,
        Publication::Rejected => Standing::Rejected,
        Publication::Withdrawn | Publication::Draft => Standing::Withdrawn,
    }
}

/// Checks that the stored events are exactly those of the model.
pub fn things(world: &mut World) -> Result<(), String> {
    let events = stored(world);
    let mut known = BTreeSet::new();
    for thing in &mut world.model.things {
        let Some(origin) = thing.origins.first() else {
            continue;
        };
        let tells = |event: &&Event| {
            let mut sources = event.sources.iter();
            sources.any(|source| {
                (source.partner.as_str(), &source.origin_id)
                    == (PARTNERS[origin.partner], &origin.name)
            })
        };
        let Some(event) = events.iter().find(tells) else {
            return Err(format!("nothing is stored of {thing:#?}"));
        };
        is_as_said(event, thing)?;
        if let Some(id) = &thing.id {
            ensure!(*id == event.id, "{id} became {}: {thing:#?}", event.id);
        }
        if let Some(uid) = &thing.uid {
            ensure!(
                uid == event.uid.as_str(),
                "the UID of {thing:#?} became {}",
                event.uid
            );
        }
        known.insert(event.id.clone());
    }
    for event in events.iter().filter(|event| !event.sources.is_empty()) {
        ensure!(known.contains(&event.id), "nobody expects {}", shown(event));
    }
    let lost = events
        .iter()
        .find(|event| event.sources.is_empty() && event.is_public());
    ensure!(lost.is_none(), "published without a source: {lost:#?}");
    // All checks passed, so the ids can be taken from the store.
    for thing in &mut world.model.things {
        let Some(origin) = thing.origins.first() else {
            continue;
        };
        let event = events.iter().find(|event| {
            let mut sources = event.sources.iter();
            sources.any(|source| {
                (source.partner.as_str(), &source.origin_id)
                    == (PARTNERS[origin.partner], &origin.name)
            })
        });
        thing.id = event.map(|event| event.id.clone());
        thing.uid = event.map(|event| event.uid.to_string());
    }
    Ok(())
}

fn shown(event: &Event) -> String {
    let sources = event.sources.iter();
    let sources: Vec<String> = sources
        .map(|source| format!("{}/{}", source.partner, source.origin_id))
        .collect();
    let (words, publication) = (Words::of(event), event.publication);
    format!("{} {publication:?} from {sources:?}: {words:?}", event.id)
}

fn is_as_said(event: &Event, thing: &Thing) -> Result<(), String> {
    let found = Words::of(event);
    ensure!(
        found == thing.shown,
        "{} but expected {thing:#?}",
        shown(event)
    );
    ensure!(
        standing(event) == thing.standing,
        "{} but expected {thing:#?}",
        shown(event)
    );
    let sources = event.sources.iter();
    let sources: Vec<_> = sources
        .map(|source| {
            (
                source.partner.as_str(),
                source.origin_id.as_str(),
                source.secondhand,
            )
        })
        .collect();
    let origins = thing.origins.iter();
    let origins: Vec<_> = origins
        .map(|origin| {
            (
                PARTNERS[origin.partner],
                origin.name.as_str(),
                origin.secondhand,
            )
        })
        .collect();
    ensure!(
        sources == origins,
        "{} but expected {thing:#?}",
        shown(event)
    );
    let is_persons = |field: &Field| event.owner(*field).is_some_and(Owner::is_person);
    let persons: BTreeSet<Field> = FIELDS.into_iter().filter(is_persons).collect();
    ensure!(
        persons == thing.by_person,
        "{persons:?} are set by people: {thing:#?}"
    );
    Ok(())
}

/// Checks that texts of other partners appear only after review.
fn words(world: &World, events: &[Event]) -> Result<(), String> {
    for event in events.iter().filter(|event| event.is_public()) {
        let Some(first) = event.sources.first().filter(|source| !source.secondhand) else {
            continue;
        };
        let words = Words::of(event);
        let said = [
            (Field::Description, &words.text),
            (Field::Organizer, &words.organizer),
        ];
        for (field, text) in said {
            let whose = PARTNERS
                .iter()
                .position(|partner| text.starts_with(&format!("Fra {partner} ")));
            let Some(whose) = whose else { continue };
            let is_first = first.partner.as_str() == PARTNERS[whose];
            // Reviewed in the name of any partner: the text may be a copy's.
            let reviewed = |by| world.reviewed.contains(&(event.id.clone(), field, by));
            let is_reviewed = (0..PARTNERS.len()).any(reviewed);
            // A copy has the text of its original.
            let copies = |origin: &super::reference::Origin| {
                origin.secondhand && origin.words.agrees(field, &words)
            };
            let mut things = world.model.things.iter();
            let thing = things.find(|thing| thing.id.as_ref() == Some(&event.id));
            let mut origins = thing.into_iter().flat_map(|thing| &thing.origins);
            let is_source = origins.any(|origin| origin.partner == whose || copies(origin));
            ensure!(
                is_source,
                "{text} stands there without its source: {}",
                shown(event)
            );
            ensure!(
                is_first || is_reviewed,
                "nobody has reviewed {text}: {}",
                shown(event)
            );
        }
    }
    Ok(())
}

/// Checks that open suggestions have the partners' current values.
fn suggestions(world: &World) -> Result<(), String> {
    let open = elverum_calendar::editorial::open_matters(&*world.office().calendar);
    for suggestion in open.unwrap().suggestions {
        let Subject::Fields { fields, told } = &suggestion.matter else {
            continue;
        };
        let told = Words::of(told);
        let mut things = world.model.things.iter();
        let thing = things.find(|thing| thing.id.as_ref() == Some(&suggestion.event));
        let thing = thing.ok_or_else(|| format!("about nothing: {suggestion:#?}"))?;
        let partner = suggestion.partner.as_str();
        let mut mine = thing
            .origins
            .iter()
            .filter(|origin| PARTNERS[origin.partner] == partner);
        let says = |origin: &super::reference::Origin| {
            let mut fields = FIELDS.into_iter().filter(|field| fields.contains(field));
            fields.all(|field| origin.said.agrees(field, &told))
        };
        ensure!(
            mine.any(says),
            "{partner} no longer says {told:?} of {fields:?}: {thing:#?}"
        );
    }
    Ok(())
}

/// Checks that no event with a first-hand source is withdrawn, except by a person or a rollback.
fn withdrawals(world: &World) -> Result<(), String> {
    for (index, thing) in world.model.things.iter().enumerate() {
        let is_explained = thing.is_decided || world.taken_back.contains(&index);
        if thing.standing != Standing::Withdrawn || is_explained {
            continue;
        }
        let still = |origin: &super::reference::Origin| {
            !origin.secondhand && world.told[origin.partner].contains(&origin.name)
        };
        let still = thing.origins.iter().find(|origin| still(origin));
        ensure!(
            still.is_none(),
            "withdrawn though {still:?} is told of: {thing:#?}"
        );
    }
    Ok(())
}

/// Checks that the catalog in memory, and one opened anew, match the store.
fn opened_anew(world: &World, events: &[Event]) -> Result<(), String> {
    let office = world.office();
    let store = Arc::clone(office.calendar.store());
    let anew = Calendar::open(store, office.clock.clone()).unwrap();
    let mut public: Vec<&Event> = events.iter().filter(|event| event.is_public()).collect();
    public.sort_by(|a, b| a.id.cmp(&b.id));
    let mut hidden: Vec<(&str, String, &EventId)> = Vec::new();
    for event in events.iter().filter(|event| !event.is_public()) {
        let names = event.sources.iter();
        hidden.extend(names.map(|name| (name.partner.as_str(), name.origin_id.clone(), &event.id)));
    }
    hidden.sort();
    for calendar in [&*office.calendar, &anew] {
        let snapshot = calendar.snapshot();
        let found = snapshot.events().map(|events| (*events.event()).clone());
        let mut found: Vec<Event> = found.collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        ensure!(
            found.iter().eq(public.iter().copied()),
            "{found:#?} but stored {public:#?}"
        );
        let mut found = Vec::new();
        for partner in PARTNERS {
            let id: PartnerId = partner.parse().unwrap();
            let hidden = snapshot.hidden_events(&id);
            found.extend(hidden.map(|(name, id)| (partner, name.to_owned(), id)));
        }
        found.sort();
        ensure!(found == hidden, "{found:#?} but stored {hidden:#?}");
    }
    Ok(())
}
