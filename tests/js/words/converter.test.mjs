import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";

import { brokenPoints, choiceOf, converterCommand, gridCurrent, holderOf, setLabel } from "../../../js/words/converter.js";

const node = (id, status, dig = 0, more = {}) => ({
  id,
  status,
  dig,
  isCv: status === "0x0014",
  vg: 350,
  dvg: 350,
  state: "fresh",
  ...more,
});
const MOST = { volts: 400, amperes: 50 };
const idle = node("C", "0x0000");

test("what is on screen becomes the converter's command", () => {
  assert.deepEqual(converterCommand("current", "2", "350", MOST), { mode: "0x0041", dvg: 350, dig: 2 });
  assert.deepEqual(converterCommand("current", "0", "350", MOST), { mode: "0x0041", dvg: 350, dig: 0 });
  assert.deepEqual(converterCommand("current", "-2", "340", MOST), { mode: "0x0002", dvg: 360, dig: 2 });
  assert.deepEqual(converterCommand("voltage", "5", "340", MOST), { mode: "0x0014", dvg: 340, dig: 5 });
  assert.deepEqual(converterCommand("stopped", "", "", MOST), { mode: "0x0000", dvg: 350, dig: 2 });
});

test("what is no command is refused with a sentence", () => {
  assert.match(converterCommand(null, "2", "350", MOST).error, /Choose/);
  assert.match(converterCommand("current", "", "350", MOST).error, /number of amperes/);
  assert.match(converterCommand("voltage", "-1", "350", MOST).error, /limit/);
  for (const volts of ["", "-1", "401"]) assert.match(converterCommand("current", "1", volts, MOST).error, /Bus voltage/);
  assert.match(converterCommand("current", "-51", "350", MOST).error, /-50 to 50 A; it is -51 A/);
  assert.match(converterCommand("voltage", "50.1", "350", MOST).error, /0 to 50 A; it is 50.1 A/);
  assert.match(converterCommand("current", "-1", "390", MOST).error, /at most 380 V/);
});

test("a node's state fills radio and field", () => {
  assert.equal(choiceOf("0x0041"), "current");
  assert.equal(choiceOf("0x0002"), "current");
  assert.equal(choiceOf("0x0099"), null);
  assert.equal(gridCurrent({ status: "0x0002", dig: 2.5 }), "-2.5");
  assert.equal(gridCurrent({ status: "0x0041", dig: 2.5 }), "2.5");
  assert.equal(gridCurrent({ status: "0x0041", dig: null }), "");
});

test("the manual sequence of the specification breaks no point", () => {
  const cv = node("A", "0x0014", 2.5);
  assert.deepEqual(brokenPoints([node("A", "0x0000"), idle], "A", { mode: "0x0014", dig: 2.5 }, 350), []);
  assert.deepEqual(brokenPoints([cv, idle], "C", { mode: "0x0041", dig: 2 }, 350), []);
  assert.deepEqual(brokenPoints([cv, node("C", "0x0041", 2)], "C", { mode: "0x0000", dig: 2 }, 350), []);
  assert.deepEqual(brokenPoints([cv, idle], "A", { mode: "0x0000", dig: 2 }, 350), []);
});

test("Current control without a voltage on the bus is named", () => {
  const command = { mode: "0x0041", dig: 2 };
  assert.match(brokenPoints([idle, node("A", "0x0000")], "C", command, 350)[0], /no other node holds/);
  const rising = node("A", "0x0014", 5, { vg: 120 });
  assert.match(brokenPoints([rising, idle], "C", command, 350)[0], /A is to hold 350 V, measured is 120 V/);
  const blind = node("A", "0x0014", 5, { vg: null });
  assert.match(brokenPoints([blind, idle], "C", command, 350)[0], /unknown/);
  const lost = node("A", "0x0014", 5, { state: "lost" });
  assert.match(brokenPoints([lost, idle], "C", command, 350)[0], /no other node holds/);
  assert.match(brokenPoints([node("C", "0x0014", 5)], "C", command, 350)[0], /no other node holds/);
});

test("a CV limit that is not larger than the CC currents is named, from either side", () => {
  const cv = node("A", "0x0014", 3);
  const charging = node("B", "0x0041", 2);
  assert.match(brokenPoints([cv, charging, idle], "C", { mode: "0x0041", dig: 1 }, 350)[0], /A has 3 A, they would have 3 A/);
  assert.deepEqual(brokenPoints([cv, charging, idle], "C", { mode: "0x0002", dig: 1 }, 350), []);
  assert.match(brokenPoints([cv, charging], "A", { mode: "0x0014", dig: 2 }, 350)[0], /they have 2 A/);
  assert.deepEqual(brokenPoints([cv, charging], "A", { mode: "0x0014", dig: 2.1 }, 350), []);
});

test("stopping the CV node while a CC node runs is named", () => {
  const nodes = [node("A", "0x0014", 3), node("B", "0x0041", 2)];
  assert.match(brokenPoints(nodes, "A", { mode: "0x0000", dig: 2 }, 350)[0], /A holds the bus voltage and B still runs/);
});

test("a live holder of the bus counts before an old one, and a CV node that turns to CC is also one that stops", () => {
  const old = node("A", "0x0014", 5, { state: "stale", vg: 100 });
  const live = node("B", "0x0014", 5);
  assert.equal(holderOf([old, live]), live);
  assert.equal(holderOf([old]), old);
  const running = node("C", "0x0041", 1);
  const points = brokenPoints([live, running], "B", { mode: "0x0041", dvg: 350, dig: 1 }, 350);
  assert.match(points[0], /Stop energy sharing on the CC side first: B holds the bus voltage and C still runs/);
  assert.match(points[1], /no other node holds the bus voltage/);
});

test("what is typed with a comma is sent as it was meant", () => {
  assert.equal(converterCommand("current", "2,5", "350", MOST).dig, 2.5);
  assert.equal(converterCommand("current", "2", "35,5", MOST).dvg, 35.5);
  assert.match(converterCommand("current", "1,000", "350", MOST).error, /1000 or as 1\.000/);
  assert.equal(converterCommand("current", "-1", "349.1", MOST).dvg, 369.1);
});

test("the Set button says what it will send", () => {
  assert.equal(setLabel("current", "2,5"), "Set +2.5\u00a0A");
  assert.equal(setLabel("current", "-2.5"), "Set \u22122.5\u00a0A");
  assert.equal(setLabel("voltage", "5"), "Set max 5\u00a0A");
  assert.equal(setLabel("stopped", "x"), "Set Stopped");
  for (const [choice, text] of [[null, "2"], ["current", "2 5"], ["voltage", "-1"], ["current", ""]]) assert.equal(setLabel(choice, text), "Set");
});
