//! Reads catalogues and queries, and scores them.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use calendar_domain::Lang;
use calendar_search::{SearchDocument, SearchField, SearchIndex, SearchRequest, Thesaurus};
use toml::{Table, Value};

/// Number of hits among which the answer has to be.
const FIRST: usize = 3;

/// How many queries were answered as expected.
pub struct Score {
    /// Number of queries.
    pub queries: usize,
    failures: Vec<String>,
}

/// Returns the folder of catalogues and queries.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/search")
}

impl Score {
    /// Runs the queries of a file on the catalogue of another.
    pub fn new(catalog: &Path, queries: &Path) -> Self {
        let events = tables(catalog);
        let ids: Vec<String> = events.iter().map(|event| text(event, "id")).collect();
        let files = [
            "series.toml",
            "places.toml",
            "organizers.toml",
            "categories.toml",
            "audiences.toml",
            "region.toml",
        ];
        let known: HashMap<String, Vec<String>> = files.into_iter().flat_map(names).collect();
        let documents = (0..)
            .zip(&events)
            .map(|(key, event)| document(key, event, &known));
        let index = SearchIndex::with_documents(Arc::new(Thesaurus::built_in()), documents);
        let known: HashMap<&str, usize> = ids.iter().map(String::as_str).zip(0..).collect();
        let queries = tables(queries);
        let check = |query: &Table| {
            let lang = text(query, "lang").parse().unwrap_or(Lang::Nb);
            let request = SearchRequest {
                text: &text(query, "text"),
                lang,
                is_typing: false,
                limit: 10,
            };
            let outcome = index.search(&request, |_| Some(0));
            let hits: Vec<&str> = outcome
                .hits
                .iter()
                .map(|hit| &*ids[hit.key as usize])
                .collect();
            let expected = texts(query, "expected");
            for id in expected.iter().chain(&texts(query, "not_first")) {
                assert!(known.contains_key(id.as_str()), "no event {id}");
            }
            let nothing = query.get("nothing").and_then(Value::as_bool) == Some(true);
            let first = &hits[..hits.len().min(FIRST)];
            let found = expected.is_empty() || expected.iter().any(|id| first.contains(&&**id));
            let refused = texts(query, "not_first")
                .iter()
                .any(|id| hits.first() == Some(&&**id));
            let right = found && !refused && (!nothing || hits.is_empty());
            (!right).then(|| {
                let mean = outcome.did_you_mean.unwrap_or_default();
                format!(
                    "{}: {hits:?} {mean} {:?}",
                    request.text, outcome.unknown_words
                )
            })
        };
        Self {
            failures: queries.iter().filter_map(check).collect(),
            queries: queries.len(),
        }
    }

    /// Returns the share of the queries that were answered as expected.
    pub fn share(&self) -> f64 {
        let right = self.queries - self.failures.len();
        right as f64 / self.queries as f64
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:.1} %\n{}",
            100.0 * self.share(),
            self.failures.join("\n")
        )
    }
}

/// Returns the tables of all arrays in a file.
fn tables(path: &Path) -> Vec<Table> {
    let file =
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let file: Table = file
        .parse()
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let arrays = file.into_iter().filter_map(|(_, value)| match value {
        Value::Array(items) => Some(items),
        _ => None,
    });
    let tables = arrays.flatten().filter_map(|item| match item {
        Value::Table(table) => Some(table),
        _ => None,
    });
    tables.collect()
}

fn text(table: &Table, name: &str) -> String {
    texts(table, name).join(" ")
}

/// Returns the texts of a field: one, a list, or one for each language.
fn texts(table: &Table, name: &str) -> Vec<String> {
    fn of(value: &Value) -> Vec<String> {
        match value {
            Value::String(text) => vec![text.clone()],
            Value::Array(items) => items.iter().flat_map(of).collect(),
            Value::Table(table) => table.values().flat_map(of).collect(),
            Value::Integer(number) => vec![number.to_string()],
            _ => Vec::new(),
        }
    }
    table.get(name).map(of).unwrap_or_default()
}

/// Names and aliases of the records in a data file, by slug and by name.
fn names(file: &str) -> HashMap<String, Vec<String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../data")
        .join(file);
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for record in tables(&path) {
        let fields = ["name", "title", "aliases"];
        let all: Vec<String> = fields
            .into_iter()
            .flat_map(|field| texts(&record, field))
            .collect();
        for key in texts(&record, "slug").iter().chain(&all) {
            names
                .entry(key.to_lowercase())
                .or_default()
                .extend(all.iter().cloned());
        }
    }
    names
}

/// Returns a document with an event's texts, and the names and aliases of what it refers to.
fn document(key: u32, event: &Table, known: &HashMap<String, Vec<String>>) -> SearchDocument {
    let mut made = SearchDocument::new(key);
    let fields = [
        ("title", SearchField::Title(Lang::Nb)),
        ("title_nb", SearchField::Title(Lang::Nb)),
        ("title_nn", SearchField::Title(Lang::Nn)),
        ("title_en", SearchField::Title(Lang::En)),
        ("place", SearchField::Place),
        ("municipality", SearchField::Name),
        ("categories", SearchField::Name),
        ("tags", SearchField::Name),
        ("aliases", SearchField::Name),
        ("series", SearchField::Name),
        ("audiences", SearchField::Name),
        ("organizer", SearchField::Organizer),
        ("summary", SearchField::Text(Lang::Nb)),
        ("description", SearchField::Text(Lang::Nb)),
        ("summary_nn", SearchField::Text(Lang::Nn)),
        ("description_nn", SearchField::Text(Lang::Nn)),
        ("summary_en", SearchField::Text(Lang::En)),
        ("description_en", SearchField::Text(Lang::En)),
    ];
    for (name, field) in fields {
        for text in texts(event, name) {
            let is_name = !matches!(field, SearchField::Title(_) | SearchField::Text(_));
            let others = known.get(&text.to_lowercase()).filter(|_| is_name);
            for other in others.into_iter().flatten().filter(|other| **other != text) {
                made.add(field, other.as_str());
            }
            made.add(field, text);
        }
    }
    made
}
