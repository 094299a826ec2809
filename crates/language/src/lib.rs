//! Interface texts in bokmål and English, and the wording of dates, times and recurrence.
//!
//! **May import:** `domain`. **Pure**: the Fluent files under `crates/language/text/` are compiled
//! in. No other layer contains interface text; templates and code use a key:
//!
//! ```text
//! words.say("hours-to-come")                        «klokkeslett kommer»
//! words.say_with("week-number", &[("week", 31)])    «uke 31»
//! words.dates(first, last, Year::Said)              «6.–15. august 2027»
//! ```
//!
//! A test checks every source file and template: each key in use exists in both languages, and each
//! key is used. To add a language, add its Fluent file and a line in [`Words::new`].

mod dates;
mod repetition;
mod status;
#[cfg(test)]
mod tests;
mod zones;

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use calendar_domain::Lang;

pub use dates::{Year, capitalised};

type Bundle = FluentBundle<FluentResource>;

static BOKMAL: LazyLock<Bundle> = LazyLock::new(|| bundle("nb", include_str!("../text/nb.ftl")));
static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| bundle("en-GB", include_str!("../text/en.ftl")));

fn bundle(tag: &str, source: &str) -> Bundle {
    let lang: LanguageIdentifier = tag.parse().expect("the tags above are well-formed BCP 47");
    let english = tag.starts_with("en");
    let resource = FluentResource::try_new(source.to_owned())
        .map_err(|(_, errors)| errors)
        .expect("the Fluent files are compiled in and a test parses each");
    let mut bundle = FluentBundle::new_concurrent(vec![lang]);
    // Isolation marks would end up in attributes, calendar files and copied text, and both
    // languages are written left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(if english {
        english_number
    } else {
        norwegian_number
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

/// The interface texts of one language. Cheap to copy; pass it by value.
#[derive(Clone, Copy)]
pub struct Words {
    lang: Lang,
    bundle: &'static Bundle,
}

impl Words {
    /// Returns the texts for `lang`. The interface exists in bokmål and English; nynorsk uses
    /// bokmål, while texts of events may still be in nynorsk.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        match lang {
            Lang::Nb | Lang::Nn => Self {
                lang: Lang::Nb,
                bundle: &BOKMAL,
            },
            Lang::En => Self {
                lang: Lang::En,
                bundle: &ENGLISH,
            },
        }
    }

    /// Returns the language of the texts: bokmål or English.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.lang
    }

    /// Returns the text of `key`. An unknown key is returned itself, so that the page is still
    /// rendered; in debug builds it panics.
    #[must_use]
    pub fn say(self, key: &str) -> Cow<'static, str> {
        self.pattern(key, None)
    }

    /// Returns the text of `key` with its variables replaced. Numbers choose the plural form and
    /// are grouped as in the language; pass a year as text.
    #[must_use]
    pub fn say_with<'a, V>(self, key: &str, values: &[(&'a str, V)]) -> String
    where
        V: Into<FluentValue<'a>> + Clone,
    {
        let args: FluentArgs<'a> = values
            .iter()
            .map(|(name, value)| (*name, value.clone().into()))
            .collect();
        self.pattern(key, Some(&args)).into_owned()
    }

    /// Returns a whole number with grouped digits: «10 000» with a no-break space, "10,000" in
    /// English.
    #[must_use]
    pub fn number(self, number: u64) -> String {
        match self.lang {
            Lang::En => grouped(&number.to_string(), ',', 4),
            Lang::Nb | Lang::Nn => grouped(&number.to_string(), HARD_SPACE, 5),
        }
    }

    /// Returns a list of names: «Elverum, Åmot og Våler».
    #[must_use]
    pub fn listed(self, names: &[&str]) -> String {
        match names {
            [] => String::new(),
            [only] => (*only).to_owned(),
            [first @ .., last] => self.say_with(
                "list-and",
                &[("first", first.join(", ").as_str()), ("last", last)],
            ),
        }
    }

    /// Returns a price: «250 kr», «250,50 kr», "NOK 250", «EUR 20». `amount` is a decimal number
    /// with a point; anything else is not converted.
    #[must_use]
    pub fn price(self, amount: &str, currency: &str) -> String {
        let whole = amount
            .strip_suffix(".00")
            .or_else(|| amount.strip_suffix(".0"));
        let plain = whole.unwrap_or(amount);
        let written = match self.lang {
            Lang::En => grouped(plain, ',', 4),
            Lang::Nb | Lang::Nn => grouped(&plain.replace('.', ","), HARD_SPACE, 5),
        };
        let key = if currency == "NOK" {
            "price-amount"
        } else {
            "price-foreign"
        };
        self.say_with(key, &[("amount", written.as_str()), ("currency", currency)])
    }

    /// Returns the text of an accessibility feature by its name in JSON: `step_free` or
    /// `step-free`. A feature without a text is shown by its name.
    #[must_use]
    pub fn feature(self, name: &str) -> String {
        let key = format!("accessible-{}", name.replace('_', "-"));
        if self.bundle.has_message(&key) {
            self.say(&key).into_owned()
        } else {
            capitalised(&name.replace(['_', '-'], " "))
        }
    }

    fn pattern(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let Some(pattern) = self
            .bundle
            .get_message(key)
            .and_then(|message| message.value())
        else {
            debug_assert!(false, "no text with the key {key:?}");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let said = self.bundle.format_pattern(pattern, args, &mut errors);
        debug_assert!(errors.is_empty(), "{key:?}: {errors:?}");
        // The resource is static, yet the bundle ties the result to the arguments' lifetime.
        Cow::Owned(said.into_owned())
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang)
    }
}

const HARD_SPACE: char = '\u{a0}';

fn norwegian_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    let written = number.as_string().replace('.', ",");
    Some(grouped(&written, HARD_SPACE, 5))
}

fn english_number<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    let FluentValue::Number(number) = value else {
        return None;
    };
    Some(grouped(&number.as_string(), ',', 4))
}

/// Puts `mark` between groups of three digits of the whole part if it has at least `least` digits.
fn grouped(written: &str, mark: char, least: usize) -> String {
    let end = written
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(written.len());
    let (whole, rest) = written.split_at(end);
    if whole.len() < least {
        return written.to_owned();
    }
    let mut out = String::with_capacity(written.len() + whole.len() / 3 + 1);
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at).is_multiple_of(3) {
            out.push(mark);
        }
        out.push(digit);
    }
    out + rest
}
