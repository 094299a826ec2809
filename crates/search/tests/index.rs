//! The index against a scan of all documents, changes against a new index, and hostile input.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use calendar_domain::Lang;
use calendar_search::{
    SearchDocument, SearchField, SearchIndex, SearchOutcome, SearchRequest, Thesaurus,
};
use proptest::prelude::*;

/// Words of which no one is a form, a part or a misspelling of another.
const WORDS: [&str; 12] = [
    "trommel",
    "fiolin",
    "gitar",
    "orgel",
    "ballong",
    "kaffe",
    "sjokolade",
    "vaffel",
    "hund",
    "katt",
    "rugbrød",
    "Åmot",
];

const TITLE: SearchField = SearchField::Title(Lang::Nb);
const TEXT: SearchField = SearchField::Text(Lang::Nb);

fn thesaurus() -> Arc<Thesaurus> {
    static BUILT_IN: LazyLock<Arc<Thesaurus>> = LazyLock::new(|| Arc::new(Thesaurus::built_in()));
    Arc::clone(&BUILT_IN)
}

fn search(index: &SearchIndex, text: &str) -> SearchOutcome {
    search_in(index, text, Lang::Nb, false)
}

fn search_in(index: &SearchIndex, text: &str, lang: Lang, is_typing: bool) -> SearchOutcome {
    let request = SearchRequest {
        text,
        lang,
        is_typing,
        limit: 1_000,
    };
    index.search(&request, Some)
}

fn keys(outcome: &SearchOutcome) -> Vec<u32> {
    outcome.hits.iter().map(|hit| hit.key).collect()
}

fn index(titles: &[&str]) -> SearchIndex {
    let documents = (0..).zip(titles);
    let documents = documents.map(|(key, title)| SearchDocument::new(key).with(TITLE, *title));
    SearchIndex::with_documents(thesaurus(), documents)
}

/// A title and a text, each as numbers of words.
type Texts = (Vec<usize>, Vec<usize>);

fn sentence(words: &[usize]) -> String {
    let words: Vec<&str> = words.iter().map(|word| WORDS[word % WORDS.len()]).collect();
    words.join(" ")
}

fn document(key: u32, (title, text): &Texts) -> SearchDocument {
    SearchDocument::new(key)
        .with(TITLE, sentence(title))
        .with(TEXT, sentence(text))
}

fn texts() -> impl Strategy<Value = Texts> {
    let words = || prop::collection::vec(0..WORDS.len(), 0..5);
    (words(), words())
}

/// Returns the documents with all words of a query, or else those with the most.
fn scan(documents: &BTreeMap<u32, Texts>, query: &[usize]) -> BTreeSet<u32> {
    let count = |(title, text): &Texts| {
        let query: BTreeSet<usize> = query.iter().copied().collect();
        query
            .iter()
            .filter(|word| title.contains(word) || text.contains(word))
            .count()
    };
    let most = documents.values().map(count).max().unwrap_or(0);
    let best = documents
        .iter()
        .filter(|(_, texts)| most > 0 && count(texts) == most);
    best.map(|(key, _)| *key).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whole_words_are_found_as_by_a_scan(
        documents in prop::collection::vec(texts(), 0..30),
        query in prop::collection::vec(0..WORDS.len(), 1..4),
    ) {
        let documents: BTreeMap<u32, Texts> = (0..).zip(documents).collect();
        let made = documents.iter().map(|(key, texts)| document(*key, texts));
        let index = SearchIndex::with_documents(thesaurus(), made);
        let found = search(&index, &sentence(&query));
        prop_assert_eq!(keys(&found).into_iter().collect::<BTreeSet<u32>>(), scan(&documents, &query));
    }

    #[test]
    fn a_changed_index_finds_what_a_new_one_finds(
        start in prop::collection::vec(texts(), 0..20),
        changes in prop::collection::vec((0_u32..30, prop::option::of(texts())), 0..40),
        query in prop::collection::vec(0..WORDS.len(), 1..4),
        compact_at in 0_usize..40,
    ) {
        let mut documents: BTreeMap<u32, Texts> = (0..).zip(start).collect();
        let made = documents.iter().map(|(key, texts)| document(*key, texts));
        let mut index = SearchIndex::with_documents(thesaurus(), made);
        let mut pending = None;
        for (at, (key, texts)) in changes.iter().enumerate() {
            if at == compact_at {
                pending = Some((index.clone(), index.compacted()));
            }
            match texts {
                Some(texts) => {
                    index.put(&[document(*key, texts)]);
                    documents.insert(*key, texts.clone());
                }
                None => {
                    index.remove(*key);
                    documents.remove(key);
                }
            }
        }
        // Documents have changed since the compaction began.
        if let Some((earlier, compacted)) = pending {
            index.adopt(&earlier, compacted);
        }
        prop_assert_eq!(index.len(), documents.len());
        let made = documents.iter().map(|(key, texts)| document(*key, texts));
        let new = SearchIndex::with_documents(thesaurus(), made);
        let text = sentence(&query);
        prop_assert_eq!(search(&index, &text), search(&new, &text));
        prop_assert_eq!(search(&index.compacted(), &text), search(&new, &text));
    }

    #[test]
    fn no_text_and_no_query_panics(
        titles in prop::collection::vec("\\PC{0,60}", 0..8),
        query in "\\PC{0,80}",
        is_typing: bool,
        lang in prop::sample::select(Lang::ALL.to_vec()),
    ) {
        let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
        let mut index = index(&titles);
        index.put(&[SearchDocument::new(3).with(TITLE, query.clone()).with(TEXT, "å-ø- -æ")]);
        let found = search_in(&index, &query, lang, is_typing);
        let has_word = query.chars().any(|letter| letter.is_ascii_alphabetic());
        prop_assert!(!has_word || keys(&found).contains(&3), "{:?}", found);
    }
}

#[test]
fn words_are_found_by_form_spelling_part_and_error() {
    let index = index(&[
        "Jakt- og fiskedagene",
        "Konsert på Norsk skogmuseum",
        "Julemarked",
        "Kinokveld på biblioteket",
        "Sørlistøa i Åmot",
        "Ski, sommer- og vintertur",
    ]);
    for (query, expected) in [
        ("jaktdager", 0),
        ("jakt dager", 0),
        ("fiskedag", 0),
        ("konserter", 1),
        ("skogmuseet", 1),
        ("skog museum", 1),
        ("julemarkedet", 2),
        ("jule marked", 2),
        ("bibliotekt", 3),
        ("kino", 3),
        ("soerlistoea", 4),
        ("Sorlistoa", 4),
        ("aamot", 4),
        ("sommertur", 5),
    ] {
        assert_eq!(keys(&search(&index, query)), [expected], "{query}");
    }
    assert_eq!(keys(&search_in(&index, "cinema", Lang::En, false)), [3]);
    assert_eq!(
        keys(&search_in(&index, "konsert skogm", Lang::Nb, true)),
        [1]
    );
}

#[test]
fn whole_words_come_before_forms_parts_and_errors() {
    let titles = ["Jaktkonsert", "Konserter", "Konsert", "Konsret"];
    assert_eq!(keys(&search(&index(&titles), "konsert")), [2, 1, 0]);
    assert_eq!(keys(&search(&index(&titles[3..]), "konsert")), [0]);
    let places = [
        SearchDocument::new(0).with(TEXT, "Vi møtes på Rena."),
        SearchDocument::new(1)
            .with(TITLE, "Håndball")
            .with(SearchField::Place, "Terningen Arena"),
        SearchDocument::new(2)
            .with(TITLE, "Bingo")
            .with(SearchField::Place, "Folkets hus Rena"),
        SearchDocument::new(3).with(TITLE, "Rena-dagene"),
    ];
    let places = SearchIndex::with_documents(thesaurus(), places);
    assert_eq!(keys(&search(&places, "rena")), [3, 2, 0]);
}

#[test]
fn an_outcome_tells_what_was_corrected_and_what_is_unknown() {
    let index = index(&["Konsert i Åmot", "Marked i Våler"]);
    let found = search(&index, "knosert i Amot");
    assert_eq!(found.did_you_mean.as_deref(), Some("konsert i amot"));
    assert_eq!(keys(&found), [0]);
    let found = search(&index, "Trapeskunst, Åmot");
    assert_eq!(found.unknown_words, ["trapeskunst"]);
    assert_eq!((keys(&found), found.has_all_words), (vec![0], true));
    let found = search(&index, "konsert våler");
    assert_eq!((found.total, found.has_all_words), (2, false));
    let found = search(&index, "trapeskunst");
    assert_eq!((found.total, found.unknown_words.len()), (0, 1));
}

#[test]
fn texts_of_one_language_are_left_out_of_the_pages_of_the_other() {
    let english = SearchField::Text(Lang::En);
    let documents = [
        SearchDocument::new(0)
            .with(TITLE, "Fest")
            .with(TEXT, "Ballonger")
            .with(english, "Balloons"),
        SearchDocument::new(1)
            .with(TITLE, "Fest")
            .with(TEXT, "Ballonger"),
    ];
    let index = SearchIndex::with_documents(thesaurus(), documents);
    assert_eq!(keys(&search_in(&index, "balloon", Lang::En, false)), [0]);
    assert_eq!(keys(&search_in(&index, "ballonger", Lang::En, false)), [1]);
    assert_eq!(keys(&search(&index, "ballonger")), [0, 1]);
    assert!(
        search(&index, "balloons")
            .hits
            .iter()
            .all(|hit| hit.key != 0)
            || search(&index, "balloons").did_you_mean.is_some()
    );
}

#[test]
fn the_caller_decides_which_documents_count_and_their_order() {
    let index = index(&["Konsert", "Konsert", "Konsert", "Konsert i kirken"]);
    let request = SearchRequest {
        text: "konsert",
        lang: Lang::Nb,
        is_typing: false,
        limit: 2,
    };
    let found = index.search(&request, |key| (key != 1).then_some(10 - key));
    assert_eq!((keys(&found), found.total), (vec![2, 0], 3));
}

/// Hostile queries take time that depends on the bounds alone.
#[test]
fn hostile_queries_are_bounded() {
    let titles: Vec<String> = (0..20_000)
        .map(|n| format!("aab{n} bca{} abc{} ab ca b{}", n % 977, n % 31, n % 7))
        .collect();
    let titles: Vec<&str> = titles.iter().map(String::as_str).collect();
    let index = index(&titles);
    let hostile = [
        "a".repeat(100_000),
        "ab ".repeat(50_000),
        "aabbccddeeffgghh ".repeat(12),
        "abcabcabcabcabcabcabc bcabcabcabcabcabcabc cabcabcabcabcabcab".repeat(4),
        (0..500).map(|n| format!("b{n} ")).collect(),
        "-".repeat(100_000),
        "å\u{30a}".repeat(50_000),
        "jaktjaktjaktjaktjaktjaktjakt-".repeat(1_000),
        "a b c d e f g h i j k l m".to_owned(),
        (0..12)
            .map(|n| format!("abcdefghijklmn{} ", char::from(b'a' + n)))
            .collect(),
    ];
    for query in &hostile {
        for lang in Lang::ALL {
            let begun = Instant::now();
            let _ = search_in(&index, query, lang, true);
            let taken = begun.elapsed();
            // Unoptimized code on a busy machine; see docs/performance.md for the figures.
            assert!(
                taken < Duration::from_secs(5),
                "{taken:?}: {}",
                &query[..20]
            );
        }
    }
}
