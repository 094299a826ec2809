use super::*;
use crate::EventDraft;
use crate::When;
use crate::wire::error::WireError;

fn read_json(json: &str) -> Result<EventDraft, Vec<WireError>> {
    read(serde_json::from_str(json).unwrap(), chrono_tz::Europe::Oslo)
}

#[test]
fn a_title_and_a_start_are_enough() {
    let draft = read_json(r#"{"title":{"nb":"Dugnad"},"start":"2027-06-01T18:00:00+02:00"}"#);
    let when = draft.unwrap().schedule.when;
    assert_eq!(when.start().local().to_string(), "2027-06-01 18:00:00");
}

#[test]
fn a_date_that_is_not_all_day_has_its_time_to_come() {
    let draft = read_json(r#"{"title":{"nb":"x"},"start":"2027-06-01","all_day":false}"#);
    assert!(matches!(
        draft.unwrap().schedule.when,
        When::TimeToCome { .. }
    ));
}

#[test]
fn each_wrong_field_is_told() {
    let json = r#"{"start":"tomorrow","status":"maybe","website":"javascript:x","free":true,
        "place":{},"time_zone":"Elverum"}"#;
    let errors = read_json(json).unwrap_err();
    let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    assert_eq!(
        fields,
        ["time_zone", "title", "start", "status", "place", "website"]
    );
}

#[test]
fn an_end_before_the_start_is_wrong() {
    let json = r#"{"title":{"nb":"x"},"start":"2027-06-02","end":"2027-06-01"}"#;
    assert_eq!(read_json(json).unwrap_err()[0].field, "end");
}

#[test]
fn a_whole_day_has_no_time_and_a_price_is_a_plain_number() {
    let fields = |more: &str| {
        let json =
            format!(r#"{{"title":{{"nb":"x"}},"start":"2027-06-01T18:00:00+02:00",{more}}}"#);
        let errors = read_json(&json).err().unwrap_or_default();
        let fields = errors.into_iter().map(|error| error.field);
        fields.collect::<Vec<_>>()
    };
    assert_eq!(fields(r#""all_day":true"#), ["all_day"]);
    assert!(fields(r#""all_day":false"#).is_empty());
    for price in ["250", "250.5", "250.00", "0", "123456789.99"] {
        let offers = format!(r#""offers":[{{"price":"{price}"}}]"#);
        assert!(fields(&offers).is_empty(), "{price}");
    }
    for price in [
        "1e308",
        "+5",
        "-5",
        "NaN",
        "inf",
        "1.",
        ".5",
        "250,00",
        " 5",
        "1234567890",
        "1.234",
    ] {
        let offers = format!(r#""offers":[{{"price":"{price}"}}]"#);
        assert_eq!(fields(&offers), ["offers.price"], "{price}");
    }
}
