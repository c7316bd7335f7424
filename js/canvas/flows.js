/** The dots of the picture: which way they go, how far they have come, and their drawing. */

import { Crowd } from "./crowd.js";
import { course, measured, sides } from "./curves.js";
import { drawArrows, drawDots } from "./dots.js";
import { BODY, FOOTPRINT } from "./layout.js";

const SMALLEST = 0.2; // boxes of a smaller scale show no dots of their own
const LABELLED = 0.35;
const MANY_DOTS = 2500; // from here on they are set pixel by pixel

/** Where a curve starts or ends: the middle of the body, and the rectangle that hides the curve. */
function endAt(place) {
  const { x, y, scale } = place;
  const gap = 5;
  const rect = {
    left: x + BODY.left * scale - gap,
    right: x + (FOOTPRINT.width / 2) * scale, // beyond the load's dots
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

/** Ways by their colours, which are drawn together. */
function grouped(ways) {
  const groups = new Map();
  for (const way of ways) {
    const name = `${way.from} ${way.to} ${way.live}`;
    if (!groups.has(name)) groups.set(name, { from: way.from, to: way.to, live: way.live, ways: [] });
    groups.get(name).ways.push(way);
  }
  return [...groups.values()];
}

/** Whether a course would be the same one. */
function sameBasis(a, b) {
  const sameHub = a.hub.x === b.hub.x && a.hub.y === b.hub.y && a.hub.r === b.hub.r;
  const sameSide = a.side.x === b.side.x && a.side.y === b.side.y && a.shift === b.shift;
  const sameSight = a.sight.left === b.sight.left && a.sight.top === b.sight.top;
  return a.from === b.from && a.to === b.to && sameHub && sameSide && sameSight;
}

/** What of a curve is laid: what can be seen, and as much again at every side. */
function sightOf({ width, height }) {
  return { left: -width, right: 2 * width, top: -height, bottom: 2 * height };
}

export class Flows {
  #courses = [];
  #laid = new Map(); // courses by their curve's key, with what they were laid from
  #groups = []; // of the ways that have dots
  #dots = 0;
  #crowd = new Crowd();

  /** The courses of the deals, as they were laid: {path, from, to}. */
  get courses() {
    return this.#courses;
  }

  /**
   * Lay all ways for places as they are seen. A course whose places are the same objects as before is not laid anew.
   * @param {{boxes: object[], curves: object[]}} scene boxes: those in sight
   * @param {(id: string) => object|undefined} placeOf
   * @param {{x, y, r}} hub
   * @param {{width, height}} size px of what can be seen
   */
  lay({ boxes, curves }, placeOf, hub, size) {
    const pairs = new Map();
    const sight = sightOf(size);
    const end = (id) => (id === null || placeOf(id) === undefined ? null : endAt(placeOf(id)));
    const ends = curves.map((curve) => ({ from: end(curve.from), to: end(curve.to) }));
    const passed = sides(ends, hub);
    const large = Math.max(1, hub.r / 42);
    const before = this.#laid;
    this.#laid = new Map();
    const ways = curves.map((curve, index) => {
      const { key, from, to, pair, speed, live } = curve;
      const shift = pairs.get(pair) ?? 0;
      pairs.set(pair, shift + 1);
      const basis = { from: placeOf(from), to: placeOf(to), hub, side: passed[index], shift, sight };
      const known = before.get(key);
      const path = known !== undefined && sameBasis(known.basis, basis) ? known.path : course(ends[index].from, ends[index].to, hub, basis.side, shift, sight);
      this.#laid.set(key, { basis, path });
      const fine = fineness((basis.from ?? basis.to).scale, large);
      return { key, speed, live, path, gap: 15 * Math.max(1, fine), size: 4 * fine, from: "dotGreen", to: "dotPale" };
    });
    this.#courses = curves.map(({ from, to }, index) => ({ path: ways[index].path, from, to }));
    for (const box of boxes) {
      const place = placeOf(box.id);
      if (place.scale >= SMALLEST) ways.push(...waysOf(box, place));
    }
    this.#keep(ways.filter(({ speed, path }) => speed > 0 && path.length > 0));
  }

  /** Take new ways; dots of a way that was there go on from where they are. */
  #keep(ways) {
    const phases = new Map(this.#groups.flatMap((group) => group.ways.map(({ key, phase }) => [key, phase])));
    for (const way of ways) way.phase = (phases.get(way.key) ?? 0) % way.gap;
    this.#groups = grouped(ways);
    this.#dots = ways.reduce((sum, { path, gap }) => sum + path.length / gap, 0);
  }

  /**
   * Draw every dot on an empty canvas, `elapsed` ms after the last time.
   * @param {boolean} still arrows that stand, in place of dots that move
   * @returns {boolean} whether any dot moves
   */
  draw(ctx, elapsed, still, colours) {
    const isCrowd = this.#dots > MANY_DOTS && !still;
    if (isCrowd) this.#crowd.begin(ctx);
    let moves = false;
    for (const { from, to, live, ways } of this.#groups) {
      const walks = live && !still;
      // Dots of a crowd have no edge, which the pale ones need on a light ground.
      const colourOf = (name) => colours[live ? (isCrowd && name === "dotPale" ? "dotCrowd" : name) : "dotOld"];
      if (walks) for (const way of ways) way.phase = (way.phase + (way.speed * elapsed) / 1000) % way.gap;
      const style = { from: colourOf(from), to: colourOf(to), edge: colours.dotEdge };
      if (isCrowd) this.#crowd.add(ways, style);
      else (still ? drawArrows : drawDots)(ctx, ways, style);
      moves ||= walks;
    }
    if (isCrowd) this.#crowd.put(ctx);
    return moves;
  }
}
