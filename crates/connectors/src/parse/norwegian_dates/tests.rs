use super::*;

fn context() -> DateContext {
    DateContext {
        today: "2027-01-15".parse().unwrap(),
        year: None,
    }
}

/// Formats the result as `2027-03-07/2027-03-08 10:00-12:00`.
fn told(text: &str) -> String {
    let Some(dates) = read(text, &context()) else {
        return "-".into();
    };
    let mut out = dates.first.map(|day| day.to_string()).unwrap_or_default();
    if let Some(last) = dates.last {
        out += &format!("/{last}");
    }
    if let Some(start) = dates.start {
        out += &start.format(" %H:%M").to_string();
    }
    if let Some(end) = dates.end {
        out += &end.format("-%H:%M").to_string();
    }
    if dates.odd_weekday { out + "?" } else { out }
}

#[test]
fn dates_are_read_as_people_write_them() {
    for (text, expected) in [
        ("lørdag 6. mars kl. 10.00", "2027-03-06 10:00"),
        ("7.3.2027 10:00", "2027-03-07 10:00"),
        ("07.03.27", "2027-03-07"),
        ("7. mars 2027", "2027-03-07"),
        ("Søndag 7.3. kl 18", "2027-03-07 18:00"),
        ("7/3-2027", "2027-03-07"),
        ("7/3", "2027-03-07"),
        ("2027-03-07 kl. 18:30", "2027-03-07 18:30"),
        ("2027-03-07 18:30:00", "2027-03-07 18:30"),
        ("5.–7. mars", "2027-03-05/2027-03-07"),
        ("5.3-7.3.2027", "2027-03-05/2027-03-07"),
        ("fredag 5. - søndag 7. mars 2027", "2027-03-05/2027-03-07"),
        ("30. april til 2. mai", "2027-04-30/2027-05-02"),
        ("30.12.–2.1.2028", "2027-12-30/2028-01-02"),
        ("6. mars 10.00–14.00", "2027-03-06 10:00-14:00"),
        ("lør 6. mars kl 10-14", "2027-03-06 10:00-14:00"),
        (
            "lørdag 6. mars kl. 10 – søndag 7. mars kl. 16",
            "2027-03-06/2027-03-07 10:00-16:00",
        ),
        ("laurdag 6. mars", "2027-03-06"),
        ("Saturday March 6, 2027 at 10:00", "2027-03-06 10:00"),
        ("6 des. 2027", "2027-12-06"),
        ("6. mars kl. 22.00-24.00", "2027-03-06 22:00-00:00"),
    ] {
        assert_eq!(told(text), expected, "{text}");
    }
}

#[test]
fn the_year_is_the_one_ahead_on_that_weekday() {
    assert_eq!(told("10. januar"), "2027-01-10");
    assert_eq!(told("10. desember"), "2026-12-10");
    assert_eq!(told("10. september"), "2027-09-10");
    // 7 March 2027 is a Sunday; Tuesdays come in 2028.
    assert_eq!(told("tirsdag 7. mars"), "2028-03-07");
    let table = DateContext {
        year: Some(2029),
        ..context()
    };
    assert_eq!(
        read("7. mars", &table).unwrap().first,
        NaiveDate::from_ymd_opt(2029, 3, 7)
    );
}

#[test]
fn a_weekday_that_does_not_fit_is_noticed() {
    assert_eq!(told("lørdag 7.3.2027"), "2027-03-07?");
    assert_eq!(told("fredag 7. mars"), "2027-03-07?");
}

#[test]
fn what_is_unclear_is_not_read() {
    for text in [
        "",
        "snart",
        "hver tirsdag",
        "uke 12",
        "31. februar",
        "7. mars og 14. mars",
        "32.1.2027",
        "99",
        "7.–",
    ] {
        assert_eq!(told(text), "-", "{text}");
    }
    assert_eq!(told(&"7. mars ".repeat(1_000)), "-");
}

#[test]
fn times_of_day_are_read_alone() {
    let clock = |text: &str| {
        read_time(text).map(|(start, end)| {
            let end = end.map(|end| end.format("-%H:%M").to_string());
            start.format("%H:%M").to_string() + &end.unwrap_or_default()
        })
    };
    for (text, expected) in [
        ("18", "18:00"),
        ("kl. 18.30", "18:30"),
        ("18:00–20:00", "18:00-20:00"),
        ("18-20", "18:00-20:00"),
        ("1800", "18:00"),
        ("kl 19.00 til 21.30", "19:00-21:30"),
    ] {
        assert_eq!(clock(text).as_deref(), Some(expected), "{text}");
    }
    for text in ["", "kveld", "25", "18.75", "189"] {
        assert_eq!(clock(text), None, "{text}");
    }
}
