//! Snapshots of what each connector reads from its fixtures. Review a changed snapshot against the fixture:
//! every event, time, place, status and image.

use std::path::Path;

use crate::support::{fixture, read, shown};

/// A fixture, its address, and the purpose of the request.
const FIXTURES: [(&str, &str, &str); 12] = [
    (
        "tribe/list.json",
        "https://eksempel.no/wp-json/tribe/events/v1/events?per_page=50&start_date=2027-01-15",
        "",
    ),
    (
        "tribe/list-empty.json",
        "https://eksempel.no/wp-json/tribe/events/v1/events",
        "",
    ),
    (
        "gancio/list.json",
        "https://eksempel.no/api/events?start=1800054000&max=100",
        "",
    ),
    (
        "gancio/detail-43.json",
        "https://eksempel.no/api/event/detail/eksempelmote",
        "detail",
    ),
    (
        "linked_events/list.json",
        "https://eksempel.no/v1/event/?page_size=100",
        "",
    ),
    (
        "open_data_hub/list.json",
        "https://eksempel.no/v1/Event?pagesize=100&pagenumber=1&active=true",
        "",
    ),
    (
        "open_agenda/list.json",
        "https://eksempel.no/v3/agendas/12/events?limit=100&detailed=true",
        "",
    ),
    (
        "open_agenda/detail-9000002.json",
        "https://eksempel.no/v3/agendas/12/events/9000002",
        "detail",
    ),
    (
        "ticketmaster/list.json",
        "https://eksempel.no/discovery/v2/events.json?size=200&sort=date%2Casc&startDateTime=2027-01-15T00%3A00%3A00Z",
        "",
    ),
    (
        "ticketmaster/list-empty.json",
        "https://eksempel.no/discovery/v2/events.json",
        "",
    ),
    (
        "ticketco/list.json",
        "https://eksempel.no/api/public/v1/events?status=active",
        "",
    ),
    (
        "ticketco/detail-500002.json",
        "https://eksempel.no/api/public/v1/events/500002",
        "detail",
    ),
];

#[test]
fn fixtures_are_read_as_written_down() {
    for (file, from, purpose) in FIXTURES {
        let (id, name) = file.split_once('/').expect("a folder and a file");
        let name = Path::new(name).with_extension("");
        let name = format!("{id}__{}", name.display());
        let page = read(id, from, &fixture(file), purpose).expect("the fixture can be read");
        insta::assert_json_snapshot!(name, shown(&page));
    }
}
