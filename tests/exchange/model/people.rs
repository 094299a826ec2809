//! The acts of editors.

use std::collections::BTreeSet;

use calendar_domain::{EventStatus, Subject};
use elverum_calendar::editorial::{self, DecisionError, Later};

use super::act::{Act, Dice, Step};
use super::checks;
use super::reference::{Hold, Key, Standing, Thing};
use super::story::which;
use super::words::{Words, schedule, slots_of};
use super::world::{PARTNERS, World, id_of, is_as};
use crate::*;

fn done<T>(outcome: Result<T, DecisionError>) -> Result<T, String> {
    outcome.map_err(|error| format!("the decision failed: {error}"))
}

pub fn decide(world: &mut World, step: &Step, dice: &mut Dice) -> Result<(), String> {
    world.wait(TimeDelta::minutes(1));
    match step.act {
        Act::Approve => approve(world, dice)?,
        Act::Reject => {
            let waiting = which(world, |thing| thing.standing == Standing::Waiting);
            let Some(thing) = dice.pick(&waiting).copied() else {
                return Ok(());
            };
            let id = world.model.things[thing].id.clone().unwrap();
            let office = world.office();
            done(editorial::reject(&*office.calendar, &office.editor(), &id))?;
            world.tally("rejected", 1);
            world.model.things[thing].standing = Standing::Rejected;
            world.model.things[thing].is_decided = true;
        }
        Act::Accept | Act::Dismiss => judge(world, step, dice)?,
        Act::Join => join(world, dice, false)?,
        Act::JoinOwn => join(world, dice, true)?,
        Act::Split => split(world, dice)?,
        Act::Edit => edit(world, dice),
        Act::RollBack => roll_back(world, dice)?,
        Act::Release => {
            let office = world.office();
            let held = editorial::open_matters(&*office.calendar).unwrap().held;
            let Some(held) = dice.pick(&held) else {
                return Ok(());
            };
            done(editorial::release(
                &*office.calendar,
                &office.editor(),
                &held.partner,
            ))?;
            let partner = PARTNERS
                .iter()
                .position(|partner| *partner == held.partner.as_str());
            world.tally("released", 1);
            world.model.release(partner.unwrap());
        }
        other => panic!("{other:?} is nothing that people do"),
    }
    checks::calendar(world)
}

fn approve(world: &mut World, dice: &mut Dice) -> Result<(), String> {
    let waiting = which(world, |thing| thing.standing == Standing::Waiting);
    match dice.pick(&waiting).copied() {
        Some(thing) => approve_one(world, thing),
        None => Ok(()),
    }
}

pub fn approve_one(world: &mut World, thing: usize) -> Result<(), String> {
    world.note(format!("{:?}", world.model.things[thing].shown));
    let id = world.model.things[thing].id.clone().unwrap();
    let office = world.office();
    done(editorial::approve(&office.calendar, &office.editor(), &id))?;
    match world.model.twin(thing) {
        Some(twin) => {
            world.tally("approved as one that is there", 1);
            joined(world, twin, thing);
        }
        None => {
            world.tally("approved", 1);
            world.model.things[thing].standing = Standing::Published;
        }
    }
    Ok(())
}

/// Records that an editor has merged two events and reviewed their values.
fn joined(world: &mut World, stays: usize, goes: usize) {
    let partners: Vec<usize> = world.model.things[goes]
        .origins
        .iter()
        .map(|origin| origin.partner)
        .collect();
    let before = world.model.things[goes].id.clone();
    let id = world.model.things[stays].id.clone().unwrap();
    for field in world.model.join(stays, goes) {
        for partner in &partners {
            world.reviewed.insert((id.clone(), field, *partner));
        }
    }
    let reviewed = world.reviewed.clone().into_iter();
    let reviewed = reviewed.filter(|(event, ..)| Some(event) == before.as_ref());
    world
        .reviewed
        .extend(reviewed.map(|(_, field, partner)| (id.clone(), field, partner)));
}

fn judge(world: &mut World, step: &Step, dice: &mut Dice) -> Result<(), String> {
    let office = world.office();
    let open = editorial::open_matters(&*office.calendar)
        .unwrap()
        .suggestions;
    let Some(suggestion) = dice.pick(&open) else {
        return Ok(());
    };
    let (one, matter) = (&suggestion.event, &suggestion.matter);
    let find = |id: &EventId| {
        let mut things = world.model.things.iter();
        things
            .position(|thing| thing.id.as_ref() == Some(id))
            .ok_or(format!("no event {id}"))
    };
    let thing = find(one)?;
    let partner = PARTNERS
        .iter()
        .position(|partner| *partner == suggestion.partner.as_str());
    let partner = partner.unwrap();
    let (editor, accepts) = (office.editor(), step.act == Act::Accept);
    if let Subject::SameEvent { other, .. } = matter {
        let other = find(other)?;
        let is_shared =
            |origin: &super::reference::Origin| world.model.things[other].has(origin.partner);
        if accepts && world.model.things[thing].origins.iter().any(is_shared) {
            return Ok(());
        }
        let note = format!("that {one} is {:?}", world.model.things[other].id);
        if accepts {
            let all = BTreeSet::new();
            done(editorial::accept(
                &office.calendar,
                &editor,
                &suggestion.id,
                &all,
            ))?;
            joined(world, other, thing);
        } else {
            done(editorial::dismiss(
                &*office.calendar,
                &editor,
                &suggestion.id,
            ))?;
            for key in world.model.keys(thing) {
                for theirs in world.model.keys(other) {
                    world.model.decide(&key, &theirs, false);
                }
                world.model.decide(&key, &Key::Thing(other), false);
            }
        }
        world.tally(
            if accepts {
                "accepted as one"
            } else {
                "dismissed as one"
            },
            1,
        );
        world.note(note);
        return Ok(());
    }
    let Subject::Fields { fields, told } = matter else {
        return Ok(());
    };
    if accepts {
        let chosen: BTreeSet<Field> = match fields.first() {
            Some(first) if dice.one_in(2) => [*first].into(),
            _ => fields.clone(),
        };
        done(editorial::accept(
            &office.calendar,
            &editor,
            &suggestion.id,
            &chosen,
        ))?;
        world.note(format!("{chosen:?} of {one}"));
        world.tally("accepted", 1);
        world
            .model
            .accept(thing, partner, &chosen, &Words::of(told));
        let id = one.clone();
        world.reviewed.extend(
            chosen
                .into_iter()
                .map(|chosen| (id.clone(), chosen, partner)),
        );
    } else {
        done(editorial::dismiss(
            &*office.calendar,
            &editor,
            &suggestion.id,
        ))?;
        world.tally("dismissed", 1);
    }
    Ok(())
}

/// Two events become one: of different partners, or of one that has two names for it.
fn join(world: &mut World, dice: &mut Dice, is_own: bool) -> Result<(), String> {
    let stays = which(world, |thing| thing.is_public() && thing.id.is_some());
    let Some(stays) = dice.pick(&stays).copied() else {
        return Ok(());
    };
    let kept = world.model.things[stays].clone();
    let goes = which(world, |thing| {
        let is_shared = thing.origins.iter().any(|origin| kept.has(origin.partner));
        thing.is_live() && thing.id.is_some() && thing.id != kept.id && is_shared == is_own
    });
    let Some(goes) = dice.pick(&goes).copied() else {
        return Ok(());
    };
    let gone = world.model.things[goes].clone();
    world.note(format!(
        "{:?} becomes a part of {:?}",
        gone.shown, kept.shown
    ));
    let (stays_id, goes_id) = (kept.id.unwrap(), gone.id.unwrap());
    let office = world.office();
    done(editorial::join(
        &office.calendar,
        &office.editor(),
        &stays_id,
        &goes_id,
    ))?;
    world.tally(
        if is_own {
            "joined with another of its partner"
        } else {
            "joined by an editor"
        },
        1,
    );
    joined(world, stays, goes);
    Ok(())
}

fn split(world: &mut World, dice: &mut Dice) -> Result<(), String> {
    let shared = which(world, |thing| thing.is_live() && thing.origins.len() > 1);
    let Some(thing) = dice.pick(&shared).copied() else {
        return Ok(());
    };
    let shared = world.model.things[thing].clone();
    let partner = dice.pick(&shared.origins).unwrap().partner;
    if shared
        .origins
        .iter()
        .all(|origin| origin.partner == partner)
    {
        return Ok(());
    }
    world.note(format!("{} of {:?}", PARTNERS[partner], shared.shown));
    let office = world.office();
    let (editor, id) = (office.editor(), shared.id.unwrap());
    done(editorial::split(
        &office.calendar,
        &editor,
        &id,
        &id_of(partner),
    ))?;
    world.tally("split", 1);
    world.model.split(thing, partner);
    Ok(())
}

/// Returns a title that is clearly different from all others.
fn title_of_ours(count: usize) -> String {
    let mut dice = Dice(u64::try_from(count).unwrap());
    let letters = 'a'..='z';
    (0..16)
        .map(|_| letters.clone().nth(dice.below(26)).unwrap())
        .collect()
}

fn edit(world: &mut World, dice: &mut Dice) {
    let live = which(world, Thing::is_live);
    let Some(thing) = dice.pick(&live).copied() else {
        return;
    };
    world.count += 1;
    let count = world.count;
    let field = *dice
        .pick(&[
            Field::Title,
            Field::Description,
            Field::Status,
            Field::Schedule,
        ])
        .unwrap();
    let id = world.model.things[thing].id.clone().unwrap();
    let mut shown = world.model.things[thing].shown.clone();
    match field {
        Field::Title => shown.title = title_of_ours(count),
        Field::Description => shown.text = format!("Rettet {count}"),
        Field::Status => shown.cancelled ^= true,
        _ if shown.slot >= super::words::EVENINGS => return,
        _ => shown.slot = dice.below(slots_of(0).len()),
    }
    world.note(format!("{field:?} of {id}: {shown:?}"));
    world
        .office()
        .sets(id.as_str(), field, |event| match field {
            Field::Title => event.title = Text::nb(&*shown.title),
            Field::Description => event.description = Text::nb(&*shown.text),
            Field::Schedule => event.schedule = schedule(shown.slot),
            _ if shown.cancelled => event.status = EventStatus::Cancelled,
            _ => event.status = EventStatus::Scheduled,
        });
    world.tally("edited", 1);
    let thing = &mut world.model.things[thing];
    thing.shown = shown;
    thing.by_person.insert(field);
}

fn roll_back(world: &mut World, dice: &mut Dice) -> Result<(), String> {
    let latest = world.runs.len().saturating_sub(1 + dice.below(3));
    let Some(past) = world.runs.get(latest) else {
        return Ok(());
    };
    let office = world.office();
    let done = editorial::roll_back(&*office.calendar, &office.editor(), &past.run, Later::Stop);
    // What it lost may have become another event's.
    let is_elsewhere = |thing: usize, before: &Option<Thing>| {
        let origins = before.iter().flat_map(|before| &before.origins);
        let mut holders = origins.filter_map(|origin| world.model.of(origin.partner, &origin.name));
        holders.any(|holder| holder != thing)
    };
    let is_later = past.changed.iter().any(|(thing, before, after)| {
        !is_as(&world.model.things[*thing], after) || is_elsewhere(*thing, before)
    });
    match done {
        Ok(_) if is_later => return Err("a later change went with the run taken back".into()),
        Ok(_) => {}
        Err(DecisionError::ChangedSince(_)) if is_later => {
            world.tally("not rolled back", 1);
            return Ok(());
        }
        Err(DecisionError::NothingWritten(_)) if past.changed.is_empty() => return Ok(()),
        Err(error) => return Err(format!("the run was not taken back: {error}")),
    }
    let past = world.runs.remove(latest);
    world.tally("rolled back", 1);
    world.note(format!(
        "{} events of {}",
        past.changed.len(),
        PARTNERS[past.partner]
    ));
    for (thing, before, _) in past.changed {
        let (id, uid) = (
            &world.model.things[thing].id,
            &world.model.things[thing].uid,
        );
        let (id, uid) = (id.clone(), uid.clone());
        match before {
            Some(before) => {
                world.model.things[thing] = Thing { id, uid, ..before };
            }
            None => world.model.things[thing].standing = Standing::Withdrawn,
        }
        world.taken_back.insert(thing);
    }
    world.model.sides[past.partner].hold = Hold::RolledBack;
    Ok(())
}
