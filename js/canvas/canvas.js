/**
 * The canvas: the animation frame and its layers. Drawing is asked for, and many requests become one frame; what
 * stands still is drawn once on a canvas of its own beneath, so that a frame costs no more than the dots that move.
 */

import { Flows } from "./flows.js";
import { BODY, FOOTPRINT } from "./layout.js";
import { drawBox, drawCourse, drawFocus, drawHub } from "./paint.js";
import { Stage } from "./stage.js";
import { WHOLE, clamped, closest, panned, seen, viewOf, zoomed } from "./view.js";

const MANY_COURSES = 40;

const COLOURS = {
  box: "box", edge: "box-edge", level: "level", crown: "crown", onBox: "on-box", onBoxOld: "on-box-old",
  ground: "panel", oldBox: "old-box", oldLevel: "old-level", panelDark: "panel-dark", panelLight: "panel-light", text: "text",
  muted: "muted", amber: "amber", circle: "circle", course: "course", dotGreen: "dot-green", dotPale: "dot-pale", dotCrowd: "dot-crowd",
  dotMains: "dot-mains", dotOld: "dot-old", dotEdge: "dot-edge", focus: "blue",
};

/** How far to shift what lies between low and high, so that it is within 0 and length. */
const into = (low, high, length) => (low < 0 ? -low : Math.min(0, length - high));

function touches({ x, y, scale }, { width, height }) {
  const [w, h] = [(FOOTPRINT.width * scale) / 2, (FOOTPRINT.height * scale) / 2];
  return x + w > 0 && x - w < width && y + h > 0 && y - h < height;
}

export class Canvas {
  #element;
  #still;
  #scene = { boxes: [], curves: [], hub: { title: "", volts: "", notes: [], old: false } };
  #stage = new Stage();
  #flows = new Flows();
  #view = WHOLE;
  #shown = []; // boxes in sight, and by id where they are seen
  #spots = new Map();
  #seenBy = WHOLE; // the view of the spots
  #focused = null;
  #colours = {};
  #reduced = matchMedia("(prefers-reduced-motion: reduce)");
  #asked = null; // the frame that was asked for
  #drawnAt = 0;
  #dirty = true;
  #easing = false;
  #onView;

  /**
   * @param {HTMLCanvasElement} element for what moves
   * @param {HTMLCanvasElement} still for what stands, exactly beneath it
   * @param {(view: {k: number}) => void} onView told of every new view
   */
  constructor(element, still, onView) {
    this.#element = element;
    this.#still = still;
    this.#onView = onView;
    new ResizeObserver(() => this.#request(true)).observe(element);
    this.#reduced.addEventListener("change", () => this.#request(true));
    this.#watchDensity();
    this.readColours();
  }

  /** A window that is moved to another display may have other pixels at the same size. */
  #watchDensity() {
    const same = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
    const changed = () => {
      this.#watchDensity();
      this.#request(true);
    };
    same.addEventListener("change", changed, { once: true });
  }

  /** Take the theme's colours from the style sheet. */
  readColours() {
    const style = getComputedStyle(this.#element);
    for (const [name, property] of Object.entries(COLOURS)) {
      this.#colours[name] = style.getPropertyValue(`--${property}`).trim();
    }
    this.#request(true);
  }

  /** Show a scene, which is another one than before. (scene.js) */
  show(scene) {
    const isFirst = this.#scene.boxes.length === 0;
    this.#scene = scene;
    this.#stage.take(scene.boxes);
    this.#request(true);
    if (isFirst) this.#draw(performance.now()); // which is a frame sooner
  }

  /** Draw a ring around a node, or with null around none. */
  focus(id) {
    if (this.#focused === id) return;
    this.#focused = id;
    this.#request(false);
  }

  get #size() {
    return { width: this.#element.clientWidth, height: this.#element.clientHeight };
  }

  get #most() {
    const first = this.#scene.boxes[0];
    return closest(first === undefined ? 1 : (this.#stage.goal(first.id)?.scale ?? 1));
  }

  #look(view) {
    if (view.k === this.#view.k && view.x === this.#view.x && view.y === this.#view.y) return;
    this.#view = view;
    this.#request(true);
    this.#onView(view);
  }

  get zoom() {
    return this.#view.k;
  }

  /** Come nearer by `factor` to a point, the middle when none is given. */
  zoomBy(factor, x = this.#size.width / 2, y = this.#size.height / 2) {
    this.#look(zoomed(this.#view, factor, x, y, this.#size, this.#most));
  }

  panBy(dx, dy) {
    this.#look(panned(this.#view, dx, dy, this.#size, this.#most));
  }

  fit() {
    this.#look(WHOLE);
  }

  /** Bring a node into the middle, near enough to be read. */
  bring(id) {
    const goal = this.#stage.goal(id);
    if (goal !== undefined) this.#look(viewOf(goal, this.#view, this.#size, this.#most));
  }

  /** Move the view only as far as is needed to have the node in sight. */
  reveal(id) {
    const spot = this.spot(id);
    if (spot === null || this.#view.k === 1) return;
    const { width, height } = this.#size;
    const [w, h] = [(FOOTPRINT.width * spot.scale) / 2, (FOOTPRINT.height * spot.scale) / 2];
    this.panBy(into(spot.x - w, spot.x + w, width), into(spot.y - h, spot.y + h, height));
  }

  /** Where a node is seen on the element, px. */
  spot(id) {
    const goal = this.#stage.goal(id);
    return goal === undefined ? null : seen(goal, this.#view);
  }

  /** Where the hub is seen on the element, px. */
  get hubSpot() {
    return this.#hub();
  }

  /** What is at a point of the element: {id} of a node, {hub: true}, or null. */
  hit(x, y) {
    const reach = 4;
    for (const box of this.#shown) {
      const spot = this.#spots.get(box.id);
      const s = spot.scale;
      const inside = Math.abs(x - spot.x) <= BODY.right * s + reach && y >= spot.y + (BODY.top - 18) * s - reach && y <= spot.y + BODY.bottom * s + 16 * s + reach;
      if (inside) return { id: box.id };
    }
    const hub = this.#hub();
    return hub !== null && Math.hypot(x - hub.x, y - hub.y) <= hub.r ? { hub: true } : null;
  }

  #hub() {
    if (this.#drawnAt === 0) return null;
    const { x, y, r } = this.#stage.hub;
    const at = seen({ x, y, scale: 1, room: 0 }, this.#view);
    return { x: at.x, y: at.y, r: r * this.#view.k };
  }

  #request(dirty) {
    this.#dirty ||= dirty;
    this.#asked ??= requestAnimationFrame((time) => this.#draw(time));
  }

  /** Fit the pixels to the element and its display. */
  #measure() {
    const ratio = window.devicePixelRatio || 1;
    const { width, height } = this.#size;
    const [pixelWidth, pixelHeight] = [Math.round(width * ratio), Math.round(height * ratio)];
    for (const canvas of [this.#element, this.#still]) {
      if (canvas.width === pixelWidth && canvas.height === pixelHeight) continue;
      canvas.width = pixelWidth; // which clears it
      canvas.height = pixelHeight;
      this.#dirty = true;
    }
    return { width, height, ratio };
  }

  #drawStill({ width, height, ratio }) {
    const ctx = this.#still.getContext("2d");
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    ctx.clearRect(0, 0, width, height);
    drawHub(ctx, { hub: this.#hub(), circle: this.#stage.circle * this.#view.k }, this.#scene.hub, this.#colours);
    this.#drawThings(ctx, false);
  }

  /** Courses and boxes: those that stand, or those on the way. */
  #drawThings(ctx, moving) {
    const { courses } = this.#flows;
    const moves = (id) => this.#stage.isMoving(id);
    for (const { path, from, to } of courses) {
      if ((moves(from) || moves(to)) === moving) drawCourse(ctx, path, courses.length > MANY_COURSES, this.#colours);
    }
    for (const box of this.#shown) if (moves(box.id) === moving) drawBox(ctx, box, this.#spots.get(box.id), this.#colours);
  }

  /** Where all are seen; whoever stands keeps the same object, so that a course laid from it stays good. */
  #see(size) {
    const before = this.#spots;
    const { k, x, y } = this.#view;
    const sameView = k === this.#seenBy.k && x === this.#seenBy.x && y === this.#seenBy.y;
    this.#seenBy = this.#view;
    this.#spots = new Map();
    for (const { id } of this.#scene.boxes) {
      const place = this.#stage.at(id);
      const old = before.get(id);
      this.#spots.set(id, sameView && old?.place === place ? old : { ...seen(place, this.#view), place });
    }
    this.#shown = this.#scene.boxes.filter(({ id }) => touches(this.#spots.get(id), size));
    this.#flows.lay({ boxes: this.#shown, curves: this.#scene.curves }, (id) => this.#spots.get(id), this.#hub(), size);
  }

  #draw(time) {
    cancelAnimationFrame(this.#asked);
    this.#asked = null;
    const elapsed = Math.max(0, Math.min(100, time - this.#drawnAt));
    const size = this.#measure();
    if (size.width === 0 || size.height === 0) return;
    this.#drawnAt = time;
    if (this.#dirty) {
      this.#stage.place(size, time, this.#reduced.matches);
      this.#view = clamped(this.#view, size, this.#most);
    }
    const wasEasing = this.#easing;
    const easing = this.#stage.ease(time);
    this.#easing = easing;
    if (this.#dirty || easing || wasEasing) this.#see(size);
    // Whoever is on the way is not drawn among what stands, until all have arrived.
    if (this.#dirty || (wasEasing && !easing)) this.#drawStill(size);
    this.#dirty = false;
    const ctx = this.#element.getContext("2d");
    ctx.setTransform(size.ratio, 0, 0, size.ratio, 0, 0);
    ctx.clearRect(0, 0, size.width, size.height);
    const moves = this.#flows.draw(ctx, elapsed, this.#reduced.matches, this.#colours);
    if (easing) this.#drawThings(ctx, true);
    const focused = this.#spots.get(this.#focused);
    if (focused !== undefined) drawFocus(ctx, focused, this.#colours);
    if (easing || moves) this.#request(false);
  }
}
