import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import * as format from "../../../js/words/format.js";

test("a reading has at most two decimals, its unit, and always its sign", () => {
  assert.equal(format.signed(350, "W"), "+350 W");
  assert.equal(format.signed(-15.7349, "A"), "-15.73 A");
  assert.equal(format.signed(0.001, "A"), "0 A");
  assert.equal(format.signed(-0.001, "A"), "0 A");
  assert.equal(format.measure(350.128, "V"), "350.13 V");
});

test("what is not known is two dashes", () => {
  for (const words of [format.signed(null, "W"), format.measure(null, "V"), format.percent(null), format.modeName(null)]) {
    assert.equal(words, "--");
  }
  assert.equal(format.converterName(null), "--");
  assert.equal(format.nodeTime(null), "--");
  assert.equal(format.shortNodeTime(null), "--");
  assert.equal(format.moment("nonsense"), "--");
});

test("modes and converter states are said in the operator's words, unknown ones as they came", () => {
  const modes = ["autonomous", "heteronomous", "stop", "manual", "odd"].map(format.modeName);
  assert.deepEqual(modes, ["Run", "Soft Stop", "Force Stop", "Manual", "odd"]);
  const states = ["0x0000", "0x0014", "0x0041", "0x0002", "0x9999"].map(format.converterName);
  assert.deepEqual(states, ["Stopped", "Voltage control", "Current control", "Current control", "0x9999"]);
});

test("an age is told in two units at most", () => {
  assert.deepEqual([0.9, 41, 61, 3725, 90000].map(format.age), ["0 s", "41 s", "1 min 01 s", "1 h 02 min", "1 d 1 h"]);
  assert.equal(format.age(null), "--");
});

test("node times are shown as they are, without a zone", () => {
  assert.equal(format.nodeTime("2020/01/01-00:47:10"), "2020/01/01 00:47:10");
  assert.equal(format.shortNodeTime("2020/05/13-09:51:00"), "5/13 09:51");
  assert.equal(format.nodeTime("soon"), "soon");
});

test("a moment of today needs no date", () => {
  const now = new Date(2026, 10, 23, 15, 0, 0);
  assert.equal(format.moment(new Date(2026, 10, 23, 14, 3, 9).toISOString(), now), "14:03:09");
  assert.equal(format.moment(new Date(2026, 10, 22, 14, 3, 9).toISOString(), now), "2026/11/22 14:03:09");
});

test("a long id is cut in its middle, by characters and not by halves of them", () => {
  assert.equal(format.shorten("CSL3-C0-MIDDLE", 7), "CSL…DLE");
  assert.equal(format.shorten("E001", 7), "E001");
  assert.equal([...format.shorten("🙂".repeat(20), 5)].length, 5);
});

test("a node that is not fresh says so, with its age or when it was last seen", () => {
  assert.equal(format.freshnessMark({ state: "fresh", ageS: 1 }), null);
  assert.deepEqual(format.freshnessMark({ state: "stale", ageS: 41 }), { word: "stale", detail: "41 s old", short: "41 s" });
  assert.equal(format.freshnessMark({ state: "lost", lastSeen: null }).detail, "last seen --");
});
