import assert from "node:assert/strict";
import { test } from "node:test";

import { highest, onlyStops, useCommands } from "../../../js/data/commands.js";

test("limits and what only stops are those of the server's table", () => {
  useCommands({
    "set/dcdc": { parameters: { dvg: { kind: "number", highest: 390 } }, only_stops: { mode: ["0x0000"] } },
    stopAll: { parameters: {}, only_stops: true },
    shutDown: { parameters: {}, only_stops: false },
  });
  assert.equal(highest("set/dcdc", "dvg"), 390);
  assert.equal(onlyStops("set/dcdc", { mode: "0x0000" }), true);
  assert.equal(onlyStops("set/dcdc", { mode: "0x0014" }), false);
  assert.equal(onlyStops("set/dcdc", { mode: null }), false);
  assert.deepEqual([onlyStops("stopAll", {}), onlyStops("shutDown", {})], [true, false]);
});
