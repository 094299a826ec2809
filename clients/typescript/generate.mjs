// Writes src/schema.ts, the types of the API, from its description.
//
//   node generate.mjs https://kalender.example.no/api/openapi.json

import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";

const source = process.argv[2];
const output = process.argv[3] ?? new URL("src/schema.ts", import.meta.url);
const text = source.startsWith("http") ? await (await fetch(source)).text() : await readFile(source, "utf8");
const document = JSON.parse(text);
removeData(document);
const types = astToString(await openapiTS(document));
await writeFile(output, `// Made by generate.mjs from the description of the API. Do not edit.\n\n${types}`);

/** Removes the names of one calendar's categories, places and so on: they are data. */
function removeData(value) {
  if (typeof value !== "object" || value === null) return;
  if ("x-enum-from-data" in value) delete value.enum;
  Object.values(value).forEach(removeData);
}
