//! The search form of the agenda.

use chrono::{Days, NaiveDate};

use super::leaf::weekend;
use super::{Asked, Visit};

/// The search form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Finder {
    /// Where it is sent.
    pub action: String,
    /// The words.
    pub q: String,
    /// The first day, ISO 8601, or empty.
    pub from: String,
    /// The last day, ISO 8601, or empty.
    pub to: String,
    /// Only what is free.
    pub free: bool,
    /// Groups of boxes to tick: municipalities, categories, audiences.
    pub groups: Vec<Group>,
    /// The places to choose from; one can be chosen.
    pub places: Vec<Choice>,
    /// Filters that the form has no field for, to be sent along.
    pub kept: Vec<(&'static str, String)>,
    /// What is set, each with the address that lets it go.
    pub chips: Vec<Chip>,
    /// Ready-made periods: today, the weekend, the next month.
    pub quick: Vec<Quick>,
    /// The agenda without filters.
    pub clear: String,
}

impl Finder {
    /// The form as it was sent.
    #[must_use]
    pub fn of(visit: &Visit, asked: &Asked) -> Self {
        let date = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        Self {
            action: visit.paths.agenda(),
            q: asked.typed.clone(),
            from: date(asked.query.from),
            to: date(asked.query.to),
            free: asked.query.free,
            groups: groups(visit, asked),
            places: places(visit, asked),
            kept: kept(asked),
            chips: asked.chips(visit),
            quick: quick(visit, asked),
            clear: visit.paths.agenda(),
        }
    }
}

/// One filter with its values, as boxes to tick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// The parameter's name.
    pub name: &'static str,
    /// What stands over it.
    pub legend: String,
    /// Its values.
    pub choices: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is set.
    pub chosen: bool,
}

/// A filter that is set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chip {
    /// What it keeps: «Musikk».
    pub label: String,
    /// The address of the page without it.
    pub without: String,
}

/// A ready-made period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// «I helgen».
    pub label: String,
    /// Its address.
    pub url: String,
    /// Whether it is what the page shows.
    pub current: bool,
}

fn groups(visit: &Visit, asked: &Asked) -> Vec<Group> {
    let (snapshot, query, words) = (&visit.snapshot, &asked.query, visit.words);
    let choice = |value: &str, label: String, chosen: bool| Choice {
        value: value.to_owned(),
        label,
        chosen,
    };
    let municipalities = snapshot.region().municipalities.iter().map(|it| {
        choice(
            it.slug.as_str(),
            it.name.clone(),
            query.municipalities.contains(&it.slug),
        )
    });
    let categories = snapshot.categories().into_iter().map(|it| {
        choice(
            it.slug.as_str(),
            visit.text(&it.name),
            query.categories.contains(&it.slug),
        )
    });
    let audiences = snapshot.audiences().into_iter().map(|it| {
        choice(
            it.slug.as_str(),
            visit.text(&it.name),
            query.audiences.contains(&it.slug),
        )
    });
    let group = |name, key: &str, choices: Vec<Choice>| Group {
        name,
        legend: words.say(key).into_owned(),
        choices,
    };
    let mut all = vec![
        group(
            "municipality",
            "find-municipality",
            municipalities.collect(),
        ),
        group("category", "find-category", categories.collect()),
        group("audience", "find-audience", audiences.collect()),
    ];
    all.retain(|group| !group.choices.is_empty());
    all
}

fn places(visit: &Visit, asked: &Asked) -> Vec<Choice> {
    let mut all: Vec<Choice> = visit
        .snapshot
        .places()
        .map(|place| Choice {
            value: place.slug.to_string(),
            label: place.name.clone(),
            chosen: asked.query.places.first() == Some(&place.slug),
        })
        .collect();
    all.sort_by_key(|choice| alphabetical(&choice.label));
    all
}

/// What a form would else lose: it goes with the chips alone.
fn kept(asked: &Asked) -> Vec<(&'static str, String)> {
    let mut all = asked.query.params();
    let mut places = 0;
    all.retain(|(name, _)| match *name {
        "series" | "organizer" | "partner" | "accessible" => true,
        "place" => {
            places += 1;
            places > 1
        }
        _ => false,
    });
    all
}

/// A key that puts names in Norwegian order: æ, ø and å come last, in this order.
#[must_use]
pub fn alphabetical(name: &str) -> String {
    name.chars()
        .flat_map(char::to_lowercase)
        .map(|letter| match letter {
            'æ' | 'ä' => '\u{f0001}',
            'ø' | 'ö' => '\u{f0002}',
            'å' => '\u{f0003}',
            other => other,
        })
        .collect()
}

/// Everything, today, this weekend, the next month, what is free: each a fresh selection.
fn quick(visit: &Visit, asked: &Asked) -> Vec<Quick> {
    let today = visit.today();
    let (friday, sunday) = weekend(today);
    let month = today.checked_add_days(Days::new(29)).unwrap_or(today);
    let (from, to) = (asked.query.from, asked.query.to);
    let period = |key: &str, first: NaiveDate, last: NaiveDate| {
        let (from_text, to_text) = (first.to_string(), last.to_string());
        Quick {
            label: visit.words.say(key).into_owned(),
            url: visit
                .paths
                .agenda_with(&[("from", &from_text), ("to", &to_text)]),
            current: from == Some(first) && to == Some(last) && asked.params().len() == 2,
        }
    };
    vec![
        Quick {
            label: visit.words.say("quick-all").into_owned(),
            url: visit.paths.agenda(),
            current: asked.is_open(),
        },
        period("quick-today", today, today),
        period("quick-weekend", friday, sunday),
        period("quick-month", today, month),
        Quick {
            label: visit.words.say("quick-free").into_owned(),
            url: visit.paths.agenda_with(&[("free", "1")]),
            current: asked.query.free && asked.params().len() == 1,
        },
    ]
}
