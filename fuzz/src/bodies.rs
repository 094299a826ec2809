//! Generates request bodies for the partner interface from bytes: mostly valid, with values that are hard to
//! store, show and write.

use serde_json::{Map, Value, json};

/// Dates and times at the edges of months, daylight saving time, years and the range of dates.
const MOMENTS: [&str; 28] = [
    "2027-04-10",
    "2026-11-22",
    "2028-02-29",
    "0001-01-01",
    "0001-01-02",
    "9999-12-30",
    "9999-12-31",
    "0000-12-31",
    "10000-01-01",
    "+262142-12-31",
    "-262143-01-01",
    "2027-02-30",
    "2027-04-10T19:00:00",
    "2027-03-28T02:30:00",
    "2027-10-31T02:30:00",
    "2027-03-14T02:30:00",
    "2011-12-30T12:00:00",
    "1883-11-18T12:03:58",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59",
    "+262142-12-31T23:59:59",
    "-262143-01-01T00:00:00",
    "2027-04-10T19:00:00+02:00",
    "2027-04-10T19:00:00Z",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+14:00",
    "2027-06-30T23:59:60Z",
    "2027-04-10T19:00",
];

const RULES: [&str; 22] = [
    "FREQ=DAILY",
    "FREQ=WEEKLY;COUNT=5",
    "FREQ=DAILY;COUNT=5000",
    "FREQ=MONTHLY;BYMONTHDAY=31",
    "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    "FREQ=MONTHLY;BYDAY=-1SU",
    "FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO",
    "FREQ=YEARLY;BYYEARDAY=366,-366",
    "FREQ=WEEKLY;UNTIL=20270701",
    "FREQ=WEEKLY;UNTIL=99991231T235959Z",
    "FREQ=WEEKLY;UNTIL=00000101",
    "FREQ=DAILY;BYHOUR=0,6,12,18;BYMINUTE=0,30",
    "FREQ=YEARLY;INTERVAL=5000",
    "FREQ=WEEKLY;INTERVAL=4294967295",
    "FREQ=MONTHLY;BYSETPOS=-1;BYDAY=MO,TU,WE,TH,FR",
    "FREQ=MONTHLY;BYMONTHDAY=31;RSCALE=GREGORIAN;SKIP=FORWARD",
    "FREQ=MONTHLY;BYMONTHDAY=30;BYMONTH=2",
    "FREQ=HOURLY",
    "FREQ=DAILY;COUNT=0",
    "FREQ=DAILY;BYSECOND=60",
    "FREQ=WEEKLY;WKST=SU;BYDAY=SU,SA",
    "FREQ=",
];

const ZONES: [&str; 12] = [
    "Europe/Oslo",
    "America/New_York",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Etc/GMT+12",
    "Africa/Monrovia",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Antarctica/Troll",
    "UTC",
    "Europe/Dublin",
    "Mars/Olympus",
];

const TEXTS: [&str; 18] = [
    "Vårkonsert",
    "<script>alert(1)</script> & «sitat» ]]>",
    "\u{202E}bakvendt\u{2066}",
    "linje\r\nBEGIN:VEVENT\r\nEND:VCALENDAR",
    "\u{0}\u{1}\u{8}\u{B}\u{C}\u{1F}\u{7F}\u{85}\u{FEFF}\u{FFFE}\u{FFFF}",
    "a,b;c\\d:e\"f",
    "=HYPERLINK(\"https://evil.example\")",
    "🎻👨‍👩‍👧‍👦 e\u{301}\u{301}\u{301}",
    " \t\n ",
    "x",
    "//evil.example",
    "{{ title }} {% raw %}",
    "İstanbul ﬁ ß ǅ",
    "\u{2028}\u{2029}",
    "-",
    "..",
    "avsnitt\n\n\n\navsnitt",
    "%00%0A",
];

const ADDRESSES: [&str; 8] = [
    "https://venue.example/a?b=c&d=<e>#f",
    "http://[::1]:80/",
    "javascript:alert(1)",
    "https://user:pass@venue.example/",
    "https://xn--80ak6aa92e.example/æøå",
    "data:text/html,x",
    "https://venue.example/\"onload=x",
    "ftp://venue.example/",
];

/// A source of decisions, one byte each. Returns zeros when the bytes have run out.
pub struct ByteChoices<'a>(&'a [u8]);

impl<'a> ByteChoices<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn byte(&mut self) -> usize {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        usize::from(*first)
    }

    fn one<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.byte() % of.len()]
    }

    /// Returns true once in `many` times.
    fn rarely(&mut self, many: usize) -> bool {
        self.byte() % many == 1
    }

    fn number(&mut self) -> usize {
        self.byte() * 256 + self.byte()
    }

    /// Returns mostly a date or time in the next years, sometimes an edge case.
    fn moment(&mut self, timed: bool) -> String {
        if self.rarely(6) {
            return self.one(&MOMENTS).to_owned();
        }
        let number = self.number();
        let (year, month, day) = (2026 + number % 4, 1 + number / 4 % 12, 1 + number / 48 % 28);
        let date = format!("{year}-{month:02}-{day:02}");
        if !timed {
            return date;
        }
        let time = self.byte();
        format!("{date}T{:02}:{:02}:00", time % 24, time / 24 * 6 % 60)
    }

    fn text(&mut self) -> Value {
        let said = self.one(&TEXTS).to_owned();
        let said = match self.byte() % 16 {
            0 => said.repeat(1 + self.byte() * 4),
            1 => format!("{said} {}", self.number()),
            _ => said,
        };
        let lang = ["nb", "nn", "en", "nb"][self.byte() % 4];
        json!({ lang: said })
    }

    fn title(&mut self) -> Value {
        let mut text = self.text();
        if self.rarely(8) {
            return text;
        }
        text["nb"] = self.one(&TEXTS).into();
        text
    }

    fn place(&mut self) -> Value {
        let mut place = json!({ "name": self.one(&TEXTS) });
        match self.byte() % 5 {
            0 => {
                place["latitude"] = json!(self.byte() as f64 - 100.0);
                place["longitude"] = json!(self.number() as f64 / 100.0 - 180.0);
            }
            1 => place = json!({ "slug": "terningen-arena" }),
            2 => place["address"] = self.one(&TEXTS).into(),
            _ => {}
        }
        place
    }

    fn change(&mut self, timed: bool) -> Value {
        let mut change = json!({ "recurrence_id": self.moment(timed) });
        if self.rarely(2) {
            change["start"] = self.moment(timed).into();
        }
        if self.rarely(4) {
            change["end"] = self.moment(timed).into();
        }
        if self.rarely(3) {
            change["status"] = self
                .one(&["cancelled", "scheduled", "moved_online", "x"])
                .into();
        }
        if self.rarely(3) {
            change["title"] = self.text();
        }
        if self.rarely(4) {
            change["place"] = self.place();
        }
        change
    }

    fn recurrence(&mut self, start: &str, timed: bool) -> Value {
        let mut made = Map::new();
        if !self.rarely(5) {
            made.insert("rrule".into(), self.one(&RULES).into());
        }
        for name in ["rdates", "exdates"] {
            if self.rarely(3) {
                let count = self.byte() % 5;
                let mut dates: Vec<Value> = (0..count).map(|_| self.moment(timed).into()).collect();
                dates.push(start.into());
                made.insert(name.into(), dates.into());
            }
        }
        if self.rarely(3) {
            let count = 1 + self.byte() % 4;
            let changes: Vec<Value> = (0..count).map(|_| self.change(timed)).collect();
            made.insert("overrides".into(), changes.into());
        }
        made.into()
    }

    /// Returns a body as a partner's program might send it.
    pub fn body(&mut self) -> Value {
        let timed = !self.byte().is_multiple_of(3);
        let start = self.moment(timed);
        let mut body = json!({ "title": self.title(), "start": start.clone() });
        if self.rarely(2) {
            let end = self.moment(timed);
            // Two random times are in the right order only half of the time.
            body["start"] = start.clone().min(end.clone()).into();
            body["end"] = end.max(start.clone()).into();
        }
        if self.rarely(2) {
            body["time_zone"] = self.one(&ZONES).into();
        }
        if self.rarely(3) {
            body["recurrence"] = self.recurrence(&start, timed);
        }
        if self.rarely(8) {
            body["all_day"] = self.byte().is_multiple_of(2).into();
        }
        if self.rarely(4) {
            let known = [
                "cancelled",
                "tentative",
                "postponed",
                "rescheduled",
                "moved_online",
            ];
            body["status"] = self.one(&known).into();
            body["previous_start"] = self.moment(timed).into();
            body["status_note"] = self.text();
        }
        self.details(&mut body);
        if self.rarely(12) {
            self.spoil(&mut body);
        }
        body
    }

    fn details(&mut self, body: &mut Value) {
        if self.rarely(3) {
            body["description"] = self.text();
            body["summary"] = self.text();
        }
        if self.rarely(3) {
            body["place"] = self.place();
        }
        if self.rarely(6) {
            body["other_places"] = json!([self.place(), self.place()]);
        }
        if self.rarely(5) {
            body["organizer"] = json!({ "name": self.one(&TEXTS), "url": self.one(&ADDRESSES) });
        }
        if self.rarely(5) {
            body["website"] = self.one(&ADDRESSES).into();
        }
        if self.rarely(6) {
            body["images"] = json!([{ "url": self.one(&ADDRESSES), "alt": self.text() }]);
        }
        if self.rarely(5) {
            let price = ["250.00", "0", "1e308", "-1", "NaN", "1e-320", "00250,00"];
            body["offers"] = json!([{ "name": self.text(), "price": self.one(&price) }]);
        }
        if self.rarely(6) {
            body["categories"] = json!(["music", self.one(&TEXTS)]);
            body["audiences"] = json!(["families", self.one(&TEXTS)]);
            body["accessibility"] = json!(["step_free", self.one(&TEXTS)]);
        }
        if self.rarely(8) {
            body["super_event"] = self.one(&["1", "2", "0"]).into();
        }
        if self.rarely(6) {
            let uid = format!("{}{}", self.one(&TEXTS), self.byte());
            body["uid"] = uid.into();
        }
        if self.rarely(8) {
            body["sequence"] = (self.number() * 70_000).into();
            body["modified"] = self.moment(true).into();
        }
    }

    /// Replaces a field's value by one of another type, or adds an unknown field.
    fn spoil(&mut self, body: &mut Value) {
        let Value::Object(fields) = body else { return };
        let names: Vec<String> = fields.keys().cloned().collect();
        let name = names[self.byte() % names.len()].clone();
        let value = match self.byte() % 7 {
            0 => Value::Null,
            1 => json!([]),
            2 => json!({}),
            3 => json!(-1),
            4 => json!("x".repeat(self.number())),
            5 => json!([[[[[[[[1]]]]]]]]),
            _ => json!(1e300),
        };
        if self.rarely(3) {
            fields.insert("nonsense".into(), value);
        } else {
            fields.insert(name, value);
        }
    }
}
