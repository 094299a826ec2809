use super::*;

#[test]
fn json_ld_is_a_list_of_schema_org_events() {
    let list: Value = serde_json::from_str(&render("jsonld")).unwrap();
    assert_eq!(list["@context"], "https://schema.org");
    assert_eq!(list["@type"], "ItemList");
    assert_eq!(list["numberOfItems"], 3);
    let items = list["itemListElement"].as_array().unwrap();
    let item = |id: &str| {
        let address = format!("https://kalender.example/events/{id}");
        let found = items
            .iter()
            .map(|item| &item["item"])
            .find(|item| item["@id"] == address);
        found.unwrap_or_else(|| panic!("{id} is not there")).clone()
    };
    // Required by Google and schema.org for an Event.
    for id in ["festival", "konsert", "kor"] {
        let event = item(id);
        for member in [
            "@type",
            "name",
            "startDate",
            "location",
            "eventStatus",
            "url",
        ] {
            assert!(!event[member].is_null(), "{id} has no {member}");
        }
        assert_eq!(event["location"]["@type"], "Place");
    }
    let part = item("konsert");
    assert_eq!(part["eventStatus"], "https://schema.org/EventCancelled");
    assert_eq!(part["startDate"], "2027-06-05T18:00:00+02:00");
    assert_eq!(
        part["superEvent"]["@id"],
        "https://kalender.example/events/festival"
    );
    assert_eq!(part["isAccessibleForFree"], true);
    let series = item("kor");
    assert_eq!(series["@type"], "EventSeries");
    let starts: Vec<&str> = series["subEvent"]
        .as_array()
        .unwrap()
        .iter()
        .map(|series| series["startDate"].as_str().unwrap())
        .collect();
    assert_eq!(
        starts,
        [
            "2027-06-05T18:00:00+02:00",
            "2027-06-12T18:00:00+02:00",
            "2027-06-19T18:00:00+02:00"
        ]
    );
}

#[test]
fn csv_is_a_table_whose_lines_have_all_columns() {
    let text = render("csv");
    assert!(text.starts_with("uid,title,start,end,"));
    let mut table = ::csv::Reader::from_reader(text.as_bytes());
    let columns = table.headers().unwrap().clone();
    let column = |name: &str| columns.iter().position(|column| column == name).unwrap();
    let lines: Vec<_> = table.records().map(Result::unwrap).collect();
    assert_eq!(lines.len(), 3);
    let choir = lines
        .iter()
        .find(|line| &line[column("uid")] == "kor@kalender.example")
        .unwrap();
    // A title that a spreadsheet would evaluate as a formula.
    assert_eq!(&choir[column("title")], "'=Kor (foreløpig dato)");
    assert_eq!(&choir[column("recurrence")], "FREQ=WEEKLY;COUNT=3");
    assert_eq!(&choir[column("start")], "2027-06-05T18:00:00+02:00");
    assert_eq!(&choir[column("time_zone")], "Europe/Oslo");
    assert!(choir[column("description")].contains("\n\nNytt avsnitt."));
    let festival = lines
        .iter()
        .find(|line| &line[column("all_day")] == "true")
        .unwrap();
    assert_eq!(
        (&festival[column("start")], &festival[column("end")]),
        ("2027-08-06", "2027-08-15")
    );
}
