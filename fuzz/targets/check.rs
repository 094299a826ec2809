//! Checks arbitrary bytes as a calendar file.

#![no_main]

use calendar_ical::check::{RULES, check};
use elverum_calendar_fuzz::within_time;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| within_time(|| run(bytes)));

fn run(bytes: &[u8]) {
    let findings = check(bytes);
    let ends = bytes.iter().filter(|b| matches!(b, b'\n' | b'\r')).count();
    assert!(findings.is_sorted_by_key(|finding| finding.line));
    for finding in &findings {
        assert!(
            RULES.iter().any(|rule| rule.id == finding.rule),
            "{} is not in the table",
            finding.rule
        );
        assert!(
            finding.line as usize <= ends + 1,
            "{finding:?} stands after the last line"
        );
        assert!(
            !finding.message.chars().any(char::is_control),
            "{finding:?}"
        );
    }
    if bytes.len() % 8 == 1 {
        assert_eq!(findings, check(bytes), "the check depends on chance");
    }
}
