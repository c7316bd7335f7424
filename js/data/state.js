/**
 * The latest answer of `/get/picture` and who listens. `picture()` makes of it what the page shows at a moment: nodes with
 * their freshness, deals, and how old and why where the whole is not live.
 */

import { Steady } from "./ages.js";
import { CV, byId, dealersOf, leftRunning, readDeals, readNode, runningOf } from "./nodes.js";
import { isObject, seconds, textOrNull, withAge } from "./values.js";

const MOST_MISSED = 2; // requests without an answer, until the server is gone …
const PATIENCE_POLLS = 1.25; // … or one that waits for so long
const LONG_S = 15; // without the server, until what ran is told as what may still run
const BODY_MS = 5000; // so long may an answer take that has begun

/** The entries of a part of an answer, whatever it is. */
const entries = (part) => Object.entries(isObject(part) ? part : {});

export class State {
  #listeners = [];
  #now;
  #patienceMs;
  #answer = null; // the last one, whole
  #nodes = new Map(); // every node of the last data, and those before it that the server still names
  #present = new Set();
  #known = new Map(); // what the server knows of each node
  #ids = []; // all ids in their order
  #steady;
  #shown = new Map(); // nodes as they were shown, by id
  #deals = [];
  #dealsTag = null;
  #schedules = new Map();
  #isAgeKnown = false; // else what is told is the least that it can be
  #hasNodes = false;
  #aheadS = null; // the server's clock is ahead of this one's
  #error = null; // of the last request, while it stands
  #missed = 0; // requests without an answer, one upon the other
  #cameAt; // when the last answer had come whole
  #askedAt = null; // since when a request waits for the head of its answer

  /** @param {{pollMs: number, now: () => number}} options `now`: a clock in ms that goes on while the machine sleeps */
  constructor({ pollMs, now }) {
    this.#now = now;
    this.#steady = new Steady(now);
    this.#patienceMs = PATIENCE_POLLS * pollMs;
    this.#cameAt = now();
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }

  /** The picture is asked for. */
  ask() {
    this.#askedAt = this.#now();
  }

  /** The server answers; the rest of the answer may take its time. */
  answered() {
    this.#askedAt = null;
    this.#missed = 0;
  }

  /**
   * A body of /get/picture, or null for the same as before.
   * @param {object|null} body
   * @param {number|null} clockS what the server's clock showed, s
   * @param {number} askedMs when it was asked for at the earliest, so that no age is told too small
   */
  take(body, clockS, askedMs) {
    this.answered();
    if (body !== null && !isObject(body)) return;
    this.#cameAt = this.#now();
    this.#error = null;
    if (clockS !== null) this.#aheadS = clockS - askedMs / 1000;
    if (body !== null) this.#read(body);
    this.#changed();
  }

  #read(body) {
    this.#answer = body;
    if (isObject(body.nodes)) {
      this.#present = new Set(Object.keys(body.nodes));
      for (const [id, raw] of Object.entries(body.nodes)) this.#nodes.set(id, readNode(id, raw));
      this.#hasNodes = true;
    }
    if (isObject(body.known)) this.#known = new Map(Object.entries(body.known));
    this.#isAgeKnown = [...this.#known.values()].some((one) => seconds(one?.true_since_s) !== null);
    for (const id of this.#nodes.keys()) {
      if (!this.#present.has(id) && !this.#known.has(id)) this.#nodes.delete(id);
    }
    if (isObject(body.deals) && (this.#dealsTag === null || body.deals.tag !== this.#dealsTag)) {
      this.#dealsTag = textOrNull(body.deals.tag);
      this.#deals = readDeals(body.deals.list);
    }
    const told = entries(body.schedules).filter(([, one]) => isObject(one?.softStop));
    this.#schedules = new Map(told.map(([id, one]) => [id, one.softStop]));
  }

  /** A request came to nothing (an ApiError). */
  fail(error) {
    this.#error = error;
    this.#missed += 1;
    this.#askedAt = null;
    this.#changed();
  }

  /** The id of the picture that is here, by which the server knows what need not be sent again. */
  get id() {
    return textOrNull(this.#answer?.id) ?? "";
  }

  /** What changes with the page itself; null until it is known. */
  get pageTag() {
    return textOrNull(this.#answer?.settings?.page);
  }

  /** When the server will have newer data, in ms; null while it does not say so. */
  get nextMs() {
    const age = this.#since(this.#answer?.collector?.next_at_s);
    return age === null || age >= 0 ? null : -age * 1000;
  }

  /** Whether no node data have come yet. */
  get isWaiting() {
    return !this.#hasNodes;
  }

  /** Whether something is on its way that the server had not when it was asked. */
  get isIncomplete() {
    const deals = this.#answer?.deals;
    return this.isWaiting || (seconds(deals?.received_at_s) === null && !isObject(deals?.error));
  }

  get #reportsNoMode() {
    return this.#hasNodes && [...this.#present].every((id) => this.#nodes.get(id).global === null);
  }

  /** How long ago a moment of the server's clock was, s; null for none. */
  #since(momentS) {
    const at = seconds(momentS);
    return at === null || this.#aheadS === null ? null : this.#now() / 1000 + this.#aheadS - at;
  }

  #sinceAnswer() {
    return (this.#now() - this.#cameAt) / 1000;
  }

  get #isGone() {
    const waits = this.#askedAt === null ? 0 : this.#now() - this.#askedAt;
    return this.#missed >= MOST_MISSED || waits > this.#patienceMs;
  }

  /** Nodes that are here and of which none is fresh: their answers come, and say nothing new. */
  #standstill() {
    const here = [...this.#known.values()].filter((told) => told?.state !== "lost");
    const isStanding = here.some((told) => told?.state === "stale") && here.every((told) => told?.state !== "fresh");
    return isStanding ? { why: { code: "standstill" }, ageS: this.#wholeAge() } : null;
  }

  /** The age of the whole in s, as the server tells it. */
  #wholeAge() {
    return this.#since(this.#answer?.collector?.true_since_s);
  }

  /** Of the nodes that matter the oldest: who holds the bus voltage, and who deals; where there are none, of all. */
  #age(nodes) {
    const dealing = dealersOf(this.#deals);
    const ages = nodes.filter((node) => node.state === "fresh" && (node.status === CV || dealing.has(node.id))).map((node) => node.ageS);
    const known = ages.filter((age) => age !== null);
    return known.length === 0 ? this.#wholeAge() : Math.max(...known);
  }

  /** Why the whole picture is not live (an error with its code), and its age in s; null when it is. */
  #trouble() {
    const ageS = this.#wholeAge();
    if (this.#isGone) {
      const error = this.#error;
      const why = error?.answered ? error.problem : { code: "no_answer", params: { why: error?.problem ?? null } };
      return { why, ageS: ageS ?? (this.#hasNodes ? this.#sinceAnswer() : null) };
    }
    const collector = this.#answer?.collector;
    if (isObject(collector) && collector.ok !== true) return { why: isObject(collector.error) ? collector.error : { code: "neighbour_failed" }, ageS };
    if (!this.isWaiting && this.#now() - this.#cameAt > 2 * this.#patienceMs + BODY_MS) return { why: { code: "no_answer_since" }, ageS };
    return this.#standstill();
  }

  /** In a scope of its own: a function keeps all that the functions beside it use, here the node of before. */
  #ageTeller(id) {
    return () => this.#since(this.#known.get(id)?.true_since_s);
  }

  #node(id, isOld) {
    const told = this.#known.get(id);
    const fresh = isObject(told) ? told : {};
    const view = this.#nodes.get(id) ?? readNode(id, null);
    const known = ["fresh", "stale", "lost"].includes(fresh.state) ? fresh.state : "unconfirmed";
    const isPast = (fresh.before_command ?? null) !== null && known !== "lost";
    // Nobody knows whether a node still changes: old data never look live.
    const state = isOld && known === "fresh" ? "stale" : known;
    const isLeft = state !== known && this.#isGone && this.#sinceAnswer() > LONG_S;
    const running = runningOf(fresh.running) ?? (isLeft ? leftRunning(view) : null);
    const display = view.display ?? textOrNull(fresh.display);
    const ip = view.ip ?? textOrNull(fresh.ip);
    const time = view.time ?? textOrNull(fresh.last_time);
    const before = this.#shown.get(id);
    const isSame = before?.view === view && before.display === display && before.ip === ip && before.time === time;
    if (isSame && state === "fresh" && before.state === "fresh" && before.isPast === isPast) return before;
    const lastSeen = textOrNull(fresh.last_seen);
    const node = withAge({ ...view, view, display, ip, time, state, isPast, running, lastSeen }, this.#ageTeller(id));
    this.#shown.set(id, node);
    return node;
  }

  /** The ids of all nodes that are shown, in their order. */
  #order() {
    const ids = new Set(this.#nodes.keys());
    for (const [id, told] of this.#known) if (told?.state === "lost") ids.add(id);
    if (ids.size !== this.#ids.length || !this.#ids.every((id) => ids.has(id))) {
      this.#ids = [...ids].toSorted(byId);
      for (const id of this.#shown.keys()) if (!ids.has(id)) this.#shown.delete(id);
    }
    return this.#ids;
  }

  /**
   * What the page shows now. `old` is null while all is live; `waiting` until the first node data came. A fresh node
   * whose data are the same is the same object as before.
   */
  picture() {
    const old = this.#trouble();
    const nodes = this.#order().map((id) => this.#node(id, old !== null));
    const ageS = this.#age(nodes);
    const { deals, mode, cannot, commands, broken } = this.#answer ?? {};
    const isModeTold = this.#reportsNoMode && isObject(mode);
    return {
      nodes,
      deals: this.#deals,
      old,
      waiting: this.isWaiting,
      ageS,
      upToS: this.#steady.of(ageS),
      cannot: isObject(cannot) ? cannot : {},
      isPast: nodes.some((node) => node.isPast && node.state === "fresh"),
      isAgeKnown: this.#isAgeKnown,
      clusterMode: isModeTold ? textOrNull(mode.mode) : null,
      clusterActive: isModeTold && typeof mode.active === "boolean" ? mode.active : null,
      schedules: this.#schedules,
      brokenSchedules: new Map(entries(broken)),
      commands: Array.isArray(commands) ? commands : null,
      areDealsKnown: seconds(deals?.received_at_s) !== null,
      dealsOld: isObject(deals?.error) ? { why: deals.error, ageS: this.#since(deals.received_at_s) } : null,
    };
  }
}
