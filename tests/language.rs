//! The spelling of the interface in bokmål and nynorsk, by `hunspell` with Debian's dictionaries (`hunspell-no`).
//!
//! Words that are right, though the dictionaries lack them, are in `tests/language/words.txt`.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Fluent files and the dictionary for each.
const TEXTS: [(&str, &str); 2] = [("nb", "nb_NO"), ("nn", "nn_NO")];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the reviewed words.
fn reviewed() -> BTreeSet<String> {
    let text = read("tests/language/words.txt");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let words = lines.flat_map(str::split_whitespace);
    words.map(str::to_owned).collect()
}

/// Returns the texts of a Fluent file: without comments, keys, variables and names of variants.
fn texts(source: &str) -> String {
    let mut out = String::new();
    for line in source.lines().filter(|line| !line.starts_with('#')) {
        let is_message = line.starts_with(|c: char| c.is_ascii_lowercase());
        let text = match line.split_once(" =") {
            Some((_, text)) if is_message => text,
            _ => line,
        };
        let text = text.trim().trim_start_matches('*');
        let text = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
            Some((_, variant)) => variant,
            None => text,
        };
        out.push_str(&without_placeables(text));
        out.push('\n');
    }
    out
}

/// Puts `_` in place of `{ $name }` and `{"…"}`, and of the beginning of one over several lines.
fn without_placeables(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inner)) = rest.split_once('{') {
        out.push_str(before);
        out.push('_');
        rest = inner.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest.trim_start_matches('}')
}

/// Returns true for addresses, names of files, identifiers and words with a variable in them.
fn is_code(word: &str) -> bool {
    let mut after_dots = word.split('.').skip(1);
    let has_ending = after_dots.any(|rest| rest.starts_with(char::is_alphabetic));
    has_ending || word.contains(['@', '_', '/', '#'])
}

/// Returns the words that a dictionary lacks.
fn unknown(text: &str, dictionary: &str) -> BTreeSet<String> {
    let mut child = Command::new("hunspell")
        .args(["-d", dictionary, "-i", "UTF-8", "-l"])
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|error| panic!("hunspell: {error}; tests/run installs it"));
    let mut input = child.stdin.take().expect("a pipe");
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !is_code(word))
        .collect();
    let words = words.join("\n");
    let writing = std::thread::spawn(move || input.write_all(words.as_bytes()));
    let output = child.wait_with_output().expect("hunspell ends");
    writing
        .join()
        .expect("the thread ends")
        .expect("hunspell reads all");
    assert!(
        output.status.success(),
        "hunspell lacks {dictionary}: install hunspell-no"
    );
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    let words = found.lines().filter(|word| word.chars().count() > 1);
    words.map(str::to_owned).collect()
}

/// Returns true if the word is listed, or in lower case if it begins a sentence.
fn is_listed(listed: &BTreeSet<String>, word: &str) -> bool {
    listed.contains(word) || listed.contains(&word.to_lowercase())
}

#[test]
fn no_text_has_a_word_that_neither_dictionary_nor_review_knows() {
    let listed = reviewed();
    let mut needed = BTreeSet::new();
    for (lang, dictionary) in TEXTS {
        let text = texts(&read(&format!("crates/language/text/{lang}.ftl")));
        let found = unknown(&text, dictionary);
        let wrong: Vec<&String> = found
            .iter()
            .filter(|word| !is_listed(&listed, word))
            .collect();
        assert!(
            wrong.is_empty(),
            "{lang}.ftl: {wrong:?}. Mend the spelling, or add a word that is right to tests/language/words.txt."
        );
        needed.extend(found);
    }
    let needed: BTreeSet<String> = needed
        .iter()
        .flat_map(|word| [word.clone(), word.to_lowercase()])
        .collect();
    let idle: Vec<&String> = listed.difference(&needed).collect();
    assert!(
        idle.is_empty(),
        "tests/language/words.txt: nothing needs {idle:?}"
    );
}

#[test]
fn a_wrong_word_is_found_and_code_is_passed_over() {
    let source = "\
# Kommmentar
key-onne = Velg { $nnavn } eller «feeil».
key-two = { $count ->
    [onne] Ett arangement
   *[other] { $count } dager
 }
key-three = Skriv https://eksempel.nno, .icss eller navn@eksempel.no den { $weekday }enn.
";
    let found = unknown(&texts(source), "nb_NO");
    let expected = ["arangement", "feeil"].map(str::to_owned);
    assert_eq!(found, BTreeSet::from(expected));
}

#[test]
fn bokmal_and_nynorsk_are_told_apart() {
    assert_eq!(unknown("ikke hvor måned", "nn_NO").len(), 3);
    assert_eq!(unknown("ikkje frå månad", "nb_NO").len(), 2);
    assert_eq!(unknown("ikkje frå månad laurdag", "nn_NO").len(), 0);
}
