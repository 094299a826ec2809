//! Files with valid and invalid nesting.

use super::*;

fn tree(text: &str) -> (String, Vec<(u32, Reason)>) {
    let limits = ReadLimits {
        depth: 4,
        ..ReadLimits::default()
    };
    let mut findings = Findings::with_cap(100);
    let tree = parse(text.as_bytes(), &limits, &mut findings);
    let shape = tree.roots.iter().map(shape).collect::<Vec<_>>().join(" ");
    (
        shape,
        findings
            .listed()
            .iter()
            .map(|f| (f.line, f.reason))
            .collect(),
    )
}

fn shape(component: &Component<'_>) -> String {
    let own = component.properties.iter().map(|p| p.name().to_owned());
    let inside: Vec<_> = own.chain(component.children.iter().map(shape)).collect();
    format!("{}({})", component.name, inside.join(" "))
}

#[test]
fn components_nest_and_several_calendars_stand_beside_each_other() {
    let text = "BEGIN:vCalendar\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\nBEGIN:VALARM\nEND:VALARM\n\
                END:vEvent\nEND:VCALENDAR\nBEGIN:VCALENDAR\nEND:VCALENDAR\n";
    let (shape, findings) = tree(text);
    assert_eq!(shape, "VCALENDAR(VERSION VEVENT(UID VALARM())) VCALENDAR()");
    assert_eq!(findings, []);
}

#[test]
fn unclosed_components_are_reported_and_kept() {
    let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nBEGIN:VEVENT\nUID:2\nEND:VCALENDAR\n\
                BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:3";
    let (shape, findings) = tree(text);
    assert_eq!(
        shape,
        "VCALENDAR(VEVENT(UID) VEVENT(UID)) VCALENDAR(VEVENT(UID))"
    );
    assert_eq!(findings, [2, 4, 8, 7].map(|line| (line, Reason::Unclosed)));
}

#[test]
fn an_end_that_closes_nothing_is_reported_and_passed_over() {
    let (shape, findings) = tree("BEGIN:VCALENDAR\nEND:VALARM\nX-A:1\nEND:VCALENDAR");
    assert_eq!(shape, "VCALENDAR(X-A)");
    assert_eq!(findings, [(2, Reason::Misnested)]);
}

#[test]
fn junk_and_stray_properties_are_reported_and_the_rest_goes_on() {
    let text = "HTTP/1.1 200 OK\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n\
                what now\nX-A:1\nEND:VCALENDAR\n";
    let (shape, findings) = tree(text);
    assert_eq!(shape, "VCALENDAR(X-A)");
    let expected = [
        (1, Reason::NotAContentLine),
        (2, Reason::StrayProperty),
        (5, Reason::NotAContentLine),
    ];
    assert_eq!(findings, expected);
}

#[test]
fn components_too_deep_are_reported_once_and_skipped() {
    let deep = "BEGIN:X\n".repeat(50) + &"END:X\n".repeat(50);
    let (shape, findings) = tree(&format!("BEGIN:VCALENDAR\n{deep}X-A:1\nEND:VCALENDAR\n"));
    assert_eq!(shape, "VCALENDAR(X-A X(X(X())))");
    assert_eq!(findings, [(5, Reason::TooMuch)]);
}
