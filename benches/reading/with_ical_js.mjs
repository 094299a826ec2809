// Reads and expands a calendar as a user of ical.js would.
//
//   with_ical_js.mjs NODE_FOLDER FILE FROM TO
//
// prints a line for each occurrence: uid, start, end, title, status.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, file, from, to] = process.argv.slice(2);
const require = createRequire(join(resolve(folder), "package.json"));
const { default: ICAL } = await import(pathToFileURL(require.resolve("ical.js")).href);

const lower = from.replaceAll("-", "");
const upper = to.replaceAll("-", "");
const pad = (number) => (number < 10 ? `0${number}` : `${number}`);

function moment(time) {
  if (time.isDate) return `${time.year}${pad(time.month)}${pad(time.day)}`;
  const utc = time.convertToZone(ICAL.Timezone.utcTimezone);
  const date = `${utc.year}${pad(utc.month)}${pad(utc.day)}`;
  return `${date}T${pad(utc.hour)}${pad(utc.minute)}${pad(utc.second)}Z`;
}

let out = "";
function give(event, startDate, endDate) {
  const start = moment(startDate);
  if (start < lower || start >= upper) return;
  const status = event.component.getFirstPropertyValue("status");
  out += `${event.uid}\t${start}\t${moment(endDate)}\t${event.summary}\t${status}\n`;
}

const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
// By default, each event is related to every override in the file, whatever its UID.
const series = new Map();
for (const component of calendar.getAllSubcomponents("vevent")) {
  const uid = component.getFirstPropertyValue("uid");
  if (!series.has(uid)) series.set(uid, { exceptions: [] });
  if (component.hasProperty("recurrence-id")) series.get(uid).exceptions.push(component);
  else series.get(uid).master = component;
}

const end = ICAL.Time.fromDateString(to);
end.adjust(1, 0, 0, 0);
for (const { master, exceptions } of series.values()) {
  const event = new ICAL.Event(master, { exceptions });
  if (!event.isRecurring()) {
    give(event, event.startDate, event.endDate);
    continue;
  }
  const starts = event.iterator();
  for (let start = starts.next(); start && start.compare(end) < 0; start = starts.next()) {
    const { item, startDate, endDate } = event.getOccurrenceDetails(start);
    give(item, startDate, endDate);
  }
}
process.stdout.write(out);
