//! Tests the style sheet's colors against WCAG 2.2 (1.4.3, 1.4.6, 1.4.11), in both themes.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../../../static/calendar.css");

type Theme = BTreeMap<String, [f64; 3]>;

/// Returns the colors of a `:root` block: names with red, green and blue, 0 to 1.
fn colours(block: &str) -> Theme {
    let declared = block.split("--").skip(1).filter_map(|rest| {
        let (name, value) = rest.split_once(':')?;
        let hex = value.trim().strip_prefix('#')?.get(..6)?;
        let part = |at: usize| {
            u8::from_str_radix(hex.get(at..at + 2)?, 16)
                .ok()
                .map(f64::from)
        };
        Some((
            name.to_owned(),
            [part(0)? / 255.0, part(2)? / 255.0, part(4)? / 255.0],
        ))
    });
    declared.collect()
}

fn themes() -> [(&'static str, Theme); 2] {
    let mut blocks = STYLE.split(":root {").skip(1).map(|rest| {
        let end = rest.find('}').expect("a block ends");
        colours(&rest[..end])
    });
    let light = blocks.next().expect("the light theme comes first");
    let mut dark = light.clone();
    dark.extend(blocks.next().expect("the dark theme comes second"));
    [("light", light), ("dark", dark)]
}

/// Returns the relative luminance (WCAG 2.2).
fn luminance(colour: [f64; 3]) -> f64 {
    let [r, g, b] = colour.map(|part| {
        if part <= 0.04045 {
            part / 12.92
        } else {
            ((part + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: [f64; 3], b: [f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_text_stands_out_from_what_it_stands_on() {
    const AAA: f64 = 7.0;
    const AA: f64 = 4.5;
    const SHAPES: f64 = 3.0;
    for (theme, colours) in themes() {
        for (front, back, least) in [
            ("ink", "birch", AAA),
            ("ink", "bark", AAA),
            ("ink", "needle", AAA),
            ("ink", "rowan-thin", AAA),
            ("ink-soft", "birch", AAA),
            ("ink-soft", "bark", AAA),
            ("ink-soft", "needle", AA),
            ("spruce-text", "birch", AAA),
            ("spruce-text", "bark", AAA),
            ("spruce-text", "needle", AAA),
            ("on-spruce", "spruce", AAA),
            ("rowan", "birch", AAA),
            ("rowan", "rowan-thin", AAA),
            ("on-rowan", "rowan", AAA),
            ("edge", "birch", SHAPES),
            ("edge", "bark", SHAPES),
        ] {
            let found = contrast(colours[front], colours[back]);
            assert!(
                found >= least,
                "{theme}: {front} on {back} is {found:.2}, less than {least}"
            );
        }
    }
}

#[test]
fn colours_are_named_in_the_first_blocks_alone() {
    let (_, rest) = STYLE
        .split_once("/* Ground */")
        .expect("the themes end there");
    let screen = rest
        .split("@media print")
        .next()
        .expect("what is before the paper");
    let literal = screen.split('#').skip(1).find(|rest| {
        rest.get(..3)
            .is_some_and(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))
    });
    assert_eq!(literal, None, "a colour that a theme cannot change");
}
