import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { Crowd } from "../../../js/canvas/crowd.js";
import { along, measured } from "../../../js/canvas/curves.js";

/** As much of a canvas context as a crowd of dots needs. */
function canvas(width, height, ratio) {
  const shown = { data: null };
  const ctx = {
    canvas: { width, height },
    getTransform: () => ({ a: ratio }),
    createImageData: () => ({ width, height, data: new Uint8ClampedArray(4 * width * height) }),
    putImageData: (image) => {
      shown.data = image.data;
    },
  };
  const at = (x, y) => Array.from(shown.data.slice(4 * (y * width + x), 4 * (y * width + x) + 4));
  const count = () => shown.data.filter((value, index) => index % 4 === 3 && value > 0).length;
  return { ctx, at, count };
}

const GREEN_TO_WHITE = { from: "#00ff00", to: "#ffffff" };

function drawn(ways, { width = 200, height = 20, ratio = 1 } = {}) {
  const { ctx, at, count } = canvas(width, height, ratio);
  const crowd = new Crowd();
  crowd.begin(ctx);
  crowd.add(ways, GREEN_TO_WHITE);
  crowd.put(ctx);
  return { at, count };
}

const line = (x1, x2, y = 10) => measured([{ x: x1, y }, { x: x2, y }]);

test("dots stand along the way a gap apart, from the one colour to the other", () => {
  const { at, count } = drawn([{ path: line(10, 170), phase: 3, gap: 40, size: 2 }]);
  assert.equal(count(), 4 * 4);
  assert.deepEqual(at(13, 10), [0, 255, 0, 255]);
  const [red, green, blue] = at(133, 10);
  assert.ok(green === 255 && red === blue && red > 150 && red < 255);
  assert.deepEqual(at(20, 10), [0, 0, 0, 0]);
});

test("what lies beside the canvas is not drawn, nor at its other side", () => {
  const { count } = drawn([{ path: line(-60, 260, 0), phase: 0, gap: 20, size: 4 }, { path: line(0, 100, -9), phase: 0, gap: 20, size: 4 }]);
  assert.equal(count(), 2 * (2 + 9 * 4 + 2)); // half of each row of dots is above the canvas, half of two beside it
});

test("on a display of high density dots have more pixels", () => {
  const { count } = drawn([{ path: line(2, 60, 5), phase: 1, gap: 100, size: 2 }], { ratio: 2 });
  assert.equal(count(), 16);
});

test("a way is walked evenly, also where its points are uneven", () => {
  const path = measured([{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 30 }, { x: 90, y: 30 }]);
  assert.equal(path.length, 120);
  for (const [distance, x, y] of [[0, 0, 0], [16, 1, 15], [71, 41, 30], [119, 89, 30]]) {
    const spot = along(path, distance);
    assert.ok(Math.hypot(spot.x - x, spot.y - y) < 0.6, `${distance}: ${spot.x} ${spot.y}`);
  }
});
