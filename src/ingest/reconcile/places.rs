//! Values of a draft that a known place has otherwise.

use calendar_connectors::diagnostic::Diagnostic;
use calendar_domain::query::fold;
use calendar_domain::{Address, EventDraft, Place, Venue};

use super::Planner;
use crate::ingest::matching::{SAME_PLACE, metres};

impl Planner<'_> {
    /// Returns a diagnostic for each described venue that is taken for a place of the calendar by its name, and that has
    /// other values than the place. The values of the place count.
    pub(super) fn other_values_of_places(&self, draft: &EventDraft) -> Vec<Diagnostic> {
        let overrides = draft.schedule.recurrence.iter();
        let overrides = overrides.flat_map(|item| item.overrides.values());
        let overrides = overrides.flat_map(|item| item.venues.iter().flatten());
        let venues = draft.venues.iter().chain(overrides);
        let mut found: Vec<Diagnostic> = Vec::new();
        for venue in venues {
            if matches!(venue, Venue::Described { .. })
                && let Venue::Place(slug) = self.known.venue(venue.clone())
                && let Some(place) = self.snapshot.place(&slug)
            {
                let remark = other_values(venue, place);
                found.extend(remark.filter(|remark| !found.contains(remark)));
            }
        }
        found
    }
}

fn other_values(told: &Venue, place: &Place) -> Option<Diagnostic> {
    let Venue::Described {
        name,
        address,
        municipality,
        coordinates,
    } = told
    else {
        return None;
    };
    let (ours, theirs) = (place.address.as_ref(), address.as_ref());
    let differs = |part: fn(&Address) -> Option<&String>| {
        let both = ours.and_then(part).zip(theirs.and_then(part));
        both.is_some_and(|(ours, theirs)| !is_alike(ours, theirs))
    };
    let is_elsewhere = place.coordinates.zip(*coordinates);
    let is_elsewhere = is_elsewhere.is_some_and(|(ours, theirs)| metres(ours, theirs) > SAME_PLACE);
    let both = place.municipality.as_ref().zip(municipality.as_ref());
    let fields = [
        ("street", differs(|place| place.street.as_ref())),
        ("postal code", differs(|place| place.postal_code.as_ref())),
        ("town", differs(|place| place.locality.as_ref())),
        (
            "municipality",
            both.is_some_and(|(ours, theirs)| ours != theirs),
        ),
        ("coordinates", is_elsewhere),
    ];
    let fields = fields
        .into_iter()
        .filter_map(|(name, differs)| differs.then_some(name));
    let fields: Vec<&str> = fields.collect();
    if fields.is_empty() {
        return None;
    }
    let detail = format!(
        "«{name}» is the calendar's place «{}», whose {} applies; give a different place another name",
        place.slug,
        fields.join(", "),
    );
    Some(Diagnostic::note("place", detail))
}

/// Returns true if the letters and digits of one text begin with those of the other. A street may have the town after
/// it.
fn is_alike(one: &str, other: &str) -> bool {
    let letters = |text: &str| -> String {
        let folded = fold(text);
        folded.chars().filter(|c| c.is_alphanumeric()).collect()
    };
    let (one, other) = (letters(one), letters(other));
    one.starts_with(&other) || other.starts_with(&one)
}
