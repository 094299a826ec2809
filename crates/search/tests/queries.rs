//! Scores queries on a catalogue of events: the expected answer has to be among the first three hits.

mod query_scores;

use query_scores::{Score, folder};

/// Returns the score of a catalogue and its queries in `tests/search`.
fn score(catalog: &str, queries: &str) -> Score {
    Score::new(&folder().join(catalog), &folder().join(queries))
}

#[test]
fn own_queries_find_their_answers() {
    let score = score("own_catalog.toml", "queries.toml");
    println!("{score}");
    assert_eq!(score.queries, 60);
    assert!(score.share() >= 0.95, "{score}");
}

/// The queries are by somebody who had not read the search; see `tests/search/README.md`.
#[test]
fn blind_queries_find_their_answers() {
    let score = score("catalog.toml", "blind_queries.toml");
    println!("{score}");
    assert_eq!(score.queries, 60);
    assert!(score.share() >= 0.95, "{score}");
}
