import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";

import {
  beforeGlobalMode,
  beforeLocalMode,
  beforeShutDown,
  beforeVoltage,
  whyNoClusterShutDown,
  whyNoConverter,
  whyNotManual,
  whyOldData,
} from "../../../js/words/consequences.js";

const node = (id, more = {}) => ({
  id, state: "fresh", ageS: 1, global: "autonomous", effective: "autonomous", status: "0x0000", isCv: false, ...more,
});
const nodes = [node("A", { isCv: true, status: "0x0014", isGridMaster: true }), node("B"), node("C")];
const picture = (more = {}) => ({
  areDealsKnown: true,
  nodes, deals: [{ charging: "B", discharging: "A" }], old: null, ageS: 2, schedules: new Map(), ...more,
});
const has = (lines, expression) => assert.ok(lines.some((line) => expression.test(line)), lines.join("\n"));

test("only what is dangerous asks", () => {
  assert.equal(beforeGlobalMode(picture(), "autonomous"), null);
  assert.equal(beforeGlobalMode(picture(), "heteronomous"), null);
  assert.equal(beforeLocalMode(picture(), nodes[0], "heteronomous"), null);
  assert.equal(beforeLocalMode(picture(), nodes[0], ""), null);
  has(beforeLocalMode(picture(), node("D", { state: "lost" }), "heteronomous"), /^D is lost: what it does now is not known\.$/);
});

test("Force Stop names the deals, the CV node, the schedule and the age of the data", () => {
  const schedules = new Map([["", { at: "2026-12-01T03:00:00Z", code: "in_force" }]]);
  const lines = beforeGlobalMode(picture({ schedules }), "stop");
  has(lines, /^Cuts 1 deal: B charges from A\.$/);
  has(lines, /^A holds the bus voltage/);
  has(lines, /^Deletes the Soft Stop Schedule in force/);
  has(lines, /^The data are at most 1 s old\.$/);
});

test("a schedule still to come stays, and old data are told as such", () => {
  const schedules = new Map([["", { at: "2099-12-01T03:00:00Z", code: "to_come" }]]);
  const lines = beforeGlobalMode(picture({ schedules, nodes: [node("A", { state: "stale", ageS: 40 }), node("B")] }), "manual");
  has(lines, /stays\.$/);
  has(lines, /^Careful: 1 of 2 nodes is not fresh, the data are up to 40 s old/);
  const unknown = picture({ nodes: [node("A", { state: "stale", ageS: null }), node("B")] });
  has(beforeGlobalMode(unknown, "manual"), /^Careful: 1 of 2 nodes is not fresh, how old the data are is not known/);
  const past = picture({ isPast: true, nodes: [node("A", { isPast: true }), node("B")] });
  has(beforeGlobalMode(past, "manual"), /^Careful: data are from before the last command/);
  has(beforeShutDown(past, past.nodes[0]), /^Careful: the data are from before the last command/);
});

test("two deals of the same two nodes are told apart", () => {
  const one = (start, requester) => ({ charging: "B", discharging: "A", start, requester });
  const lines = beforeGlobalMode(picture({ deals: [one("2020/01/01-00:00:01", "A"), one("2020/01/01-00:07:00", "B")] }), "stop");
  has(lines, /B charges from A since 2020\/01\/01 00:00:01, requested by A; B charges from A since 2020\/01\/01 00:07:00, requested by B/);
});

test("old deals are told as such, and deals that are not known are not called none", () => {
  const told = (dealsOld, deals = []) => beforeGlobalMode(picture({ dealsOld, deals, areDealsKnown: dealsOld?.ageS !== null }), "stop");
  has(told({ why: "500", ageS: 15 }, [{ charging: "B", discharging: "A" }]), /^Cuts 1 deal: .+ Careful: the deals are as of 15 s ago\.$/);
  has(told({ why: "500", ageS: null }), /^Which deals run is not known\.$/);
});

test("a shutdown names the schedule that stays, and does not count lost nodes", () => {
  const schedules = new Map([["", { at: "2099-12-01T03:00:00Z", code: "in_force" }], ["B", { at: "2099-12-01T03:00:00Z", code: "to_come" }]]);
  const lost = picture({ schedules, nodes: [...nodes, node("D", { state: "lost" })] });
  has(beforeShutDown(lost, null), /^The Soft Stop Schedule of .+ stays in force\.$/);
  has(beforeShutDown(lost, null), /programs of all 3 nodes/);
  has(beforeShutDown(lost, nodes[1]), /^The Soft Stop Schedule of .+ stays\.$/);
});

test("a node's Force Stop and Shut Down name its own deals and roles", () => {
  for (const lines of [beforeLocalMode(picture(), nodes[0], "stop"), beforeShutDown(picture(), nodes[0])]) {
    has(lines, /^Cuts 1 deal/);
    has(lines, /^A holds the bus voltage/);
    has(lines, /^A is the Grid Master/);
  }
  has(beforeLocalMode(picture(), nodes[2], "stop"), /^No deal of C runs now\.$/);
  has(beforeShutDown(picture(), null), /programs of all 3 nodes stop, and apis-web/);
});

test("Voltage control says who holds the bus already", () => {
  const lines = beforeVoltage(picture({ deals: [] }), nodes[1], { dvg: 350, dig: 5 });
  has(lines, /^B takes the bus to 350 V and holds it there, with at most 5 A\.$/);
  has(lines, /^A holds the bus voltage already/);
});

test("a control that is disabled says why", () => {
  assert.equal(whyNotManual(node("A", { effective: "manual" })), null);
  assert.equal(whyNotManual(node("A")), "Needs the Effective Mode Manual; it is Run.");
  assert.match(whyNotManual(node("A", { effective: "manual", state: "lost" })), /lost/);
  assert.match(whyNotManual(node("A", { effective: null })), /not known/);
});

test("where no node tells a mode, converters are free while the cluster is not active", () => {
  const silent = node("A", { effective: null });
  assert.equal(whyNoConverter(silent, { clusterActive: false }), null);
  assert.match(whyNoConverter(silent, { clusterActive: true }), /it is active/);
  assert.match(whyNoConverter(silent, { clusterActive: null }), /not known/);
  assert.match(whyNoConverter(node("A"), { clusterActive: false }), /it is Run/);
});

test("the cluster's Shut Down wants every fresh node in Manual", () => {
  const manual = (id, more) => node(id, { effective: "manual", ...more });
  assert.equal(whyNoClusterShutDown({ nodes: [manual("A"), node("B", { state: "lost" })] }), null);
  assert.equal(
    whyNoClusterShutDown({ nodes: [manual("A"), node("B")] }),
    "Needs every node in Manual; 1 of 2 reports Run.",
  );
  assert.match(whyNoClusterShutDown({ nodes: [] }), /no node is fresh/);
});

test("Voltage control warns of a node that was lost while it held the bus, and of an old one that holds it", () => {
  const lost = node("L", { state: "lost", isCv: true, status: "0x0014", running: { status: "0x0014", currentA: 1 } });
  const other = node("B", { effective: "manual" });
  has(beforeVoltage({ ...picture(), nodes: [lost, other] }, other, { dvg: 350, dig: 5 }), /^L was lost while it held the bus voltage, and may still hold it: two must not\.$/);
  const waiting = { ...lost, running: null };
  assert.ok(beforeVoltage({ ...picture(), nodes: [waiting, other] }, other, { dvg: 350, dig: 5 }).every((line) => !line.startsWith("L ")));
  const stale = { ...lost, state: "stale", running: null };
  has(beforeVoltage({ ...picture(), nodes: [stale, other] }, other, { dvg: 350, dig: 5 }), /^Careful: the data of L are old\.$/);
});

test("a node whose clock stands has a reason of its own, but not while the whole picture is old", () => {
  const stale = node("B", { state: "stale", effective: "manual" });
  assert.equal(whyOldData(stale, picture()), "Needs live data, and those of B are old.");
  assert.equal(whyOldData(node("B", { effective: "manual" }), picture()), null);
  assert.equal(whyOldData(stale, picture({ old: { why: "x", ageS: 5 } })), null);
  assert.equal(whyNoConverter(stale, picture()), null, "the choice stays, and Stopped can be sent");
});
