import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { BODY } from "../../../js/canvas/layout.js";
import { between, durationOf } from "../../../js/canvas/moves.js";
import { compose } from "../../../js/canvas/scene.js";
import { nearestSlots } from "../../../js/canvas/slots.js";
import { Stage } from "../../../js/canvas/stage.js";
import { pictureOf, steps } from "../recording.mjs";

const SIZES = [[1058, 560], [336, 440], [3500, 1500]];
const PANEL = 18; // the panel line and the crown's foot stand on the body

function coversHub({ x, y, scale: s }, hub) {
  const left = x + BODY.left * s - hub.x;
  const right = x + BODY.right * s - hub.x;
  const [top, bottom] = [y + (BODY.top - PANEL) * s - hub.y, y + BODY.bottom * s - hub.y];
  return Math.hypot(Math.max(left, 0, -right), Math.max(top, 0, -bottom)) < hub.r;
}

const boxes = (count, near) => Array.from({ length: count }, (_, index) => ({ id: `E${index}`, near: near.includes(index) }));

function staged(count, [width, height] = SIZES[0]) {
  const stage = new Stage();
  const show = (near, time) => {
    stage.take(boxes(count, near));
    stage.place({ width, height }, time, false);
    return stage.ease(time);
  };
  return { stage, show, goals: () => new Map(boxes(count, []).map(({ id }) => [id, stage.goal(id)])) };
}

test("no box passes over the hub, from wherever it comes and wherever it goes", () => {
  for (const size of SIZES) {
    for (const count of [4, 8, 30]) {
      const { stage, show } = staged(count, size);
      let time = 0;
      for (let round = 0; round < 60; round += 1) {
        const near = boxes(count, []).map((_, index) => index).filter((index) => (index * 7 + round * round * 3) % 5 < 2);
        show(near, time);
        for (let frame = 0; stage.ease(time); frame += 1) {
          for (const { id } of boxes(count, [])) assert.equal(coversHub(stage.at(id), stage.hub), false, `${id} of ${count} at ${size}`);
          if (round % 3 === 0 && frame === 5) break; // the next change comes while they are still on their way
          time += 16;
        }
      }
    }
  }
});

test("at no recorded step does a box cover the hub", () => {
  const stage = new Stage();
  let time = 0;
  for (const { log, deals } of steps) {
    const scene = compose(pictureOf(log, deals));
    stage.take(scene.boxes);
    stage.place({ width: 1058, height: 560 }, time, false);
    for (let frame = 0; frame < 30; frame += 1) {
      stage.ease(time);
      for (const { id } of scene.boxes) assert.equal(coversHub(stage.at(id), stage.hub), false);
      time += 16;
    }
  }
});

test("the nodes of a running deal do not move when another deal begins or ends", () => {
  const { show, goals } = staged(8);
  show([], 0);
  const outside = goals();
  show([1, 6], 1000);
  const first = goals();
  for (const [time, near] of [[2000, [1, 6, 0, 7]], [3000, [1, 6, 0, 7, 3, 4]], [4000, [1, 6, 3, 4]], [5000, [1, 6, 2, 5]], [6000, [1, 6]]]) {
    show(near, time);
    for (const id of ["E1", "E6"]) assert.deepEqual(goals().get(id), first.get(id));
    for (const [id, place] of goals()) if (!near.includes(Number(id.slice(1)))) assert.deepEqual(place, outside.get(id));
  }
});

test("the ring grows in a step, and shrinks only when nobody is on it", () => {
  const { show, goals } = staged(8);
  show([0, 1], 0);
  const six = goals().get("E0");
  show([0, 1, 2, 3, 4, 5, 6], 1000);
  const eight = goals().get("E0");
  assert.notDeepEqual(eight, six);
  show([0], 2000);
  assert.deepEqual(goals().get("E0"), eight);
  show([], 3000);
  show([0], 4000);
  assert.equal(goals().get("E0").scale, six.scale);
});

test("a newcomer takes the free place near the hub that is nearest to its own outside", () => {
  const places = [{ x: 0, y: -10 }, { x: 10, y: 0 }, { x: 0, y: 10 }];
  const start = () => ({ x: 50, y: 1 });
  assert.deepEqual([...nearestSlots(new Map(), ["a", "b"], places, start)], [["a", 1], ["b", 2]]);
  assert.deepEqual([...nearestSlots(new Map([["b", 1]]), ["a", "b"], places, start)].toSorted(), [["a", 2], ["b", 1]]);
});

test("of many newcomers, each gets the place that is nearest among those which are left", () => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const point = () => ({ x: random(), y: random() });
  const [places, starts] = [Array.from({ length: 60 }, point), Array.from({ length: 50 }, point)];
  const ids = starts.map((_, index) => String(index));
  const left = new Set(places.keys());
  for (const [id, slot] of nearestSlots(new Map(), ids, places, (one) => starts[one])) {
    const way = (to) => Math.hypot(places[to].x - starts[id].x, places[to].y - starts[id].y);
    assert.equal(slot, [...left].toSorted((a, b) => way(a) - way(b))[0]);
    left.delete(slot);
  }
  assert.equal(left.size, 10);
});

test("a move goes around the hub, the shorter way, in 200 to 400 ms", () => {
  const hub = { x: 0, y: 0 };
  const [from, to] = [{ x: 100, y: 1, scale: 1 }, { x: -100, y: 1, scale: 0.5 }];
  for (let share = 0; share <= 1; share += 0.05) assert.ok(Math.hypot(between(from, to, hub, share).x, between(from, to, hub, share).y) > 99);
  assert.ok(between(from, to, hub, 0.5).y > 90);
  assert.equal(between(from, to, hub, 1), to);
  assert.ok(durationOf(from, from) >= 200 && durationOf(from, { x: 5000, y: 0 }) <= 400);
});

test("in a new size, and for those who want no movement, all are in their places at once", () => {
  const { stage, show } = staged(8);
  show([], 0);
  stage.take(boxes(8, [0, 1]));
  stage.place({ width: 1058, height: 560 }, 10, true);
  assert.equal(stage.ease(10), false);
  stage.take(boxes(8, []));
  stage.place({ width: 700, height: 560 }, 20, false);
  assert.equal(stage.ease(20), false);
});

test("whoever moved counts as on the way until the last has arrived, so that nobody is missing meanwhile", () => {
  const { stage, show } = staged(40);
  show([], 0);
  show([0, 39], 1000);
  const movers = () => ["E0", "E1", "E39"].filter((id) => stage.isMoving(id));
  const durations = ["E0", "E39"].map((id) => durationOf(stage.at(id), stage.goal(id)));
  const [first, last] = durations.toSorted((a, b) => a - b);
  stage.ease(1000 + (first + last) / 2);
  assert.deepEqual(movers(), ["E0", "E39"]);
  assert.equal(stage.ease(1001 + last), false);
  assert.deepEqual(movers(), []);
  assert.deepEqual(stage.at("E0"), stage.goal("E0"));
});
