import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { FOOTPRINT, arrange } from "../../../js/canvas/layout.js";
import { assignSlots, capacityFor, slotsNeeded, stepBelow } from "../../../js/canvas/slots.js";

const SIZES = [[1090, 520], [336, 410], [3500, 1500], [900, 300]];

function overlaps(places) {
  const sorted = places.toSorted((a, b) => a.x - b.x);
  for (let i = 0; i < sorted.length; i += 1) {
    for (let j = i + 1; j < sorted.length; j += 1) {
      const [a, b] = [sorted[i], sorted[j]];
      const width = (FOOTPRINT.width * (a.scale + b.scale)) / 2;
      if (b.x - a.x >= FOOTPRINT.width * Math.max(a.scale, b.scale)) break;
      const height = (FOOTPRINT.height * (a.scale + b.scale)) / 2;
      if (b.x - a.x < width - 0.001 && Math.abs(a.y - b.y) < height - 0.001) return [a, b];
    }
  }
  return null;
}

function outside(place, width, height) {
  const [w, h] = [(FOOTPRINT.width * place.scale) / 2, (FOOTPRINT.height * place.scale) / 2];
  return place.x - w < -0.01 || place.x + w > width + 0.01 || place.y - h < -0.01 || place.y + h > height + 0.01;
}

test("no two boxes overlap and none leaves the picture, from 1 to 5,000 nodes", () => {
  const counts = new Set();
  for (let count = 1; count <= 5000; count += 1) counts.add(capacityFor(count)); // every picture there can be
  for (const [width, height] of SIZES) {
    for (const outer of counts) {
      const places = arrange({ width, height, outer, inner: Math.min(outer, 16) });
      assert.equal(places.outer.length, outer);
      const all = [...places.outer, ...places.inner];
      assert.equal(overlaps(all), null, `${outer} at ${width}x${height}`);
      assert.ok(!all.some((place) => outside(place, width, height)), `${outer} at ${width}x${height}`);
    }
  }
});

test("all nodes may be near the hub, and none covers it", () => {
  for (const inner of [4, 6, 8, 12, 16, 64, 512, 6144]) {
    const { hub, circle, inner: places } = arrange({ width: 1090, height: 520, outer: inner, inner });
    assert.equal(places.length, inner);
    assert.equal(overlaps(places), null, String(inner));
    for (const place of places) {
      const distance = Math.hypot(place.x - hub.x, place.y - hub.y);
      assert.ok(distance > hub.r && distance < circle);
    }
  }
});

test("the same question has the same answer, and the inner places do not move the outer ones", () => {
  const ask = (inner) => arrange({ width: 1000, height: 500, outer: 24, inner });
  assert.deepEqual(ask(6), ask(6));
  assert.deepEqual(ask(4).outer, ask(24).outer);
});

test("a node keeps its slot while others come and go; a newcomer takes the first free one", () => {
  const first = assignSlots(new Map(), ["a", "b", "c"]);
  const second = assignSlots(first, ["c", "a"]);
  assert.equal(second.get("c"), first.get("c"));
  const third = assignSlots(second, ["a", "c", "d", "e"]);
  assert.equal(third.get("d"), first.get("b"));
  assert.equal(third.get("e"), 3);
  assert.equal(slotsNeeded(third), 4);
});

test("hostile ids are ids like any other", () => {
  const slots = assignSlots(new Map(), ["__proto__", "constructor", "<script>"]);
  assert.deepEqual([...slots.values()], [0, 1, 2]);
});

test("places grow in steps", () => {
  assert.deepEqual([0, 4, 5, 7, 9, 13, 17, 200, 5000].map(capacityFor), [4, 4, 6, 8, 12, 16, 24, 256, 6144]);
  assert.deepEqual([4, 6, 8, 256].map(stepBelow), [0, 4, 6, 192]);
});

test("an area in which nothing fits comes to an end", () => {
  for (const [width, height] of [[1, 1], [72, 440], [300, 40]]) {
    const places = arrange({ width, height, outer: 8, inner: 6 });
    assert.deepEqual([places.outer.length, places.inner.length], [8, 6]);
  }
});
