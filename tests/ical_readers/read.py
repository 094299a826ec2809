"""Reads a calendar with PyPI's icalendar or vobject and prints its occurrences.

read.py icalendar|vobject FILE FROM TO prints one line for each occurrence that starts from FROM (inclusive) to
TO (exclusive): UID, start, end and title, separated by tabs. Times are in UTC.
"""

import datetime
import sys
import warnings

UTC = datetime.timezone.utc


def said(moment):
    if isinstance(moment, datetime.datetime):
        return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    return moment.strftime("%Y%m%d")


def show(uid, start, end, title):
    print(uid, said(start), said(end), title, sep="\t")


def with_icalendar(text, first, last):
    import icalendar
    import recurring_ical_events

    calendar = icalendar.Calendar.from_ical(text)
    for component in calendar.walk():
        if component.errors:
            sys.exit(f"icalendar complains: {component.errors}")
    for event in recurring_ical_events.of(calendar).between(first, last):
        lasts = "DTEND" in event or "DURATION" in event
        end = event.end if lasts else event.start
        show(event["UID"], event.start, end, event["SUMMARY"])


def with_vobject(text, first, last):
    import vobject

    calendar = vobject.readOne(text, validate=True)
    by_uid = {}
    for event in calendar.vevent_list:
        by_uid.setdefault(event.uid.value, []).append(event)
    for uid, events in by_uid.items():
        changed = {e.recurrence_id.value for e in events if hasattr(e, "recurrence_id")}
        for event in events:
            start = event.dtstart.value
            length = event.dtend.value - start if hasattr(event, "dtend") else datetime.timedelta()
            if hasattr(event, "duration"):
                length = event.duration.value
            if isinstance(start, datetime.datetime) and hasattr(event, "dtend"):
                length = event.dtend.value.astimezone(UTC) - start.astimezone(UTC)
            starts = [start]
            if event.rruleset is not None and not hasattr(event, "recurrence_id"):
                starts = occurrences(event.rruleset, start, last)
                starts = [at for at in starts if at not in changed]
            for at in starts:
                end = at + length
                if isinstance(at, datetime.datetime):
                    end = at.astimezone(UTC) + length
                show(uid, at, end, event.summary.value)


def occurrences(rules, start, last):
    whole_days = not isinstance(start, datetime.datetime)
    for at in rules:
        if at.date() > last:
            return
        yield at.date() if whole_days else at.replace(tzinfo=start.tzinfo)


def main():
    reader, path, first, last = sys.argv[1:]
    warnings.simplefilter("error")
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    days = [datetime.date.fromisoformat(day) for day in (first, last)]
    {"icalendar": with_icalendar, "vobject": with_vobject}[reader](text, *days)


main()
