//! Normalization of whitespace in texts of several lines.

/// Trims lines and reduces empty lines to at most one between paragraphs.
pub(super) fn tidy(text: &str) -> String {
    let mut tidied = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !tidied.is_empty() {
            tidied.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        empty = 0;
        tidied.extend(line.chars().filter(|c| !c.is_control() || *c == '\t'));
    }
    tidied
}
