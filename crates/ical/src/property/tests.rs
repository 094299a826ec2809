//! Parsing of content lines.

use super::*;
use crate::encoding::Decoded;

fn line(text: &str) -> Line<'_> {
    Line {
        number: 1,
        text: Cow::Borrowed(text),
        decoded: Decoded::Utf8,
    }
}

fn property(text: &str) -> (Property<'_>, Option<ParameterFault>) {
    Property::parse(line(text), 100).expect("a content line")
}

#[test]
fn name_parameters_and_value_are_split() {
    let (read, fault) = property("dtStart;Tzid=\"Europe/Oslo\";X-A=b,c:20270601T180000");
    assert_eq!(
        (read.name(), read.value(), fault),
        ("DTSTART", "20270601T180000", None)
    );
    assert_eq!(read.parameter("TZID").as_deref(), Some("Europe/Oslo"));
    let all: Vec<_> = read.parameters().map(|(n, v)| format!("{n}={v}")).collect();
    assert_eq!(all, ["Tzid=Europe/Oslo", "X-A=b", "X-A=c"]);
}

#[test]
fn quoted_parameters_may_hold_colons_and_semicolons() {
    let (read, _) = property("DTSTART;TZID=\"(UTC+01:00) Oslo; Bergen\":20270601T180000");
    assert_eq!(
        read.parameter("TZID").as_deref(),
        Some("(UTC+01:00) Oslo; Bergen")
    );
    assert_eq!(read.value(), "20270601T180000");
}

#[test]
fn an_unclosed_quotation_mark_is_reported_and_the_line_read() {
    let (read, fault) = property("ATTENDEE;CN=\"Kari:mailto:kari@example.org");
    assert_eq!(read.value(), "mailto:kari@example.org");
    assert_eq!(fault, Some(ParameterFault::OpenQuote));
}

#[test]
fn a_line_without_colon_or_name_is_refused() {
    let refused = |text| Property::parse(line(text), 100).err().map(|e| e.flaw);
    assert_eq!(refused("SUMMARY"), Some(LineFlaw::NoColon));
    assert_eq!(refused("and so on"), Some(LineFlaw::NoColon));
    assert_eq!(refused("SUMMARY;LANGUAGE=nb"), Some(LineFlaw::NoColon));
    assert_eq!(refused(": nothing"), Some(LineFlaw::NoName));
    assert_eq!(refused("see this: well"), Some(LineFlaw::NoName));
}

#[test]
fn caret_escapes_are_undone() {
    let (read, _) = property("X;A=^'so^' ^^ ^n ^x:1");
    assert_eq!(read.parameter("a").as_deref(), Some("\"so\" ^ \n ^x"));
}

#[test]
fn quoted_printable_is_undone_in_its_charset() {
    let (read, _) = property("SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:B=C3=A5l =3D=");
    assert_eq!(read.decoded_value(), "Bål ==");
    let (read, fault) = property("SUMMARY;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:B=E5l");
    assert_eq!(read.decoded_value(), "Bål");
    assert_eq!(fault, Some(ParameterFault::NoValue));
}

#[test]
fn parameters_past_the_cap_are_reported() {
    let (read, fault) = Property::parse(line("X;A=1,2,3;B=4:v"), 2).expect("readable");
    assert_eq!((read.parameters().count(), read.value()), (2, "v"));
    assert_eq!(fault, Some(ParameterFault::TooMany));
}
