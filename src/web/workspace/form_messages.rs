//! The messages of form errors.

use calendar_domain::event_form::{FormError, FormFault, FormField};
use calendar_language::{Words, Year};

/// Returns what is wrong and what to do about it.
pub(super) fn message(words: Words, error: &FormError) -> String {
    let field = error.field.as_str().replace('_', "-");
    match &error.fault {
        FormFault::Missing => words.say(&format!("missing-{field}")).into_owned(),
        FormFault::TooLong(limit) => words.say_with("wrong-too-long", &[("limit", *limit)]),
        FormFault::NotADate => words.say("wrong-date").into_owned(),
        FormFault::NotATime => words.say("wrong-time").into_owned(),
        FormFault::Past(day) => {
            let date = words.date(*day, Year::Said);
            words.say_with("wrong-past", &[("date", date)])
        }
        FormFault::EndNotAfter(start) => {
            let time = words.clock(*start);
            words.say_with("wrong-end", &[("time", time)])
        }
        FormFault::BeforeDay(day) => {
            let date = words.date(*day, Year::Said);
            words.say_with("wrong-before-day", &[("date", date)])
        }
        FormFault::EndNeeded => words.say("wrong-end-needed").into_owned(),
        FormFault::UnknownChoice => words.say("wrong-choice").into_owned(),
        FormFault::NotANumber(least, most) => {
            words.say_with("wrong-number", &[("least", *least), ("most", *most)])
        }
        FormFault::NotDays(most) => words.say_with("wrong-days", &[("most", *most)]),
        FormFault::NotMoved => words.say("wrong-not-moved").into_owned(),
        FormFault::NotAPrice => words.say("wrong-price").into_owned(),
        FormFault::NotAnAddress => words.say("wrong-address").into_owned(),
        FormFault::NotAPostalCode => words.say("wrong-postal-code").into_owned(),
        FormFault::AfterDay(day) => {
            let date = words.date(*day, Year::Said);
            words.say_with("wrong-after-day", &[("date", date)])
        }
        FormFault::NotARepetition(typed) => {
            words.say_with("wrong-repetition", &[("words", typed.as_str())])
        }
        FormFault::FrequencyMissing => words.say("wrong-no-frequency").into_owned(),
        FormFault::EndOfRepetitionMissing if error.field == FormField::Repetition => {
            words.say("wrong-no-end-words").into_owned()
        }
        FormFault::EndOfRepetitionMissing => words.say("wrong-no-end").into_owned(),
        FormFault::TwoEndsOfRepetition => words.say("wrong-two-ends").into_owned(),
        FormFault::DateTwice => words.say("wrong-date-twice").into_owned(),
        FormFault::NoDateLeft => words.say("wrong-no-date-left").into_owned(),
        FormFault::NothingLeftOut(day) => {
            let date = words.date(*day, Year::Said);
            words.say_with("wrong-nothing-left-out", &[("date", date)])
        }
        FormFault::NotADateOfRepetition => words.say("wrong-no-such-date").into_owned(),
        FormFault::RepeatedOverDays => words.say("wrong-repeated-days").into_owned(),
    }
}
