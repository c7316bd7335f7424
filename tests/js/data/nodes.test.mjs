import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import "../english.mjs";
import { byId, number, readDeals, readNode } from "../../../js/data/nodes.js";
import { steps } from "../recording.mjs";

test("a number may come as a string, and nothing else passes for one", () => {
  assert.deepEqual(["12.5", " 3 ", 0, -1].map(number), [12.5, 3, 0, -1]);
  for (const odd of ["", " ", "abc", null, undefined, true, [], {}, NaN, Infinity, "Infinity"]) assert.equal(number(odd), null);
});

test("every node may be anything at all", () => {
  for (const raw of [null, undefined, 1, "x", [], {}, { apis: null }, { dcdc: "no" }, { dcdc: { meter: [] } }, { apis: { operation_mode: 3 } }]) {
    const node = readNode("E001", raw);
    assert.equal(node.id, "E001");
    assert.equal(node.wg, null);
    assert.equal(node.effective, null);
    assert.equal(node.isCv, false);
  }
});

test("what a prototype carries is not data", () => {
  const node = readNode("x", JSON.parse('{"__proto__": {"oesunit": {"ip": "1.2.3.4"}}, "dcdc": {}}'));
  assert.equal(node.ip, null);
});

test("the recorded Grid Master and CV node are recognised", () => {
  const node = readNode("E001", steps[10].log.E001);
  assert.equal(node.isGridMaster, true);
  assert.equal(node.isCv, true);
  assert.equal(node.wg, -700);
  assert.equal(node.local, null);
});

test("local counts only under Run and Soft Stop when effective is not told", () => {
  const mode = (global, local) => readNode("x", { apis: { operation_mode: { global, local } } }).effective;
  assert.equal(mode("autonomous", "stop"), "stop");
  assert.equal(mode("manual", "stop"), "manual");
  assert.equal(mode("autonomous", null), "autonomous");
  assert.equal(mode("autonomous", ""), "autonomous");
});

test("without a battery section the emu knows the charge", () => {
  assert.equal(readNode("x", { emu: { rsoc: "46.02" } }).rsoc, 46.02);
  assert.equal(readNode("x", { emu: { rsoc: 46 }, battery: { rsoc: 50 } }).rsoc, 50);
});

test("deals keep their key while isMasterDeal turns, and equal ones are told apart", () => {
  const deal = { chargingUnit: "a", dischargingUnit: "b", requester: "a", startTime: "t" };
  const [first] = readDeals([deal]);
  const [second] = readDeals([{ ...deal, isMasterDeal: true }]);
  assert.equal(first.key, second.key);
  const keys = readDeals([deal, deal, null, 3]).map(({ key }) => key);
  assert.equal(new Set(keys).size, 2);
  assert.deepEqual(readDeals({ error: "x" }), []);
});

test("ids are in the order people count", () => {
  assert.deepEqual(["E10", "E2", "E1"].toSorted(byId), ["E1", "E2", "E10"]);
});

for (const { why, node, read } of JSON.parse(readFileSync(new URL("../../data/odd-nodes.json", import.meta.url), "utf8"))) {
  test(`an odd node is read as the server reads it: ${why}`, () => {
    const { time, display, ip, global, local, effective, status, ig } = readNode("x", node);
    assert.deepEqual({ time, display, ip, global, local, effective, status, ig }, read);
  });
}
