"""Reads and expands a calendar as a user of icalendar and recurring-ical-events would.

    with_icalendar.py FILE FROM TO       prints a line for each occurrence: uid, start, end, title, status
"""

import sys
from datetime import date, datetime, timedelta, timezone

import icalendar
import recurring_ical_events


def moment(value):
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return value.strftime("%Y%m%d")


def main():
    path, first, last = sys.argv[1:]
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    with open(path, "rb") as file:
        calendar = icalendar.Calendar.from_ical(file.read())
    # Its window is in local time and includes events that began before: request a wider one, and filter here.
    day = timedelta(1)
    lower, upper = first.strftime("%Y%m%d"), last.strftime("%Y%m%d")
    for event in recurring_ical_events.of(calendar).between(first - day, last + day):
        start = moment(event["DTSTART"].dt)
        if lower <= start < upper:
            row = (event["UID"], start, moment(event["DTEND"].dt), event["SUMMARY"], event["STATUS"])
            print("\t".join(row))


main()
