//! Resolves TZIDs by name alone.

use chrono_tz::Tz;

use super::super::value::parse_utc_offset;
use super::super::windows_zones::{display_zone, windows_zone};

/// Returns the zone that a TZID names.
///
/// Accepts an IANA name in any case, with blanks for underscores, or at the end of a path
/// (`/freeassociation.sourceforge.net/Europe/Oslo`, `/mozilla.org/20070129_1/Europe/Oslo`), and a
/// Windows name.
pub fn named_zone(tzid: &str) -> Option<Tz> {
    let name = tzid.trim().trim_matches('"').trim();
    if name.is_empty() || name.len() > 200 {
        return None;
    }
    Tz::from_str_insensitive(name)
        .ok()
        .or_else(|| path_zone(name))
        .or_else(|| windows_zone(name))
}

/// Returns the zone that a name not defined in the file probably means: a Windows display name, or
/// an abbreviation that is not an IANA name.
pub fn guessed_zone(tzid: &str) -> Option<Tz> {
    let name = tzid.trim().trim_matches('"').trim();
    display_zone(name).or_else(|| match name.to_ascii_uppercase().as_str() {
        "CEST" => Some(Tz::CET),
        "EEST" => Some(Tz::EET),
        "WEST" => Some(Tz::WET),
        "Z" => Some(Tz::UTC),
        _ => None,
    })
}

/// Returns the seconds east of UTC in a name such as `GMT+0100`, `UTC+1`, `UTC-03:30` or `+0100`.
pub fn offset_in_name(tzid: &str) -> Option<i32> {
    let name = tzid.trim().trim_matches('"').trim().to_ascii_uppercase();
    let prefixed = ["GMT", "UTC"]
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix));
    let offset = prefixed.unwrap_or(&name).trim();
    if !offset.starts_with(['+', '-']) {
        return None;
    }
    parse_utc_offset(offset)
}

/// Returns the zone of the longest suffix of a path that is an IANA name with an area.
fn path_zone(name: &str) -> Option<Tz> {
    let name = name.replace(' ', "_");
    let mut rest = name.trim_start_matches('/');
    while rest.contains('/') {
        if let Ok(zone) = Tz::from_str_insensitive(rest) {
            return Some(zone);
        }
        rest = rest.split_once('/')?.1;
    }
    ["UTC", "GMT"].contains(&rest).then_some(Tz::UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iana_names_are_found_in_every_dress() {
        let names = [
            "Europe/Oslo",
            "europe/oslo",
            "\"Europe/Oslo\"",
            "/Europe/Oslo",
            "/freeassociation.sourceforge.net/Europe/Oslo",
            "/freeassociation.sourceforge.net/Tzfile/Europe/Oslo",
            "/mozilla.org/20070129_1/Europe/Oslo",
            "posix/Europe/Oslo",
        ];
        for name in names {
            assert_eq!(named_zone(name), Some(Tz::Europe__Oslo), "{name}");
        }
        assert_eq!(
            named_zone("America/Los Angeles"),
            Some(Tz::America__Los_Angeles)
        );
        assert_eq!(
            named_zone("/x/America/Argentina/Buenos_Aires"),
            Some(Tz::America__Argentina__Buenos_Aires)
        );
        assert_eq!(
            named_zone("W. Europe Standard Time"),
            Some(Tz::Europe__Berlin)
        );
        assert_eq!(named_zone("UTC"), Some(Tz::UTC));
    }

    #[test]
    fn other_names_are_not_forced_into_a_zone() {
        for name in [
            "",
            "Europe/CUSTOM",
            "custom_Europe/Oslo",
            "MyTimezone",
            "Nowhere/Middle",
            "/",
        ] {
            assert_eq!(named_zone(name), None, "{name}");
            assert_eq!(guessed_zone(name), None, "{name}");
            assert_eq!(offset_in_name(name), None, "{name}");
        }
    }

    #[test]
    fn offsets_are_read_out_of_names() {
        let read = ["GMT+0100", "UTC+1", "GMT -03:30", "+0200"].map(offset_in_name);
        assert_eq!(read, [Some(3600), Some(3600), Some(-12600), Some(7200)]);
    }
}
