//! Canonical names of time zones.
//!
//! The IANA database keeps old names such as `US/Eastern` as links (in its files `backward` and
//! `zone.tab`). Calendar programs with a short table of their own do not know them, so feeds use
//! the target of the link. Names in `zone.tab` are kept, even if the database has merged them:
//! `Europe/Oslo` stays as it is.

use chrono_tz::Tz;

/// Returns the zone under the name that calendar programs know.
#[must_use]
pub fn canonical(zone: Tz) -> Tz {
    let found = LINKS.binary_search_by(|(name, _)| (*name).cmp(zone.name()));
    found.map_or(zone, |at| LINKS[at].1)
}

#[rustfmt::skip]
const LINKS: [(&str, Tz); 151] = [
    ("Africa/Asmera", Tz::Africa__Asmara),
    ("Africa/Timbuktu", Tz::Africa__Bamako),
    ("America/Argentina/ComodRivadavia", Tz::America__Argentina__Catamarca),
    ("America/Atka", Tz::America__Adak),
    ("America/Buenos_Aires", Tz::America__Argentina__Buenos_Aires),
    ("America/Catamarca", Tz::America__Argentina__Catamarca),
    ("America/Coral_Harbour", Tz::America__Atikokan),
    ("America/Cordoba", Tz::America__Argentina__Cordoba),
    ("America/Ensenada", Tz::America__Tijuana),
    ("America/Fort_Wayne", Tz::America__Indiana__Indianapolis),
    ("America/Godthab", Tz::America__Nuuk),
    ("America/Indianapolis", Tz::America__Indiana__Indianapolis),
    ("America/Jujuy", Tz::America__Argentina__Jujuy),
    ("America/Knox_IN", Tz::America__Indiana__Knox),
    ("America/Louisville", Tz::America__Kentucky__Louisville),
    ("America/Mendoza", Tz::America__Argentina__Mendoza),
    ("America/Montreal", Tz::America__Toronto),
    ("America/Nipigon", Tz::America__Toronto),
    ("America/Pangnirtung", Tz::America__Iqaluit),
    ("America/Porto_Acre", Tz::America__Rio_Branco),
    ("America/Rainy_River", Tz::America__Winnipeg),
    ("America/Rosario", Tz::America__Argentina__Cordoba),
    ("America/Santa_Isabel", Tz::America__Tijuana),
    ("America/Shiprock", Tz::America__Denver),
    ("America/Thunder_Bay", Tz::America__Toronto),
    ("America/Virgin", Tz::America__St_Thomas),
    ("America/Yellowknife", Tz::America__Edmonton),
    ("Antarctica/South_Pole", Tz::Antarctica__McMurdo),
    ("Asia/Ashkhabad", Tz::Asia__Ashgabat),
    ("Asia/Calcutta", Tz::Asia__Kolkata),
    ("Asia/Choibalsan", Tz::Asia__Ulaanbaatar),
    ("Asia/Chongqing", Tz::Asia__Shanghai),
    ("Asia/Chungking", Tz::Asia__Shanghai),
    ("Asia/Dacca", Tz::Asia__Dhaka),
    ("Asia/Harbin", Tz::Asia__Shanghai),
    ("Asia/Istanbul", Tz::Europe__Istanbul),
    ("Asia/Kashgar", Tz::Asia__Urumqi),
    ("Asia/Katmandu", Tz::Asia__Kathmandu),
    ("Asia/Macao", Tz::Asia__Macau),
    ("Asia/Rangoon", Tz::Asia__Yangon),
    ("Asia/Saigon", Tz::Asia__Ho_Chi_Minh),
    ("Asia/Tel_Aviv", Tz::Asia__Jerusalem),
    ("Asia/Thimbu", Tz::Asia__Thimphu),
    ("Asia/Ujung_Pandang", Tz::Asia__Makassar),
    ("Asia/Ulan_Bator", Tz::Asia__Ulaanbaatar),
    ("Atlantic/Faeroe", Tz::Atlantic__Faroe),
    ("Atlantic/Jan_Mayen", Tz::Europe__Oslo),
    ("Australia/ACT", Tz::Australia__Sydney),
    ("Australia/Canberra", Tz::Australia__Sydney),
    ("Australia/Currie", Tz::Australia__Hobart),
    ("Australia/LHI", Tz::Australia__Lord_Howe),
    ("Australia/NSW", Tz::Australia__Sydney),
    ("Australia/North", Tz::Australia__Darwin),
    ("Australia/Queensland", Tz::Australia__Brisbane),
    ("Australia/South", Tz::Australia__Adelaide),
    ("Australia/Tasmania", Tz::Australia__Hobart),
    ("Australia/Victoria", Tz::Australia__Melbourne),
    ("Australia/West", Tz::Australia__Perth),
    ("Australia/Yancowinna", Tz::Australia__Broken_Hill),
    ("Brazil/Acre", Tz::America__Rio_Branco),
    ("Brazil/DeNoronha", Tz::America__Noronha),
    ("Brazil/East", Tz::America__Sao_Paulo),
    ("Brazil/West", Tz::America__Manaus),
    ("CET", Tz::Europe__Brussels),
    ("CST6CDT", Tz::America__Chicago),
    ("Canada/Atlantic", Tz::America__Halifax),
    ("Canada/Central", Tz::America__Winnipeg),
    ("Canada/Eastern", Tz::America__Toronto),
    ("Canada/Mountain", Tz::America__Edmonton),
    ("Canada/Newfoundland", Tz::America__St_Johns),
    ("Canada/Pacific", Tz::America__Vancouver),
    ("Canada/Saskatchewan", Tz::America__Regina),
    ("Canada/Yukon", Tz::America__Whitehorse),
    ("Chile/Continental", Tz::America__Santiago),
    ("Chile/EasterIsland", Tz::Pacific__Easter),
    ("Cuba", Tz::America__Havana),
    ("EET", Tz::Europe__Athens),
    ("EST", Tz::America__Panama),
    ("EST5EDT", Tz::America__New_York),
    ("Egypt", Tz::Africa__Cairo),
    ("Eire", Tz::Europe__Dublin),
    ("Etc/GMT+0", Tz::Etc__GMT),
    ("Etc/GMT-0", Tz::Etc__GMT),
    ("Etc/GMT0", Tz::Etc__GMT),
    ("Etc/Greenwich", Tz::Etc__GMT),
    ("Etc/UCT", Tz::UTC),
    ("Etc/UTC", Tz::UTC),
    ("Etc/Universal", Tz::UTC),
    ("Etc/Zulu", Tz::UTC),
    ("Europe/Belfast", Tz::Europe__London),
    ("Europe/Kiev", Tz::Europe__Kyiv),
    ("Europe/Nicosia", Tz::Asia__Nicosia),
    ("Europe/Tiraspol", Tz::Europe__Chisinau),
    ("Europe/Uzhgorod", Tz::Europe__Kyiv),
    ("Europe/Zaporozhye", Tz::Europe__Kyiv),
    ("GB", Tz::Europe__London),
    ("GB-Eire", Tz::Europe__London),
    ("GMT", Tz::Etc__GMT),
    ("GMT+0", Tz::Etc__GMT),
    ("GMT-0", Tz::Etc__GMT),
    ("GMT0", Tz::Etc__GMT),
    ("Greenwich", Tz::Etc__GMT),
    ("HST", Tz::Pacific__Honolulu),
    ("Hongkong", Tz::Asia__Hong_Kong),
    ("Iceland", Tz::Atlantic__Reykjavik),
    ("Iran", Tz::Asia__Tehran),
    ("Israel", Tz::Asia__Jerusalem),
    ("Jamaica", Tz::America__Jamaica),
    ("Japan", Tz::Asia__Tokyo),
    ("Kwajalein", Tz::Pacific__Kwajalein),
    ("Libya", Tz::Africa__Tripoli),
    ("MET", Tz::Europe__Brussels),
    ("MST", Tz::America__Phoenix),
    ("MST7MDT", Tz::America__Denver),
    ("Mexico/BajaNorte", Tz::America__Tijuana),
    ("Mexico/BajaSur", Tz::America__Mazatlan),
    ("Mexico/General", Tz::America__Mexico_City),
    ("NZ", Tz::Pacific__Auckland),
    ("NZ-CHAT", Tz::Pacific__Chatham),
    ("Navajo", Tz::America__Denver),
    ("PRC", Tz::Asia__Shanghai),
    ("PST8PDT", Tz::America__Los_Angeles),
    ("Pacific/Enderbury", Tz::Pacific__Kanton),
    ("Pacific/Johnston", Tz::Pacific__Honolulu),
    ("Pacific/Ponape", Tz::Pacific__Pohnpei),
    ("Pacific/Samoa", Tz::Pacific__Pago_Pago),
    ("Pacific/Truk", Tz::Pacific__Chuuk),
    ("Pacific/Yap", Tz::Pacific__Chuuk),
    ("Poland", Tz::Europe__Warsaw),
    ("Portugal", Tz::Europe__Lisbon),
    ("ROC", Tz::Asia__Taipei),
    ("ROK", Tz::Asia__Seoul),
    ("Singapore", Tz::Asia__Singapore),
    ("Turkey", Tz::Europe__Istanbul),
    ("UCT", Tz::UTC),
    ("US/Alaska", Tz::America__Anchorage),
    ("US/Aleutian", Tz::America__Adak),
    ("US/Arizona", Tz::America__Phoenix),
    ("US/Central", Tz::America__Chicago),
    ("US/East-Indiana", Tz::America__Indiana__Indianapolis),
    ("US/Eastern", Tz::America__New_York),
    ("US/Hawaii", Tz::Pacific__Honolulu),
    ("US/Indiana-Starke", Tz::America__Indiana__Knox),
    ("US/Michigan", Tz::America__Detroit),
    ("US/Mountain", Tz::America__Denver),
    ("US/Pacific", Tz::America__Los_Angeles),
    ("US/Samoa", Tz::Pacific__Pago_Pago),
    ("Universal", Tz::UTC),
    ("W-SU", Tz::Europe__Moscow),
    ("WET", Tz::Europe__Lisbon),
    ("Zulu", Tz::UTC),
];

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Offset, TimeZone};

    use super::*;

    #[test]
    fn the_table_is_in_order_and_leads_to_names_that_stand_for_themselves() {
        assert!(LINKS.is_sorted_by_key(|(name, _)| *name));
        for (name, zone) in LINKS {
            assert!(name.parse::<Tz>().is_ok(), "{name}");
            assert_eq!(canonical(zone), zone, "{name}");
        }
    }

    #[test]
    fn an_old_name_and_the_new_one_keep_the_same_time() {
        for (name, zone) in LINKS {
            let old: Tz = name.parse().unwrap();
            for month in 0..(130 * 12) {
                let at = DateTime::from_timestamp(month * 2_629_746, 0)
                    .unwrap()
                    .naive_utc();
                let offsets = [old, zone].map(|zone| zone.offset_from_utc_datetime(&at).fix());
                assert_eq!(offsets[0], offsets[1], "{name} at {at}");
            }
        }
    }

    #[test]
    fn names_of_places_stay_what_they_are() {
        for zone in [
            Tz::Europe__Oslo,
            Tz::Europe__Stockholm,
            Tz::Arctic__Longyearbyen,
            Tz::UTC,
        ] {
            assert_eq!(canonical(zone), zone);
        }
        assert_eq!(canonical(Tz::US__Eastern), Tz::America__New_York);
        assert_eq!(canonical(Tz::Asia__Calcutta), Tz::Asia__Kolkata);
        assert_eq!(canonical(Tz::Etc__Zulu), Tz::UTC);
    }
}
