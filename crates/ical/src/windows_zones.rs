//! Time zone names of Windows, Outlook and Exchange.
//!
//! Data from the `windowsZones` table of Unicode CLDR, territory 001 (the principal zone of each
//! name), with a few names that Windows no longer uses. Exchange sometimes writes the display name
//! instead, such as `(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna`; its first place
//! determines the zone.

use chrono_tz::Tz;

/// Returns the zone of a Windows name, compared without case.
///
/// ```
/// use calendar_ical::windows_zones::windows_zone;
///
/// let zone = windows_zone("W. Europe Standard Time");
/// assert_eq!(zone, Some(chrono_tz::Europe::Berlin));
/// ```
pub fn windows_zone(name: &str) -> Option<Tz> {
    look_up(&WINDOWS_ZONES, name)
}

/// Returns the zone of a Windows display name, by its first place after `(UTC+01:00)` or `(GMT
/// +01:00)`.
///
/// A name without offset, as older programs write it, must be a list: a single place is ambiguous.
pub fn display_zone(name: &str) -> Option<Tz> {
    const ENDS: [char; 3] = [',', ';', '('];
    let Some(rest) = name.strip_prefix('(') else {
        let mut places = name.split(ENDS).map(str::trim);
        let is_list = name.contains(ENDS);
        return is_list.then(|| places.find_map(place_zone)).flatten();
    };
    let (offset, places) = rest.split_once(')')?;
    if !["UTC", "GMT"].iter().any(|start| offset.starts_with(start)) {
        return None;
    }
    let first = places.split([',', ';', '(', '/', ':']).next()?;
    look_up(&FIRST_PLACES, first.trim())
}

/// Returns the zone of a place in a list: a first place of Windows, or the city of an IANA name.
fn place_zone(place: &str) -> Option<Tz> {
    let is_city = |zone: &Tz| {
        let city = zone.name().rsplit_once('/').map(|(_, city)| city);
        city.is_some_and(|city| city.replace('_', " ").eq_ignore_ascii_case(place))
    };
    look_up(&FIRST_PLACES, place).or_else(|| chrono_tz::TZ_VARIANTS.into_iter().find(is_city))
}

/// Returns the principal zone of each Windows name. Together they cover every clock in use.
pub fn principal_zones() -> impl Iterator<Item = Tz> {
    WINDOWS_ZONES.iter().map(|(_, zone)| *zone)
}

/// Searches a table sorted by lower-case name.
fn look_up(table: &[(&str, Tz)], name: &str) -> Option<Tz> {
    let wanted = name.to_lowercase();
    let found = table.binary_search_by(|(name, _)| name.to_lowercase().as_str().cmp(&wanted));
    found.ok().map(|at| table[at].1)
}

#[rustfmt::skip]
const WINDOWS_ZONES: [(&str, Tz); 144] = [
    ("Afghanistan Standard Time", Tz::Asia__Kabul),
    ("Alaskan Standard Time", Tz::America__Anchorage),
    ("Aleutian Standard Time", Tz::America__Adak),
    ("Altai Standard Time", Tz::Asia__Barnaul),
    ("Arab Standard Time", Tz::Asia__Riyadh),
    ("Arabian Standard Time", Tz::Asia__Dubai),
    ("Arabic Standard Time", Tz::Asia__Baghdad),
    ("Argentina Standard Time", Tz::America__Argentina__Buenos_Aires),
    ("Armenian Standard Time", Tz::Asia__Yerevan),
    ("Astrakhan Standard Time", Tz::Europe__Astrakhan),
    ("Atlantic Standard Time", Tz::America__Halifax),
    ("AUS Central Standard Time", Tz::Australia__Darwin),
    ("Aus Central W. Standard Time", Tz::Australia__Eucla),
    ("AUS Eastern Standard Time", Tz::Australia__Sydney),
    ("Azerbaijan Standard Time", Tz::Asia__Baku),
    ("Azores Standard Time", Tz::Atlantic__Azores),
    ("Bahia Standard Time", Tz::America__Bahia),
    ("Bangladesh Standard Time", Tz::Asia__Dhaka),
    ("Belarus Standard Time", Tz::Europe__Minsk),
    ("Bougainville Standard Time", Tz::Pacific__Bougainville),
    ("Canada Central Standard Time", Tz::America__Regina),
    ("Cape Verde Standard Time", Tz::Atlantic__Cape_Verde),
    ("Caucasus Standard Time", Tz::Asia__Yerevan),
    ("Cen. Australia Standard Time", Tz::Australia__Adelaide),
    ("Central America Standard Time", Tz::America__Guatemala),
    ("Central Asia Standard Time", Tz::Asia__Bishkek),
    ("Central Brazilian Standard Time", Tz::America__Cuiaba),
    ("Central Europe Standard Time", Tz::Europe__Budapest),
    ("Central European Standard Time", Tz::Europe__Warsaw),
    ("Central Pacific Standard Time", Tz::Pacific__Guadalcanal),
    ("Central Standard Time", Tz::America__Chicago),
    ("Central Standard Time (Mexico)", Tz::America__Mexico_City),
    ("Chatham Islands Standard Time", Tz::Pacific__Chatham),
    ("China Standard Time", Tz::Asia__Shanghai),
    ("Cuba Standard Time", Tz::America__Havana),
    ("Dateline Standard Time", Tz::Etc__GMTPlus12),
    ("E. Africa Standard Time", Tz::Africa__Nairobi),
    ("E. Australia Standard Time", Tz::Australia__Brisbane),
    ("E. Europe Standard Time", Tz::Europe__Chisinau),
    ("E. South America Standard Time", Tz::America__Sao_Paulo),
    ("Easter Island Standard Time", Tz::Pacific__Easter),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Eastern Standard Time (Mexico)", Tz::America__Cancun),
    ("Egypt Standard Time", Tz::Africa__Cairo),
    ("Ekaterinburg Standard Time", Tz::Asia__Yekaterinburg),
    ("Fiji Standard Time", Tz::Pacific__Fiji),
    ("FLE Standard Time", Tz::Europe__Kyiv),
    ("Georgian Standard Time", Tz::Asia__Tbilisi),
    ("GMT Standard Time", Tz::Europe__London),
    ("Greenland Standard Time", Tz::America__Nuuk),
    ("Greenwich Standard Time", Tz::Atlantic__Reykjavik),
    ("GTB Standard Time", Tz::Europe__Bucharest),
    ("Haiti Standard Time", Tz::America__PortauPrince),
    ("Hawaiian Standard Time", Tz::Pacific__Honolulu),
    ("India Standard Time", Tz::Asia__Kolkata),
    ("Iran Standard Time", Tz::Asia__Tehran),
    ("Israel Standard Time", Tz::Asia__Jerusalem),
    ("Jordan Standard Time", Tz::Asia__Amman),
    ("Kaliningrad Standard Time", Tz::Europe__Kaliningrad),
    ("Kamchatka Standard Time", Tz::Asia__Kamchatka),
    ("Korea Standard Time", Tz::Asia__Seoul),
    ("Libya Standard Time", Tz::Africa__Tripoli),
    ("Line Islands Standard Time", Tz::Pacific__Kiritimati),
    ("Lord Howe Standard Time", Tz::Australia__Lord_Howe),
    ("Magadan Standard Time", Tz::Asia__Magadan),
    ("Magallanes Standard Time", Tz::America__Punta_Arenas),
    ("Marquesas Standard Time", Tz::Pacific__Marquesas),
    ("Mauritius Standard Time", Tz::Indian__Mauritius),
    ("Mexico Standard Time", Tz::America__Mexico_City),
    ("Mexico Standard Time 2", Tz::America__Mazatlan),
    ("Mid-Atlantic Standard Time", Tz::Etc__GMTPlus2),
    ("Middle East Standard Time", Tz::Asia__Beirut),
    ("Montevideo Standard Time", Tz::America__Montevideo),
    ("Morocco Standard Time", Tz::Africa__Casablanca),
    ("Mountain Standard Time", Tz::America__Denver),
    ("Mountain Standard Time (Mexico)", Tz::America__Mazatlan),
    ("Myanmar Standard Time", Tz::Asia__Yangon),
    ("N. Central Asia Standard Time", Tz::Asia__Novosibirsk),
    ("Namibia Standard Time", Tz::Africa__Windhoek),
    ("Nepal Standard Time", Tz::Asia__Kathmandu),
    ("New Zealand Standard Time", Tz::Pacific__Auckland),
    ("Newfoundland Standard Time", Tz::America__St_Johns),
    ("Norfolk Standard Time", Tz::Pacific__Norfolk),
    ("North Asia East Standard Time", Tz::Asia__Irkutsk),
    ("North Asia Standard Time", Tz::Asia__Krasnoyarsk),
    ("North Korea Standard Time", Tz::Asia__Pyongyang),
    ("Omsk Standard Time", Tz::Asia__Omsk),
    ("Pacific SA Standard Time", Tz::America__Santiago),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("Pacific Standard Time (Mexico)", Tz::America__Tijuana),
    ("Pakistan Standard Time", Tz::Asia__Karachi),
    ("Paraguay Standard Time", Tz::America__Asuncion),
    ("Qyzylorda Standard Time", Tz::Asia__Qyzylorda),
    ("Romance Standard Time", Tz::Europe__Paris),
    ("Russia Time Zone 10", Tz::Asia__Srednekolymsk),
    ("Russia Time Zone 11", Tz::Asia__Kamchatka),
    ("Russia Time Zone 3", Tz::Europe__Samara),
    ("Russian Standard Time", Tz::Europe__Moscow),
    ("SA Eastern Standard Time", Tz::America__Cayenne),
    ("SA Pacific Standard Time", Tz::America__Bogota),
    ("SA Western Standard Time", Tz::America__La_Paz),
    ("Saint Pierre Standard Time", Tz::America__Miquelon),
    ("Sakhalin Standard Time", Tz::Asia__Sakhalin),
    ("Samoa Standard Time", Tz::Pacific__Apia),
    ("Sao Tome Standard Time", Tz::Africa__Sao_Tome),
    ("Saratov Standard Time", Tz::Europe__Saratov),
    ("SE Asia Standard Time", Tz::Asia__Bangkok),
    ("Singapore Standard Time", Tz::Asia__Singapore),
    ("South Africa Standard Time", Tz::Africa__Johannesburg),
    ("South Sudan Standard Time", Tz::Africa__Juba),
    ("Sri Lanka Standard Time", Tz::Asia__Colombo),
    ("Sudan Standard Time", Tz::Africa__Khartoum),
    ("Syria Standard Time", Tz::Asia__Damascus),
    ("Taipei Standard Time", Tz::Asia__Taipei),
    ("Tasmania Standard Time", Tz::Australia__Hobart),
    ("Tocantins Standard Time", Tz::America__Araguaina),
    ("Tokyo Standard Time", Tz::Asia__Tokyo),
    ("Tomsk Standard Time", Tz::Asia__Tomsk),
    ("Tonga Standard Time", Tz::Pacific__Tongatapu),
    ("Transbaikal Standard Time", Tz::Asia__Chita),
    ("Turkey Standard Time", Tz::Europe__Istanbul),
    ("Turks And Caicos Standard Time", Tz::America__Grand_Turk),
    ("Ulaanbaatar Standard Time", Tz::Asia__Ulaanbaatar),
    ("US Eastern Standard Time", Tz::America__Indiana__Indianapolis),
    ("US Mountain Standard Time", Tz::America__Phoenix),
    ("UTC", Tz::Etc__UTC),
    ("UTC+12", Tz::Etc__GMTMinus12),
    ("UTC+13", Tz::Etc__GMTMinus13),
    ("UTC-02", Tz::Etc__GMTPlus2),
    ("UTC-08", Tz::Etc__GMTPlus8),
    ("UTC-09", Tz::Etc__GMTPlus9),
    ("UTC-11", Tz::Etc__GMTPlus11),
    ("Venezuela Standard Time", Tz::America__Caracas),
    ("Vladivostok Standard Time", Tz::Asia__Vladivostok),
    ("Volgograd Standard Time", Tz::Europe__Volgograd),
    ("W. Australia Standard Time", Tz::Australia__Perth),
    ("W. Central Africa Standard Time", Tz::Africa__Lagos),
    ("W. Europe Standard Time", Tz::Europe__Berlin),
    ("W. Mongolia Standard Time", Tz::Asia__Hovd),
    ("West Asia Standard Time", Tz::Asia__Tashkent),
    ("West Bank Standard Time", Tz::Asia__Hebron),
    ("West Pacific Standard Time", Tz::Pacific__Port_Moresby),
    ("Yakutsk Standard Time", Tz::Asia__Yakutsk),
    ("Yukon Standard Time", Tz::America__Whitehorse),
];

#[rustfmt::skip]
const FIRST_PLACES: [(&str, Tz); 53] = [
    ("Abu Dhabi", Tz::Asia__Dubai),
    ("Adelaide", Tz::Australia__Adelaide),
    ("Alaska", Tz::America__Anchorage),
    ("Amsterdam", Tz::Europe__Berlin),
    ("Arizona", Tz::America__Phoenix),
    ("Athens", Tz::Europe__Bucharest),
    ("Atlantic Time", Tz::America__Halifax),
    ("Auckland", Tz::Pacific__Auckland),
    ("Azores", Tz::Atlantic__Azores),
    ("Bangkok", Tz::Asia__Bangkok),
    ("Beijing", Tz::Asia__Shanghai),
    ("Beirut", Tz::Asia__Beirut),
    ("Belgrade", Tz::Europe__Budapest),
    ("Bogota", Tz::America__Bogota),
    ("Brasilia", Tz::America__Sao_Paulo),
    ("Brasília", Tz::America__Sao_Paulo),
    ("Brisbane", Tz::Australia__Brisbane),
    ("Brussels", Tz::Europe__Paris),
    ("Cabo Verde Is.", Tz::Atlantic__Cape_Verde),
    ("Cairo", Tz::Africa__Cairo),
    ("Canberra", Tz::Australia__Sydney),
    ("Casablanca", Tz::Africa__Casablanca),
    ("Central America", Tz::America__Guatemala),
    ("Central Time", Tz::America__Chicago),
    ("Chennai", Tz::Asia__Kolkata),
    ("Chisinau", Tz::Europe__Chisinau),
    ("Coordinated Universal Time", Tz::Etc__UTC),
    ("Dublin", Tz::Europe__London),
    ("Eastern Time", Tz::America__New_York),
    ("Greenwich Mean Time", Tz::Europe__London),
    ("Harare", Tz::Africa__Johannesburg),
    ("Hawaii", Tz::Pacific__Honolulu),
    ("Helsinki", Tz::Europe__Helsinki),
    ("Hobart", Tz::Australia__Hobart),
    ("Istanbul", Tz::Europe__Istanbul),
    ("Jerusalem", Tz::Asia__Jerusalem),
    ("Kaliningrad", Tz::Europe__Kaliningrad),
    ("Kuala Lumpur", Tz::Asia__Singapore),
    ("Minsk", Tz::Europe__Minsk),
    ("Monrovia", Tz::Atlantic__Reykjavik),
    ("Moscow", Tz::Europe__Moscow),
    ("Mountain Time", Tz::America__Denver),
    ("Nairobi", Tz::Africa__Nairobi),
    ("Newfoundland", Tz::America__St_Johns),
    ("Osaka", Tz::Asia__Tokyo),
    ("Pacific Time", Tz::America__Los_Angeles),
    ("Perth", Tz::Australia__Perth),
    ("Santiago", Tz::America__Santiago),
    ("Sarajevo", Tz::Europe__Warsaw),
    ("Saskatchewan", Tz::America__Regina),
    ("Seoul", Tz::Asia__Seoul),
    ("Tehran", Tz::Asia__Tehran),
    ("West Central Africa", Tz::Africa__Lagos),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_found_whatever_its_case() {
        for (name, zone) in WINDOWS_ZONES {
            assert_eq!(windows_zone(&name.to_uppercase()), Some(zone), "{name}");
        }
        for (place, zone) in FIRST_PLACES {
            assert_eq!(
                display_zone(&format!("(UTC+01:00) {place}, etc.")),
                Some(zone),
                "{place}"
            );
        }
        assert_eq!(windows_zone("Middle-earth Standard Time"), None);
    }

    #[test]
    fn norway_is_in_the_zone_of_western_europe() {
        assert_eq!(
            windows_zone("W. Europe Standard Time"),
            Some(Tz::Europe__Berlin)
        );
        let display = "(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna";
        assert_eq!(display_zone(display), Some(Tz::Europe__Berlin));
        assert_eq!(
            display_zone("(GMT-05:00) Eastern Time (US & Canada)"),
            Some(Tz::America__New_York)
        );
        assert_eq!(display_zone("Amsterdam"), None);
    }

    #[test]
    fn a_list_of_places_needs_no_offset_before_it() {
        for (list, zone) in [
            (
                "Amsterdam, Belgrade, Berlin, Brussels, Budapest",
                Tz::Europe__Berlin,
            ),
            ("Kuala Lumpur, Singapore", Tz::Asia__Singapore),
            (
                "Greenwich Mean Time; Dublin, Edinburgh, London",
                Tz::Europe__London,
            ),
            ("Eastern Time (US & Canada)", Tz::America__New_York),
            ("Islamabad, Karachi, Tashkent", Tz::Asia__Karachi),
            ("Caracas, La Paz", Tz::America__Caracas),
        ] {
            assert_eq!(display_zone(list), Some(zone), "{list}");
        }
        for other in [
            "Nowhere, Middle",
            "Nowhere/Middle",
            "custom_Europe/Oslo",
            "Europe/CUSTOM",
            "/",
            ",",
        ] {
            assert_eq!(display_zone(other), None, "{other}");
        }
    }
}
