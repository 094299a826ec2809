//! A minimal parser of calendar files, independent of the program's reader so that neither hides the other's
//! faults.

/// A parsed calendar file.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarFile {
    /// Properties of the calendar.
    pub head: Component,
    /// The events, in file order.
    pub events: Vec<Component>,
}

/// Properties of a component: name, raw parameters, value.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Component {
    lines: Vec<(String, String, String)>,
}

impl CalendarFile {
    /// Parses a file.
    #[track_caller]
    pub fn parse(text: &str) -> Self {
        assert!(
            text.starts_with("BEGIN:VCALENDAR\r\n"),
            "no calendar: {text:.60}"
        );
        assert!(
            text.ends_with("END:VCALENDAR\r\n"),
            "the calendar is cut off"
        );
        let unfolded = text.replace("\r\n ", "").replace("\r\n\t", "");
        let mut file = Self {
            head: Component::default(),
            events: Vec::new(),
        };
        let mut open: Vec<&str> = Vec::new();
        for line in unfolded.lines() {
            let (front, value) = line.split_once(':').expect("a line has a name and a value");
            match front {
                "BEGIN" => {
                    open.push(value);
                    if value == "VEVENT" {
                        file.events.push(Component::default());
                    }
                }
                "END" => assert_eq!(open.pop(), Some(value), "components nest"),
                _ => {
                    let component = match open[..] {
                        ["VCALENDAR"] => &mut file.head,
                        ["VCALENDAR", "VEVENT"] => file.events.last_mut().expect("pushed above"),
                        _ => continue,
                    };
                    let (name, parameters) = front.split_once(';').unwrap_or((front, ""));
                    let line = (name.to_owned(), parameters.to_owned(), value.to_owned());
                    component.lines.push(line);
                }
            }
        }
        file
    }

    /// Returns the titles of the events.
    pub fn titles(&self) -> Vec<&str> {
        self.events
            .iter()
            .map(|event| event.value("SUMMARY"))
            .collect()
    }

    /// Returns the events with a UID, including overrides.
    pub fn of_uid(&self, uid: &str) -> Vec<&Component> {
        self.events
            .iter()
            .filter(|event| event.value("UID") == uid)
            .collect()
    }

    /// Returns true if it has an event with a UID.
    pub fn has(&self, uid: &str) -> bool {
        !self.of_uid(uid).is_empty()
    }

    /// Returns the only event with a UID.
    #[track_caller]
    pub fn event(&self, uid: &str) -> &Component {
        match self.of_uid(uid)[..] {
            [event] => event,
            ref found => panic!("{} events have the UID {uid}", found.len()),
        }
    }
}

impl Component {
    /// Returns a property's value. Panics if it is missing.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        self.try_value(name)
            .unwrap_or_else(|| panic!("no {name} in {self:#?}"))
    }

    /// Returns a property's value, if present.
    pub fn try_value(&self, name: &str) -> Option<&str> {
        self.line(name).map(|line| line.2.as_str())
    }

    /// Returns a property's raw parameters.
    pub fn parameters(&self, name: &str) -> &str {
        self.line(name).map_or("", |line| line.1.as_str())
    }

    fn line(&self, name: &str) -> Option<&(String, String, String)> {
        self.lines.iter().find(|line| line.0 == name)
    }
}
