/** Pure: the cluster in a few figures and words, told from the nodes themselves. */

import { isObject } from "../data/values.js";
import { holderOf } from "./converter.js";
import { errorWords } from "./errors.js";
import { UNKNOWN, age, count, modeName, nodeTime, power, runningText, upTo } from "./format.js";

const isHere = (node) => node.state !== "lost";

/** Values by how many nodes have them, most first. */
function tally(values) {
  const counts = new Map();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/**
 * The global mode: one word when the nodes agree, else how many report what. It takes them some seconds to agree.
 * @returns {{word: string, detail: string, mode: string|null}} mode: null while they disagree or none reports one
 */
export function modeSummary(picture) {
  const here = picture.nodes.filter(isHere);
  const counts = tally(here.map((node) => node.global));
  const reports = (number) => `${number} of ${here.length} ${number === 1 ? "reports" : "report"}`;
  if (counts.length === 0) {
    const told = picture.clusterMode;
    return { word: modeName(told), detail: told === null ? "no node reports a mode" : "told by the cluster", mode: told };
  }
  const [mode, number] = counts[0];
  if (counts.length === 1) return { word: modeName(mode), detail: `${reports(number)} it`, mode };
  const others = counts.slice(1).map(([other, many]) => `${reports(many)} ${modeName(other)}`);
  return { word: `${reports(number)} ${modeName(mode)}`, detail: others.join(", "), mode: null };
}

/** Deals, and the power that flows into batteries over the bus, in words. */
export function exchangeSummary(picture) {
  const flows = picture.nodes.filter(isHere).map((node) => Math.max(0, node.wg ?? 0));
  const watts = flows.reduce((sum, value) => sum + value, 0);
  const known = !picture.waiting && picture.areDealsKnown;
  const old = Boolean(picture.dealsOld) || (picture.old !== null && !picture.waiting);
  return {
    deals: known ? `${count(picture.deals.length, "deal")}${old ? ", old" : ""}` : "deals not known",
    // Deals are live and readings some seconds behind, and in Manual power flows without deals: it is the bus's.
    power: `${power(picture.waiting ? null : watts)} on the bus`,
    old: old || picture.isPast,
  };
}

const volts = (value) => `${Math.round(value * 10) / 10} V`;

const NO_PROOF = "no proof of absence of voltage";

/** What is told of data from before a command. */
export const PAST = "before the command";

const past = (node) => (node.isPast ? [PAST] : []);

/**
 * The voltage that the CV node measures; without one the highest that any node measures.
 * @returns {{text: string, note: string, notes: string[], old: boolean}} note, notes: in a word and in full what it is, as
 *   far as it is not the live one of the CV node
 */
export function busSummary(picture) {
  const holder = holderOf(picture.nodes);
  const isOld = (node) => node.state !== "fresh" || node.isPast || picture.old !== null;
  if (holder !== undefined && holder.vg !== null) return { text: volts(holder.vg), note: past(holder).join(""), notes: past(holder), old: isOld(holder) };
  const measured = picture.nodes.filter((node) => isHere(node) && node.vg !== null);
  if (measured.length === 0) return { text: `${UNKNOWN} V`, note: "", notes: [NO_PROOF], old: false };
  const highest = measured.reduce((a, b) => (b.vg > a.vg ? b : a));
  const ages = measured.map((node) => node.ageS).filter((ageS) => ageS !== null);
  const told = ages.length === 0 ? "" : `, ${upTo(Math.max(...ages, picture.upToS ?? 0))} old`;
  const note = "highest measured";
  return { text: volts(highest.vg), note, notes: [`${note}${told}`, ...past(highest), NO_PROOF], old: isOld(highest) };
}

/**
 * What keeps the page from being obeyed or believed, each as a sentence.
 * @param {{aheadOfServerMs: number, isApart: boolean}} clock
 */
export function notices({ cannot: { command, date, schedules } }, clock) {
  const told = [];
  if (isObject(command)) {
    told.push(`Commands from this address are refused: ${errorWords(command)}. Open the page under an address of that machine, or add this name to allowed_hosts. Only reading works here`);
  }
  if (clock.isApart) {
    const way = clock.aheadOfServerMs > 0 ? "ahead of" : "behind";
    told.push(`This computer's clock is ${age(Math.abs(clock.aheadOfServerMs) / 1000)} ${way} Main Controller's. Schedules take effect by Main Controller's`);
  }
  if (isObject(schedules)) told.push(`The schedules shown are the last ones that could be read: ${errorWords(schedules)}`);
  if (isObject(date)) {
    const way = date.jumped_s > 0 ? "ahead" : "back";
    told.push(`The date of Main Controller's machine has jumped ${way} by ${age(Math.abs(date.jumped_s))}: look at it, and at the schedules`);
  }
  return told;
}

const MOST_NAMED = 3; // more would push the page from the screen

/** Lost and stale nodes whose converter was not seen to wait: the first few each as a sentence, the others counted. */
export function leftRunning(picture) {
  const all = picture.nodes.filter((node) => runningText(node) !== "");
  const told = all.slice(0, MOST_NAMED).map((node) => `${node.id} ${runningText(node)}`);
  return all.length > MOST_NAMED ? [...told, `The same of ${all.length - MOST_NAMED} more`] : told;
}

export function communityOf(picture) {
  return tally(picture.nodes.map((node) => node.community))[0]?.[0] ?? null;
}

/** The latest time of the fresh nodes, as they tell it: zoneless, and never this machine's. */
export function latestTime(picture) {
  const times = picture.nodes.filter((node) => node.state === "fresh" && node.time !== null).map((node) => node.time);
  return times.length === 0 ? null : times.reduce((a, b) => (a > b ? a : b));
}

/** How fresh the whole is. @returns {{kind: "live"|"past"|"old"|"waiting", text: string, detail: string}} */
export function freshnessSummary(picture) {
  const number = (state) => picture.nodes.filter((node) => node.state === state).length;
  const isLive = picture.old === null; // else the whole is old, which says it of every node
  const parts = [
    [isLive ? number("unconfirmed") : 0, "not confirmed"],
    [isLive ? number("stale") : 0, "stale"],
    [number("lost"), "lost"],
  ];
  const detail = parts
    .filter(([many]) => many > 0)
    .map(([many, word]) => `${many} ${word}`)
    .join(", ");
  if (picture.waiting) return { kind: "waiting", text: "Waiting for data", detail };
  const isConfirmed = picture.nodes.some((node) => node.state !== "unconfirmed");
  if (isLive && picture.nodes.length > 0 && !isConfirmed) return { kind: "waiting", text: "Not confirmed yet", detail: "" };
  if (picture.old !== null) return { kind: "old", text: picture.old.ageS === null ? "Not live" : `Not live, ${oldText(picture)}`, detail };
  const told = picture.upToS === null ? "" : `, ${upTo(picture.upToS)} old`;
  return picture.isPast ? { kind: "past", text: `Before the command${told}`, detail } : { kind: "live", text: `Live${told}`, detail };
}

/** How old a picture is that is not live; of data that were never seen to change only the least is known. */
function oldText({ old, isAgeKnown }) {
  return `${isAgeKnown ? "" : "at least "}${age(old.ageS)} old`;
}

/** The band across the picture: how old, and why; null while all is live. */
export function bandText(picture) {
  if (picture.old === null) return null;
  const { why, ageS } = picture.old;
  if (picture.waiting) return `No data yet: ${errorWords(why)}`;
  return `This picture is ${ageS === null ? "old" : oldText(picture)}: ${errorWords(why)}`;
}

/** What the texts of deals are made from: the charging nodes, and how many deals each of them has. */
export function chargingNodes(picture) {
  const wanted = new Map();
  for (const { charging } of picture.deals) wanted.set(charging, (wanted.get(charging) ?? 0) + 1);
  return new Map(picture.nodes.filter(({ id }) => wanted.has(id)).map((node) => [node.id, { node, deals: wanted.get(node.id) }]));
}

const pairs = new WeakMap(); // of a list of deals: how many there are of each pair

function pairsOf(deals) {
  if (!pairs.has(deals)) {
    const counts = new Map();
    for (const { charging, discharging } of deals) {
      const pair = JSON.stringify([charging, discharging]);
      counts.set(pair, (counts.get(pair) ?? 0) + 1);
    }
    pairs.set(deals, counts);
  }
  return pairs.get(deals);
}

/** What tells a deal from others of the same two nodes: when it began and who asked for it; else nothing. */
export function tellApart(deal, deals) {
  if ((pairsOf(deals).get(JSON.stringify([deal.charging, deal.discharging])) ?? 0) < 2) return "";
  return ` since ${nodeTime(deal.start)}, requested by ${deal.requester ?? UNKNOWN}`;
}

/**
 * One deal from the nodes' side.
 * @param {object} deal
 * @param {ReturnType<typeof chargingNodes>} nodes
 * @returns {{title, power, isOld, asked}} isOld: its power is not a live one
 */
export function dealText(deal, nodes) {
  const charging = nodes.get(deal.charging)?.node;
  const deals = nodes.get(deal.charging)?.deals ?? 0;
  const told = power(charging === undefined || charging.wg === null ? null : Math.abs(charging.wg));
  return {
    title: `${deal.charging ?? UNKNOWN} charges from ${deal.discharging ?? UNKNOWN}`,
    // One reading cannot be told apart between two deals of the same node.
    power: deals > 1 ? `${told} in ${deals} deals` : told,
    isOld: charging?.state !== "fresh" || charging.isPast,
    asked: `${deal.request ?? "Deal"} requested by ${deal.requester ?? UNKNOWN}, accepted by ${deal.responder ?? UNKNOWN}`,
  };
}
