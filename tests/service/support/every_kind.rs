//! Events of every kind, in several zones.

use calendar_domain::EventStatus;
use chrono_tz::{America, Asia, Australia, Europe};

use super::saved::Saved;
use super::{TestServer, event};

/// Commits one of each: timed, whole days, time unknown, recurring with changed, moved and cancelled
/// occurrences, tentative, cancelled, postponed, moved, online, and in several zones.
pub fn save_all(app: &TestServer) -> Vec<Saved<'_>> {
    let long = "Et langt avsnitt med æ, ø, å, komma, semikolon; og en «sitat». ".repeat(12);
    let mut all = vec![
        event("Konsert på dagen")
            .called_in_english("A concert one evening")
            .at("Terningen Arena")
            .by("Elverum kommune")
            .under("music")
            .for_audience("families")
            .on("2027-06-01T18:00")
            .until("2027-06-01T20:30")
            .described(&long)
            .free()
            .save(app),
        event("Nattvandring")
            .on("2026-12-31T22:00")
            .until("2027-01-01T02:00")
            .save(app),
        event("Uten slutt").on("2027-02-01T10:00").save(app),
        event("Kunstuke")
            .at("Storsalen, andre etasje; inngang «B»")
            .on_days("2026-11-16", "2026-11-29")
            .under("exhibitions")
            .save(app),
        event("Én hel dag")
            .on_days("2027-05-16", "2027-05-16")
            .save(app),
        event("Klokkeslett kommer")
            .some_time_on("2027-04-10")
            .save(app),
        event("Foreløpig turnering")
            .on_days("2027-04-17", "2027-04-18")
            .standing(EventStatus::Tentative)
            .save(app),
        event("Ukentlig quiz")
            .on("2026-10-01T18:00")
            .until("2026-10-01T20:00")
            .repeating("FREQ=WEEKLY;UNTIL=20270401T160000Z")
            .but_not_on("2026-12-24T18:00")
            .with_one_cancelled("2026-12-31T18:00")
            .with_one_moved("2027-01-07T18:00", "2027-01-08T19:00")
            .save(app),
        event("Månedlig marked")
            .on("2026-12-05T10:00")
            .until("2026-12-05T15:00")
            .repeating("FREQ=MONTHLY;BYDAY=1SA")
            .save(app),
    ];
    let zones = [
        ("Strømmet fra New York", America::New_York),
        ("Strømmet fra Kathmandu", Asia::Kathmandu),
        ("Strømmet fra Lord Howe", Australia::Lord_Howe),
        ("Strømmet fra London", Europe::London),
    ];
    for (title, zone) in zones {
        // Daylight saving time starts on 28 March 2027 in Europe.
        let evening = event(title)
            .in_zone(zone)
            .on("2027-03-27T20:00")
            .until("2027-03-27T22:00");
        all.push(evening.repeating("FREQ=DAILY;COUNT=3").save(app));
    }
    let cancelled = event("Avlyst kamp")
        .under("sport")
        .on("2026-12-12T14:00")
        .save(app);
    cancelled.cancel();
    let moved = event("Flyttet løp")
        .under("sport")
        .on("2026-12-13T14:00")
        .save(app);
    moved.move_to("2026-12-20T14:00");
    let postponed = event("Utsatt foredrag").on("2027-01-20T19:00").save(app);
    postponed.change(|event| event.status = EventStatus::Postponed);
    let online = event("Kurs på nett").on("2027-01-21T19:00").save(app);
    online.change(|event| {
        event.status = EventStatus::MovedOnline;
        event.online_url = Some("https://example.org/kurs".parse().expect("an address"));
    });
    all.extend([cancelled, moved, postponed, online]);
    all
}
