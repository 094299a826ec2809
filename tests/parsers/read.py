"""Reads calendars with PyPI's icalendar and vobject, and prints their content.

    read.py icalendar FILE...
    read.py vobject FILE...

Prints one line of JSON per file: the complaints, the zones, and the events, each with uid, recurrence_id, start,
end, summary, status and sequence. Times with a zone are in UTC, as 20270304T090000Z; floating ones have no Z; dates
are as 20270304.
"""

import datetime
import json
import sys
import warnings


def moment(value):
    """Returns a date or an instant as text."""
    if value is None:
        return None
    if isinstance(value, datetime.datetime):
        if value.tzinfo is None:
            return value.strftime("%Y%m%dT%H%M%S")
        return value.astimezone(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    return value.strftime("%Y%m%d")


def with_icalendar(data):
    import icalendar

    complaints, events, zones = [], [], []
    for calendar in icalendar.Calendar.from_ical(data, multiple=True):
        for component in calendar.walk():
            complaints += [f"{component.name}: {name}: {text}" for name, text in component.errors]
            if component.name == "VTIMEZONE":
                component.to_tz()
                zones.append(str(component["TZID"]))
            if component.name != "VEVENT":
                continue
            stamp = component.get("RECURRENCE-ID")
            end = component.get("DTEND")
            events.append(
                {
                    "uid": str(component["UID"]),
                    "recurrence_id": moment(stamp.dt) if stamp else None,
                    "start": moment(component["DTSTART"].dt),
                    "end": moment(end.dt) if end else None,
                    "summary": str(component.get("SUMMARY", "")),
                    "status": str(component.get("STATUS", "")),
                    "sequence": int(component.get("SEQUENCE", 0)),
                }
            )
    return complaints, events, zones


def with_vobject(data):
    import vobject

    complaints, events, zones = [], [], []
    for calendar in vobject.readComponents(data.decode("utf-8"), validate=True):
        zones += [str(zone.tzid.value) for zone in getattr(calendar, "vtimezone_list", [])]
        for event in getattr(calendar, "vevent_list", []):

            def value(name):
                line = event.contents.get(name)
                return line[0].value if line else None

            events.append(
                {
                    "uid": value("uid"),
                    "recurrence_id": moment(value("recurrence-id")),
                    "start": moment(value("dtstart")),
                    "end": moment(value("dtend")),
                    "summary": value("summary") or "",
                    "status": value("status") or "",
                    "sequence": int(value("sequence") or 0),
                }
            )
    return complaints, events, zones


def read(reader, path):
    with open(path, "rb") as file:
        data = file.read()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        complaints, events, zones = reader(data)
    # A parser's warning about its own code is no complaint about the file.
    complaints += [
        str(w.message) for w in caught if not issubclass(w.category, DeprecationWarning)
    ]
    return {"complaints": complaints, "events": events, "zones": zones}


def main():
    reader = {"icalendar": with_icalendar, "vobject": with_vobject}[sys.argv[1]]
    for path in sys.argv[2:]:
        print(json.dumps(read(reader, path)))


main()
