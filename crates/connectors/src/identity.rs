//! Origin ids of events whose source has none or repeats them.

use std::collections::{BTreeSet, HashMap};

use crate::connector::ParsedItem;
use calendar_domain::{EventDraft, Lang, Slug, Start, Venue};

/// Returns an origin id derived from the title, the first day and the place. It is stable as long as these
/// are.
#[must_use]
pub fn derived(draft: &EventDraft) -> String {
    let place = match draft.venues.first() {
        Some(Venue::Place(slug)) => slug.to_string(),
        Some(Venue::Described { name, .. }) => Slug::from_text(name).to_string(),
        None => String::new(),
    };
    let title = Slug::from_text(draft.title.get(Lang::Nb));
    let day = draft.schedule.when.start().date();
    format!("{title}/{day}/{place}")
}

/// Makes origin ids unique that several events with different starts share, by appending the start. An
/// example are performances that all have the play's page as their id.
pub fn tell_apart(items: &mut [ParsedItem]) {
    let mut starts: HashMap<String, BTreeSet<Start>> = HashMap::new();
    for item in items.iter() {
        if let ParsedItem::Event(draft) = item {
            let start = draft.schedule.when.start();
            starts
                .entry(draft.origin_id.clone())
                .or_default()
                .insert(start);
        }
    }
    for item in items {
        if let ParsedItem::Event(draft) = item
            && starts
                .get(&draft.origin_id)
                .is_some_and(|start| start.len() > 1)
        {
            let start = match draft.schedule.when.start() {
                Start::Local(time) => time.format("%Y-%m-%dT%H:%M").to_string(),
                Start::Date(day) => day.to_string(),
            };
            draft.origin_id = format!("{} {start}", draft.origin_id);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::{Schedule, Text, When};

    fn event(id: &str, day: &str) -> EventDraft {
        let schedule = Schedule::once(When::day(day.parse().unwrap()));
        let mut draft = EventDraft::new(id, Text::nb("Vårkonsert på  Øya!"), schedule);
        draft.venues = vec![Venue::named("Eksempelhuset")];
        draft
    }

    #[test]
    fn a_derived_identity_does_not_see_how_things_are_written() {
        let mut other = event("", "2027-03-07");
        other.title = Text::nb("vårkonsert på øya");
        assert_eq!(derived(&other), derived(&event("", "2027-03-07")));
        assert_ne!(derived(&other), derived(&event("", "2027-03-08")));
    }

    #[test]
    fn evenings_of_one_page_are_told_apart_and_a_lone_event_stays() {
        let item = |id, day| ParsedItem::Event(Box::new(event(id, day)));
        let mut items = vec![
            item("a", "2027-03-07"),
            item("a", "2027-03-08"),
            item("b", "2027-03-07"),
        ];
        tell_apart(&mut items);
        let ids: Vec<&str> = items
            .iter()
            .map(|item| match item {
                ParsedItem::Event(draft) => draft.origin_id.as_str(),
                ParsedItem::Gone { origin_id } | ParsedItem::Unread { origin_id } => origin_id,
            })
            .collect();
        assert_eq!(ids, ["a 2027-03-07", "a 2027-03-08", "b"]);
    }
}
