//! Characters that XML allows.

/// Removes characters that XML 1.0 2.2 does not allow: control characters and two noncharacters.
#[must_use]
pub fn printable(text: &str) -> String {
    let kept = |c: &char| match c {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        c => !c.is_control(),
    };
    text.chars().filter(kept).collect()
}
