//! The picture of a card.

use std::sync::{Arc, LazyLock};

use askama::Template;
use notosans::{BOLD_TTF, REGULAR_TTF};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};

use super::card::{PreviewCard, PreviewDate, SIZE};
use super::typeset::{Weight, advance, drawable, fitted};

/// The left edge of everything.
const MARGIN: f32 = 64.0;
/// Width of the date with the space beside it.
const DATE: f32 = 356.0;
/// Sizes of the title, tried in this order.
const TITLE: [f32; 4] = [84.0, 70.0, 58.0, 50.0];
/// Sizes of time and place.
const FACTS: [f32; 3] = [36.0, 32.0, 28.0];
/// Height of a line of them.
const FACT_LINE: f32 = FACTS[0] + 12.0;
/// Space between the title and them.
const SPACE: f32 = 14.0;
/// Height of a line of the title, in sizes of its font.
const LEADING: f32 = 1.12;
/// The lowest baseline.
const BOTTOM: f32 = 522.0;
/// Top of the title.
const TOP: f32 = 138.0;

/// The drawing above the footer of every page, at the bottom of the picture.
static TREELINE: LazyLock<String> = LazyLock::new(|| {
    let drawing = include_str!("../../../static/treeline.svg");
    let placed = r##"<svg x="0" y="530" width="1200" height="100" fill="#143a2b" "##;
    drawing.replacen("<svg ", placed, 1)
});

/// A card with every position computed.
#[derive(Template)]
#[template(path = "preview/card.svg")]
struct Drawing {
    site: String,
    /// The forest at the bottom, as an SVG element.
    treeline: &'static str,
    left: f32,
    lines: Vec<PlacedLine>,
    date: Option<PlacedDate>,
    change: Option<PlacedChange>,
}

/// A line of text.
struct PlacedLine {
    text: String,
    y: f32,
    size: f32,
    class: &'static str,
}

/// The date: its texts and their sizes.
struct PlacedDate {
    texts: PreviewDate,
    day_size: f32,
    month_size: f32,
}

impl PlacedDate {
    /// Returns the baseline of the day, which stands in the middle.
    fn day_y(&self) -> f32 {
        180.0 + self.day_size * 0.36
    }
}

/// The label of a change.
struct PlacedChange {
    text: String,
    y: f32,
    width: f32,
}

/// Why no picture was made.
#[derive(Debug, thiserror::Error)]
pub(super) enum DrawingError {
    #[error("the picture's template failed: {0}")]
    Template(#[from] askama::Error),
    #[error("the picture is not valid SVG: {0}")]
    Svg(#[from] resvg::usvg::Error),
    #[error("there is no memory for a picture")]
    Memory,
    #[error("the picture was not encoded: {0}")]
    Png(String),
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(REGULAR_TTF.to_vec());
    fonts.load_font_data(BOLD_TTF.to_vec());
    Options {
        fontdb: Arc::new(fonts),
        font_family: "Noto Sans".to_owned(),
        ..Options::default()
    }
});

/// Returns the picture of a card as PNG. Blocks for some tens of milliseconds.
///
/// # Errors
/// Errors if there is no memory for it.
pub(super) fn png(card: &PreviewCard) -> Result<Vec<u8>, DrawingError> {
    let svg = placed(card).render()?;
    let tree = Tree::from_str(&svg, &OPTIONS)?;
    let mut pixels = Pixmap::new(SIZE.0, SIZE.1).ok_or(DrawingError::Memory)?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    let encoded = pixels.encode_png();
    encoded.map_err(|error| DrawingError::Png(error.to_string()))
}

fn placed(card: &PreviewCard) -> Drawing {
    let left = MARGIN + if card.date.is_some() { DATE } else { 0.0 };
    let width = SIZE.0 as f32 - MARGIN - left;
    let mut y = TOP;
    let change = Some(drawable(&card.change, Weight::Bold)).filter(|old| !old.is_empty());
    let change = change.map(|text| {
        let width = advance(&text, Weight::Bold, 30.0) + 36.0;
        y += 66.0;
        PlacedChange {
            text,
            y: TOP,
            width,
        }
    });
    let facts = [(&card.when, "when"), (&card.place, "place")];
    let known = facts.iter().filter(|(text, _)| !text.is_empty()).count();
    let height = BOTTOM - y - SPACE - known as f32 * FACT_LINE;
    // Truncated: lines that fit as a whole.
    let most = |size: f32| ((height / (size * LEADING)) as usize).max(1);
    let title = fitted(&card.title, Weight::Bold, &TITLE, width, most);
    let mut lines = Vec::new();
    for text in title.lines {
        y += title.size;
        lines.push(PlacedLine {
            text,
            y,
            size: title.size,
            class: "title",
        });
        y += title.size * (LEADING - 1.0);
    }
    y += SPACE;
    for (text, class) in facts {
        let fact = fitted(text, Weight::Regular, &FACTS, width, |_| 1);
        for text in fact.lines {
            y += FACT_LINE;
            lines.push(PlacedLine {
                text,
                y,
                size: fact.size,
                class,
            });
        }
    }
    Drawing {
        site: fitted(&card.site, Weight::Bold, &[34.0], 980.0, |_| 1)
            .lines
            .concat(),
        treeline: &TREELINE,
        left,
        lines,
        date: card.date.as_ref().map(date),
        change,
    }
}

/// Returns the date with texts that fit into it.
fn date(texts: &PreviewDate) -> PlacedDate {
    let fit = |text: &str, weight, sizes: &[f32]| fitted(text, weight, sizes, 264.0, |_| 1);
    let day = fit(&texts.day, Weight::Bold, &[190.0, 150.0, 110.0, 84.0, 60.0]);
    let month = fit(&texts.month, Weight::Bold, &[40.0, 34.0, 28.0]);
    PlacedDate {
        day_size: day.size,
        month_size: month.size,
        texts: PreviewDate {
            month: month.lines.concat(),
            day: day.lines.concat(),
            weekday: drawable(&texts.weekday, Weight::Regular),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(card: &PreviewCard) -> Pixmap {
        Pixmap::decode_png(&png(card).unwrap()).unwrap()
    }

    #[test]
    fn every_text_is_visible() {
        let plain = PreviewCard {
            site: "Kalender".into(),
            ..PreviewCard::default()
        };
        let with = |change: fn(&mut PreviewCard)| {
            let mut card = plain.clone();
            change(&mut card);
            picture(&card)
        };
        let blank = picture(&plain);
        assert_eq!((blank.width(), blank.height()), SIZE);
        let all = [
            with(|card| card.title = "Sommerkonsert".into()),
            with(|card| card.when = "Lørdag 7. august".into()),
            with(|card| card.place = "Elverum".into()),
            with(|card| card.change = "Avlyst".into()),
            with(|card| card.site = "Kalenderen".into()),
        ];
        for other in all {
            assert_ne!(other.data(), blank.data());
        }
    }

    #[test]
    fn no_text_runs_into_the_forest() {
        for title in [
            "Kort",
            "To linjer som er litt lange",
            &"Lang tittel ".repeat(20),
        ] {
            for change in ["", "Avlyst"] {
                let drawing = placed(&PreviewCard {
                    title: title.to_owned(),
                    change: change.to_owned(),
                    when: "Lørdag 7. august".into(),
                    place: "Elverum".into(),
                    ..PreviewCard::default()
                });
                let lowest = drawing.lines.iter().map(|line| line.y).fold(0.0, f32::max);
                assert!(lowest <= BOTTOM, "{title}: {lowest}");
                assert!(drawing.lines.len() >= 3);
            }
        }
    }

    #[test]
    fn hostile_texts_are_texts() {
        let hostile = "<script>alert(1)</script> & ]]> <!-- \" ' \u{0} \u{fffe} %s {{ title }}";
        let card = PreviewCard {
            site: hostile.into(),
            title: hostile.repeat(200),
            when: hostile.into(),
            place: hostile.into(),
            change: hostile.into(),
            ..PreviewCard::default()
        };
        assert_eq!(picture(&card.shortened()).width(), SIZE.0);
    }
}
