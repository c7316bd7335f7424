import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { detailFlows, detailTexts } from "../../../js/canvas/detail.js";
import { EVERYTHING, filtered, flagCounts, fromHash, toHash } from "../../../js/panels/filter.js";
import { pictureOf, steps } from "../recording.mjs";

const { log, deals } = steps[10];
const ids = (picture, filter) => filtered(picture, { ...EVERYTHING, ...filter }).map(({ id }) => id);

test("nodes are filtered by id and name, mode, deals, freshness, Grid Master and CV, together", () => {
  const picture = pictureOf(log, deals, { E001: { state: "stale" }, E009: { state: "lost" } });
  const inDeal = [...new Set(deals.flatMap((deal) => [deal.chargingUnit, deal.dischargingUnit]))].toSorted();
  assert.deepEqual(ids(picture, {}), ["E001", "E002", "E003", "E004", "E009"]);
  assert.deepEqual(ids(picture, { text: " e00" }).length, 5);
  assert.deepEqual(ids(picture, { text: "3" }), ["E003"]);
  assert.deepEqual(ids(picture, { mode: "autonomous" }), ["E001", "E002", "E003", "E004"]);
  assert.deepEqual(ids(picture, { flags: ["deal"] }), inDeal);
  assert.deepEqual(ids(picture, { flags: ["old"] }), ["E001", "E009"]);
  assert.deepEqual(ids(picture, { flags: ["master"] }), ids(picture, {}).filter((id) => log[id]?.apis.is_grid_master === true));
  assert.deepEqual(ids(picture, { flags: ["cv"] }), ids(picture, {}).filter((id) => log[id]?.dcdc.status.status === "0x0014"));
  assert.deepEqual(ids(picture, { flags: ["old", "deal"] }), inDeal.filter((id) => id === "E001"));
  assert.equal(flagCounts(picture).old, 2);
});

test("nodes are sorted by what needs an eye, and by id where they are equal", () => {
  const node = (rsoc, wg, display) => ({ battery: { rsoc }, dcdc: { meter: { wg } }, oesunit: { display } });
  const picture = pictureOf({ E2: node(10, -700, "b"), E10: node(90, 20, "a"), E1: {} }, [], { E10: { state: "stale" } });
  assert.deepEqual(ids(picture, { sort: "id" }), ["E1", "E2", "E10"]);
  assert.deepEqual(ids(picture, { sort: "name" }), ["E10", "E2", "E1"]);
  assert.deepEqual(ids(picture, { sort: "charge" }), ["E2", "E10", "E1"]);
  assert.deepEqual(ids(picture, { sort: "power" }), ["E2", "E10", "E1"]);
  assert.deepEqual(ids(picture, { sort: "state" }), ["E10", "E1", "E2"]);
});

test("the address keeps filter and open node, and nonsense in it is left out", () => {
  const filter = { text: "House & #1", mode: "manual", flags: ["deal", "cv"], sort: "charge" };
  assert.deepEqual(fromHash(toHash(filter, "E/1 #?&")), { filter, open: "E/1 #?&" });
  assert.equal(toHash(EVERYTHING, null), "");
  assert.deepEqual(fromHash("#mode=__proto__&sort=constructor&only=x,deal&y=1"), { filter: { ...EVERYTHING, flags: ["deal"] }, open: null });
});

test("the detail shows power, charge and DC power as recorded, and dots from the same thresholds", () => {
  const [node] = pictureOf({ E1: { emu: { pvc_charge_power: 1366, ups_output_power: 1903 }, battery: { rsoc: 32 }, dcdc: { meter: { wg: -350 }, powermeter: { p2: 2058.9 } } } }, []).nodes;
  const { pv, mains, load, percent, dc } = detailTexts(node);
  assert.deepEqual([pv, mains, load, percent, dc], ["1366 W", "2058.9 W", "1903 W", "32%", "-350 W"]);
  const flows = detailFlows({ ...node, pv: 199, load: null });
  assert.ok(flows.pv === 0 && flows.load === 0 && flows.mains > 0 && flows.dc > 0);
  assert.deepEqual(Object.values(detailFlows({ ...node, state: "lost" })), [0, 0, 0, 0]);
});
