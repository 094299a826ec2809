//! UTC-OFFSET (RFC 5545 section 3.3.14) and the value of GEO (section 3.8.1.6).

/// A geographic position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geo {
    /// Degrees north, -90 to 90.
    pub latitude: f64,
    /// Degrees east, -180 to 180.
    pub longitude: f64,
}

/// Parses an offset such as `+0100`, `-050000`, `+01:00`, `+1` or `0100` to seconds east of UTC,
/// less than a day.
pub fn parse_utc_offset(text: &str) -> Option<i32> {
    let text = text.trim();
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    let digits = digits.replace(':', "");
    if digits.len() > 6 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let pair = |from: usize, to: usize| digits.get(from..to)?.parse::<i32>().ok();
    let (hours, minutes, seconds) = match digits.len() {
        1 | 2 => (pair(0, digits.len())?, 0, 0),
        3 => (pair(0, 1)?, pair(1, 3)?, 0),
        4 => (pair(0, 2)?, pair(2, 4)?, 0),
        6 => (pair(0, 2)?, pair(2, 4)?, pair(4, 6)?),
        _ => return None,
    };
    let sane = hours < 24 && minutes < 60 && seconds < 60;
    sane.then_some(sign * (hours * 3600 + minutes * 60 + seconds))
}

/// Parses `latitude;longitude`; also accepts a comma or an escaped semicolon as separator.
pub fn parse_geo(text: &str) -> Option<Geo> {
    let (latitude, longitude) = text
        .split_once("\\;")
        .or_else(|| text.split_once([';', ',']))?;
    let degrees = |text: &str, most: f64| {
        text.trim()
            .parse::<f64>()
            .ok()
            .filter(|number| number.abs() <= most)
    };
    Some(Geo {
        latitude: degrees(latitude, 90.0)?,
        longitude: degrees(longitude, 180.0)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_come_in_many_forms() {
        let read = ["+0100", "-0500", "+01:00", "+1", "-053015", "0000", "+530"];
        let seconds = read.map(|text| parse_utc_offset(text).expect("an offset"));
        assert_eq!(seconds, [3600, -18000, 3600, 3600, -19815, 0, 19800]);
        for text in ["", "+", "+2500", "+01000", "+0160", "x", "+０１"] {
            assert_eq!(parse_utc_offset(text), None, "{text}");
        }
    }

    #[test]
    fn a_place_must_lie_on_earth() {
        let elverum = Geo {
            latitude: 60.88,
            longitude: 11.56,
        };
        for text in [
            "60.88;11.56",
            "60.88\\;11.56",
            "60.88,11.56",
            " 60.88 ; 11.56 ",
        ] {
            assert_eq!(parse_geo(text), Some(elverum), "{text}");
        }
        for text in ["", "60.88", "91;0", "0;181", "NaN;0", "inf;0", "a;b"] {
            assert_eq!(parse_geo(text), None, "{text}");
        }
    }
}
