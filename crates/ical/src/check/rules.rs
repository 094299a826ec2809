//! The checker's rules, each with a stable name and its source.

use super::super::finding::Severity;

/// A rule of the checker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// Stable name in kebab-case.
    pub id: &'static str,
    /// `Error` for what an RFC forbids; `Warning` for what it advises against or what breaks
    /// calendar programs.
    pub severity: Severity,
    /// RFC section that states the rule.
    pub rfc: &'static str,
    /// Description of a violation.
    pub text: &'static str,
}

/// Defines a constant for each rule, and the list of all of them.
macro_rules! rules {
    ($($name:ident $id:literal $severity:ident $rfc:literal $text:literal;)*) => {
        $(
            #[doc = concat!($text, " (", $rfc, ")")]
            pub const $name: Rule =
                Rule { id: $id, severity: Severity::$severity, rfc: $rfc, text: $text };
        )*

        /// All rules, for help texts.
        pub const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    BYTE_ORDER_MARK "byte-order-mark" Warning "RFC 5545 section 3.1"
        "The file begins with a byte order mark, which is not part of the first property name.";
    INVALID_UTF8 "invalid-utf8" Error "RFC 5545 section 3.1.4"
        "A line is not UTF-8, the character set of calendars.";
    BARE_LINE_FEED "bare-line-feed" Error "RFC 5545 section 3.1"
        "A line ends in LF alone instead of CRLF.";
    BARE_CARRIAGE_RETURN "bare-carriage-return" Error "RFC 5545 section 3.1"
        "A line ends in CR alone instead of CRLF.";
    NO_FINAL_LINE_END "no-final-line-end" Warning "RFC 5545 section 3.1"
        "The last line has no line end.";
    EMPTY_LINE "empty-line" Error "RFC 5545 section 3.1"
        "An empty line, which is not a content line.";
    LINE_TOO_LONG "line-too-long" Warning "RFC 5545 section 3.1"
        "A line is longer than 75 octets and should be folded.";
    FOLD_IN_CHARACTER "fold-in-character" Warning "RFC 5545 section 3.1"
        "A fold splits a UTF-8 sequence; programs that decode before they unfold lose the letter.";
    CONTROL_CHARACTER "control-character" Error "RFC 5545 section 3.3.11"
        "A control character other than a tab.";
    HTTP_HEADER "http-header" Error "RFC 5545 section 3.4"
        "The calendar contains a line of an HTTP header.";
    TOO_MUCH "too-much" Error "none: a limit of this program"
        "The file exceeds the limits of this program.";
    NOT_A_CONTENT_LINE "not-a-content-line" Error "RFC 5545 section 3.1"
        "A line without colon, or without a property name before it.";
    BAD_PROPERTY_NAME "bad-property-name" Error "RFC 5545 section 3.1"
        "A property name contains something other than letters, digits and hyphens.";
    UNKNOWN_PROPERTY "unknown-property" Warning "RFC 5545 section 3.8.8"
        "A property that is not registered and does not begin with X-.";
    BAD_PARAMETER "bad-parameter" Error "RFC 5545 section 3.1"
        "A parameter without value, or an unclosed quotation mark.";
    UNQUOTED_PARAMETER "unquoted-parameter" Error "RFC 5545 section 3.2"
        "A parameter value with a comma, colon or semicolon without quotation marks.";
    QUOTE_IN_PARAMETER "quote-in-parameter" Error "RFC 5545 section 3.2"
        "A quotation mark inside a parameter value; RFC 6868 writes it ^'.";
    DUPLICATE_PARAMETER "duplicate-parameter" Error "RFC 5545 section 3.2"
        "A parameter occurs more than once on a line.";
    NO_CALENDAR "no-calendar" Error "RFC 5545 section 3.4"
        "The file contains no VCALENDAR.";
    OUTSIDE_CALENDAR "outside-calendar" Error "RFC 5545 section 3.4"
        "Content outside BEGIN:VCALENDAR and END:VCALENDAR.";
    UNCLOSED_COMPONENT "unclosed-component" Error "RFC 5545 section 3.4"
        "A component has no END.";
    WRONG_NESTING "wrong-nesting" Error "RFC 5545 section 3.4"
        "An END that closes no open component, or a component where none is allowed.";
    EMPTY_CALENDAR "empty-calendar" Warning "RFC 5545 section 3.6"
        "A calendar without any component.";
    UNKNOWN_COMPONENT "unknown-component" Warning "RFC 5545 section 3.6"
        "A component that is not registered and does not begin with X-.";
    PROPERTY_AFTER_COMPONENT "property-after-component" Warning "RFC 5545 section 3.6"
        "A property of the calendar after one of its components.";
    MISSING_VERSION "missing-version" Error "RFC 5545 section 3.7.4"
        "A calendar without VERSION.";
    BAD_VERSION "bad-version" Error "RFC 5545 section 3.7.4"
        "VERSION is not 2.0.";
    MISSING_PRODID "missing-prodid" Error "RFC 5545 section 3.7.3"
        "A calendar without PRODID.";
    BAD_CALSCALE "bad-calscale" Error "RFC 5545 section 3.7.1"
        "CALSCALE is not GREGORIAN.";
    MISPLACED_PROPERTY "misplaced-property" Error "RFC 5545 section 3.7 and 3.8"
        "A property in a component that may not have it, such as METHOD in an event.";
    DUPLICATE_PROPERTY "duplicate-property" Error "RFC 5545 section 3.6"
        "A property occurs more often than once in its component, but may not.";
    MISSING_UID "missing-uid" Error "RFC 5545 section 3.8.4.7"
        "An event, task or journal entry without UID.";
    MISSING_DTSTAMP "missing-dtstamp" Error "RFC 5545 section 3.8.7.2"
        "An event, task or journal entry without DTSTAMP.";
    MISSING_DTSTART "missing-dtstart" Error "RFC 5545 section 3.6.1"
        "An event without DTSTART.";
    END_AND_DURATION "end-and-duration" Error "RFC 5545 section 3.6.1"
        "An event with both DTEND and DURATION.";
    END_BEFORE_START "end-before-start" Error "RFC 5545 section 3.8.2.2"
        "DTEND is not later than DTSTART.";
    END_TYPE_MISMATCH "end-type-mismatch" Error "RFC 5545 section 3.8.2.2"
        "One of DTSTART and DTEND is a date, the other a date-time.";
    ZONE_MISMATCH "zone-mismatch" Error "RFC 5545 section 3.8.2.2"
        "One of DTSTART and DTEND floats, the other has a zone.";
    BAD_TIME "bad-time" Error "RFC 5545 section 3.3.4 and 3.3.5"
        "A value is not a date or date-time.";
    VALUE_TYPE_MISMATCH "value-type-mismatch" Error "RFC 5545 section 3.2.20"
        "The VALUE parameter does not match the value; a date needs VALUE=DATE.";
    TZID_NOT_LOCAL "tzid-not-local" Error "RFC 5545 section 3.2.19"
        "TZID with a date or a time in UTC.";
    STAMP_NOT_UTC "stamp-not-utc" Error "RFC 5545 section 3.8.7"
        "DTSTAMP, CREATED, LAST-MODIFIED or COMPLETED is not in UTC.";
    FLOATING_TIME "floating-time" Warning "RFC 5545 section 3.3.5"
        "A time without zone, which every reader would take in their own zone.";
    BAD_DURATION "bad-duration" Error "RFC 5545 section 3.3.6"
        "A value is not a duration.";
    DURATION_NOT_IN_DAYS "duration-not-in-days" Error "RFC 5545 section 3.6.1"
        "An event that starts on a date lasts something other than days or weeks.";
    BAD_STATUS "bad-status" Error "RFC 5545 section 3.8.1.11"
        "STATUS is not a value that its component may have.";
    BAD_GEO "bad-geo" Error "RFC 5545 section 3.8.1.6"
        "GEO is not a latitude and a longitude with a semicolon between them.";
    BAD_URI "bad-uri" Error "RFC 5545 section 3.3.13"
        "A value is not an absolute URI.";
    BAD_ADDRESS "bad-address" Error "RFC 5545 section 3.3.3"
        "The address of an organizer or attendee is not a URI; a mail address needs mailto:.";
    BAD_PRIORITY "bad-priority" Error "RFC 5545 section 3.8.1.9"
        "PRIORITY is not a number from 0 to 9.";
    BAD_SEQUENCE "bad-sequence" Error "RFC 5545 section 3.8.7.4"
        "SEQUENCE is not a number from 0 up.";
    BAD_TRANSP "bad-transp" Error "RFC 5545 section 3.8.2.7"
        "TRANSP is neither OPAQUE nor TRANSPARENT.";
    BAD_ESCAPE "bad-escape" Error "RFC 5545 section 3.3.11"
        "A backslash before something that is not escaped with one.";
    UNESCAPED_TEXT "unescaped-text" Error "RFC 5545 section 3.3.11"
        "A comma or semicolon in a text without a backslash before it.";
    EMPTY_VALUE "empty-value" Error "RFC 5545 section 3.1"
        "A property is empty, but its type has no empty value.";
    OBSOLETE "obsolete" Warning "RFC 5545 appendix A"
        "A construct that RFC 5545 has removed: EXRULE, quoted-printable values, ranges of THISANDPRIOR.";
    INCOMPLETE_ALARM "incomplete-alarm" Error "RFC 5545 section 3.6.6"
        "An alarm without ACTION or TRIGGER.";
    BAD_RRULE "bad-rrule" Error "RFC 5545 section 3.3.10"
        "An invalid recurrence rule.";
    FORBIDDEN_RULE_PART "forbidden-rule-part" Error "RFC 5545 section 3.3.10"
        "A rule part that may not be combined with the others, or a number outside its range.";
    SEVERAL_RRULES "several-rrules" Warning "RFC 5545 section 3.8.5.3"
        "More than one RRULE in an event; programs disagree on what that means.";
    TIME_BESIDE_DATE "time-beside-date" Error "RFC 5545 section 3.3.10"
        "A rule has hours, minutes or seconds although DTSTART is a date; programs must ignore them.";
    UNTIL_TYPE_MISMATCH "until-type-mismatch" Error "RFC 5545 section 3.3.10"
        "UNTIL is not of DTSTART's type: a date for a date, UTC for a time with a zone.";
    UNTIL_BEFORE_START "until-before-start" Error "RFC 5545 section 3.3.10"
        "UNTIL is before DTSTART: the event never occurs.";
    OUT_OF_STEP "out-of-step" Error "RFC 5545 section 3.8.5.3"
        "DTSTART is not one of the rule's own dates; the result is undefined.";
    EXDATE_TYPE_MISMATCH "exdate-type-mismatch" Error "RFC 5545 section 3.8.5.1"
        "EXDATE and DTSTART are not of the same type.";
    RDATE_TYPE_MISMATCH "rdate-type-mismatch" Error "RFC 5545 section 3.8.5.2"
        "RDATE is a date and DTSTART has a time, or the reverse.";
    EXDATE_OF_NOTHING "exdate-of-nothing" Warning "RFC 5545 section 3.8.5.1"
        "EXDATE is not the start of an occurrence.";
    OVERRIDE_WITHOUT_EVENT "override-without-event" Warning "RFC 5545 section 3.8.4.4"
        "RECURRENCE-ID in an event whose recurring event is not in the file, or does not recur.";
    OVERRIDE_TYPE_MISMATCH "override-type-mismatch" Error "RFC 5545 section 3.8.4.4"
        "RECURRENCE-ID is not of the type of the recurring event's DTSTART.";
    OVERRIDE_OF_NOTHING "override-of-nothing" Warning "RFC 5545 section 3.8.4.4"
        "RECURRENCE-ID is not the start of an occurrence.";
    OVERRIDE_RECURS "override-recurs" Warning "RFC 5545 section 3.8.4.4"
        "An event with RECURRENCE-ID has a recurrence of its own.";
    DUPLICATE_UID "duplicate-uid" Error "RFC 5545 section 3.8.4.7"
        "Several components have the same UID and RECURRENCE-ID.";
    UNDEFINED_ZONE "undefined-zone" Error "RFC 5545 section 3.2.19"
        "A TZID that no VTIMEZONE of the calendar defines.";
    UNUSED_ZONE "unused-zone" Warning "RFC 5545 section 3.6.5"
        "A VTIMEZONE that no time refers to.";
    DUPLICATE_ZONE "duplicate-zone" Error "RFC 5545 section 3.6.5"
        "Several VTIMEZONEs with one TZID.";
    MISSING_TZID "missing-tzid" Error "RFC 5545 section 3.6.5"
        "A VTIMEZONE without TZID.";
    ZONE_WITHOUT_OBSERVANCE "zone-without-observance" Error "RFC 5545 section 3.6.5"
        "A VTIMEZONE with neither STANDARD nor DAYLIGHT.";
    ZONE_WITHOUT_STANDARD "zone-without-standard" Warning "RFC 5545 section 3.6.5"
        "A VTIMEZONE without STANDARD; programs take DAYLIGHT for standard time or fail.";
    INCOMPLETE_OBSERVANCE "incomplete-observance" Error "RFC 5545 section 3.6.5"
        "STANDARD or DAYLIGHT without DTSTART, TZOFFSETFROM or TZOFFSETTO.";
    OBSERVANCE_NOT_LOCAL "observance-not-local" Error "RFC 5545 section 3.6.5"
        "DTSTART of STANDARD or DAYLIGHT is not a local time.";
    BAD_OFFSET "bad-offset" Error "RFC 5545 section 3.3.14"
        "A value is not an offset from UTC such as +0100.";
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_rule_has_a_name_of_its_own() {
        let names: BTreeSet<_> = RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(names.len(), RULES.len());
        let lower = |id: &str| {
            id.bytes()
                .all(|b| b.is_ascii_lowercase() || b"-8".contains(&b))
        };
        assert!(names.into_iter().all(lower));
    }
}
