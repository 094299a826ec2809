//! Two texts, word by word.

use similar::{ChangeTag, TextDiff};

/// A run of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffRun {
    /// Whether the words are in both texts, in the old one, or in the new one.
    pub kind: DiffKind,
    /// The words.
    pub text: String,
}

/// Which of the two texts words are in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffKind {
    /// In both.
    Same,
    /// In the old text only.
    Removed,
    /// In the new text only.
    Added,
}

impl DiffRun {
    /// Returns true if the words are in the old text only.
    #[must_use]
    pub fn is_removed(&self) -> bool {
        self.kind == DiffKind::Removed
    }

    /// Returns true if the words are in the new text only.
    #[must_use]
    pub fn is_added(&self) -> bool {
        self.kind == DiffKind::Added
    }
}

/// Returns the runs of words from an old text to a new one.
#[must_use]
pub fn word_diff(old: &str, new: &str) -> Vec<DiffRun> {
    let diff = TextDiff::configure()
        .timeout(std::time::Duration::from_millis(200))
        .diff_words(old, new);
    let mut runs: Vec<DiffRun> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => DiffKind::Same,
            ChangeTag::Delete => DiffKind::Removed,
            ChangeTag::Insert => DiffKind::Added,
        };
        match runs.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(change.value()),
            _ => runs.push(DiffRun {
                kind,
                text: change.value().to_owned(),
            }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changed_words_are_marked_and_the_others_are_not() {
        let runs = word_diff("Konsert i kirken", "Konsert på torget");
        let kept: String = runs
            .iter()
            .filter(|run| !run.is_added())
            .map(|run| run.text.as_str())
            .collect();
        let new: String = runs
            .iter()
            .filter(|run| !run.is_removed())
            .map(|run| run.text.as_str())
            .collect();
        assert_eq!(
            (kept.as_str(), new.as_str()),
            ("Konsert i kirken", "Konsert på torget")
        );
        assert_eq!(runs[0].kind, DiffKind::Same);
        assert!(word_diff("", "").is_empty());
    }
}
