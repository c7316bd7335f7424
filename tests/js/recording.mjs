/** The recorded run of a real cluster, one object a step. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { watch } from "./watching.mjs";

const file = new URL("../data/recording.jsonl.gz", import.meta.url);

export const steps = gunzipSync(readFileSync(file)).toString().trim().split("\n").map((line) => JSON.parse(line));

/** What the page would show of one body, every node fresh unless `states` says otherwise. */
export function pictureOf(log, deals, states = {}) {
  const page = watch();
  const known = {};
  for (const id of Object.keys({ ...log, ...states })) {
    Object.defineProperty(known, id, { value: { state: "fresh", age_s: 1, ...states[id] }, enumerable: true });
  }
  page.nodes(log);
  page.deals(deals);
  page.tell(known, { age_s: 1 });
  return page.state.picture();
}
