/**
 * The canvas: places, easing, the animation frame. Drawing is asked for, and many requests become one frame; what
 * stands still is drawn once on a layer of its own, so that a frame costs no more than the dots that move.
 */

import { course, measured, sides } from "./curves.js";
import { BODY, FOOTPRINT, arrange } from "./layout.js";
import { drawBox, drawCourse, drawDots, drawHub } from "./paint.js";
import { assignSlots, capacityFor, slotsNeeded } from "./slots.js";

const EASE_MS = 200;
const FRAME_MS = 30; // dots need no more than some 30 frames a second, all day
const MARGIN = { x: 8, top: 8, bottom: 24 }; // below: the node time

const COLOURS = {
  box: "box", edge: "box-edge", level: "level", crown: "crown", onBox: "on-box", onBoxOld: "on-box-old",
  oldBox: "old-box", oldLevel: "old-level", panelDark: "panel-dark", panelLight: "panel-light", text: "text",
  muted: "muted", amber: "amber", circle: "circle", course: "course", dotGreen: "dot-green", dotPale: "dot-pale",
  dotMains: "dot-mains", dotOld: "dot-old", dotEdge: "dot-edge",
};

const easeOut = (share) => 1 - (1 - share) ** 3;

/** Capacity only grows: a smaller one would move all for nothing. */
function grown(capacity, slots) {
  return Math.max(capacity, capacityFor(slotsNeeded(slots)));
}

export class Canvas {
  #element;
  #still = document.createElement("canvas");
  #scene = { boxes: [], curves: [], hub: { title: "", volts: "", old: false } };
  #described = "";
  #outer = new Map();
  #inner = new Map();
  #capacity = { outer: 4, inner: 4 };
  #places = null;
  #placesKey = "";
  #actors = new Map();
  #paths = new Map();
  #phases = new Map();
  #colours = {};
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #asked = false;
  #drawnAt = 0;
  #dirty = true;

  constructor(element) {
    this.#element = element;
    new ResizeObserver(() => this.#request(true)).observe(element);
    this.#reduced.addEventListener("change", () => this.#request(true));
    this.readColours();
  }

  /** Take the theme's colours from the style sheet. */
  readColours() {
    const style = getComputedStyle(this.#element);
    for (const [name, property] of Object.entries(COLOURS)) {
      this.#colours[name] = style.getPropertyValue(`--${property}`).trim();
    }
    this.#request(true);
  }

  /** Show a scene; the same one again costs no frame. (scene.js) */
  show(scene) {
    const described = JSON.stringify(scene);
    if (described === this.#described) return;
    this.#described = described;
    this.#scene = scene;
    this.#outer = assignSlots(this.#outer, scene.boxes.map((box) => box.id));
    this.#inner = assignSlots(this.#inner, scene.boxes.filter((box) => box.near).map((box) => box.id));
    const known = new Set(scene.boxes.map((box) => box.id));
    for (const id of this.#actors.keys()) if (!known.has(id)) this.#actors.delete(id);
    const moving = new Set(scene.curves.map((curve) => curve.key));
    for (const key of this.#phases.keys()) if (!moving.has(key)) this.#phases.delete(key);
    this.#request(true);
  }

  #request(dirty) {
    this.#dirty ||= dirty;
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame((time) => this.#draw(time));
  }

  /** Fit the pixels to the element and its display; a new size is not eased into. */
  #measure() {
    const ratio = window.devicePixelRatio || 1;
    const { clientWidth: width, clientHeight: height } = this.#element;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    for (const canvas of [this.#element, this.#still]) {
      if (canvas.width === pixelWidth && canvas.height === pixelHeight) continue;
      canvas.width = pixelWidth;
      canvas.height = pixelHeight;
    }
    return { width, height, ratio };
  }

  #place(width, height, time) {
    const { outer, inner } = this.#capacity;
    this.#capacity = { outer: grown(outer, this.#outer), inner: grown(inner, this.#inner) };
    const key = [width, height, this.#capacity.outer, this.#capacity.inner].join();
    const resized = !this.#placesKey.startsWith(`${width},${height},`);
    if (key !== this.#placesKey) {
      const area = { width: width - 2 * MARGIN.x, height: height - MARGIN.top - MARGIN.bottom };
      this.#places = arrange({ ...area, ...this.#capacity });
      this.#placesKey = key;
    }
    for (const box of this.#scene.boxes) this.#send(box, time, resized);
  }

  /** Send a box to its place; whoever is new, or may not move, is there at once. */
  #send(box, time, jump) {
    const place = box.near ? this.#places.inner[this.#inner.get(box.id)] : this.#places.outer[this.#outer.get(box.id)];
    const target = { ...place, x: place.x + MARGIN.x, y: place.y + MARGIN.top };
    const actor = this.#actors.get(box.id);
    if (actor === undefined || jump || this.#reduced.matches) {
      const walked = actor?.walked ?? { pv: 0, mains: 0, load: 0 };
      this.#actors.set(box.id, { from: target, to: target, now: target, since: null, walked });
    } else if (actor.to.x !== target.x || actor.to.y !== target.y || actor.to.scale !== target.scale) {
      Object.assign(actor, { from: actor.now, to: target, since: time });
    }
  }

  /** Move on all that is on its way. @returns {boolean} whether any is */
  #ease(time) {
    let moving = false;
    for (const actor of this.#actors.values()) {
      if (actor.since === null) continue;
      const share = Math.min(1, Math.max(0, (time - actor.since) / EASE_MS));
      const at = easeOut(share);
      const between = (name) => actor.from[name] + (actor.to[name] - actor.from[name]) * at;
      actor.now = { ...actor.to, x: between("x"), y: between("y"), scale: between("scale") };
      if (share === 1) Object.assign(actor, { now: actor.to, since: null });
      else moving = true;
    }
    return moving;
  }

  #hub() {
    const { hub, circle } = this.#places;
    return { hub: { ...hub, x: hub.x + MARGIN.x, y: hub.y + MARGIN.top }, circle };
  }

  /** Where a curve starts or ends: the middle of the body, and the rectangle that hides the curve. */
  #end(id) {
    const actor = id === null ? undefined : this.#actors.get(id);
    if (actor === undefined) return null;
    const { x, y, scale } = actor.now;
    const gap = 5;
    const rect = {
      left: x + BODY.left * scale - gap,
      right: x + BODY.right * scale + gap,
      top: y + (BODY.top - 18) * scale - gap,
      bottom: y + (BODY.bottom + (this.#showsLabels(scale) ? 18 : 0)) * scale + gap,
    };
    return { x, y: y + ((BODY.top + BODY.bottom) / 2) * scale, rect };
  }

  #showsLabels(scale) {
    return scale >= 0.35;
  }

  #layCurves() {
    const { hub } = this.#hub();
    const pairs = new Map();
    this.#paths = new Map();
    const { curves } = this.#scene;
    const ends = curves.map((curve) => ({ from: this.#end(curve.from), to: this.#end(curve.to) }));
    const passed = sides(ends, hub);
    for (const [index, curve] of curves.entries()) {
      const pair = JSON.stringify([curve.from, curve.to].toSorted());
      const shift = pairs.get(pair) ?? 0;
      pairs.set(pair, shift + 1);
      this.#paths.set(curve.key, course(ends[index].from, ends[index].to, hub, passed[index], shift));
    }
  }

  #drawStill({ width, height, ratio }) {
    const ctx = this.#still.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    this.#layCurves();
    for (const curve of this.#scene.curves) drawCourse(ctx, this.#paths.get(curve.key), this.#colours);
    drawHub(ctx, this.#hub(), this.#scene.hub, this.#colours);
    for (const box of this.#scene.boxes) drawBox(ctx, box, this.#actors.get(box.id).now, this.#colours);
  }

  #phase(key, speed, live, elapsed) {
    const phase = (this.#phases.get(key) ?? 0) + (live && !this.#reduced.matches ? (speed * elapsed) / 1000 : 0);
    this.#phases.set(key, phase % 100000);
    return phase;
  }

  #style(live, from, to) {
    const { dotOld, dotEdge } = this.#colours;
    const colours = live ? { from, to } : { from: dotOld, to: dotOld };
    return { ...colours, edge: dotEdge, arrows: this.#reduced.matches };
  }

  /** @returns {boolean} whether any dot moves */
  #drawDots(ctx, elapsed) {
    const { dotGreen, dotPale } = this.#colours;
    const large = Math.max(1, this.#places.hub.r / 42);
    let moves = false;
    for (const curve of this.#scene.curves) {
      if (curve.speed === 0) continue;
      const phase = this.#phase(curve.key, curve.speed, curve.live, elapsed);
      const style = { phase, gap: 15 * large, size: 4 * large, ...this.#style(curve.live, dotGreen, dotPale) };
      drawDots(ctx, this.#paths.get(curve.key), style);
      moves ||= curve.live;
    }
    for (const box of this.#scene.boxes) moves = this.#drawFlows(ctx, box, elapsed) || moves;
    return moves && !this.#reduced.matches;
  }

  /** The dots of one box: from above PV, from the left mains, to the right load. */
  #drawFlows(ctx, box, elapsed) {
    const { now, walked } = this.#actors.get(box.id);
    const { x, y, scale: s } = now;
    if (s < 0.2 || !(box.pv || box.mains || box.load)) return false;
    const { dotGreen, dotPale, dotMains } = this.#colours;
    const [top, bottom] = [y + (BODY.top - 10) * s, y + BODY.bottom * s];
    const surface = bottom - (BODY.bottom - BODY.top) * s * (box.level ?? 0) - 3 * s;
    const side = bottom - 12 * s;
    const size = Math.max(1.5, 4 * s);
    const flow = (name, points, from, to) => {
      if (box[name] === 0) return;
      if (box.live && !this.#reduced.matches) walked[name] = (walked[name] + (box[name] * elapsed) / 1000) % 9000;
      const style = { phase: walked[name] * s, gap: 9 * s, size, ...this.#style(box.live, from, to) };
      drawDots(ctx, measured(points), style);
    };
    const deepest = Math.max(top + 12 * s, Math.min(surface, bottom - 22 * s));
    flow("pv", [{ x, y: top }, { x, y: deepest }], dotPale, dotGreen);
    const edge = (FOOTPRINT.width / 2) * s;
    flow("mains", [{ x: x - edge + 4 * s, y: side }, { x: x + (BODY.left - 5) * s, y: side }], dotMains, dotGreen);
    flow("load", [{ x: x + (BODY.right + 5) * s, y: side }, { x: x + edge - 4 * s, y: side }], dotGreen, dotPale);
    return box.live;
  }

  #draw(time) {
    this.#asked = false;
    const elapsed = Math.min(100, time - this.#drawnAt);
    if (!this.#dirty && elapsed < FRAME_MS) return this.#request(false);
    const size = this.#measure();
    if (size.width === 0 || size.height === 0) return undefined;
    this.#drawnAt = time;
    this.#place(size.width, size.height, time);
    const easing = this.#ease(time);
    if (this.#dirty || easing) this.#drawStill(size);
    this.#dirty = easing;
    const ctx = this.#element.getContext("2d");
    ctx.setTransform(1, 0, 0, 1, 0, 0);
    ctx.clearRect(0, 0, this.#element.width, this.#element.height);
    ctx.drawImage(this.#still, 0, 0);
    ctx.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    const moves = this.#drawDots(ctx, elapsed);
    if (easing || moves) this.#request(easing);
    return undefined;
  }
}
