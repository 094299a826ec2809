// Reads calendars with npm's ical.js and prints their content in the form of read.py.
//
//   node read.mjs FOLDER FILE...      FOLDER contains node_modules
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.argv[2], "package.json"));
const { default: ICAL } = await import(pathToFileURL(require.resolve("ical.js")).href);
ICAL.design.strict = true;

function moment(time) {
  if (!time) return null;
  const pad = (number, width = 2) => String(number).padStart(width, "0");
  const date = (t) => pad(t.year, 4) + pad(t.month) + pad(t.day);
  if (time.isDate) return date(time);
  if (time.zone === ICAL.Timezone.localTimezone) {
    return `${date(time)}T${pad(time.hour)}${pad(time.minute)}${pad(time.second)}`;
  }
  const utc = time.convertToZone(ICAL.Timezone.utcTimezone);
  return `${date(utc)}T${pad(utc.hour)}${pad(utc.minute)}${pad(utc.second)}Z`;
}

function read(path) {
  const complaints = [];
  const events = [];
  const zones = [];
  ICAL.TimezoneService.reset();
  const parsed = ICAL.parse(readFileSync(path, "utf8"));
  const calendars = typeof parsed[0] === "string" ? [parsed] : parsed;
  for (const jcal of calendars) {
    const calendar = new ICAL.Component(jcal);
    for (const zone of calendar.getAllSubcomponents("vtimezone")) {
      zones.push(zone.getFirstPropertyValue("tzid"));
      ICAL.TimezoneService.register(zone);
    }
    for (const component of calendar.getAllSubcomponents("vevent")) {
      for (const name of ["uid", "dtstamp", "dtstart"]) {
        if (!component.hasProperty(name)) complaints.push(`an event has no ${name}`);
      }
      const event = new ICAL.Event(component);
      events.push({
        uid: event.uid,
        recurrence_id: moment(component.getFirstPropertyValue("recurrence-id")),
        start: moment(event.startDate),
        end: component.hasProperty("dtend") ? moment(event.endDate) : null,
        summary: event.summary ?? "",
        status: component.getFirstPropertyValue("status") ?? "",
        sequence: event.sequence ?? 0,
      });
    }
  }
  return { complaints, events, zones };
}

for (const path of process.argv.slice(3)) {
  console.log(JSON.stringify(read(path)));
}
