//! Lines of text of a width, in the font of the pictures.

use std::sync::LazyLock;

use notosans::{BOLD_TTF, REGULAR_TTF};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider as _};

/// A weight of the font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    Regular,
    Bold,
}

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| font(REGULAR_TTF));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| font(BOLD_TTF));

fn font(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::new(bytes).expect("the font in the program is one")
}

/// Ends a text that does not fit.
const ELLIPSIS: char = '…';

/// A text broken into lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FittedLines {
    /// The size of the font in pixels.
    pub size: f32,
    /// The lines.
    pub lines: Vec<String>,
}

/// Breaks a text into lines of a width: in the first size in which it needs no more lines than `most` permits for that
/// size, or else in the last one, with an ellipsis.
pub(super) fn fitted(
    text: &str,
    weight: Weight,
    sizes: &[f32],
    width: f32,
    most: impl Fn(f32) -> usize,
) -> FittedLines {
    let text = drawable(text, weight);
    let mut last = FittedLines {
        size: 0.0,
        lines: Vec::new(),
    };
    for &size in sizes {
        let (lines, is_whole) = broken(&text, weight, size, width, most(size));
        last = FittedLines { size, lines };
        if is_whole {
            break;
        }
    }
    last
}

/// Returns the text without characters that the font has no glyph for, and with single spaces.
pub(super) fn drawable(text: &str, weight: Weight) -> String {
    let charmap = font_of(weight).charmap();
    let is_drawn = |letter: &char| {
        let is_mark = matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        letter.is_whitespace()
            || (!letter.is_control() && !is_mark && charmap.map(*letter).is_some())
    };
    let kept: String = text.chars().filter(is_drawn).collect();
    kept.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns at most `most` lines, and whether they hold the whole text without a broken word.
fn broken(text: &str, weight: Weight, size: f32, width: f32, most: usize) -> (Vec<String>, bool) {
    let fits = |line: &str| advance(line, weight, size) <= width;
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut is_whole = true;
    for word in text.split(' ') {
        let longer = if line.is_empty() {
            word.to_owned()
        } else {
            format!("{line} {word}")
        };
        if fits(&longer) {
            line = longer;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for character in word.chars() {
            line.push(character);
            if !fits(&line) && line.chars().count() > 1 {
                line.pop();
                lines.push(std::mem::take(&mut line));
                line.push(character);
                is_whole = false;
            }
        }
        if lines.len() > most {
            break;
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    if lines.len() <= most {
        return (lines, is_whole);
    }
    lines.truncate(most);
    if let Some(end) = lines.last_mut() {
        loop {
            let cut = format!(
                "{}{ELLIPSIS}",
                end.trim_end_matches([' ', ',', '.', ':', '–', '-'])
            );
            if fits(&cut) || end.pop().is_none() {
                *end = cut;
                break;
            }
        }
    }
    (lines, false)
}

/// Returns the width of a text in pixels, without kerning.
pub(super) fn advance(text: &str, weight: Weight, size: f32) -> f32 {
    let font = font_of(weight);
    let (charmap, metrics) = (
        font.charmap(),
        font.glyph_metrics(Size::new(size), LocationRef::default()),
    );
    let width = |letter: char| metrics.advance_width(charmap.map(letter)?);
    text.chars().filter_map(width).sum()
}

fn font_of(weight: Weight) -> &'static FontRef<'static> {
    match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> FittedLines {
        fitted(text, Weight::Bold, &[70.0, 50.0], 700.0, |_| 3)
    }

    #[test]
    fn a_short_title_is_large_and_whole() {
        let short = lines("Jakt- og fiskedagene");
        assert_eq!(short.size, 70.0);
        assert_eq!(short.lines.join(" "), "Jakt- og fiskedagene");
    }

    #[test]
    fn a_long_title_wraps_and_ends_with_an_ellipsis() {
        let long = lines(&"Konsert med mange navn, ".repeat(12));
        assert_eq!((long.size, long.lines.len()), (50.0, 3));
        assert!(long.lines[2].ends_with("navn…") || long.lines[2].ends_with('…'));
        let within = |line: &String| advance(line, Weight::Bold, 50.0) <= 700.0;
        assert!(long.lines.iter().all(within), "{long:?}");
    }

    #[test]
    fn a_word_without_end_is_broken() {
        let endless = lines(&"Å".repeat(500));
        assert_eq!(endless.lines.len(), 3);
        assert!(endless.lines[2].ends_with(ELLIPSIS));
    }

    #[test]
    fn what_has_no_glyph_is_left_out() {
        assert_eq!(
            drawable("Jul 🎄 i\u{202e}\n\tby\u{7}en", Weight::Bold),
            "Jul i byen"
        );
        assert_eq!(
            fitted("🎄", Weight::Bold, &[50.0], 700.0, |_| 3).lines,
            Vec::<String>::new()
        );
    }
}
