//! Similarity of two events from different partners. Pure; the parts of the score are kept for display.

use chrono::TimeDelta;

use calendar_domain::query::fold;
use calendar_domain::{Event, Score, Venue, When};

/// Minimum total at which two events are merged automatically.
pub const SAME: u8 = 88;
/// Minimum total at which an editor is asked.
pub const ALIKE: u8 = 70;
/// Minimum length, in bytes, of a title that is distinctive. Shorter ones («Bingo») also need an equal place.
const TELLING_TITLE: usize = 8;
/// Maximum distance, in metres, of two positions of one place.
pub(super) const SAME_PLACE: f64 = 300.0;

/// Returns the similarity of two events. Symmetric.
#[must_use]
pub fn score(one: &Event, other: &Event) -> Score {
    let title = title(one, other);
    let time = time(&one.schedule.when, &other.schedule.when);
    let place = place(one, other);
    let address = match (&one.website, &other.website) {
        (Some(a), Some(b)) if a == b => 100,
        _ => 50,
    };
    let weighed = u16::from(title) * 5 + u16::from(time) * 3 + u16::from(place) * 2;
    let mut total = u8::try_from(weighed / 10).unwrap_or(100);
    if address == 100 && time >= 70 {
        total = total.max(90);
    }
    let recurs = |event: &Event| event.schedule.recurrence.is_some();
    let vague = place < 100 && fold(one.title_in(calendar_domain::Lang::Nb)).len() < TELLING_TITLE;
    // Another day or place means another event, however similar the title. A recurring programme and one of its
    // evenings are also two events.
    let differs = time < 70 || place == 0 || title < 60 || recurs(one) != recurs(other) || vague;
    if differs && address < 100 {
        total = total.min(if time < 70 || title < 60 {
            ALIKE - 1
        } else {
            SAME - 1
        });
    }
    Score {
        title,
        time,
        place,
        address,
        total,
    }
}

/// Returns the highest similarity of any two language versions of the titles.
fn title(one: &Event, other: &Event) -> u8 {
    let mut best = 0.0_f64;
    for a in one.title.iter() {
        for b in other.title.iter() {
            let (a, b) = (normal(a.text), normal(b.text));
            let words = |text: &str| {
                let mut words: Vec<&str> = text.split(' ').collect();
                words.sort_unstable();
                words.join(" ")
            };
            let alike = strsim::sorensen_dice(&a, &b);
            let alike = alike.max(strsim::sorensen_dice(&words(&a), &words(&b)));
            best = best.max(alike);
        }
    }
    percent(best)
}

/// Normalizes a title: removes case, accents, punctuation, and years from 2000 to 2099.
fn normal(title: &str) -> String {
    let folded = fold(title);
    let letters: String = folded
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let is_year = |word: &&str| {
        word.len() == 4 && word.starts_with("20") && word.bytes().all(|b| b.is_ascii_digit())
    };
    let words: Vec<&str> = letters.split_whitespace().collect();
    let kept: Vec<&str> = words
        .iter()
        .copied()
        .filter(|word| !is_year(word))
        .collect();
    if kept.is_empty() {
        words.join(" ")
    } else {
        kept.join(" ")
    }
}

fn time(one: &When, other: &When) -> u8 {
    match (one, other) {
        (
            When::Timed {
                start: a, zone: x, ..
            },
            When::Timed {
                start: b, zone: y, ..
            },
        ) => {
            let (a, b) = (
                calendar_domain::zone::to_utc(*a, *x),
                calendar_domain::zone::to_utc(*b, *y),
            );
            match (a - b).abs() {
                same if same.is_zero() => 100,
                near if near <= TimeDelta::minutes(15) => 90,
                near if near <= TimeDelta::hours(1) => 75,
                far if far <= TimeDelta::hours(3) => 50,
                _ => 0,
            }
        }
        (When::AllDay { first: a, until: x }, When::AllDay { first: b, until: y }) => {
            match (a == b, x == y) {
                (true, true) => 100,
                (true, false) => 75,
                _ => 0,
            }
        }
        (one, other) if one.start().date() == other.start().date() => 80,
        _ => 0,
    }
}

fn place(one: &Event, other: &Event) -> u8 {
    let (Some(a), Some(b)) = (one.venues.first(), other.venues.first()) else {
        return 50;
    };
    match (a, b) {
        (Venue::Place(a), Venue::Place(b)) => 100 * u8::from(a == b),
        (
            Venue::Described {
                name: a,
                coordinates: here,
                address: at,
                ..
            },
            Venue::Described {
                name: b,
                coordinates: there,
                address: bt,
                ..
            },
        ) => {
            if let (Some(here), Some(there)) = (here, there) {
                return 100 * u8::from(metres(*here, *there) <= SAME_PLACE);
            }
            let street = |address: &Option<calendar_domain::Address>| {
                address
                    .as_ref()
                    .and_then(|address| address.street.as_deref())
                    .map(fold)
            };
            if street(at).is_some() && street(at) == street(bt) {
                return 100;
            }
            let alike = strsim::sorensen_dice(&fold(a), &fold(b));
            match percent(alike) {
                sure if sure >= 80 => 100,
                unsure if unsure >= 40 => 50,
                _ => 0,
            }
        }
        // Only one of them is a known place.
        _ => 25,
    }
}

/// Returns the distance in metres, by an equirectangular approximation.
pub(super) fn metres(a: calendar_domain::Coordinates, b: calendar_domain::Coordinates) -> f64 {
    let (north, mean) = (
        (a.latitude - b.latitude).to_radians(),
        ((a.latitude + b.latitude) / 2.0).to_radians(),
    );
    let east = (a.longitude - b.longitude).to_radians() * mean.cos();
    6_371_000.0 * north.hypot(east)
}

fn percent(part: f64) -> u8 {
    let whole = (part * 100.0).round().clamp(0.0, 100.0);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it lies between 0 and 100"
    )]
    let whole = whole as u8;
    whole
}

#[cfg(test)]
mod tests {
    use super::*;
    use calendar_domain::{Schedule, Text};

    fn event(title: &str, start: &str, place: Option<&str>) -> Event {
        let when = When::Timed {
            start: start.parse().unwrap(),
            end: None,
            zone: "Europe/Oslo".parse().unwrap(),
        };
        let slug = calendar_domain::Slug::from_text(title);
        let uid = "x@example.no".parse().unwrap();
        let mut event = Event::new(
            slug,
            uid,
            Text::nb(title),
            Schedule::once(when),
            chrono::DateTime::UNIX_EPOCH,
        );
        event.venues = place.map(Venue::named).into_iter().collect();
        event
    }

    #[test]
    fn the_same_concert_told_by_two_is_one() {
        let one = event(
            "Sommerkonsert i parken 2027",
            "2027-06-01T18:00:00",
            Some("Kirkeparken"),
        );
        let other = event(
            "SOMMERKONSERT I PARKEN!",
            "2027-06-01T18:00:00",
            Some("Kirkeparken, Elverum"),
        );
        let score = score(&one, &other);
        assert!(score.total >= SAME, "{score:?}");
    }

    #[test]
    fn the_same_title_elsewhere_or_on_another_day_is_another_event() {
        let one = event(
            "Åpen dag på biblioteket",
            "2027-06-01T18:00:00",
            Some("Elverum bibliotek"),
        );
        let elsewhere = event(
            "Åpen dag på biblioteket",
            "2027-06-01T18:00:00",
            Some("Rena samfunnshus"),
        );
        let score = super::score(&one, &elsewhere);
        assert!((ALIKE..SAME).contains(&score.total), "{score:?}");
        let later = event(
            "Åpen dag på biblioteket",
            "2027-06-08T18:00:00",
            Some("Elverum bibliotek"),
        );
        assert!(super::score(&one, &later).total < ALIKE);
    }

    #[test]
    fn a_short_title_needs_the_place_beside_it() {
        let one = event("Bingo", "2027-06-01T18:00:00", None);
        let other = event("Bingo", "2027-06-01T18:00:00", Some("Folkets hus"));
        assert!(score(&one, &other).total < SAME);
        let one = event("Bingo", "2027-06-01T18:00:00", Some("Folkets hus"));
        assert!(score(&one, &other).total >= SAME);
    }

    #[test]
    fn the_score_is_the_same_in_either_order() {
        let one = event(
            "Jazzkveld med Elverum storband",
            "2027-06-01T19:30:00",
            None,
        );
        let other = event(
            "Elverum Storband: jazzkveld",
            "2027-06-01T19:00:00",
            Some("Festiviteten"),
        );
        assert_eq!(score(&one, &other), score(&other, &one));
    }
}
