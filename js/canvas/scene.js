/**
 * Pure: the picture as a description of what is drawn, without positions. Thresholds keep noise from flickering.
 * (contract, section 3b)
 */

import { dealersOf } from "../data/nodes.js";
import { listOf, t } from "../words/catalogue.js";
import { freshnessMark, lookOf, lookWord, shortNodeTime, shortPercent } from "../words/format.js";
import { busSummary, latestTime, tellApart } from "../words/summary.js";

export const PV_W = 200;
export const MAINS_W = 400;
export const LOAD_W = 100;
export const BUS_W = 40;

const LEVELS = 200;
const BRIGHTNESSES = 16;
const PANEL_FULL_W = 1500; // from this PV power on the panel line shines fully

/** Speed of dots in px/s: grows with the power, from a walk to a run. Whole numbers: finer changes nobody sees. */
export function speedOf(watts) {
  return Math.round(14 + 46 * Math.min(1, Math.abs(watts) / 1000));
}

/** A share from 0 to 1 in steps that can be seen. */
function stepped(share, steps) {
  return Math.round(Math.max(0, Math.min(1, share)) * steps) / steps;
}

/** A flow that is drawn from a threshold on; 0 is none. */
function flow(watts, threshold) {
  return watts !== null && watts >= threshold ? speedOf(watts) : 0;
}

const flows = (node) => Math.abs(node.wg ?? 0) > BUS_W;

const isThing = (value) => value !== null && typeof value === "object";

function sameThing(a, b) {
  return Object.keys(a).every((key) => a[key] === b[key] || (isThing(a[key]) && isThing(b[key]) && sameThing(a[key], b[key])));
}

/** Keeps what was made in the scene before: the same object as long as it looks the same. */
class Memory {
  #before = new Map();
  #now = new Map();

  begin() {
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** What `make` makes of the inputs, made only when one of them is another one. */
  of(key, make, ...inputs) {
    const known = this.#before.get(key);
    if (known !== undefined && inputs.every((input, index) => input === known.inputs[index])) {
      this.#now.set(key, known);
      return known.made;
    }
    const made = make(...inputs);
    const kept = known !== undefined && sameThing(known.made, made) ? known.made : made;
    this.#now.set(key, { inputs, made: kept });
    return kept;
  }
}

const memories = { boxes: new Memory(), curves: new Memory(), spokes: new Memory() };

function box(node, inDeal, isOld) {
  const here = node.state !== "lost";
  return {
    id: node.id,
    state: lookOf(node),
    near: inDeal || (here && flows(node)),
    live: lookOf(node) === "fresh" && !isOld,
    crown: node.isCv && here,
    gridMaster: node.isGridMaster && here,
    level: node.rsoc === null ? null : stepped(node.rsoc / 100, LEVELS),
    percent: shortPercent(node.rsoc),
    panel: stepped((node.pv ?? 0) / PANEL_FULL_W, BRIGHTNESSES),
    pv: here ? flow(node.pv, PV_W) : 0,
    mains: here ? flow(node.mains, MAINS_W) : 0,
    load: here ? flow(node.load, LOAD_W) : 0,
    mark: freshnessMark(node),
  };
}

/** The same for both directions: curves of one pair must not lie upon each other. */
const pairOf = (one, other) => JSON.stringify([one, other].toSorted());

const isLive = (node) => node === undefined || lookOf(node) === "fresh";

function curve(deal, charging, discharging, apart, isOld) {
  const watts = Math.abs(charging?.wg ?? 0);
  const known = charging !== undefined && charging.state !== "lost";
  return {
    key: deal.key,
    apart,
    pair: pairOf(deal.charging, deal.discharging),
    from: discharging === undefined ? null : deal.discharging,
    to: charging === undefined ? null : deal.charging,
    speed: known && watts >= BUS_W ? speedOf(watts) : 0,
    live: !isOld && charging !== undefined && isLive(charging) && isLive(discharging),
  };
}

/** Dots between a node and the hub: what flows without a deal, as in Manual. */
function spoke(node, isOld) {
  const toHub = node.wg < 0;
  return {
    key: `hub ${node.id}`,
    apart: "",
    pair: pairOf(node.id, null),
    from: toHub ? node.id : null,
    to: toHub ? null : node.id,
    speed: speedOf(node.wg),
    live: isLive(node) && !isOld,
  };
}

const sameItems = (a, b) => a.length === b.length && a.every((item, index) => item === b[index]);

/** Whether two scenes look the same: a box or curve that has not changed is the same object. */
export function sameScene(a, b) {
  const sameHub = a.hub.title === b.hub.title && a.hub.volts === b.hub.volts && sameItems(a.hub.notes, b.hub.notes) && a.hub.old === b.hub.old;
  return sameHub && sameItems(a.boxes, b.boxes) && sameItems(a.curves, b.curves);
}

/**
 * What the canvas shows.
 * @param {ReturnType<import("../data/state.js").State["picture"]>} picture
 */
export function compose(picture) {
  const isOld = picture.old !== null;
  const areDealsOld = isOld || Boolean(picture.dealsOld);
  const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
  const inDeal = dealersOf(picture.deals);
  const deals = picture.deals.filter((deal) => nodes.has(deal.charging) || nodes.has(deal.discharging));
  const alone = picture.nodes.filter((node) => node.state !== "lost" && flows(node) && !inDeal.has(node.id));
  const bus = busSummary(picture);
  const { boxes, curves, spokes } = memories;
  for (const memory of Object.values(memories)) memory.begin();
  const ends = ({ charging, discharging }) => [nodes.get(charging), nodes.get(discharging)];
  return {
    boxes: picture.nodes.map((node) => boxes.of(node.id, box, node, inDeal.has(node.id), isOld)),
    curves: [
      ...deals.map((deal) => curves.of(deal.key, curve, deal, ...ends(deal), tellApart(deal, picture.deals), areDealsOld)),
      ...alone.map((node) => spokes.of(node.id, spoke, node, isOld)),
    ],
    hub: { title: t("canvas.hub_title"), volts: bus.text, notes: bus.notes, old: bus.old },
    clock: shortNodeTime(latestTime(picture)),
  };
}

/** What the canvas shows of a node, in words, for those who cannot see it. */
export function describeBox(item) {
  const parts = [item.percent === "" ? t("canvas.charge_unknown") : item.percent];
  if (item.crown) parts.push(t("canvas.holds_bus"));
  if (item.gridMaster) parts.push(t("canvas.master"));
  parts.push(t(item.near ? "canvas.near" : "canvas.outside"));
  for (const name of ["pv", "mains", "load"]) if (item[name] > 0) parts.push(t(`canvas.${name}`));
  return t("canvas.box", { id: item.id, parts: listOf([...parts, lookWord(item.state)]) });
}

export function describeCurve(item) {
  const ends = { from: item.from ?? t("canvas.dc_bus"), to: item.to ?? t("canvas.dc_bus") };
  return t(item.speed > 0 ? "canvas.curve" : "canvas.curve_still", { ...ends, apart: item.apart });
}
