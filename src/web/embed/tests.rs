//! Tests of the script and of colors.

use super::script::COMPONENT;
use super::theme::HexColor;

#[test]
fn colors_are_read_with_and_without_hash_and_in_short() {
    for (text, shown) in [
        ("#174a36", "174a36"),
        ("174A36", "174a36"),
        ("#fff", "ffffff"),
    ] {
        assert_eq!(text.parse::<HexColor>().unwrap().to_string(), shown);
    }
    for wrong in ["", "#", "12", "red", "#12345", "url(x)", "1234567", "#ææ"] {
        assert!(wrong.parse::<HexColor>().is_err(), "{wrong}");
    }
    let (black, white): (HexColor, HexColor) = ("#000".parse().unwrap(), "#fff".parse().unwrap());
    assert!((black.contrast(white) - 21.0).abs() < 0.01);
    assert!((white.contrast(white) - 1.0).abs() < 0.01);
}

#[test]
fn the_script_has_nothing_left_to_fill_in() {
    assert!(COMPONENT.path().starts_with("/embed/v1/events."));
    assert!(COMPONENT.integrity.starts_with("sha384-"));
}
