import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { dealsOf, hubLines, nodeLines } from "../../../js/canvas/hover.js";
import { findNode } from "../../../js/canvas/find.js";
import { neighbourIn } from "../../../js/canvas/roving.js";
import { WHOLE, closest, panned, seen, viewOf, zoomed } from "../../../js/canvas/view.js";
import { pictureOf, steps } from "../recording.mjs";

const size = { width: 1000, height: 500 };

test("zooming keeps the point under the pointer where it is", () => {
  const place = { x: 300, y: 200, scale: 1, room: 100 };
  const view = zoomed(WHOLE, 2, 300, 200, size, 8);
  assert.deepEqual(seen(place, view), { x: 300, y: 200, scale: 2, room: 200 });
});

test("nothing beside the picture comes into sight, and zooming out ends with the whole", () => {
  const near = panned(zoomed(WHOLE, 2, 0, 0, size, 8), 500, -9000, size, 8);
  assert.deepEqual(near, { k: 2, x: 0, y: -500 });
  assert.deepEqual(zoomed(near, 0.01, 400, 400, size, 8), { k: 1, x: 0, y: 0 });
  assert.equal(zoomed(WHOLE, 1000, 0, 0, size, 8).k, 8);
});

test("a node that was found is in the middle, and large enough to be read", () => {
  const place = { x: 600, y: 260, scale: 0.1, room: 10 };
  const view = viewOf(place, WHOLE, size, closest(place.scale));
  const spot = seen(place, view);
  assert.deepEqual([Math.round(spot.x), Math.round(spot.y), spot.scale], [500, 250, 1]);
});

test("arrow keys go to the nearest node in their direction", () => {
  const all = [{ id: "a", x: 0, y: 0 }, { id: "b", x: 100, y: 10 }, { id: "c", x: 50, y: 90 }, { id: "d", x: -80, y: 0 }];
  const to = (x, y) => neighbourIn(all[0], all, { x, y });
  assert.deepEqual([to(1, 0), to(0, 1), to(-1, 0), to(0, -1)], ["b", "c", "d", null]);
});

test("a node is found by its id before its name, and whole before in part", () => {
  const nodes = [{ id: "E10", display: "E1" }, { id: "E1", display: "Mill" }, { id: "E2", display: "Mill lane" }, { id: "x", display: null }];
  assert.deepEqual(["e1", "mill", "LANE", "e", " ", "?"].map((text) => findNode(nodes, text)), ["E1", "E1", "E2", "E10", null, null]);
});

test("pointed at, a node tells its name and its deals with their start, and the hub who is there", () => {
  const { log, deals } = steps[10];
  const picture = pictureOf(log, deals);
  const [deal] = deals;
  const start = deal.startTime.replace("-", " ");
  assert.ok(nodeLines(deal.chargingUnit, picture).includes(`charges from ${deal.dischargingUnit} since ${start}`));
  assert.ok(dealsOf(deal.dischargingUnit, picture).includes(`gives to ${deal.chargingUnit} since ${start}`));
  assert.deepEqual(nodeLines("nobody", picture), []);
  assert.deepEqual(hubLines(picture, [{ near: true }, { near: false }]), ["4 nodes connected", "1 exchanging energy"]);
});
