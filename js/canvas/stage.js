/**
 * Who stands where, and who is on the way: places by slots, moves by time. Nothing here draws. A node keeps its
 * outside place for ever and its place near the hub for as long as it exchanges.
 */

import { arrange } from "./layout.js";
import { between, durationOf } from "./moves.js";
import { assignSlots, capacityFor, nearestSlots, slotsNeeded } from "./slots.js";

const MARGIN = 8;
const RING = 6; // places that are kept ready near the hub, so that the first deals move nobody

export class Stage {
  #outer = new Map();
  #inner = new Map();
  #capacity = { outer: 4, inner: 4 };
  #size = { width: 0, height: 0 };
  #key = "";
  #boxes = [];
  #places = null;
  #actors = new Map();

  get hub() {
    return this.#places.hub;
  }

  get circle() {
    return this.#places.circle;
  }

  /** Where a box is now: {x, y, scale, room}, px; undefined for one that nobody knows. */
  at(id) {
    return this.#actors.get(id)?.now;
  }

  /** Where a box stands or is going to. */
  goal(id) {
    return this.#actors.get(id)?.to;
  }

  /** Whether a box is among those on the way, until the last of them has arrived. */
  isMoving(id) {
    return (this.#actors.get(id)?.since ?? null) !== null;
  }

  /** Take the boxes to be placed. @param {{id: string, near: boolean}[]} boxes */
  take(boxes) {
    this.#boxes = boxes;
    this.#outer = assignSlots(this.#outer, boxes.map((box) => box.id));
    for (const id of this.#actors.keys()) if (!this.#outer.has(id)) this.#actors.delete(id);
  }

  /**
   * Send every box to its place.
   * @param {{width: number, height: number}} size px; into a new size nothing is eased
   * @param {number} time ms
   * @param {boolean} still whether nothing may be seen moving
   */
  place({ width, height }, time, still) {
    const resized = width !== this.#size.width || height !== this.#size.height;
    this.#size = { width, height };
    this.#arrange();
    for (const box of this.#boxes) this.#send(box, time, resized || still);
  }

  #arrange() {
    const near = this.#boxes.filter((box) => box.near).map((box) => box.id);
    // Capacity only grows: a smaller one would move all for nothing. Near the hub it may, once nobody is there.
    const outer = Math.max(this.#capacity.outer, capacityFor(slotsNeeded(this.#outer)));
    const wanted = Math.max(Math.min(outer, RING), capacityFor(near.length));
    const inner = near.length === 0 ? wanted : Math.max(this.#capacity.inner, wanted);
    const { width, height } = this.#size;
    const key = [width, height, outer, inner].join();
    const isNewRing = inner !== this.#capacity.inner;
    this.#capacity = { outer, inner };
    if (key !== this.#key) {
      const { hub, circle, ...places } = arrange({ width: width - 2 * MARGIN, height: height - 2 * MARGIN, outer, inner });
      const shift = (place) => ({ ...place, x: place.x + MARGIN, y: place.y + MARGIN });
      this.#places = { hub: shift(hub), circle, outer: places.outer.map(shift), inner: places.inner.map(shift) };
      this.#key = key;
    }
    this.#inner = nearestSlots(isNewRing ? new Map() : this.#inner, near, this.#places.inner, (id) => this.#start(id, isNewRing));
  }

  /** What a place near the hub should be near to: the node's outside place, or where it stands when the ring grows. */
  #start(id, isNewRing) {
    const stands = isNewRing && this.#inner.has(id) ? this.#actors.get(id)?.to : undefined;
    return stands ?? this.#places.outer[this.#outer.get(id)];
  }

  /** Whoever is new, or may not move, is there at once. */
  #send(box, time, jump) {
    const to = box.near ? this.#places.inner[this.#inner.get(box.id)] : this.#places.outer[this.#outer.get(box.id)];
    const actor = this.#actors.get(box.id);
    if (actor === undefined || jump) {
      this.#actors.set(box.id, { from: to, to, now: to, since: null, duration: 0 });
    } else if (actor.to !== to) {
      Object.assign(actor, { from: actor.now, to, since: time, duration: durationOf(actor.now, to) });
    }
  }

  /** Move on all that is on its way. @returns {boolean} whether any is */
  ease(time) {
    const movers = [...this.#actors.values()].filter((actor) => actor.since !== null);
    let moving = false;
    for (const actor of movers) {
      const share = (time - actor.since) / actor.duration;
      actor.now = between(actor.from, actor.to, this.hub, share);
      moving ||= share < 1;
    }
    if (!moving) for (const actor of movers) actor.since = null;
    return moving;
  }
}
