/**
 * Pure positions: where the hub, its circle and the places for nodes are, from the number of places and the size.
 * A place is the centre of a node's footprint: box, panel, crown, flows and label. No two footprints overlap.
 */

import { stepBelow } from "./slots.js";

/** What a node takes up at scale 1, in px, and where its body is in it, measured from the centre. */
export const FOOTPRINT = { width: 104, height: 142 };
export const BODY = { left: -20, right: 20, top: -24, bottom: 42 };

const SMALLEST = 120; // px; in a much smaller area nothing fits at any scale, and looking for one that does never ends
const RING_MAX = 12; // more nodes than these near the hub stand in rows rather than on a ring
const CIRCLE_SHARES = [0.5, 0.58, 0.66, 0.74, 0.82, 0.9, 0.97];

/** As Math.hypot, which is many times slower. */
const distance = (x, y) => Math.sqrt(x * x + y * y);

/** Distances from the origin to the nearest and the farthest point of a footprint. */
function nearest(x, y, scale) {
  return distance(Math.max(0, Math.abs(x) - (FOOTPRINT.width * scale) / 2), Math.max(0, Math.abs(y) - (FOOTPRINT.height * scale) / 2));
}

function farthest(x, y, scale) {
  return distance(Math.abs(x) + (FOOTPRINT.width * scale) / 2, Math.abs(y) + (FOOTPRINT.height * scale) / 2);
}

/** Visit the centres of a grid of cells that fills a region about the origin, row by row. */
function eachCell({ width, height, largest }, scale, visit) {
  const columns = Math.max(1, Math.floor(width / (FOOTPRINT.width * scale)));
  const rows = Math.max(1, Math.floor(height / (FOOTPRINT.height * scale)));
  const [w, h] = [width / columns, height / rows];
  const drawn = Math.min(scale, largest, w / FOOTPRINT.width, h / FOOTPRINT.height);
  for (let row = 0; row < rows; row += 1) {
    const y = (row + 0.5) * h - height / 2;
    for (let column = 0; column < columns; column += 1) visit((column + 0.5) * w - width / 2, y, drawn, w);
  }
}

/** The coarsest grid that has `count` cells in which a node fits: its scale, and the one in which nodes are drawn. */
function coarsest(region, count) {
  // No more cells than this can lie in the region, so nothing coarser need be tried.
  const most = Math.sqrt((region.width * region.height) / (count * FOOTPRINT.width * FOOTPRINT.height));
  for (let scale = Math.min(region.from, most); ; scale *= 0.97) {
    let [free, drawn] = [0, 0];
    eachCell(region, scale, (x, y, size) => {
      if (region.fits(x, y, size)) [free, drawn] = [free + 1, size];
    });
    if (free >= count) return { scale, drawn };
  }
}

/**
 * The `count` cells nearest to the hub. They come in reading order as far as they are sure to be taken, and then from
 * the inside out, so that the free ones lie at the rim.
 */
function grid(region, count) {
  const free = [];
  eachCell(region, coarsest(region, count).scale, (x, y, scale, room) => {
    if (region.fits(x, y, scale)) free.push({ x, y, scale, room });
  });
  const order = free
    .map((cell, index) => ({ cell, index, far: distance(cell.x / region.width, cell.y / region.height) }))
    .toSorted((a, b) => a.far - b.far || a.index - b.index)
    .slice(0, count);
  const sure = order.splice(0, stepBelow(count) + 1).toSorted((a, b) => a.index - b.index);
  return [...sure, ...order].map(({ cell }) => cell);
}

/** The region outside the circle. `from`: the scale at which to begin. */
function outside({ width, height, largest }, circle) {
  return { width, height, largest, from: 8 * largest, fits: (x, y, scale) => nearest(x, y, scale) >= circle + 6 };
}

/** The region inside the circle and off the hub. */
function inside({ largest }, circle, hub) {
  const fits = (x, y, scale) => nearest(x, y, scale) >= hub + 8 && farthest(x, y, scale) <= circle - 2;
  return { width: 2 * circle, height: 2 * circle, largest, from: largest, fits };
}

function ring(radius, scale, count) {
  return Array.from({ length: count }, (_, index) => {
    const angle = (index / count) * 2 * Math.PI - Math.PI / 2;
    return { x: radius * Math.cos(angle), y: radius * Math.sin(angle), scale, room: FOOTPRINT.width * scale };
  });
}

function apart(places) {
  return places.every((a, index) =>
    places.slice(index + 1).every((b) => {
      const dx = Math.abs(a.x - b.x);
      const dy = Math.abs(a.y - b.y);
      return dx >= FOOTPRINT.width * a.scale || dy >= FOOTPRINT.height * a.scale;
    }),
  );
}

/** The widest ring of the largest boxes that fit in a region. */
function widestRing(region, circle, count) {
  for (let scale = region.from; ; scale *= 0.96) {
    for (let share = 0.8; share > 0.4; share -= 0.04) {
      const places = ring(circle * share, scale, count);
      if (places.every(({ x, y }) => region.fits(x, y, scale)) && apart(places)) return places;
    }
  }
}

/** Places inside the circle and off the hub: on one ring while they are few, else in rows. */
function innerPlaces(region, circle, count) {
  return count > RING_MAX ? grid(region, count) : widestRing(region, circle, count);
}

function innerScale(region, circle, count) {
  return count > RING_MAX ? coarsest(region, count).drawn : widestRing(region, circle, count)[0].scale;
}

function hubRadius(area, circle) {
  return Math.max(8, Math.min(37 * area.largest, circle * 0.17));
}

/** The circle under which the boxes inside and outside can be largest; room for half of the nodes inside. */
function circleFor(area, capacity) {
  const half = Math.min(area.width, area.height) / 2;
  const near = Math.min(capacity, Math.max(6, Math.round(capacity / 2)));
  let best = { circle: half, scale: 0 };
  for (const share of CIRCLE_SHARES) {
    const circle = half * share;
    const outer = coarsest(outside(area, circle), capacity).drawn;
    const scale = Math.min(outer, innerScale(inside(area, circle, hubRadius(area, circle)), circle, near));
    if (scale > best.scale * 1.01) best = { circle, scale };
  }
  return best.circle;
}

const known = new Map();
const KNOWN_MOST = 8;

/** Circle, hub and outside places, which deals do not change: remembered, because they are slow to find. */
function frame(width, height, outer) {
  const key = `${width} ${height} ${outer}`;
  if (!known.has(key)) {
    // Boxes larger than this say no more; a wall screen is read from farther away.
    const area = { width, height, largest: Math.max(1.15, Math.min(width, height) / 460) };
    const circle = circleFor(area, outer);
    if (known.size >= KNOWN_MOST) known.clear();
    known.set(key, { area, circle, hub: hubRadius(area, circle), places: grid(outside(area, circle), outer) });
  }
  return known.get(key);
}

/**
 * All places of a picture.
 * @param {{width: number, height: number, outer: number, inner: number}} size px of the free area, numbers of places
 * @returns {{hub: {x, y, r}, circle: number, outer: object[], inner: object[]}} places as {x, y, scale, room}, px from
 *   the area's upper left corner; `room` is the width a label may take
 */
export function arrange({ width, height, outer, inner }) {
  const [w, h] = [Math.max(width, SMALLEST), Math.max(height, SMALLEST)];
  const { area, circle, hub, places } = frame(w, h, outer);
  const shift = (place) => ({ ...place, x: place.x + w / 2, y: place.y + h / 2 });
  return {
    hub: { x: w / 2, y: h / 2, r: hub },
    circle,
    outer: places.map(shift),
    inner: innerPlaces(inside(area, circle, hub), circle, inner).map(shift),
  };
}
