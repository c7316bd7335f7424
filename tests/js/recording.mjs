/** The recorded run of a real cluster, one object a step. */
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { State } from "../../js/data/state.js";

const file = new URL("../data/recording.jsonl.gz", import.meta.url);

export const steps = gunzipSync(readFileSync(file)).toString().trim().split("\n").map((line) => JSON.parse(line));

/** What the page would show of one body, every node fresh unless `states` says otherwise. */
export function pictureOf(log, deals, states = {}) {
  const state = new State({ pollMs: 1000, now: () => 0 });
  state.takeLog(log);
  state.takeDeals(deals);
  const nodes = {};
  for (const id of Object.keys({ ...log, ...states })) {
    Object.defineProperty(nodes, id, { value: { state: "fresh", age_s: 1, ...states[id] }, enumerable: true });
  }
  state.takeFreshness({ collector: { ok: true, age_s: 1, error: null }, deals: { ok: true, age_s: 0, error: null }, nodes });
  return state.picture();
}
