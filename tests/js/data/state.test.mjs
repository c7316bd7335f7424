import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { ApiError } from "../../../js/data/api.js";
import { announcements, facts } from "../../../js/cluster/header.js";
import { bodyTexts, headTexts } from "../../../js/panels/panels.js";
import { errorWords } from "../../../js/words/errors.js";
import { bandText, freshnessSummary } from "../../../js/words/summary.js";
import { pictureOf, steps } from "../recording.mjs";
import { watch } from "../watching.mjs";

test("before anything came the page waits, and says for what", () => {
  const { state, tell: good } = watch();
  assert.equal(freshnessSummary(state.picture()).kind, "waiting");
  good({}, { ok: false, error: "apis-web refused the connection", age_s: null });
  assert.equal(bandText(state.picture()), "No data yet: apis-web refused the connection");
});

test("ages count up between the answers", () => {
  const { clock, state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "stale", age_s: 41 } });
  clock.ms = 2000;
  assert.equal(state.picture().nodes[0].ageS, 43);
});

test("a server that is silent for two polls makes the picture old, and an answer makes it live again", () => {
  const { clock, state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 2 } });
  clock.ms = 1000;
  state.ask();
  clock.ms = 2200;
  assert.equal(state.picture().old, null);
  clock.ms = 2300;
  const { old, nodes } = state.picture();
  assert.equal(errorWords(old.why), "Main Controller does not answer");
  assert.equal(nodes[0].state, "stale");
  good({ E001: { state: "fresh", age_s: 2 } });
  assert.equal(state.picture().old, null);
  assert.equal(state.picture().nodes[0].state, "fresh");
});

test("a collector that fails makes the picture old at once, with its own words", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 2 } }, { ok: false, age_s: 12, error: "apis-web did not answer within 4 s" });
  assert.equal(bandText(state.picture()), "This picture is 12 s old: apis-web did not answer within 4 s");
});

test("data that take long are no reason to say that the server does not answer", () => {
  const { clock, state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 2 } });
  state.ask();
  state.answered();
  clock.ms = 4000;
  assert.equal(state.picture().old, null);
  clock.ms = 8000;
  assert.match(bandText(state.picture()), /no answer has come since$/);
});

test("a server that refuses two requests is gone, however soon", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 2 } });
  state.fail(new ApiError({ code: "page_no_connection" }));
  assert.equal(state.picture().old, null);
  state.fail(new ApiError({ code: "page_no_connection" }));
  assert.equal(errorWords(state.picture().old.why), "Main Controller does not answer (no connection)");
});

test("a cluster of which no node is fresh is old as a whole, and says so; one that is not yet confirmed waits", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes({ A: {}, B: {}, C: {} });
  good({ A: { state: "stale", age_s: 41 }, B: { state: "stale", age_s: 30 }, C: { state: "lost" } }, { age_s: 41 });
  assert.equal(bandText(state.picture()), "This picture is 41 s old: no node's clock moves, apis-web repeats its last data");
  good({ A: { state: "stale", age_s: 42 }, B: { state: "fresh", age_s: 1 } });
  assert.equal(state.picture().old, null);
  good({ A: { state: "unconfirmed", age_s: 1 }, B: { state: "unconfirmed", age_s: 1 }, C: { state: "unconfirmed" } });
  assert.deepEqual(freshnessSummary(state.picture()), { kind: "waiting", text: "Not confirmed yet", detail: "" });
});

test("one lost request is no reason to call the picture old", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 2 } });
  state.fail(new ApiError({ code: "page_no_connection" }));
  assert.equal(state.picture().old, null);
});

test("a lost node stays with its last readings for as long as the server names it", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: {}, E002: { dcdc: { meter: { vg: 350 } } } });
  good({ E001: { state: "fresh", age_s: 1 }, E002: { state: "fresh", age_s: 1 } });
  showNodes({ E001: {} });
  good({ E001: { state: "fresh", age_s: 1 }, E002: { state: "lost", age_s: 9, last_seen: "2026-11-23T14:03:10Z" } });
  const lost = state.picture().nodes[1];
  assert.deepEqual([lost.id, lost.state, lost.vg], ["E002", "lost", 350]);
  good({ E001: { state: "fresh", age_s: 1 } });
  assert.deepEqual(state.picture().nodes.map(({ id }) => id), ["E001"]);
});

test("a node called __proto__ is a node", () => {
  const { state, tell: good, nodes: showNodes } = watch();
  showNodes(JSON.parse('{"__proto__": {"oesunit": {"ip": "192.0.2.9"}}, "constructor": {}}'));
  good(JSON.parse('{"__proto__": {"state": "fresh", "age_s": 1}}'));
  const nodes = new Map(state.picture().nodes.map((node) => [node.id, node]));
  assert.equal(nodes.get("__proto__").ip, "192.0.2.9");
  assert.equal(nodes.get("__proto__").state, "fresh");
  assert.equal(nodes.get("constructor").state, "unconfirmed");
});

test("nonsense bodies change nothing", () => {
  const { state, nodes: showNodes } = watch();
  showNodes({ E001: {} });
  for (const odd of [null, [], "x", 3]) {
    state.take(odd, null, 0);
    state.take({ nodes: odd, known: odd, deals: odd, collector: odd, schedules: odd, commands: odd, cannot: odd }, null, 0);
  }
  assert.equal(state.picture().nodes.length, 1);
});

test("the panels read as recorded at every step", () => {
  for (const { log, deals } of steps) {
    for (const node of pictureOf(log, deals).nodes) {
      const texts = { ...headTexts(node), ...bodyTexts(node) };
      const { wg, vb } = log[node.id].dcdc.meter;
      assert.equal(texts.wg, `${wg > 0 ? "+" : ""}${Math.round(wg * 100) / 100} W`);
      assert.equal(texts.vb, `${vb} V`);
      assert.equal(texts.address, log[node.id].oesunit.ip);
      assert.equal(texts.state, "live");
    }
  }
});

test("only what matters is announced", () => {
  const live = facts(pictureOf(steps[10].log, steps[10].deals));
  assert.deepEqual(announcements(null, live), []);
  assert.deepEqual(announcements(live, live), []);
  const later = facts(pictureOf(steps.at(-1).log, [], { E002: { state: "lost" } }));
  assert.deepEqual(announcements(live, later), ["Node E002 is lost"]);
});

test("a fresh node whose data are the same is the same object; its age counts up, and it is another once it is old", () => {
  const { clock, state, tell: good, nodes: showNodes } = watch();
  showNodes({ E001: { time: "2020/01/01-00:00:01" } });
  good({ E001: { state: "fresh", age_s: 2 } });
  const [before] = state.picture().nodes;
  clock.ms = 1000;
  good({ E001: { state: "fresh", age_s: 3 } });
  assert.equal(state.picture().nodes[0], before);
  assert.equal(before.ageS, 3);
  state.ask();
  clock.ms = 5000;
  const [old] = state.picture().nodes;
  assert.deepEqual([old === before, old.state, old.ageS], [false, "stale", 7]);
  good({ E001: { state: "fresh", age_s: 1 } });
  assert.deepEqual([state.picture().nodes[0].state, state.picture().nodes[0].ageS], ["fresh", 1]);
  good({ E001: { state: "fresh", age_s: 1, display: "House 1" } });
  assert.equal(state.picture().nodes[0].display, "House 1");
  showNodes({ E001: { time: "2020/01/01-00:00:02" } });
  assert.equal(state.picture().nodes[0].time, "2020/01/01-00:00:02");
});

test("while the server is gone, what ran is told after a while as what may still run", () => {
  const { clock, state, tell, nodes: showNodes } = watch();
  showNodes({ E001: { dcdc: { status: { status: "0x0041" }, meter: { ig: 2 } } }, E002: { dcdc: { status: { status: "0x0000" } } } });
  tell({ E001: { state: "fresh", age_s: 1 }, E002: { state: "fresh", age_s: 1 } });
  const running = () => state.picture().nodes.map((node) => node.running);
  assert.deepEqual(running(), [null, null]);
  for (const _ of [1, 2, 3]) state.fail(new ApiError({ code: "page_no_connection" }));
  clock.ms = 5000;
  assert.deepEqual(running(), [null, null]);
  clock.ms = 16_000;
  assert.deepEqual(running(), [{ status: "0x0041", currentA: 2 }, null]);
});
