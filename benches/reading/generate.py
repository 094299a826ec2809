"""Writes a deterministic calendar of 10,000 events to standard output.

A regional calendar: single events with times and of whole days, weekly, monthly, yearly and daily ones, lists of
dates; exceptions on a third of the recurring events, overrides on a quarter, some of them cancelled; in six zones,
each with its VTIMEZONE. Every DTSTART matches its rule and no event begins in a night of a clock change, so that
RFC 5545 defines a single result.
"""

import sys
from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

EVENTS = 10_000

EUROPE = """STANDARD 19961027T030000 +0200 +0100 FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
DAYLIGHT 19810329T020000 +0100 +0200 FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"""
AMERICA = """STANDARD 20071104T020000 -0400 -0500 FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
DAYLIGHT 20070311T020000 -0500 -0400 FREQ=YEARLY;BYMONTH=3;BYDAY=2SU"""
AUSTRALIA = """STANDARD 20080406T030000 +1100 +1000 FREQ=YEARLY;BYMONTH=4;BYDAY=1SU
DAYLIGHT 20081005T020000 +1000 +1100 FREQ=YEARLY;BYMONTH=10;BYDAY=1SU"""
ZONES = {
    "Europe/Oslo": EUROPE,
    "Europe/Berlin": EUROPE,
    "America/New_York": AMERICA,
    "Australia/Sydney": AUSTRALIA,
    "Asia/Tokyo": "STANDARD 19510101T000000 +0900 +0900",
    "Asia/Kolkata": "STANDARD 19510101T000000 +0530 +0530",
}
# Six of eleven events are in Europe/Oslo.
WHERE = ["Europe/Oslo"] * 6 + [name for name in ZONES if name != "Europe/Oslo"]
DAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
WORDS = "vår sommer høst vinter konsert marked løp foredrag utstilling dans teater kor skog elv".split()


class Chance:
    """A pseudorandom generator that is deterministic on every machine and version."""

    def __init__(self, seed):
        self.state = seed

    def below(self, limit):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (self.state >> 33) % limit

    def of(self, choices):
        return choices[self.below(len(choices))]


def put(line):
    """Writes a content line, folded after 75 octets but never within a character."""
    data = line.encode()
    limit = 75
    while len(data) > limit:
        cut = limit
        while data[cut] & 0xC0 == 0x80:
            cut -= 1
        sys.stdout.buffer.write(data[:cut] + b"\r\n ")
        data, limit = data[cut:], 74
    sys.stdout.buffer.write(data + b"\r\n")


def put_zone(name, observances):
    put("BEGIN:VTIMEZONE")
    put(f"TZID:{name}")
    for observance in observances.splitlines():
        kind, start, before, after, *rule = observance.split()
        put(f"BEGIN:{kind}")
        put(f"DTSTART:{start}")
        put(f"TZOFFSETFROM:{before}")
        put(f"TZOFFSETTO:{after}")
        if rule:
            put(f"RRULE:{rule[0]}")
        put(f"END:{kind}")
    put("END:VTIMEZONE")


def nth_weekday(year, month, nth, weekday):
    """Returns the nth weekday of a month; the last for -1."""
    first = date(year, month, 1)
    days = [first + timedelta(d) for d in range(31)]
    fitting = [d for d in days if d.month == month and d.weekday() == weekday]
    return fitting[nth - 1 if nth > 0 else nth]


def later_month(day, months):
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


class Event:
    def __init__(self, number, chance):
        self.chance = chance
        self.number = number
        self.day = date(2025, 1, 1) + timedelta(chance.below(2000))
        self.whole_day = False
        self.zone = chance.of(WHERE)
        self.hour, self.minute = 7 + chance.below(15), chance.of([0, 15, 30])
        self.length = chance.of([45, 60, 90, 120, 180])
        self.rule = None
        # The first occurrences, for exceptions and overrides.
        self.members = []
        self.rdates = []

    def value(self, day, later=0):
        """Returns the parameters and value of a time property."""
        if self.whole_day:
            return f";VALUE=DATE:{day:%Y%m%d}"
        at = datetime(day.year, day.month, day.day, self.hour, self.minute)
        return f";TZID={self.zone}:{at + timedelta(minutes=later):%Y%m%dT%H%M%S}"

    def until(self, day):
        if self.whole_day:
            return f"{day:%Y%m%d}"
        at = datetime(day.year, day.month, day.day, self.hour, self.minute)
        at = at.replace(tzinfo=ZoneInfo(self.zone)).astimezone(timezone.utc)
        return f"{at:%Y%m%dT%H%M%SZ}"

    def shape(self):
        kind = self.number % 20
        if kind in (8, 9):
            self.whole_day, self.length = True, 1 + self.chance.below(10)
        elif 10 <= kind <= 14:
            self.weekly()
        elif kind in (15, 16):
            self.monthly()
        elif kind == 17:
            self.yearly()
        elif kind == 18:
            count = 5 + self.chance.below(10)
            self.rule = f"FREQ=DAILY;COUNT={count}"
            self.members = [self.day + timedelta(n) for n in range(count)]
        elif kind == 19:
            self.rdates = [self.day + timedelta(9 + 17 * n) for n in range(1 + self.chance.below(6))]

    def weekly(self):
        interval = self.chance.of([1, 1, 1, 2])
        second = (self.day.weekday() + 2) % 7
        both = self.chance.below(4) == 0 and interval == 1
        days = sorted({self.day.weekday(), second}) if both else [self.day.weekday()]
        step = f";INTERVAL={interval}" if interval > 1 else ""
        self.rule = f"FREQ=WEEKLY{step};BYDAY=" + ",".join(DAYS[d] for d in days)
        self.members = [self.day + timedelta(7 * interval * n) for n in range(12)]
        self.bound(12 + self.chance.below(30), timedelta(7 * interval * (12 + self.chance.below(60))))

    def monthly(self):
        if self.chance.below(2):
            nth, weekday = self.chance.of([1, 2, 3, -1]), self.chance.below(7)
            months = [later_month(self.day, n) for n in range(12)]
            self.members = [nth_weekday(year, month, nth, weekday) for year, month in months]
            self.rule = f"FREQ=MONTHLY;BYDAY={nth}{DAYS[weekday]}"
        else:
            self.day = self.day.replace(day=1 + self.chance.below(28))
            months = [later_month(self.day, n) for n in range(12)]
            self.members = [date(year, month, self.day.day) for year, month in months]
            self.rule = f"FREQ=MONTHLY;BYMONTHDAY={self.day.day}"
        self.day = self.members[0]
        self.bound(12 + self.chance.below(24), timedelta(400 + self.chance.below(800)))

    def yearly(self):
        self.whole_day = self.chance.below(2) == 0
        self.length = 1 + self.chance.below(9) if self.whole_day else 120
        self.day = self.day.replace(day=1 + self.chance.below(28))
        self.rule = f"FREQ=YEARLY;BYMONTH={self.day.month};BYMONTHDAY={self.day.day}"
        self.members = [self.day.replace(year=self.day.year + n) for n in range(5)]

    def bound(self, count, span):
        """Ends the rule by COUNT, by UNTIL or not at all."""
        end = self.chance.below(5)
        if end < 2:
            self.rule += f";COUNT={count}"
        elif end < 4:
            self.rule += f";UNTIL={self.until(self.members[0] + max(span, timedelta(400)))}"

    def put(self):
        self.shape()
        chance = self.chance
        changes = chance.below(4) == 0 and self.members
        exceptions = chance.below(3) == 0 and self.members
        put("BEGIN:VEVENT")
        self.put_head(0)
        self.put_span(self.day)
        if self.rule:
            put(f"RRULE:{self.rule}")
        if self.rdates:
            name, _, times = self.value(self.rdates[0]).partition(":")
            more = [self.value(day).partition(":")[2] for day in self.rdates[1:]]
            put(f"RDATE{name}:" + ",".join([times, *more]))
        if exceptions:
            put("EXDATE" + self.value(self.members[2]))
            put("EXDATE" + self.value(self.members[4]))
        self.put_texts("")
        put("END:VEVENT")
        if changes:
            self.put_override(self.members[1], 1)
            if chance.below(2):
                self.put_override(self.members[3], 0)

    def put_head(self, sequence):
        put(f"UID:{self.number}@calendar.example.org")
        put("DTSTAMP:20260101T120000Z")
        put(f"SEQUENCE:{sequence}")

    def put_span(self, day):
        put("DTSTART" + self.value(day))
        if self.whole_day:
            put("DTEND" + self.value(day + timedelta(self.length)))
        else:
            put("DTEND" + self.value(day, self.length))

    def put_texts(self, note):
        chance = self.chance
        words = " ".join(chance.of(WORDS) for _ in range(3))
        put(f"SUMMARY:{note}{words.capitalize()} nr. {self.number}")
        text = "\\n".join(
            " ".join(chance.of(WORDS) for _ in range(8)) + "\\, velkommen!" for _ in range(3)
        )
        put(f"DESCRIPTION:{text}")
        put(f"LOCATION:Scene {chance.below(90)}\\, Storgata {chance.below(200)}\\, 2406 Elverum")
        put("GEO:60.881;11.562")
        put(f"URL:https://calendar.example.org/events/{self.number}")
        put("CATEGORIES:MUSIC,FAMILY")
        put("STATUS:" + ("CANCELLED" if note else "CONFIRMED"))

    def put_override(self, day, moved):
        put("BEGIN:VEVENT")
        self.put_head(1)
        put("RECURRENCE-ID" + self.value(day))
        self.put_span(day + timedelta(moved))
        self.put_texts("" if moved else "Avlyst: ")
        put("END:VEVENT")


def main():
    chance = Chance(2406)
    put("BEGIN:VCALENDAR")
    put("VERSION:2.0")
    put("PRODID:-//Elverum//Benchmark//NB")
    for name, observances in ZONES.items():
        put_zone(name, observances)
    for number in range(EVENTS):
        Event(number, chance).put()
    put("END:VCALENDAR")


main()
