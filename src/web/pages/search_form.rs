//! The search form of the agenda.

use chrono::{Days, NaiveDate};

use super::date_block::weekend;
use super::filter_params::Chip;
use super::{FilterParams, PageContext};

/// The search form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SearchForm {
    /// Address that it is sent to.
    pub action: String,
    /// The search words.
    pub q: String,
    /// The first day, ISO 8601, or empty.
    pub from: String,
    /// The last day, ISO 8601, or empty.
    pub to: String,
    /// Free events only.
    pub free: bool,
    /// Groups of checkboxes: municipalities, categories, audiences.
    pub groups: Vec<FilterGroup>,
    /// Options for the place, of which one can be selected.
    pub places: Vec<Choice>,
    /// Active filters without a form field, sent as hidden fields.
    pub kept: Vec<(&'static str, String)>,
    /// Active filters, each with the address without it.
    pub chips: Vec<Chip>,
    /// Shortcuts: all, today, the weekend, the next month, free.
    pub quick: Vec<Quick>,
    /// Address of the agenda without filters.
    pub clear: String,
}

impl SearchForm {
    /// Returns the form, filled with the request's filters.
    #[must_use]
    pub fn new(context: &PageContext, asked: &FilterParams) -> Self {
        let date = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        Self {
            action: context.paths.agenda(),
            q: asked.typed.clone(),
            from: date(asked.query.from),
            to: date(asked.query.to),
            free: asked.query.free,
            groups: groups(context, asked),
            places: places(context, asked),
            kept: kept(asked),
            chips: asked.chips(context),
            quick: quick(context, asked),
            clear: context.paths.agenda(),
        }
    }
}

/// The values of one filter, as checkboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterGroup {
    /// Name of the parameter.
    pub name: &'static str,
    /// Heading of the group.
    pub legend: String,
    /// The values.
    pub choices: Vec<Choice>,
}

/// One value of a filter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// Value of the parameter.
    pub value: String,
    /// The label.
    pub label: String,
    /// Whether it is selected.
    pub chosen: bool,
}

/// A shortcut to a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quick {
    /// «I helgen».
    pub label: String,
    /// Its address.
    pub url: String,
    /// Whether it is the current selection.
    pub current: bool,
}

fn groups(context: &PageContext, asked: &FilterParams) -> Vec<FilterGroup> {
    let (snapshot, query, words) = (&context.snapshot, &asked.query, context.words);
    let choice = |value: &str, label: String, chosen: bool| Choice {
        value: value.to_owned(),
        label,
        chosen,
    };
    let municipalities = snapshot.region().municipalities.iter().map(|municipality| {
        choice(
            municipality.slug.as_str(),
            municipality.name.clone(),
            query.municipalities.contains(&municipality.slug),
        )
    });
    let categories = snapshot.categories().into_iter().map(|category| {
        choice(
            category.slug.as_str(),
            context.text(&category.name),
            query.categories.contains(&category.slug),
        )
    });
    let audiences = snapshot.audiences().into_iter().map(|audience| {
        choice(
            audience.slug.as_str(),
            context.text(&audience.name),
            query.audiences.contains(&audience.slug),
        )
    });
    let group = |name, key: &str, choices: Vec<Choice>| FilterGroup {
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

fn places(context: &PageContext, asked: &FilterParams) -> Vec<Choice> {
    let mut all: Vec<Choice> = context
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

/// Returns the filters that the form has no field for and would otherwise drop.
fn kept(asked: &FilterParams) -> Vec<(&'static str, String)> {
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

/// Returns a sort key for Norwegian alphabetical order: æ, ø and å come last, in this order.
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

/// Returns the shortcuts. Each replaces all filters.
fn quick(context: &PageContext, asked: &FilterParams) -> Vec<Quick> {
    let today = context.today();
    let (friday, sunday) = weekend(today);
    let month = today.checked_add_days(Days::new(29)).unwrap_or(today);
    let (from, to) = (asked.query.from, asked.query.to);
    let period = |key: &str, first: NaiveDate, last: NaiveDate| {
        let (from_text, to_text) = (first.to_string(), last.to_string());
        Quick {
            label: context.words.say(key).into_owned(),
            url: context
                .paths
                .agenda_with(&[("from", &from_text), ("to", &to_text)]),
            current: from == Some(first) && to == Some(last) && asked.params().len() == 2,
        }
    };
    vec![
        Quick {
            label: context.words.say("quick-all").into_owned(),
            url: context.paths.agenda(),
            current: asked.is_open(),
        },
        period("quick-today", today, today),
        period("quick-weekend", friday, sunday),
        period("quick-month", today, month),
        Quick {
            label: context.words.say("quick-free").into_owned(),
            url: context.paths.agenda_with(&[("free", "1")]),
            current: asked.query.free && asked.params().len() == 1,
        },
    ]
}
