/** The dots of the picture: which way they go, how far they have come, and their drawing. */

import { course, measured, sides } from "./curves.js";
import { BODY, FOOTPRINT } from "./layout.js";
import { drawDots } from "./paint.js";

const SMALLEST = 0.2; // boxes of a smaller scale show no dots of their own
const LABELLED = 0.35;
const ENDLESS = 100_000;

/** Where a curve starts or ends: the middle of the body, and the rectangle that hides the curve. */
function endAt(place) {
  const { x, y, scale } = place;
  const gap = 5;
  const rect = {
    left: x + BODY.left * scale - gap,
    right: x + BODY.right * scale + gap,
    top: y + (BODY.top - 18) * scale - gap,
    bottom: y + (BODY.bottom + (scale >= LABELLED ? 18 : 0)) * scale + gap,
  };
  return { x, y: y + ((BODY.top + BODY.bottom) / 2) * scale, rect };
}

/** How large the dots of a deal are: finer where boxes are small, because there many curves meet. */
function fineness(scale, most) {
  return Math.max(0.35, Math.min(most, scale < 0.77 ? scale * 1.3 : Math.max(1, scale * 0.95)));
}

/** The ways of one box's dots: from above PV, from the left mains, to the right load. */
function waysOf(box, { x, y, scale: s }) {
  const [top, bottom] = [y + (BODY.top - 10) * s, y + BODY.bottom * s];
  const surface = bottom - (BODY.bottom - BODY.top) * s * (box.level ?? 0) - 3 * s;
  const deepest = Math.max(top + 12 * s, Math.min(surface, bottom - 22 * s));
  const [side, edge] = [bottom - 12 * s, (FOOTPRINT.width / 2) * s];
  const ways = [
    { name: "pv", from: "dotPale", to: "dotGreen", points: [{ x, y: top }, { x, y: deepest }] },
    { name: "mains", from: "dotMains", to: "dotGreen", points: [{ x: x - edge + 4 * s, y: side }, { x: x + (BODY.left - 5) * s, y: side }] },
    { name: "load", from: "dotGreen", to: "dotPale", points: [{ x: x + (BODY.right + 5) * s, y: side }, { x: x + edge - 4 * s, y: side }] },
  ];
  return ways
    .filter(({ name }) => box[name] > 0)
    .map(({ name, from, to, points }) => {
      const key = `${name} ${box.id}`;
      return { key, from, to, speed: box[name] * s, live: box.live, gap: 9 * s, size: Math.max(1.5, 4 * s), path: measured(points) };
    });
}

export class Flows {
  #ways = [];
  #phases = new Map();

  /** The courses of the deals, as they were laid. */
  get courses() {
    return this.#ways.filter((way) => way.isCourse).map((way) => way.path);
  }

  /**
   * Lay all ways for places as they are seen.
   * @param {{boxes: object[], curves: object[]}} scene boxes: those in sight
   * @param {(id: string) => object|undefined} placeOf
   * @param {{x, y, r}} hub
   */
  lay({ boxes, curves }, placeOf, hub) {
    const pairs = new Map();
    const end = (id) => (id === null || placeOf(id) === undefined ? null : endAt(placeOf(id)));
    const ends = curves.map((curve) => ({ from: end(curve.from), to: end(curve.to) }));
    const passed = sides(ends, hub);
    const large = Math.max(1, hub.r / 42);
    this.#ways = curves.map((curve, index) => {
      const pair = JSON.stringify([curve.from, curve.to].toSorted());
      const shift = pairs.get(pair) ?? 0;
      pairs.set(pair, shift + 1);
      const path = course(ends[index].from, ends[index].to, hub, passed[index], shift);
      const { key, speed, live } = curve;
      const fine = fineness(placeOf(curve.from ?? curve.to).scale, large);
      const [gap, size] = [15 * Math.max(1, fine), 4 * fine];
      return { key, speed, live, path, isCourse: true, gap, size, from: "dotGreen", to: "dotPale" };
    });
    for (const box of boxes) {
      const place = placeOf(box.id);
      if (place.scale >= SMALLEST) this.#ways.push(...waysOf(box, place));
    }
    this.#forget(new Set(this.#ways.map((way) => way.key)));
  }

  #forget(known) {
    for (const key of this.#phases.keys()) if (!known.has(key)) this.#phases.delete(key);
  }

  /**
   * Draw every dot, `elapsed` ms after the last time.
   * @param {boolean} still arrows that stand, in place of dots that move
   * @returns {boolean} whether any dot moves
   */
  draw(ctx, elapsed, still, colours) {
    let moves = false;
    for (const { key, speed, live, path, gap, size, from, to } of this.#ways) {
      if (speed === 0) continue;
      const walks = live && !still;
      const phase = (this.#phases.get(key) ?? 0) + (walks ? (speed * elapsed) / 1000 : 0);
      this.#phases.set(key, phase % ENDLESS);
      const [first, last] = live ? [colours[from], colours[to]] : [colours.dotOld, colours.dotOld];
      drawDots(ctx, path, { phase, gap, size, from: first, to: last, edge: colours.dotEdge, arrows: still });
      moves ||= walks;
    }
    return moves;
  }
}
