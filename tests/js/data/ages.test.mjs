import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { Steady, createClock, stepOf } from "../../../js/data/ages.js";
import { stepped } from "../../../js/words/format.js";
import { headTexts } from "../../../js/panels/panels.js";
import { compose } from "../../../js/canvas/scene.js";
import { bandText, busSummary, dealText, chargingNodes, freshnessSummary, leftRunning } from "../../../js/words/summary.js";
import { steps } from "../recording.mjs";
import { watch } from "../watching.mjs";

test("an age is told in steps that are never less than it", () => {
  for (let age = 0; age < 400; age += 0.7) assert.ok(stepOf(age) >= age, String(age));
  assert.deepEqual([4, 7, 9.8, 12, 19, 61].map(stepped), ["5 s", "10 s", "10 s", "15 s", "20 s", "1 min 10 s"]);
});

test("an age that goes up and down with every poll is told as one, and a greater one at once", () => {
  const clock = { ms: 0 };
  const steady = new Steady(() => clock.ms);
  const told = new Set();
  for (; clock.ms < 60_000; clock.ms += 500) told.add(steady.of(6 + ((clock.ms / 1000) % 5)));
  assert.deepEqual([...told], [10, 15]);
  assert.equal(steady.of(17), 20);
  for (; clock.ms < 70_000; clock.ms += 500) assert.equal(steady.of(7), 20);
  clock.ms += 20_000;
  assert.equal(steady.of(7), 10);
  steady.of(28_800);
  assert.equal(steady.of(7), 10); // the picture from before a sleep is not held
});

test("a clock goes on while the machine sleeps, and never back", () => {
  const at = { monotonic: 0, wall: 1e12 };
  const clock = createClock({ monotonic: () => at.monotonic, wall: () => at.wall });
  const go = (monotonic, wall) => {
    at.monotonic += monotonic;
    at.wall += wall;
    return clock();
  };
  assert.equal(go(1000, 1000), 1000);
  assert.equal(go(500, 8 * 3600_000), 1000 + 8 * 3600_000); // asleep for eight hours
  const before = go(0, -3600_000); // the date was set back
  assert.equal(before, 1000 + 8 * 3600_000);
  assert.equal(go(1000, 1000), before + 1000);
});

test("after a sleep nothing is live until an answer came", () => {
  const { clock, state, tell, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  tell({ E001: { state: "fresh", age_s: 9 } });
  clock.ms = 8 * 3600_000;
  const asleep = state.picture();
  assert.match(bandText(asleep), /^This picture is 8 h 00 min old/);
  assert.equal(asleep.nodes[0].state, "stale");
  tell({ E001: { state: "fresh", age_s: 9 } });
  assert.equal(freshnessSummary(state.picture()).text, "Live, up to 10 s old");
});

test("the header tells the oldest of the nodes that matter", () => {
  const { state, tell, nodes: showNodes, deals: showDeals } = watch();
  showNodes({ CV: { dcdc: { status: { status: "0x0014" } } }, A: {}, B: {}, C: {} });
  const ages = { CV: 8, A: 14, B: 6, C: 19 };
  const nodes = Object.fromEntries(Object.entries(ages).map(([id, age_s]) => [id, { state: "fresh", age_s }]));
  tell(nodes, { age_s: 19 });
  assert.equal(state.picture().ageS, 8);
  showDeals([{ chargingUnit: "A", dischargingUnit: "B" }]);
  assert.equal(state.picture().ageS, 14);
  assert.equal(freshnessSummary(state.picture()).text, "Live, up to 15 s old");
  showDeals([]);
  tell({ ...nodes, CV: { state: "lost", age_s: 30 } }, { age_s: 19 });
  assert.equal(state.picture().ageS, 19);
});

test("an apis-web that is killed after it stood does not make the picture younger", () => {
  const { clock, state, tell, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  tell({ E001: { state: "stale", age_s: 98 } }, { age_s: 98 });
  assert.match(bandText(state.picture()), /^This picture is 1 min 38 s old: no node/);
  clock.ms = 1000;
  tell({ E001: { state: "stale", age_s: 99 } }, { ok: false, age_s: 99, error: "refused" });
  assert.equal(bandText(state.picture()), "This picture is 1 min 39 s old: refused");
});

test("what was read before a command is marked at node, hub, crown, deal and header", () => {
  const { log, deals } = steps[10];
  const { state, tell, nodes: showNodes, deals: showDeals } = watch();
  showNodes(log);
  showDeals(deals);
  const fresh = (before) => Object.fromEntries(Object.keys(log).map((id) => [id, { state: "fresh", age_s: 9, before_command: before }]));
  tell(fresh(null));
  assert.equal(freshnessSummary(state.picture()).kind, "live");
  assert.ok(compose(state.picture()).boxes.every(({ live }) => live));
  tell(fresh(7));
  const past = state.picture();
  assert.deepEqual(freshnessSummary(past).kind, "past");
  assert.match(freshnessSummary(past).text, /^Before the command/);
  const scene = compose(past);
  assert.ok(scene.boxes.every(({ live, state: look, mark }) => !live && look === "past" && mark.word === "before the command"));
  assert.ok(scene.curves.every(({ live }) => !live));
  assert.deepEqual([scene.hub.old, scene.hub.notes], [true, ["before the command"]]);
  assert.equal(headTexts(past.nodes[0]).state, "before the command");
  assert.equal(dealText(past.deals[0], chargingNodes(past)).isOld, true);
  assert.equal(busSummary(past).old, true);
  tell(fresh(null));
  assert.equal(compose(state.picture()).hub.old, false);
});

test("an age that is not known is told as the least that it is, and many that may run are counted", () => {
  const { state, tell, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  tell({ E001: { state: "stale", age_s: null } }, { ok: false, age_s: 25, error: "refused" });
  assert.equal(bandText(state.picture()), "This picture is at least 25 s old: refused");
  const ids = ["A", "B", "C", "D", "E"];
  tell(Object.fromEntries(ids.map((id) => [id, { state: "lost", age_s: 30, running: { status: "0x0041", current_a: 2 } }])));
  assert.deepEqual(leftRunning(state.picture()).at(-1), "The same of 2 more");
  assert.equal(leftRunning(state.picture()).length, 4);
});

test("a lost node whose converter did not wait is told until it is known to wait", () => {
  const { state, tell, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  const lost = (running) => ({ E001: { state: "fresh", age_s: 9 }, E004: { state: "lost", age_s: 30, running } });
  const told = (running) => {
    tell(lost(running));
    return leftRunning(state.picture());
  };
  assert.deepEqual(told({ status: "0x0041", current_a: 2 }), ["E004 lost while charging 2 A; its converter may still run"]);
  assert.deepEqual(told({ status: "0x0002", current_a: null }), ["E004 lost while discharging; its converter may still run"]);
  assert.deepEqual(told({ status: "0x0014", current_a: 2 }), ["E004 lost while holding the bus voltage; its converter may still run"]);
  assert.deepEqual(told({ status: "0x0099", current_a: 2 }), ["E004 lost while its converter was in 0x0099; its converter may still run"]);
  assert.match(headTexts(state.picture().nodes[1]).running, /^lost while/);
  assert.deepEqual(told(null), []);
});
