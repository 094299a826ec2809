//! Interface texts by language, and the wording of dates, times and recurrence.
//!
//! **May import:** `domain`. **Pure**: the Fluent files under `crates/language/text/` are compiled
//! in. No other layer contains interface text; templates and code use a key of [`Words`].
//!
//! A test checks every source file and template: each key in use exists in every language, and
//! each key is used. To add a language, add its Fluent file and a line in `TEXTS`. A text that a
//! language lacks is said in another one; on pages, [`marks`] give it its `lang` attribute.

mod dates;
mod facts;
pub mod marks;
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
pub use facts::NAMED_LANGUAGES;

type Bundle = FluentBundle<FluentResource>;

/// The languages of the interface with their texts and formats of numbers, the default language first.
const TEXTS: &[(Lang, &str, NumberFormat)] = &[
    (
        Lang::Nb,
        include_str!("../text/nb.ftl"),
        NumberFormat::Spaces,
    ),
    (
        Lang::Nn,
        include_str!("../text/nn.ftl"),
        NumberFormat::Spaces,
    ),
    (
        Lang::En,
        include_str!("../text/en.ftl"),
        NumberFormat::Commas,
    ),
];

static INTERFACES: LazyLock<Vec<Interface>> = LazyLock::new(|| {
    let texts = TEXTS.iter().copied();
    texts
        .map(|(lang, source, numbers)| Interface::new(lang, source, numbers))
        .collect()
});

/// Iterates over the interface in a language, if there is one, and its fallbacks.
fn interfaces(lang: Lang) -> impl Iterator<Item = &'static Interface> {
    let in_language = |lang| INTERFACES.iter().find(|interface| interface.lang == lang);
    lang.fallbacks().filter_map(in_language)
}

struct Interface {
    lang: Lang,
    numbers: NumberFormat,
    bundle: Bundle,
}

impl Interface {
    fn new(lang: Lang, source: &str, numbers: NumberFormat) -> Self {
        Self {
            lang,
            numbers,
            bundle: bundle(lang, source, numbers),
        }
    }
}

fn bundle(lang: Lang, source: &str, numbers: NumberFormat) -> Bundle {
    let lang: LanguageIdentifier = lang
        .tag()
        .parse()
        .expect("tags of languages are well-formed BCP 47");
    let resource = FluentResource::try_new(source.to_owned())
        .map_err(|(_, errors)| errors)
        .expect("the Fluent files are compiled in and a test parses each");
    let mut bundle = FluentBundle::new_concurrent(vec![lang]);
    // Isolation marks would end up in attributes, calendar files and copied text, and all
    // languages are written left to right.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(match numbers {
        NumberFormat::Spaces => number_with_spaces,
        NumberFormat::Commas => number_with_commas,
    }));
    bundle.add_resource_overriding(resource);
    bundle
}

/// The interface texts of one language. Cheap to copy; pass it by value.
///
/// ```
/// use calendar_domain::Lang;
/// use calendar_language::{Words, Year};
/// use chrono::NaiveDate;
///
/// let words = Words::new(Lang::Nb);
/// assert_eq!(words.say("hours-to-come"), "klokkeslett kommer");
/// assert_eq!(words.say_with("week-number", &[("week", 31)]), "uke 31");
/// assert_eq!(words.listed(&["Elverum", "Åmot", "Våler"]), "Elverum, Åmot og Våler");
///
/// let day = |day| NaiveDate::from_ymd_opt(2027, 8, day).unwrap();
/// assert_eq!(words.dates(day(6), day(15), Year::Said), "6.–15. august 2027");
/// ```
#[derive(Clone, Copy)]
pub struct Words {
    interface: &'static Interface,
    /// Whether texts of other languages are marked.
    marks: bool,
}

impl Words {
    /// Returns the texts for `lang`, or in the best of its [fallbacks](Lang::fallbacks) that has
    /// interface texts.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        let found = interfaces(lang).next();
        Self::from_interface(found.unwrap_or(&INTERFACES[0]))
    }

    fn from_interface(interface: &'static Interface) -> Self {
        let marks = false;
        Self { interface, marks }
    }

    /// Iterates over the texts of all languages, the default language first.
    pub fn all() -> impl Iterator<Item = Self> {
        INTERFACES.iter().map(Self::from_interface)
    }

    /// Returns the texts for a page: those of other languages, which fill gaps, are [marked](marks).
    #[must_use]
    pub fn marking(self) -> Self {
        let marks = true;
        Self { marks, ..self }
    }

    /// Returns the language of the texts.
    #[must_use]
    pub fn lang(self) -> Lang {
        self.interface.lang
    }

    /// Returns the text of `key`, or that of the best [fallback](Lang::fallbacks). An unknown key
    /// is returned itself, so that the page is still rendered; in debug builds it panics.
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
        self.interface.numbers.format(&number.to_string())
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
    ///
    /// ```
    /// use calendar_domain::Lang;
    /// use calendar_language::Words;
    ///
    /// assert_eq!(Words::new(Lang::Nb).price("250.50", "NOK"), "250,50 kr");
    /// assert_eq!(Words::new(Lang::En).price("250.00", "NOK"), "NOK 250");
    /// ```
    #[must_use]
    pub fn price(self, amount: &str, currency: &str) -> String {
        let whole = amount
            .strip_suffix(".00")
            .or_else(|| amount.strip_suffix(".0"));
        let plain = whole.unwrap_or(amount);
        let written = self.interface.numbers.format(plain);
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
        if self.has(&key) {
            self.say(&key).into_owned()
        } else {
            capitalised(&name.replace(['_', '-'], " "))
        }
    }

    /// Returns true if a text with the key exists in any language.
    fn has(self, key: &str) -> bool {
        self.found(key).is_some()
    }

    /// Returns the first interface with the key: the own one, or a fallback.
    fn found(self, key: &str) -> Option<&'static Interface> {
        let has = |interface: &&'static Interface| interface.bundle.has_message(key);
        let own = Some(self.interface).filter(has);
        own.or_else(|| interfaces(self.lang()).skip(1).find(has))
    }

    fn pattern(self, key: &str, args: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let found = self.found(key).and_then(|interface| {
            let message = interface.bundle.get_message(key)?;
            Some((interface, message.value()?))
        });
        let Some((interface, pattern)) = found else {
            debug_assert!(false, "no text with the key {key:?}");
            return Cow::Owned(key.to_owned());
        };
        let mut errors = Vec::new();
        let said = interface.bundle.format_pattern(pattern, args, &mut errors);
        debug_assert!(errors.is_empty(), "{key:?}: {errors:?}");
        if self.marks && interface.lang != self.lang() {
            return Cow::Owned(marks::marked(&said, interface.lang));
        }
        // The resource is static, yet the bundle ties the result to the arguments' lifetime.
        Cow::Owned(said.into_owned())
    }
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Words({})", self.lang())
    }
}

const HARD_SPACE: char = '\u{a0}';

/// How a language writes numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberFormat {
    /// «10 000,5», with four digits «1000».
    Spaces,
    /// "10,000.5".
    Commas,
}

impl NumberFormat {
    /// Formats a decimal number written with a point.
    fn format(self, plain: &str) -> String {
        match self {
            Self::Spaces => grouped(&plain.replace('.', ","), HARD_SPACE, 5),
            Self::Commas => grouped(plain, ',', 4),
        }
    }

    fn format_value(self, value: &FluentValue<'_>) -> Option<String> {
        match value {
            FluentValue::Number(number) => Some(self.format(&number.as_string())),
            _ => None,
        }
    }
}

// Fluent takes function pointers, which cannot hold the format.
fn number_with_spaces<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    NumberFormat::Spaces.format_value(value)
}

fn number_with_commas<M>(value: &FluentValue<'_>, _: &M) -> Option<String> {
    NumberFormat::Commas.format_value(value)
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
