//! The effect of each act on a partner's list, the calendar and the model.

use super::act::{Act, Dice, Step};
use super::checks;
use super::reference::Thing;
use super::words::{Answer, CATEGORIES, EVENINGS, Entry, TITLES, Words, schedule, slots_of};
use super::world::{PARTNERS, World};
use crate::*;

pub fn perform(world: &mut World, step: &Step, dice: &mut Dice) -> Result<(), String> {
    let partner = step.partner;
    world.note(format!("{:?} {}", step.act, PARTNERS[partner]));
    match step.act {
        Act::Fill => (0..6).for_each(|_| add(world, partner, dice)),
        Act::Add => add(world, partner, dice),
        Act::Repeat => repeat(world, partner, dice),
        Act::Borrow => borrow(world, partner, dice),
        Act::Change | Act::Move | Act::Cancel | Act::Rename => change(world, step, dice),
        Act::Drop => drop_one(world, partner, dice),
        Act::Return => bring_back(world, partner, dice),
        Act::Tell => {
            let answer = whole(world, partner, dice);
            return world.tell(partner, &answer);
        }
        Act::TellThrice => {
            let answer = Answer::whole(world.lists[partner].entries.clone());
            for _ in 0..3 {
                world.tell(partner, &answer)?;
            }
        }
        Act::TellChanges | Act::TellUntil | Act::TellPart => {
            let answer = part(world, step, dice);
            return world.tell(partner, &answer);
        }
        Act::Fail => {
            world.fail(partner)?;
            return checks::calendar(world);
        }
        Act::Send => {
            if let Some(entry) = dice.pick(&world.lists[partner].entries).cloned()
                && !entry.secondhand
            {
                world.note(format!("{entry:?}"));
                return world.send(partner, &entry);
            }
        }
        Act::SendApart => return send_apart(world, partner, dice),
        Act::ApproveDropReturn => return approve_drop_return(world, partner, dice),
        Act::TakeBack => {
            drop_one(world, partner, dice);
            if let Some(name) = world.lists[partner].gone.pop() {
                return world.take_back(partner, &name);
            }
        }
        Act::TellTwoAtOnce => {
            let other = (partner + 1 + dice.below(2)) % 3;
            let answers = [partner, other].map(|value| (value, whole(world, value, dice)));
            return world.tell_two(answers);
        }
        Act::SendBesideATell => {
            let other = (partner + 1 + dice.below(2)) % 3;
            let answer = whole(world, other, dice);
            if let Some(entry) = dice.pick(&world.lists[partner].entries).cloned()
                && !entry.secondhand
            {
                return world.send_beside((partner, entry), (other, answer));
            }
        }
        Act::Trust => {
            let waits = world.model.sides[partner].waits;
            let trust = if waits { Trust::Publish } else { Trust::Queue };
            world.trust(partner, trust);
        }
        Act::Restart => {
            world.restart();
            return checks::calendar(world);
        }
        Act::Wait => world.wait(TimeDelta::hours(i64::try_from(8 + dice.below(24)).unwrap())),
        _ => return super::people::decide(world, step, dice),
    }
    Ok(())
}

fn new_words(world: &mut World, partner: usize, dice: &mut Dice) -> Option<Words> {
    let mut title = dice.below(TITLES.len());
    let slots = slots_of(title);
    let mut slot = slots.start + dice.below(slots.len());
    // Half of the events duplicate those of other partners.
    if dice.one_in(2)
        && let Some(seen) = dice.pick(&public(world, partner))
        && let Some(known) = TITLES
            .iter()
            .position(|(value, _)| *value == seen.shown.title)
    {
        (title, slot) = (known, seen.shown.slot);
    }
    let (title, place) = TITLES[title];
    // An equal event of the partner itself would be matched instead.
    let looks = |words: &Words| words.title == title && words.slot == slot;
    let mut mine = world.model.things.iter().filter(|thing| thing.has(partner));
    let list = &world.lists[partner];
    let mut listed = list.entries.iter().chain(&list.apart);
    let is_listed = listed.any(|listed| looks(&listed.words));
    if is_listed || mine.any(|thing| thing.is_live() && looks(&thing.shown)) {
        return None;
    }
    let mut words = Words {
        title: title.into(),
        slot,
        place: place.into(),
        cancelled: false,
        text: String::new(),
        organizer: String::new(),
        category: String::new(),
    };
    reword(world, partner, &mut words, dice);
    Some(words)
}

/// Changes or removes a text, organizer or category.
fn reword(world: &mut World, partner: usize, words: &mut Words, dice: &mut Dice) {
    world.count += 1;
    let named = format!("Fra {} {}", PARTNERS[partner], world.count);
    let mut maybe = |text: String| if dice.one_in(3) { String::new() } else { text };
    words.text = maybe(named.clone());
    words.organizer = maybe(named);
    words.category = maybe(CATEGORIES[world.count % 2].into());
}

fn add(world: &mut World, partner: usize, dice: &mut Dice) {
    let Some(words) = new_words(world, partner, dice) else {
        return;
    };
    let origin = format!("{}{}", PARTNERS[partner], world.count);
    let entry = Entry {
        uid: format!("{origin}@{}.example.no", PARTNERS[partner]),
        origin,
        secondhand: false,
        words,
    };
    world.note(format!("{entry:?}"));
    world.lists[partner].entries.push(entry);
}

fn public(world: &World, partner: usize) -> Vec<Thing> {
    let things = world.model.things.iter();
    let others =
        things.filter(|thing| thing.is_public() && !thing.has(partner) && thing.uid.is_some());
    others.cloned().collect()
}

/// Adds another partner's event to the list as second-hand.
fn repeat(world: &mut World, partner: usize, dice: &mut Dice) {
    let Some(seen) = dice.pick(&public(world, partner)).cloned() else {
        return;
    };
    world.count += 1;
    let uid = seen.uid.unwrap();
    let entry = Entry {
        origin: format!("{}{}-of-{uid}", PARTNERS[partner], world.count),
        uid: if dice.one_in(3) {
            format!("copy-{}", world.count)
        } else {
            uid
        },
        secondhand: true,
        words: seen.shown,
    };
    let entries = &mut world.lists[partner].entries;
    if entries
        .iter()
        .any(|other| other.uid == entry.uid || other.words.is_same_event(&entry.words))
    {
        return;
    }
    world.log.push(format!("{entry:?}"));
    entries.push(entry);
}

/// Adds an event with the `UID` of another partner's event to the list.
fn borrow(world: &mut World, partner: usize, dice: &mut Dice) {
    let Some(seen) = dice.pick(&public(world, partner)).cloned() else {
        return;
    };
    let uid = seen.uid.unwrap();
    if world.lists[partner]
        .entries
        .iter()
        .any(|entry| entry.uid == uid)
    {
        return;
    }
    let before = world.lists[partner].entries.len();
    add(world, partner, dice);
    let is_at_its_time = dice.one_in(2);
    if let Some(entry) = world.lists[partner].entries.get_mut(before) {
        entry.uid = uid;
        if is_at_its_time {
            entry.words.slot = seen.shown.slot;
        }
        let note = format!("{entry:?}");
        world.note(note);
    }
}

fn change(world: &mut World, step: &Step, dice: &mut Dice) {
    let partner = step.partner;
    let at = dice.below(world.lists[partner].entries.len());
    let Some(entry) = world.lists[partner].entries.get(at) else {
        return;
    };
    let mut entry = entry.clone();
    match step.act {
        Act::Cancel => entry.words.cancelled ^= true,
        Act::Move => {
            let title = TITLES
                .iter()
                .position(|(title, _)| *title == entry.words.title);
            let Some(title) = title else { return };
            let slots = slots_of(title);
            entry.words.slot = slots.start + dice.below(slots.len());
            let mut entries = world.lists[partner].entries.iter();
            if entries.any(|other| other.words.is_same_event(&entry.words)) {
                return;
            }
        }
        Act::Rename => {
            world.count += 1;
            entry.origin = format!("{}{}-new", PARTNERS[partner], world.count);
            if dice.one_in(2) {
                entry.uid = format!("{}@new.example.no", entry.origin);
            }
        }
        _ => reword(world, partner, &mut entry.words, dice),
    }
    world.note(format!("{entry:?}"));
    world.lists[partner].entries[at] = entry;
}

fn drop_one(world: &mut World, partner: usize, dice: &mut Dice) {
    let list = &mut world.lists[partner];
    if list.entries.is_empty() {
        return;
    }
    let dropped = list.entries.swap_remove(dice.below(list.entries.len()));
    world.log.push(format!("without {}", dropped.origin));
    list.gone.push(dropped.origin.clone());
    list.dropped.push(dropped);
}

fn bring_back(world: &mut World, partner: usize, dice: &mut Dice) {
    let list = &mut world.lists[partner];
    if list.dropped.is_empty() {
        return;
    }
    let back = list.dropped.swap_remove(dice.below(list.dropped.len()));
    let taken = |entry: &Entry| {
        entry.origin == back.origin
            || entry.uid == back.uid
            || entry.words.is_same_event(&back.words)
    };
    if list.entries.iter().any(taken) {
        return;
    }
    list.gone.retain(|gone| *gone != back.origin);
    world.log.push(format!("again {back:?}"));
    list.entries.push(back);
}

/// A partner sends an event that its answers do not have, changes it, or takes it back.
fn send_apart(world: &mut World, partner: usize, dice: &mut Dice) -> Result<(), String> {
    let apart = &world.lists[partner].apart;
    let at = dice.below(apart.len() + 1);
    if at < apart.len() && dice.one_in(4) {
        let name = world.lists[partner].apart.swap_remove(at).origin;
        world.note(format!("without {name}"));
        return world.take_back(partner, &name);
    }
    if at == apart.len() {
        let before = world.lists[partner].entries.len();
        add(world, partner, dice);
        if world.lists[partner].entries.len() == before {
            return Ok(());
        }
        let new = world.lists[partner].entries.pop();
        world.lists[partner].apart.extend(new);
    } else if dice.one_in(2) {
        let mut entry = world.lists[partner].apart[at].clone();
        reword(world, partner, &mut entry.words, dice);
        world.lists[partner].apart[at] = entry;
    }
    let entry = world.lists[partner].apart[at].clone();
    world.note(format!("{entry:?}"));
    world.tally("sent apart from the answers", 1);
    world.send(partner, &entry)
}

/// An editor publishes an event that waits, its partner drops it, and tells of it again.
fn approve_drop_return(world: &mut World, partner: usize, dice: &mut Dice) -> Result<(), String> {
    let waiting = which(world, |thing| {
        thing.standing == super::reference::Standing::Waiting && thing.has(partner)
    });
    let Some(thing) = dice.pick(&waiting).copied() else {
        return Ok(());
    };
    let list = &world.lists[partner].entries;
    let tells = |entry: &Entry| world.model.of(partner, &entry.origin) == Some(thing);
    let Some(at) = list.iter().position(tells) else {
        return Ok(());
    };
    super::people::approve_one(world, thing)?;
    let dropped = world.lists[partner].entries.swap_remove(at);
    let without = Answer::whole(world.lists[partner].entries.clone());
    for _ in 0..3 {
        world.tell(partner, &without)?;
    }
    world.note(format!("again {dropped:?}"));
    world.lists[partner].entries.push(dropped);
    world.tally("approved, dropped and told again", 1);
    let again = Answer::whole(world.lists[partner].entries.clone());
    world.tell(partner, &again)
}

/// Returns a whole response; occasionally an event in it is unreadable.
fn whole(world: &mut World, partner: usize, dice: &mut Dice) -> Answer {
    let list = &mut world.lists[partner];
    let mut answer = Answer::whole(list.entries.clone());
    if dice.one_in(12) && !answer.entries.is_empty() {
        let broken = answer.entries.swap_remove(dice.below(answer.entries.len()));
        world.log.push(format!("{} cannot be read", broken.origin));
        answer.unread.push(broken.origin);
    }
    if dice.one_in(2) {
        list.gone.clear();
    }
    answer
}

/// Returns a part of the list, declared as such or not.
fn part(world: &mut World, step: &Step, dice: &mut Dice) -> Answer {
    let list = &mut world.lists[step.partner];
    let mut answer = Answer::whole(list.entries.clone());
    match step.act {
        Act::TellChanges => {
            answer.entries.retain(|_| dice.one_in(2));
            answer.listing = Listing::Changes;
            if dice.one_in(2) {
                answer.gone = std::mem::take(&mut list.gone);
            }
        }
        Act::TellUntil => {
            let last = schedule(dice.below(EVENINGS)).when.start().date();
            let until = |entry: &Entry| schedule(entry.words.slot).when.start().date() <= last;
            answer.entries.retain(until);
            answer.listing = Listing::Until(last);
        }
        _ => answer.entries.truncate(dice.below(list.entries.len() + 1)),
    }
    let names: Vec<&str> = answer
        .entries
        .iter()
        .map(|entry| entry.origin.as_str())
        .collect();
    world.log.push(format!(
        "{:?}: {names:?}, gone {:?}",
        answer.listing, answer.gone
    ));
    answer
}

/// Returns the indexes of events that match.
pub fn which(world: &World, holds: impl Fn(&Thing) -> bool) -> Vec<usize> {
    let things = world.model.things.iter().enumerate();
    things
        .filter(|(_, value)| holds(value))
        .map(|(index, _)| index)
        .collect()
}
