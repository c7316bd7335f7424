/** Pure: the cluster in a few figures and words, told from the nodes themselves. */

import { isObject } from "../data/values.js";
import { listOf, t } from "./catalogue.js";
import { holderOf } from "./converter.js";
import { errorWords } from "./errors.js";
import { UNKNOWN, age, measure, modeName, nodeTime, power, runningText, stepped } from "./format.js";

const isHere = (node) => node.state !== "lost";

/** Values by how many nodes have them, most first. */
function tally(values) {
  const counts = new Map();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}

/**
 * The global mode: one word when the nodes agree, else how many report what. It takes them some seconds to agree.
 * @returns {{word: string, detail: string, short: string, mode: string|null}} short: the detail where there is little room;
 *   mode: null while they disagree or none reports one
 */
export function modeSummary(picture) {
  const here = picture.nodes.filter(isHere);
  const counts = tally(here.map((node) => node.global));
  const all = here.length;
  if (counts.length === 0) {
    const mode = picture.clusterMode;
    const detail = t(mode === null ? "cluster.no_mode" : "cluster.told_mode");
    return { word: modeName(mode), detail, short: detail, mode };
  }
  const [mode, number] = counts[0];
  if (counts.length === 1) {
    return { word: modeName(mode), detail: t("cluster.reports", { count: number, all }), short: t("cluster.reports_short", { count: number, all }), mode };
  }
  const [word, ...others] = counts.map(([one, count]) => t("cluster.reports_mode", { count, all, mode: modeName(one) }));
  return { word, detail: listOf(others), short: listOf(others), mode: null };
}

function dealsText(count, isOld) {
  const deals = t("count.deals", { count });
  return isOld ? t("cluster.deals_old", { deals }) : deals;
}

/** Deals, and the power that flows into batteries over the bus, in words. */
export function exchangeSummary(picture) {
  const flows = picture.nodes.filter(isHere).map((node) => Math.max(0, node.wg ?? 0));
  const watts = flows.reduce((sum, value) => sum + value, 0);
  const known = !picture.waiting && picture.areDealsKnown;
  const old = Boolean(picture.dealsOld) || (picture.old !== null && !picture.waiting);
  return {
    deals: known ? dealsText(picture.deals.length, old) : t("cluster.deals_unknown"),
    // Deals are live and readings some seconds behind, and in Manual power flows without deals: it is the bus's.
    power: t("cluster.power", { power: power(picture.waiting ? null : watts) }),
    old: old || picture.isPast,
  };
}

const volts = (value) => measure(Math.round(value * 10) / 10, "V");

const past = (node) => (node.isPast ? [t("node.past")] : []);

/**
 * The voltage that the CV node measures; without one the highest that any node measures.
 * @returns {{text: string, note: string, notes: string[], old: boolean}} note, notes: in a word and in full what it is, as
 *   far as it is not the live one of the CV node; of data from before a command the note says nothing
 */
export function busSummary(picture) {
  const holder = holderOf(picture.nodes);
  const isOld = (node) => node.state !== "fresh" || node.isPast || picture.old !== null;
  if (holder !== undefined && holder.vg !== null) return { text: volts(holder.vg), note: "", notes: past(holder), old: isOld(holder) };
  const measured = picture.nodes.filter((node) => isHere(node) && node.vg !== null);
  if (measured.length === 0) return { text: `${UNKNOWN} V`, note: "", notes: [t("bus.no_proof")], old: false };
  const highest = measured.reduce((a, b) => (b.vg > a.vg ? b : a));
  const ages = measured.map((node) => node.ageS).filter((ageS) => ageS !== null);
  const note = t("bus.highest");
  const full = ages.length === 0 ? note : t("bus.highest_old", { age: stepped(Math.max(...ages, picture.upToS ?? 0)) });
  return { text: volts(highest.vg), note, notes: [full, ...past(highest), t("bus.no_proof")], old: isOld(highest) };
}

/**
 * What keeps the page from being obeyed or believed, each as a sentence.
 * @param {{aheadOfServerMs: number, isApart: boolean}} clock
 */
export function notices({ cannot: { command, date, schedules } }, clock) {
  const told = [];
  if (isObject(command)) {
    told.push(t("notice.refused", { why: errorWords(command) }));
  }
  if (clock.isApart) {
    const way = clock.aheadOfServerMs > 0 ? "notice.clock_ahead" : "notice.clock_behind";
    told.push(t(way, { age: age(Math.abs(clock.aheadOfServerMs) / 1000) }));
  }
  if (isObject(schedules)) told.push(t("notice.schedules", { why: errorWords(schedules) }));
  if (isObject(date)) {
    told.push(t(date.jumped_s > 0 ? "notice.date_ahead" : "notice.date_back", { age: age(Math.abs(date.jumped_s)) }));
  }
  return told;
}

const MOST_NAMED = 3; // more would push the page from the screen

/** Lost and stale nodes whose converter was not seen to wait: the first few each as a sentence, the others counted. */
export function leftRunning(picture) {
  const all = picture.nodes.filter((node) => runningText(node) !== "");
  const named = all.slice(0, MOST_NAMED).map((node) => t("node.running.of", { id: node.id, sentence: runningText(node) }));
  return all.length > MOST_NAMED ? [...named, t("node.running.more", { number: all.length - MOST_NAMED })] : named;
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
    [isLive ? number("unconfirmed") : 0, "unconfirmed"],
    [isLive ? number("stale") : 0, "stale"],
    [number("lost"), "lost"],
  ];
  const detail = listOf(parts.filter(([many]) => many > 0).map(([many, state]) => t("fresh.number", { number: many, state: t(`node.${state}`) })));
  if (picture.waiting) return { kind: "waiting", text: t("fresh.waiting"), detail };
  const isConfirmed = picture.nodes.some((node) => node.state !== "unconfirmed");
  if (isLive && picture.nodes.length > 0 && !isConfirmed) return { kind: "waiting", text: t("fresh.not_confirmed"), detail: "" };
  if (picture.old !== null) return { kind: "old", text: withAgeOf("fresh.not_live", "fresh.not_live_age", picture.old.ageS === null ? null : oldText(picture)), detail };
  const upTo = picture.upToS === null ? null : t("age.up_to_old", { age: stepped(picture.upToS) });
  return picture.isPast ? { kind: "past", text: withAgeOf("fresh.past", "fresh.past_age", upTo), detail } : { kind: "live", text: withAgeOf("fresh.live", "fresh.live_age", upTo), detail };
}

/** How old a picture is that is not live; of data that were never seen to change only the least is known. */
function oldText({ old, isAgeKnown }) {
  return t(isAgeKnown ? "age.old" : "age.at_least", { age: age(old.ageS) });
}

/** A text with an age, where one is known. */
function withAgeOf(key, withAge, told) {
  return told === null ? t(key) : t(withAge, { age: told });
}

/** The band across the picture: how old, and why; null while all is live. */
export function bandText(picture) {
  if (picture.old === null) return null;
  const { why, ageS } = picture.old;
  if (picture.waiting) return t("band.none", { why: errorWords(why) });
  return ageS === null ? t("band.old", { why: errorWords(why) }) : t("band.old_age", { age: oldText(picture), why: errorWords(why) });
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
  return t("deal.apart", { start: nodeTime(deal.start), requester: deal.requester ?? UNKNOWN });
}

/** "E001 charges from E002". */
export function dealTitle({ charging, discharging }, apart = "") {
  return t("deal.title", { charging: charging ?? UNKNOWN, discharging: discharging ?? UNKNOWN, apart });
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
  const flowing = power(charging === undefined || charging.wg === null ? null : Math.abs(charging.wg));
  return {
    title: dealTitle(deal),
    // One reading cannot be told apart between two deals of the same node.
    power: deals > 1 ? t("deal.power_in", { power: flowing, count: deals }) : flowing,
    isOld: charging?.state !== "fresh" || charging.isPast,
    asked: t("deal.asked", {
      request: deal.request ?? t("deal.request"),
      requester: deal.requester ?? UNKNOWN,
      responder: deal.responder ?? UNKNOWN,
    }),
  };
}
