//! Words that differ by a few typing errors.

use std::cell::Cell;

use fst::Automaton;

/// Maximum length of a word that is compared, in bytes.
const MAX: usize = 24;

/// Accepts words within a distance of a given one, in which a missing, an added, a wrong letter and two neighbouring
/// letters in the wrong order count one each (optimal string alignment). Distances are counted in bytes, which are
/// letters in a folded word of a European language.
#[derive(Debug)]
pub(crate) struct EditDistance<'w> {
    word: &'w [u8],
    most: u8,
    /// Number of steps left before nothing more is accepted.
    budget: &'w Cell<usize>,
}

/// Rows of the matrix of distances for the bytes read so far.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    last: u8,
    length: u8,
    previous: [u8; MAX + 1],
    current: [u8; MAX + 1],
    least: u8,
}

impl<'w> EditDistance<'w> {
    /// Returns an automaton; `None` if the word is too long.
    pub(crate) fn new(word: &'w str, most: u8, budget: &'w Cell<usize>) -> Option<Self> {
        let word = word.as_bytes();
        (word.len() <= MAX).then_some(Self { word, most, budget })
    }

    /// Returns the distance of a whole word.
    pub(crate) fn of(&self, word: &str) -> u8 {
        let rows = word
            .bytes()
            .fold(self.start(), |rows, byte| self.step(&rows, byte));
        rows.current[self.word.len()]
    }

    fn step(&self, rows: &Rows, byte: u8) -> Rows {
        let far = self.most + 1;
        let mut next = Rows {
            last: byte,
            length: rows.length.saturating_add(1),
            previous: rows.current,
            current: [far; MAX + 1],
            least: far,
        };
        next.current[0] = next.length.min(far);
        next.least = next.current[0];
        // Cells farther from the diagonal exceed the distance.
        let (length, most) = (usize::from(next.length), usize::from(self.most));
        let from = length.saturating_sub(most).max(1);
        for at in from..=self.word.len().min(length + most) {
            let wrong = u8::from(self.word[at - 1] != byte);
            let mut least = (rows.current[at - 1] + wrong)
                .min(rows.current[at] + 1)
                .min(next.current[at - 1] + 1);
            let swapped = at > 1
                && rows.length > 0
                && self.word[at - 2] == byte
                && self.word[at - 1] == rows.last;
            if swapped {
                least = least.min(rows.previous[at - 2] + 1);
            }
            next.current[at] = least.min(far);
            next.least = next.least.min(next.current[at]);
        }
        next
    }
}

impl Automaton for EditDistance<'_> {
    type State = Rows;

    fn start(&self) -> Rows {
        let far = self.most + 1;
        let mut current = [far; MAX + 1];
        for (at, cell) in (0..=self.most).zip(&mut current) {
            *cell = at;
        }
        Rows {
            last: 0,
            length: 0,
            previous: [far; MAX + 1],
            current,
            least: 0,
        }
    }

    fn is_match(&self, rows: &Rows) -> bool {
        rows.current[self.word.len()] <= self.most
    }

    fn can_match(&self, rows: &Rows) -> bool {
        rows.least <= self.most && self.budget.get() > 0
    }

    fn accept(&self, rows: &Rows, byte: u8) -> Rows {
        self.budget.set(self.budget.get().saturating_sub(1));
        self.step(rows, byte)
    }
}

#[cfg(test)]
mod tests {
    use fst::IntoStreamer;

    use super::*;

    fn distance(a: &str, b: &str, most: u8) -> u8 {
        let budget = Cell::new(1_000);
        EditDistance::new(a, most, &budget).unwrap().of(b)
    }

    #[test]
    fn each_typing_error_counts_one() {
        assert_eq!(distance("kino", "kino", 2), 0);
        assert_eq!(distance("kino", "kion", 2), 1);
        assert_eq!(distance("kino", "knio", 1), 1);
        assert_eq!(distance("kino", "ikno", 1), 1);
        assert_eq!(distance("kino", "kin", 2), 1);
        assert_eq!(distance("kino", "kinoo", 2), 1);
        assert_eq!(distance("kino", "kano", 2), 1);
        assert_eq!(distance("kino", "kasino", 2), 2);
        assert_eq!(distance("kino", "teater", 2), 3);
        assert_eq!(distance("", "a", 1), 1);
        assert_eq!(distance("festivalen", "fesitvaeln", 2), 2);
    }

    #[test]
    fn the_automaton_finds_what_a_scan_finds() {
        let words = [
            "kano", "kin", "kinn", "kino", "kinoen", "knio", "konto", "ski",
        ];
        let set = fst::Set::from_iter(words).unwrap();
        for most in [1, 2] {
            let budget = Cell::new(10_000);
            let near = EditDistance::new("kion", most, &budget).unwrap();
            let scanned: Vec<&str> = words.into_iter().filter(|w| near.of(w) <= most).collect();
            let found = set.search(&near).into_stream();
            assert_eq!(found.into_strs().unwrap(), scanned);
        }
    }
}
