//! Parses content lines to a tree of components; tolerates unclosed and misnested components and
//! stray lines.

use std::borrow::Cow;

use super::component::Component;
use super::encoding::Decoded;
use super::finding::{Finding, Findings, Reason, Severity};
use super::limits::ReadLimits;
use super::lines::{LineFault, Lines};
use super::property::{LineFlaw, ParameterFault, Property};

/// Tree of all components in a file.
#[derive(Debug, Default)]
pub struct Tree<'a> {
    /// Outermost components: VCALENDARs, and any components outside them.
    pub roots: Vec<Component<'a>>,
    /// Whether the limit on bytes, lines or components was reached, so that content is missing.
    pub is_capped: bool,
}

/// Components that RFC 5545 never nests in themselves: a BEGIN of one while another is open means
/// that an END is missing.
const NEVER_INSIDE_EACH_OTHER: [&str; 6] = [
    "VEVENT",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VTIMEZONE",
    "VALARM",
];

/// Parses `bytes` (without byte order mark) to a tree. Faults are added to `findings`.
pub fn parse<'a>(bytes: &'a [u8], limits: &ReadLimits, findings: &mut Findings) -> Tree<'a> {
    let mut builder = Builder {
        limits,
        findings,
        roots: Vec::new(),
        open: Vec::new(),
        components: 0,
        skipped_levels: 0,
        encoding_reported: false,
        is_capped: false,
    };
    let mut last = 0;
    for line in Lines::new(bytes, limits) {
        match line {
            Ok(line) => {
                last = line.number;
                builder.encoding(line.number, line.decoded);
                builder.line(line);
            }
            Err(fault) => builder.fault(fault),
        }
    }
    builder.finish(last)
}

struct Builder<'a, 'f> {
    limits: &'f ReadLimits,
    findings: &'f mut Findings,
    roots: Vec<Component<'a>>,
    open: Vec<Component<'a>>,
    components: usize,
    /// Number of open levels below the deepest one kept.
    skipped_levels: usize,
    encoding_reported: bool,
    is_capped: bool,
}

impl<'a> Builder<'a, '_> {
    fn report(&mut self, line: u32, reason: Reason, severity: Severity, detail: String) {
        let component = self
            .open
            .last()
            .map(|open| open.name.to_string())
            .unwrap_or_default();
        let property = String::new();
        self.findings.add(Finding {
            line,
            component,
            property,
            reason,
            severity,
            detail,
        });
    }

    fn encoding(&mut self, number: u32, decoded: Decoded) {
        let detail = match decoded {
            Decoded::Utf8 => return,
            Decoded::Windows1252 if self.encoding_reported => return,
            Decoded::Windows1252 => "not UTF-8; read as Windows-1252",
            Decoded::Damaged => "invalid UTF-8; unreadable letters became U+FFFD",
        };
        self.encoding_reported |= decoded == Decoded::Windows1252;
        self.report(number, Reason::Encoding, Severity::Note, detail.into());
    }

    fn fault(&mut self, fault: LineFault) {
        let (number, reason, severity, detail) = match fault {
            LineFault::TooLong { number } => {
                let cap = self.limits.line_bytes;
                (
                    number,
                    Reason::LineTooLong,
                    Severity::Warning,
                    format!("longer than {cap} bytes"),
                )
            }
            LineFault::TooMany { number } => {
                let ReadLimits { bytes, lines, .. } = self.limits;
                self.is_capped = true;
                let detail =
                    format!("longer than {bytes} bytes or {lines} lines; the rest is ignored");
                (number, Reason::TooMuch, Severity::Error, detail)
            }
        };
        self.report(number, reason, severity, detail);
    }

    fn line(&mut self, line: super::lines::Line<'a>) {
        let number = line.number;
        if line
            .text
            .bytes()
            .all(|b| b.is_ascii_whitespace() || b == b'\x1A')
        {
            return;
        }
        let (property, fault) = match Property::parse(line, self.limits.parameters) {
            Ok(read) => read,
            Err(error) => {
                let why = match error.flaw {
                    LineFlaw::NoColon => "no colon",
                    LineFlaw::NoName => "no property name before the colon",
                };
                let detail = format!("not a content line ({why}): {}", excerpt(&error.text));
                self.report(number, Reason::NotAContentLine, Severity::Warning, detail);
                return;
            }
        };
        if let Some(fault) = fault {
            self.parameter_fault(&property, fault);
        }
        match property.name() {
            "BEGIN" => self.begin(&property),
            "END" => self.end(&property),
            _ => self.property(property),
        }
    }

    fn parameter_fault(&mut self, property: &Property<'_>, fault: ParameterFault) {
        let detail = match fault {
            ParameterFault::NoValue => "a parameter without value",
            ParameterFault::OpenQuote => "an unclosed quotation mark",
            ParameterFault::TooMany => "too many parameters; the rest are ignored",
        };
        self.findings.add(Finding {
            line: property.line,
            component: self
                .open
                .last()
                .map(|open| open.name.to_string())
                .unwrap_or_default(),
            property: property.name().to_owned(),
            reason: Reason::BadParameter,
            severity: Severity::Note,
            detail: detail.into(),
        });
    }

    fn property(&mut self, property: Property<'a>) {
        if self.skipped_levels > 0 {
            return;
        }
        if let Some(open) = self.open.last_mut() {
            open.properties.push(property);
            return;
        }
        let detail = format!("{} is outside any component", property.name());
        self.report(
            property.line,
            Reason::StrayProperty,
            Severity::Warning,
            detail,
        );
    }

    fn begin(&mut self, property: &Property<'a>) {
        let name = component_name(property);
        if name == "VCALENDAR" {
            self.close_down_to(0, property.line);
        } else if NEVER_INSIDE_EACH_OTHER.contains(&&*name)
            && let Some(level) = self.open.iter().rposition(|open| open.name == name)
        {
            self.close_down_to(level, property.line);
        }
        let too_deep = self.open.len() >= self.limits.depth;
        let too_many = self.components >= self.limits.components;
        self.is_capped |= too_many;
        if self.skipped_levels > 0 || too_deep || too_many {
            if self.skipped_levels == 0 {
                let what = if too_deep {
                    "components inside components"
                } else {
                    "components"
                };
                let detail = format!("too many {what}; {name} is ignored");
                self.report(property.line, Reason::TooMuch, Severity::Error, detail);
            }
            self.skipped_levels += 1;
            return;
        }
        self.components += 1;
        self.open.push(Component {
            name,
            line: property.line,
            ..Component::default()
        });
    }

    fn end(&mut self, property: &Property<'a>) {
        if self.skipped_levels > 0 {
            self.skipped_levels -= 1;
            return;
        }
        let name = component_name(property);
        match self.open.iter().rposition(|open| open.name == name) {
            Some(level) => {
                self.close_down_to(level + 1, property.line);
                self.close();
            }
            None => {
                let detail = format!("END:{name} closes no open component");
                self.report(property.line, Reason::Misnested, Severity::Warning, detail);
            }
        }
    }

    /// Closes all components from `level` down and reports their missing END.
    fn close_down_to(&mut self, level: usize, line: u32) {
        self.skipped_levels = 0;
        while self.open.len() > level {
            if let Some(open) = self.open.last() {
                let detail = format!("no END:{} before line {line}", open.name);
                self.report(open.line, Reason::Unclosed, Severity::Warning, detail);
            }
            self.close();
        }
    }

    fn close(&mut self) {
        let Some(done) = self.open.pop() else { return };
        match self.open.last_mut() {
            Some(parent) => parent.children.push(done),
            None => self.roots.push(done),
        }
    }

    fn finish(mut self, last: u32) -> Tree<'a> {
        for open in &mut self.open {
            open.is_truncated = true;
        }
        self.close_down_to(0, last + 1);
        Tree {
            roots: self.roots,
            is_capped: self.is_capped,
        }
    }
}

fn component_name<'a>(property: &Property<'a>) -> Cow<'a, str> {
    let name = property.value().trim();
    match KNOWN_NAMES
        .iter()
        .find(|known| known.eq_ignore_ascii_case(name))
    {
        Some(known) => Cow::Borrowed(known),
        None => {
            let printable = name.chars().filter(|c| !c.is_control()).take(60);
            Cow::Owned(printable.collect::<String>().to_ascii_uppercase())
        }
    }
}

/// Components of RFC 5545, 7953 and 9073, whose names need no allocation.
const KNOWN_NAMES: [&str; 14] = [
    "VEVENT",
    "VALARM",
    "VTIMEZONE",
    "STANDARD",
    "DAYLIGHT",
    "VCALENDAR",
    "VTODO",
    "VJOURNAL",
    "VFREEBUSY",
    "VAVAILABILITY",
    "AVAILABLE",
    "PARTICIPANT",
    "VLOCATION",
    "VRESOURCE",
];

/// Returns the beginning of a line, without control characters.
fn excerpt(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(60).collect()
}

#[cfg(test)]
mod tests;
