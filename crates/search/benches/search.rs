//! Benchmarks of the search in 100,000 documents of 60 words: `cargo bench -p calendar-search`.
//!
//! - build: the index from its documents
//! - put: one document changed
//! - search: a mix of queries, each kind by itself
//!
//! The memory of the index, and the 99th percentile of the mix, are printed first, with the ratio to a scan of the texts.

#![expect(
    missing_docs,
    reason = "criterion_group! makes a public function without a doc line"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

use calendar_domain::Lang;
use calendar_domain::query::fold;
use calendar_search::{SearchDocument, SearchField, SearchIndex, SearchRequest, Thesaurus};
use criterion::{Criterion, criterion_group, criterion_main};

const DOCUMENTS: u32 = 100_000;
const WORDS: u32 = 60;

const FIRST: [&str; 16] = [
    "skog", "jule", "vinter", "sommer", "barne", "kultur", "kirke", "jakt", "fiske", "ungdoms",
    "bygde", "museums", "kino", "musikk", "elve", "fjell",
];
const LAST: [&str; 16] = [
    "konsert",
    "marked",
    "festival",
    "dagene",
    "tur",
    "kurs",
    "utstilling",
    "verksted",
    "kveld",
    "treff",
    "renn",
    "teater",
    "museum",
    "foredrag",
    "messe",
    "vandring",
];
const PLACES: [&str; 8] = [
    "Elverum",
    "Åmot",
    "Våler",
    "Rena",
    "Terningen Arena",
    "Norsk skogmuseum",
    "Storgata",
    "Sørlistøa",
];
const MIX: [(&str, &str); 14] = [
    ("word", "konsert"),
    ("word of every document", "elverum"),
    ("form", "festivaler"),
    ("two words", "julekonsert våler"),
    (
        "six words",
        "konsert og marked med musikk for barn i elverum",
    ),
    ("compound", "skogmuseet"),
    ("separate", "jule marked"),
    ("synonym", "cinema"),
    ("error", "knosert"),
    ("error in a long word", "utstilingen"),
    ("two errors", "fesitvaeln"),
    ("prefix", "fe"),
    ("unknown", "trampolinehopping"),
    (
        "hostile",
        "abcdefghijkl bcdefghijklm cdefghijklmn defghijklmno efghijklmnop fghijklmnopq ghijklmnopqr",
    ),
];

/// A generator of the same numbers in each run (splitmix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        u32::try_from((mixed ^ (mixed >> 31)) % u64::from(limit)).expect("it is below the limit")
    }

    fn of<'t>(&mut self, texts: &[&'t str]) -> &'t str {
        texts[self.below(u32::try_from(texts.len()).expect("a short list")) as usize]
    }

    /// Returns a made-up word. Few words are frequent and many are rare, as in a language.
    fn word(&mut self) -> String {
        const SYLLABLES: [&str; 24] = [
            "ka", "lo", "mi", "ren", "to", "sy", "ve", "da", "fri", "gel", "hu", "nor", "pe",
            "ski", "bor", "lan", "ter", "vik", "as", "un", "ost", "mar", "tel", "in",
        ];
        let rarity = self.below(1_000);
        let words = match rarity {
            0..600 => 500,
            600..900 => 5_000,
            _ => 60_000,
        };
        let mut number = self.below(words) * 7 + 11;
        let mut word = String::new();
        while number > 0 {
            word.push_str(SYLLABLES[(number % 24) as usize]);
            number /= 24;
        }
        word
    }
}

fn texts() -> Vec<(String, String, &'static str)> {
    let mut numbers = Numbers(20);
    let one = |_| {
        let title = format!("{}{} i Elverum", numbers.of(&FIRST), numbers.of(&LAST));
        let place = numbers.of(&PLACES);
        let mut text = String::new();
        for _ in 0..WORDS {
            text.push_str(&numbers.word());
            text.push(' ');
        }
        (title, text, place)
    };
    (0..DOCUMENTS).map(one).collect()
}

fn documents(texts: &[(String, String, &'static str)]) -> impl Iterator<Item = SearchDocument> {
    (0..).zip(texts).map(|(key, (title, text, place))| {
        SearchDocument::new(key)
            .with(SearchField::Title(Lang::Nb), title.as_str())
            .with(SearchField::Text(Lang::Nb), text.as_str())
            .with(SearchField::Place, *place)
    })
}

fn request(text: &str) -> SearchRequest<'_> {
    SearchRequest {
        text,
        lang: Lang::Nb,
        is_typing: text.len() < 4,
        limit: 60,
    }
}

/// Prints what criterion does not measure.
fn report(index: &SearchIndex, texts: &[(String, String, &'static str)]) {
    println!("memory: {:.1} MB", index.memory() as f64 / 1e6);
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..20 {
        for (_, text) in MIX {
            let begun = Instant::now();
            black_box(index.search(&request(text), Some));
            times.push(begun.elapsed());
        }
    }
    times.sort_unstable();
    let percentile = times[times.len() * 99 / 100];
    let folded: Vec<String> = texts
        .iter()
        .map(|(title, text, _)| fold(&format!("{title} {text}")))
        .collect();
    let begun = Instant::now();
    black_box(
        folded
            .iter()
            .filter(|text| text.contains("konsert"))
            .count(),
    );
    let scan = begun.elapsed();
    let ratio = scan.as_secs_f64() / percentile.as_secs_f64();
    println!(
        "p99 of the mix: {percentile:?}; a scan for one word: {scan:?}, {ratio:.1} times as long"
    );
}

fn search(bench: &mut Criterion) {
    let thesaurus = Arc::new(Thesaurus::built_in());
    let texts = texts();
    let begun = Instant::now();
    let index = SearchIndex::with_documents(Arc::clone(&thesaurus), documents(&texts));
    println!("build: {:?}", begun.elapsed());
    report(&index, &texts);
    let changed = documents(&texts[5..6]).next().expect("there is one");
    bench.bench_function("put", |bench| {
        bench.iter(|| {
            let mut index = index.clone();
            index.put(std::slice::from_ref(&changed));
            index
        });
    });
    for (name, text) in MIX {
        bench.bench_function(&format!("search/{name}"), |bench| {
            bench.iter(|| index.search(black_box(&request(text)), Some));
        });
    }
}

criterion_group! {
    name = benches;
    config = Criterion::default().measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_millis(500));
    targets = search
}
criterion_main!(benches);
