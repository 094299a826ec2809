//! Applies the mapping of a partner's connection to its drafts: place, filter, categories, audiences. Pure.

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use crate::catalog::Snapshot;
use calendar_domain::query::fold;
use calendar_domain::{Connection, EventDraft, MunicipalityNumber, PlaceRule, Slug, Take, Venue};

/// The rule by which a draft is filtered out.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// All its venues are in other municipalities.
    #[error("it is outside the configured municipalities")]
    Municipality,
    /// It has none of the configured categories.
    #[error("it has none of the configured categories")]
    Category,
    /// It contains none of the required words, or an excluded one.
    #[error("it has none of the configured keywords")]
    Words,
    /// It starts after the configured horizon.
    #[error("it starts after the configured number of days")]
    TooFarAhead,
}

/// Applies a connection's mapping to a draft.
///
/// # Errors
/// Returns the rule that filters the draft out.
pub fn mapped(
    mut draft: EventDraft,
    connection: &Connection,
    snapshot: &Snapshot,
) -> Result<EventDraft, NotTaken> {
    let mapping = &connection.mapping;
    put_place(&mut draft, &mapping.place);
    taken(&draft, &mapping.take, snapshot)?;
    let ours = |words: Vec<String>,
                map: &std::collections::BTreeMap<String, BTreeSet<Slug>>,
                add: &BTreeSet<Slug>| {
        let meant = |word: String| -> Vec<String> {
            let found = map.iter().find(|(theirs, _)| fold(theirs) == fold(&word));
            match found {
                Some((_, slugs)) => slugs.iter().map(Slug::to_string).collect(),
                None => vec![word],
            }
        };
        let mut all: Vec<String> = words.into_iter().flat_map(meant).collect();
        all.extend(add.iter().map(Slug::to_string));
        let mut seen = BTreeSet::new();
        all.retain(|word| seen.insert(word.clone()));
        all
    };
    draft.categories = ours(
        draft.categories,
        &mapping.categories,
        &mapping.add_categories,
    );
    draft.audiences = ours(draft.audiences, &mapping.audiences, &mapping.add_audiences);
    Ok(draft)
}

fn put_place(draft: &mut EventDraft, rule: &PlaceRule) {
    match rule {
        PlaceRule::Event => {}
        PlaceRule::Fixed(place) => draft.venues = vec![Venue::Place(place.clone())],
        PlaceRule::RoomOf(place) => {
            let house = Venue::Place(place.clone());
            draft.venues.retain(|room| *room != house);
            draft.venues.insert(0, house);
        }
        PlaceRule::Online => draft.venues.clear(),
    }
}

fn taken(draft: &EventDraft, take: &Take, snapshot: &Snapshot) -> Result<(), NotTaken> {
    if *take == Take::default() {
        return Ok(());
    }
    let places = municipalities(draft, snapshot);
    if !take.municipalities.is_empty()
        && !places.is_empty()
        && places.is_disjoint(&take.municipalities)
    {
        return Err(NotTaken::Municipality);
    }
    let wanted: BTreeSet<String> = take
        .categories
        .iter()
        .map(|category| fold(category))
        .collect();
    if !wanted.is_empty()
        && !draft
            .categories
            .iter()
            .any(|category| wanted.contains(&fold(category)))
    {
        return Err(NotTaken::Category);
    }
    let text = text_of(draft);
    let holds = |words: &BTreeSet<String>| words.iter().any(|word| text.contains(&fold(word)));
    if (!take.words.is_empty() && !holds(&take.words)) || holds(&take.not_words) {
        return Err(NotTaken::Words);
    }
    let last = take
        .days_ahead
        .and_then(|days| today(snapshot).checked_add_days(Days::new(days.into())));
    let recurs = draft.schedule.recurrence.is_some();
    if let Some(last) = last
        && !recurs
        && draft.schedule.when.start().date() > last
    {
        return Err(NotTaken::TooFarAhead);
    }
    Ok(())
}

fn today(snapshot: &Snapshot) -> NaiveDate {
    snapshot.version().today
}

fn text_of(draft: &EventDraft) -> String {
    let texts = [&draft.title, &draft.summary, &draft.description];
    let texts = texts.iter().flat_map(|text| text.iter());
    texts
        .map(|text| fold(text.text))
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns the known municipalities of a draft's venues: by number, by the place's record, or by the name of
/// the post town.
fn municipalities(draft: &EventDraft, snapshot: &Snapshot) -> BTreeSet<MunicipalityNumber> {
    let by_name = |name: &str| {
        let all = &snapshot.region().municipalities;
        let found = all
            .iter()
            .find(|municipality| fold(&municipality.name) == fold(name));
        found.map(|municipality| municipality.number.clone())
    };
    let one = |venue: &Venue| match venue {
        Venue::Place(slug) => snapshot.place(slug)?.municipality.clone(),
        Venue::Described {
            municipality,
            address,
            ..
        } => municipality.clone().or_else(|| {
            let town = address.as_ref()?.locality.as_deref()?;
            by_name(town)
        }),
    };
    draft.venues.iter().filter_map(one).collect()
}
