"""Generates events for the growth bench, deterministic for the same arguments.

    generate.py SIZE DAY DATA [ics]

DAY is the reference day; DATA is the folder with the region's files, from which places, categories, audiences
and organizers are taken. Writes one JSON event per line, or with `ics` an iCalendar file, to standard output.

The first 1,000 events are the same at every size: their first category is `music` and they are in the next 500
days, so they make up the feed of that category. Every 40th of them has the word `sjeldenhet` in its text. The
others are spread evenly over the other categories and over ten years, eight back and two ahead. Every event has a
title in bokmål and English, a description of about 300 characters, a place (one in ten a described one), one or
two categories, an audience, and mostly an organizer. One in twenty recurs, a few of these endlessly.
"""

import datetime
import json
import random
import sys
import tomllib

HOT = 1000


def vocabulary():
    """Returns 2,000 Norwegian-looking words, most frequent first."""
    own = random.Random(7)
    heads = "sk st sv tr fl gr bl k m s h b f l r n d v t p br kr fr dr".split()
    hearts = "a e i o u ø å ei au y".split()
    tails = "g r n s t ld nd rk ng ll st kk m v lt rt gg".split()
    ends = ["", "en", "er", "a", "ing", "else", "lig", "et", "ene", "skap"]
    words = []
    seen = set()
    while len(words) < 2000:
        parts = 1 if len(words) < 150 else own.choice((1, 2, 2))
        word = "".join(own.choice(heads) + own.choice(hearts) + own.choice(tails) for _ in range(parts))
        word += own.choice(ends)
        if word not in seen:
            seen.add(word)
            words.append(word)
    return words


class Generator:
    def __init__(self, day, data):
        def names(file, kind):
            with open(f"{data}/{file}.toml", "rb") as opened:
                return tomllib.load(opened)[kind]

        self.day = day
        self.categories = [it["slug"] for it in names("categories", "category") if it["slug"] != "music"]
        self.audiences = [it["slug"] for it in names("audiences", "audience")]
        self.places = [it["name"] for it in names("places", "place")]
        self.organizers = [it["name"] for it in names("organizers", "organizer")]
        self.words = vocabulary()
        # Zipf distribution, as in natural text.
        self.weights = []
        total = 0.0
        for rank in range(len(self.words)):
            total += 1 / (rank + 5)
            self.weights.append(total)

    def text(self, own, length):
        out = []
        size = 0
        while size < length:
            sentence = own.choices(self.words, cum_weights=self.weights, k=own.randint(6, 14))
            sentence[0] = sentence[0].capitalize()
            said = " ".join(sentence) + "."
            out.append(said)
            size += len(said) + 1
        return " ".join(out)[:length].rstrip()

    def event(self, number):
        own = random.Random(number * 2654435761 % 2**32)
        hot = number < HOT
        day = self.day + datetime.timedelta(days=own.randint(1, 500) if hot else own.randint(-8 * 365, 2 * 365))
        start = datetime.datetime.combine(day, datetime.time(own.randint(8, 20), own.choice((0, 15, 30, 45))))
        nb = " ".join(own.choices(self.words, cum_weights=self.weights, k=own.randint(2, 4))).capitalize()
        description = self.text(own, own.randint(220, 380))
        if hot and number % 40 == 0:
            description += " En sjeldenhet."
        categories = ["music"] if hot else [own.choice(self.categories)]
        if own.random() < 0.4:
            categories.append(own.choice(self.categories))
        event = {
            "uid": f"growth-{number:07}@example.org",
            "title": {"nb": nb, "en": nb + " (in English)"},
            "description": {"nb": description},
            "start": start,
            "end": start + datetime.timedelta(minutes=own.choice((60, 90, 120, 180))),
            "place": own.choice(self.places) if own.random() < 0.9 else f"Grendehuset {own.choice(self.words).capitalize()}",
            "categories": sorted(set(categories)),
            "audience": own.choice(self.audiences),
            "organizer": own.choice(self.organizers) if own.random() < 0.8 else None,
            "rule": None,
        }
        if own.random() < 0.05:
            event["rule"] = own.choice(
                ("FREQ=WEEKLY;COUNT=5", "FREQ=WEEKLY;COUNT=12", "FREQ=MONTHLY;COUNT=10", "FREQ=DAILY;COUNT=4")
                if own.random() < 0.9
                else ("FREQ=WEEKLY", "FREQ=MONTHLY")
            )
        return event


def json_line(event):
    out = {
        "uid": event["uid"],
        "title": event["title"],
        "description": event["description"],
        "start": event["start"].isoformat(),
        "end": event["end"].isoformat(),
        "time_zone": "Europe/Oslo",
        "place": {"name": event["place"]},
        "categories": event["categories"],
        "audiences": [event["audience"]],
    }
    if event["organizer"]:
        out["organizer"] = {"name": event["organizer"]}
    if event["rule"]:
        out["recurrence"] = {"rrule": event["rule"]}
    return json.dumps(out, ensure_ascii=False, separators=(",", ":"))


def folded(line):
    """Folds a content line at 75 octets (RFC 5545 section 3.1)."""
    raw = line.encode()
    parts = []
    while len(raw) > 74:
        cut = 74
        while raw[cut] & 0xC0 == 0x80:
            cut -= 1
        parts.append(raw[:cut].decode())
        raw = raw[cut:]
    parts.append(raw.decode())
    return "\r\n ".join(parts)


def vevent(event):
    def text(said):
        return said.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")

    lines = [
        "BEGIN:VEVENT",
        f"UID:{event['uid']}",
        "DTSTAMP:20260101T000000Z",
        f"DTSTART;TZID=Europe/Oslo:{event['start']:%Y%m%dT%H%M%S}",
        f"DTEND;TZID=Europe/Oslo:{event['end']:%Y%m%dT%H%M%S}",
        f"SUMMARY:{text(event['title']['nb'])}",
        f"DESCRIPTION:{text(event['description']['nb'])}",
        f"LOCATION:{text(event['place'])}",
        f"CATEGORIES:{','.join(event['categories'])}",
    ]
    if event["organizer"]:
        lines.append(f"ORGANIZER;CN=\"{event['organizer']}\":mailto:post@example.org")
    if event["rule"]:
        lines.append(f"RRULE:{event['rule']}")
    lines.append("END:VEVENT")
    return "\r\n".join(map(folded, lines)) + "\r\n"


def main():
    size, day, data = int(sys.argv[1]), datetime.date.fromisoformat(sys.argv[2]), sys.argv[3]
    generator = Generator(day, data)
    out = open(1, "w", encoding="utf-8", newline="", buffering=1 << 20)
    if sys.argv[4:] == ["ics"]:
        out.write("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//growth bench//EN\r\n")
        for number in range(size):
            out.write(vevent(generator.event(number)))
        out.write("END:VCALENDAR\r\n")
    else:
        for number in range(size):
            out.write(json_line(generator.event(number)) + "\n")
    out.flush()


main()
