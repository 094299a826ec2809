//! A ring of calendars of this program, each of another municipality.

use std::net::TcpListener;

use crate::support::importer::calendar_of;
use crate::support::program::{Serving, own_data};
use crate::support::{CalendarFile, Program};

const CONCERT: &str = "concert@club.example";

/// A calendar that fetches its predecessor in the ring.
struct Town {
    program: Program,
    port: u16,
    data: String,
    config: String,
    serving: Option<Serving>,
}

/// Returns ports that were free a moment ago.
fn free_ports<const N: usize>() -> [u16; N] {
    let listeners: [TcpListener; N] =
        std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listeners| listeners.local_addr().unwrap().port())
}

impl Town {
    /// Creates a calendar with its own events and the same places as the others.
    fn new(number: usize, port: u16, asks: u16) -> Self {
        let program = Program::new();
        let region = std::fs::read_to_string(own_data().join("region.toml")).unwrap();
        let line = region
            .lines()
            .find(|line| line.starts_with("uid_namespace"))
            .unwrap();
        let own = format!("uid_namespace = \"00000000-0000-4000-8000-00000000000{number}\"");
        let data = program.data_with("region.toml", line, &own);
        let config = format!(
            "[default.calendar]\nbase_url = \"http://127.0.0.1:{port}/\"\n[default.calendar.sync]\n\
             allow_private = [\"127.0.0.1:{asks}\"]\n"
        );
        let config = program.write("calendar.toml", config);
        let town = Self {
            data: data.display().to_string(),
            config: config.display().to_string(),
            program,
            port,
            serving: None,
        };
        let url = format!("http://127.0.0.1:{asks}/");
        let add = ["partner", "add", "neighbour", "--kind", "elverum_calendar"];
        town.run(&["seed"]);
        town.run(&[&add[..], &["--url", &url, "--every", "40000"]].concat());
        town
    }

    fn settled<'a>(&'a self, arguments: &[&'a str]) -> Vec<&'a str> {
        let own = ["--config", &self.config, "--data", &self.data];
        [&own[..], arguments].concat()
    }

    #[track_caller]
    fn run(&self, arguments: &[&str]) -> String {
        self.program.run(&self.settled(arguments)).ok().out
    }

    fn opens(&mut self) {
        let port = self.port.to_string();
        let arguments = self.settled(&["--port", &port]);
        self.serving = Some(self.program.serve(&arguments));
    }

    fn serving(&self) -> &Serving {
        self.serving.as_ref().unwrap()
    }

    /// Imports one event from a club, as a file.
    fn told_by_its_club(&self, event: &str) {
        self.program.write("club.ics", calendar_of(&[event]));
        self.run(&["import", "club.ics"]);
    }

    fn syncs(&self) {
        self.run(&["sync", "neighbour"]);
    }

    /// Returns title and status of each occurrence of the concert in its feed.
    fn shows(&self) -> Vec<(String, String)> {
        let feed = self.serving().get("/feeds/all.ics");
        let feed = CalendarFile::parse(std::str::from_utf8(&feed).unwrap());
        let concerts = feed.of_uid(CONCERT);
        let said = concerts.iter().map(|concert| {
            let status = concert.try_value("STATUS").unwrap_or_default();
            (concert.value("SUMMARY").to_owned(), status.to_owned())
        });
        said.collect()
    }
}

fn ring<const N: usize>() -> Vec<Town> {
    let ports = free_ports::<N>();
    let mut towns: Vec<Town> = (0..N)
        .map(|n| Town::new(n + 1, ports[n], ports[(n + N - 1) % N]))
        .collect();
    towns.iter_mut().for_each(Town::opens);
    towns
}

/// Runs each calendar once, starting with the second.
fn round(towns: &[Town]) {
    for town in towns.iter().skip(1).chain(&towns[..1]) {
        town.syncs();
    }
}

fn concert(sequence: u32, title: &str, further: &str) -> String {
    format!(
        "UID:{CONCERT}|SEQUENCE:{sequence}|DTSTART;TZID=Europe/Oslo:20270601T180000|\
         DTEND;TZID=Europe/Oslo:20270601T200000|SUMMARY:{title}{further}"
    )
}

#[track_caller]
fn all_show(towns: &[Town], title: &str, status: &str) {
    let expected = [(title.to_owned(), status.to_owned())];
    for (number, town) in towns.iter().enumerate() {
        assert_eq!(town.shows(), expected, "town {number}");
    }
}

/// Returns the number of events of each, which reveals duplicates.
fn counts(towns: &[Town]) -> Vec<usize> {
    let count = |town: &Town| {
        let feed = town.serving().get("/feeds/all.ics");
        let feed = String::from_utf8(feed).unwrap();
        feed.matches("BEGIN:VEVENT").count()
    };
    towns.iter().map(count).collect()
}

fn goes_round(mut towns: Vec<Town>) {
    // Everything has gone round once.
    round(&towns);
    round(&towns);
    let before = counts(&towns);
    towns[0].told_by_its_club(&concert(0, "Sommerkonsert på Prestøya", ""));
    round(&towns);
    all_show(&towns, "Sommerkonsert på Prestøya", "CONFIRMED");
    let with_it: Vec<usize> = before.iter().map(|count| count + 1).collect();
    for _ in 0..3 {
        round(&towns);
        assert_eq!(counts(&towns), with_it, "nothing multiplies");
    }
    // One of them is killed during a run.
    towns[0].told_by_its_club(&concert(1, "Sommerkonsert i Kirkeparken", ""));
    let last = towns.len() - 1;
    let asking = towns[last].settled(&["sync", "neighbour"]);
    let mut asking = towns[last].program.start(&asking);
    drop(towns[last].serving.take());
    // Its server is gone; the next round repairs the state, however it ended.
    let _ = asking.wait();
    towns[last].opens();
    round(&towns);
    all_show(&towns, "Sommerkonsert i Kirkeparken", "CONFIRMED");
    assert_eq!(counts(&towns), with_it);
    towns[0].told_by_its_club(&concert(
        2,
        "Sommerkonsert i Kirkeparken",
        "|STATUS:CANCELLED",
    ));
    round(&towns);
    let shown: Vec<(String, String)> = towns.iter().flat_map(Town::shows).collect();
    assert_eq!(shown.len(), towns.len());
    for (title, status) in &shown {
        assert_eq!(status, "CANCELLED");
        assert!(title.contains("Sommerkonsert i Kirkeparken"), "{title}");
    }
    round(&towns);
    assert_eq!(counts(&towns), with_it);
}

#[test]
fn what_two_calendars_tell_each_other_arrives_once_and_follows_every_change() {
    goes_round(ring::<2>());
}

#[test]
fn what_goes_round_three_calendars_arrives_once_and_follows_every_change() {
    goes_round(ring::<3>());
}

#[test]
fn a_neighbour_that_was_restored_is_read_anew() {
    let mut towns = ring::<2>();
    round(&towns);
    round(&towns);
    towns[0].run(&["backup", "town.backup"]);
    let event = |name: &str| {
        format!("UID:{name}@club.example|DTSTART;TZID=Europe/Oslo:20270601T180000|SUMMARY:{name}")
    };
    let shows = |town: &Town, name: &str| {
        let feed = town.serving().get("/feeds/all.ics");
        String::from_utf8(feed)
            .unwrap()
            .contains(&format!("UID:{name}@club.example"))
    };
    towns[0].told_by_its_club(&event("Tapt"));
    towns[1].syncs();
    assert!(shows(&towns[1], "Tapt"));
    let serving = towns[0].serving.take().unwrap();
    assert!(serving.stop().0.success());
    towns[0].run(&["restore", "--replace", "town.backup"]);
    towns[0].opens();
    // As many commits as were lost: the cursor's number alone looks valid.
    towns[0].told_by_its_club(&event("Ny"));
    towns[1].syncs();
    assert!(shows(&towns[1], "Ny"));
}
