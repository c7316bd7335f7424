/**
 * The latest data and who listens. Every answer is taken as it comes; `picture()` merges them into what the page
 * shows at a moment: nodes with their freshness, deals, and how old and why where the whole is not live.
 */

import { Steady } from "./ages.js";
import { CV, byId, dealersOf, leftRunning, readDeals, readNode, runningOf } from "./nodes.js";
import { isObject, plus, seconds, textOrNull, withAge } from "./values.js";

const SLOW_MS = 5000; // node data may take as long as a request may
const MOST_MISSED = 2; // requests without an answer, until the server is gone …
const LONG_S = 15; // without the server, until what ran is told as what may still run
const PATIENCE_POLLS = 1.25; // … or one that waits for so long

export class State {
  #listeners = [];
  #now;
  #patienceMs;
  #nodes = new Map(); // every node of the last good body, and those before it that the server still names
  #present = new Set();
  #ids = []; // all ids in their order
  #steady;
  #shown = new Map(); // nodes as they were shown, by id
  #deals = [];
  #freshness = new Map();
  #ofLog = { freshness: new Map(), collector: null, at: 0 }; // as told of the node data that are shown
  #logTag = null;
  #freshTold = null;
  #isAgeKnown = false; // else what is told is the least that it can be
  #collector = null;
  #dealsFeed = null;
  #told = { log: null, freshness: null };
  #missed = 0; // requests for freshness without an answer, one upon the other
  #freshAt;
  #askedAt; // since when a request for freshness waits
  #logAt;
  #hasLog = false;
  #clusterMode = null;
  #clusterActive = null;
  #schedules = new Map();
  #brokenSchedules = new Map();

  /**
   * @param {{pollMs: number, now: () => number}} options `now`: a clock in ms that goes on while the machine sleeps
   */
  constructor({ pollMs, now }) {
    this.#now = now;
    this.#steady = new Steady(now);
    this.#patienceMs = PATIENCE_POLLS * pollMs;
    // Nothing that a page shows was fetched before it was opened, which is where the browser's clock begins.
    this.#freshAt = 0;
    this.#logAt = now();
    this.#askedAt = null;
  }

  listen(listener) {
    this.#listeners.push(listener);
  }

  #changed() {
    for (const listener of this.#listeners) listener();
  }

  /** A body of /get/logInfo. */
  takeLog(body, tag = null) {
    if (!isObject(body)) return;
    this.#logTag = tag;
    this.#present = new Set();
    for (const [id, raw] of Object.entries(body)) {
      this.#nodes.set(id, readNode(id, raw));
      this.#present.add(id);
    }
    this.#hasLog = true;
    this.confirmLog();
    this.#changed();
  }

  /** The node data came, whether they had changed or not. */
  confirmLog() {
    this.#logAt = this.#now();
    this.#told.log = null;
    this.#match();
  }

  /** What is told of other node data than those on the screen must not make these look newer: ages and marks wait for it. */
  #match() {
    const tags = this.#collector?.log_tags;
    const isOther = Array.isArray(tags) && this.#logTag !== null && !tags.includes(this.#logTag.replace(/^W\//, ""));
    if (!isOther) this.#ofLog = { freshness: this.#freshness, collector: this.#collector, at: this.#freshAt };
  }

  /** A body of /get/dealsInfo. */
  takeDeals(body) {
    this.#deals = readDeals(body);
    this.#changed();
  }

  /** /get/freshness was asked for. */
  askFreshness() {
    this.#askedAt = this.#now();
  }

  /** A body of /get/freshness. */
  takeFreshness(body) {
    this.#askedAt = null;
    if (!isObject(body)) return;
    this.#freshAt = this.#now();
    this.#freshTold = body;
    this.#collector = isObject(body.collector) ? body.collector : null;
    this.#dealsFeed = isObject(body.deals) ? body.deals : null;
    this.#freshness = new Map(Object.entries(isObject(body.nodes) ? body.nodes : {}));
    this.#told.freshness = null;
    this.#missed = 0;
    this.#isAgeKnown = [...this.#freshness.values()].some((one) => seconds(one?.age_s) !== null);
    this.#match();
    for (const id of this.#nodes.keys()) {
      if (!this.#present.has(id) && !this.#freshness.has(id)) this.#nodes.delete(id);
    }
    this.#changed();
  }

  /** The cluster's mode as the server tells it, for nodes that report none themselves. */
  takeClusterMode(body) {
    this.#clusterMode = isObject(body) ? textOrNull(body.mode) : null;
    this.#clusterActive = isObject(body) && typeof body.active === "boolean" ? body.active : null;
    this.#changed();
  }

  /** A body of /schedules/state: only Soft Stop is known. */
  takeSchedules(body) {
    const told = Object.entries(isObject(body) ? body : {});
    this.#schedules = new Map(told.filter(([, one]) => isObject(one?.softStop)).map(([id, one]) => [id, one.softStop]));
    this.#changed();
  }

  /** A body of /schedules/broken. */
  takeBrokenSchedules(body) {
    this.#brokenSchedules = new Map(Object.entries(isObject(body) ? body : {}));
    this.#changed();
  }

  /** What went wrong with the node data or the freshness (an ApiError). */
  takeError(what, error) {
    this.#told[what] = error;
    if (what === "freshness") {
      this.#missed += 1;
      this.#askedAt = null;
    }
    this.#changed();
  }

  /** When the server will have newer data, in ms; null while it does not say so. */
  get nextMs() {
    const next = seconds(this.#collector?.next_s);
    return next === null || next <= 0 ? null : next * 1000;
  }

  /** Whether no node data have come yet. */
  get isWaiting() {
    return !this.#hasLog;
  }

  get reportsNoMode() {
    return this.#hasLog && [...this.#present].every((id) => this.#nodes.get(id).global === null);
  }

  #sinceFresh() {
    return (this.#now() - this.#freshAt) / 1000;
  }

  /** Whether the last request for freshness had no answer. */
  get hasMissed() {
    return this.#missed > 0;
  }

  get #isGone() {
    const waits = this.#askedAt === null ? 0 : this.#now() - this.#askedAt;
    return this.#missed >= MOST_MISSED || waits > this.#patienceMs;
  }

  /** Nodes that are here and of which none is fresh: their answers come, and say nothing new. */
  #standstill() {
    const here = [...this.#freshness].filter(([, told]) => told?.state !== "lost");
    const isStanding = here.some(([, told]) => told?.state === "stale") && here.every(([, told]) => told?.state !== "fresh");
    return isStanding ? { why: "no node's clock moves, apis-web repeats its last data", ageS: this.#wholeAge() } : null;
  }

  #sinceMatch() {
    return (this.#now() - this.#ofLog.at) / 1000;
  }

  /** The age of the whole in s, as the server tells it. */
  #wholeAge() {
    return plus(seconds(this.#ofLog.collector?.age_s), this.#sinceMatch());
  }

  /** Of the nodes that matter the oldest: who holds the bus voltage, and who deals; where there are none, of all. */
  #age(nodes) {
    const dealing = dealersOf(this.#deals);
    const ages = nodes.filter((node) => node.state === "fresh" && (node.status === CV || dealing.has(node.id))).map((node) => node.ageS);
    const known = ages.filter((age) => age !== null);
    return known.length === 0 ? this.#wholeAge() : Math.max(...known);
  }

  /** Why the whole picture is not live, and its age in s; null when it is. */
  #trouble() {
    const ageS = this.#wholeAge();
    if (this.#isGone) {
      const told = this.#told.freshness;
      const why = told?.answered ? told.message : `Main Controller does not answer${told ? ` (${told.message})` : ""}`;
      return { why, ageS: ageS ?? (this.#hasLog ? this.#sinceFresh() : null) };
    }
    if (this.#collector !== null && this.#collector.ok !== true) {
      return { why: textOrNull(this.#collector.error) ?? this.#told.log?.message ?? "apis-web does not answer", ageS };
    }
    const told = this.#told.log;
    const isLate = this.#now() - this.#logAt > this.#patienceMs + SLOW_MS;
    if (told !== null && (told.answered || isLate)) {
      return { why: told.message, ageS: this.#hasLog ? (this.#now() - this.#logAt) / 1000 : null };
    }
    if (!this.isWaiting && this.#sinceFresh() * 1000 > 2 * this.#patienceMs + SLOW_MS) return { why: "no answer has come since", ageS };
    return this.#standstill();
  }

  /** The age of a node's data in s, null where it is not known. */
  #ageOf(id) {
    const told = this.#ofLog.freshness.has(id) ? this.#ofLog.freshness : this.#freshness;
    return plus(seconds(told.get(id)?.age_s), told === this.#freshness ? this.#sinceFresh() : this.#sinceMatch());
  }

  /** In a scope of its own: a function keeps all that the functions beside it use, here the node of before. */
  #ageTeller(id) {
    return () => this.#ageOf(id);
  }

  #node(id, isOld) {
    const told = this.#freshness.get(id);
    const fresh = isObject(told) ? told : {};
    const view = this.#nodes.get(id) ?? readNode(id, null);
    const known = ["fresh", "stale", "lost"].includes(fresh.state) ? fresh.state : "unconfirmed";
    const commands = [fresh, this.#ofLog.freshness.get(id)].map((one) => one?.before_command ?? null);
    const isPast = commands.some((command) => command !== null) && known !== "lost";
    // Nobody knows whether a node still changes: old data never look live.
    const state = isOld && known === "fresh" ? "stale" : known;
    const running = runningOf(fresh.running) ?? (state !== known && this.#isGone && this.#sinceFresh() > LONG_S ? leftRunning(view) : null);
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
    // A node that freshness alone knows has its data in the next answer, unless it is lost.
    for (const [id, told] of this.#freshness) if (told?.state === "lost") ids.add(id);
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
    const feed = this.#dealsFeed;
    return {
      nodes,
      deals: this.#deals,
      old,
      waiting: this.isWaiting,
      ageS,
      upToS: this.#steady.of(ageS),
      refusesCommands: textOrNull(this.#freshTold?.commands),
      dateJump: isObject(this.#freshTold?.date) ? this.#freshTold.date : null,
      isPast: nodes.some((node) => node.isPast && node.state === "fresh"),
      isAgeKnown: this.#isAgeKnown,
      clusterMode: this.#clusterMode,
      clusterActive: this.reportsNoMode ? this.#clusterActive : null,
      schedules: this.#schedules,
      brokenSchedules: this.#brokenSchedules,
      dealsOld: feed !== null && feed.ok !== true ? { why: textOrNull(feed.error), ageS: plus(seconds(feed.age_s), this.#sinceFresh()) } : null,
    };
  }
}
