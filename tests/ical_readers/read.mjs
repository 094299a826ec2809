// Reads a calendar with npm's ical.js and prints its occurrences as read.py does:
// node read.mjs FOLDER_WITH_NODE_MODULES FILE FROM TO
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, path, , last] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/`));
const loaded = await import(pathToFileURL(require.resolve("ical.js")));
const ICAL = loaded.default ?? loaded;

ICAL.design.strict = true;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(path, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

const said = (time) =>
  time.isDate
    ? time.toICALString()
    : time.convertToZone(ICAL.Timezone.utcTimezone).toICALString();
const show = (item, start, end) =>
  console.log([item.uid, said(start), said(end), item.summary].join("\t"));
const bare = (item) => !["dtend", "duration"].some((name) => item.component.hasProperty(name));

const until = ICAL.Time.fromDateString(last);
const all = calendar.getAllSubcomponents("vevent");
const uid = (component) => component.getFirstPropertyValue("uid");
const differs = (component) => component.hasProperty("recurrence-id");
const masters = all
  .filter((component) => !differs(component))
  .map((component) => {
    const exceptions = all.filter((other) => differs(other) && uid(other) === uid(component));
    return new ICAL.Event(component, { strictExceptions: true, exceptions });
  });
for (const master of masters) {
  if (!master.isRecurring()) {
    show(master, master.startDate, bare(master) ? master.startDate : master.endDate);
    continue;
  }
  const starts = master.iterator();
  for (let start = starts.next(); start && start.compareDateOnlyTz(until, start.zone) <= 0; start = starts.next()) {
    const one = master.getOccurrenceDetails(start);
    show(one.item, one.startDate, bare(one.item) ? one.startDate : one.endDate);
  }
}
