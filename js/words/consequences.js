/** Pure: what a command would do now, in sentences for the dialog before it, and why a control is disabled. */

import { CV } from "../data/nodes.js";
import { listOf, t } from "./catalogue.js";
import { holderOf } from "./converter.js";
import { UNKNOWN, age, converterName, modeName } from "./format.js";
import { isInForce, scheduleText } from "./schedule_time.js";
import { dealTitle, tellApart } from "./summary.js";

const MOST_NAMED = 6;

/** The first few of many things. */
function named(items) {
  const more = items.length - MOST_NAMED;
  return [...items.slice(0, MOST_NAMED), ...(more > 0 ? [t("before.more", { number: more })] : [])].join(t("list.parts"));
}

/** @param {string|null} id of one node, whose deals they are */
function cutDeals({ dealsOld, areDealsKnown, deals: all }, deals, id = null) {
  if (!areDealsKnown) return t("before.deals_unknown");
  const list = named(deals.map((deal) => dealTitle(deal, tellApart(deal, all))));
  const none = id === null ? t("before.no_deal") : t("before.no_deal_of", { id });
  const cut = deals.length === 0 ? none : t("before.cuts", { count: deals.length, deals: list });
  return dealsOld ? t("list.two_sentences", { one: cut, other: t("before.deals_old", { age: age(dealsOld.ageS) }) }) : cut;
}

function dealsOf(picture, id) {
  return picture.deals.filter((deal) => deal.charging === id || deal.discharging === id);
}

const here = (picture) => picture.nodes.filter((node) => node.state !== "lost");

/** An upper bound is rounded up. */
const bound = (seconds) => age(Math.ceil(seconds));

/** How old the data of one node are. */
function nodeAgeSentence(picture, node) {
  if (node.state === "lost") return t("before.node_lost", { id: node.id });
  if (node.isPast) return t("before.node_past");
  if (node.ageS === null) return t("before.age_unknown");
  return t(picture.old !== null || node.state !== "fresh" ? "before.age_up_to" : "before.age_at_most", { age: bound(node.ageS) });
}

/** How old the data of the cluster are: as old as those of its oldest node. */
function ageSentence(picture) {
  const nodes = here(picture);
  const ages = nodes.map((node) => node.ageS).filter((ageS) => ageS !== null);
  if (picture.isPast) return t("before.cluster_past");
  const old = nodes.filter((node) => node.state !== "fresh").length;
  const isLive = old === 0 && picture.old === null;
  if (isLive && ages.length > 0) return t("before.age_at_most", { age: bound(Math.max(...ages)) });
  if (isLive) return t("before.age_unknown");
  const how = ages.length < nodes.length ? t("before.not_fresh_unknown") : t("before.not_fresh_up_to", { age: bound(Math.max(...ages)) });
  return t("before.not_fresh", { count: old, nodes: t("count.nodes", { count: nodes.length }), age: how });
}

function scheduleSentences(picture, target) {
  const schedule = picture.schedules.get(target);
  if (schedule === undefined) return [];
  return [t(isInForce(schedule) ? "before.deletes_schedule" : "before.keeps_schedule", { at: scheduleText(schedule.at) })];
}

/** A shutdown leaves schedules as they are. */
function keptSchedule(picture, target) {
  const schedule = picture.schedules.get(target);
  if (schedule === undefined) return [];
  return [t(isInForce(schedule) ? "before.keeps_schedule_in_force" : "before.keeps_schedule", { at: scheduleText(schedule.at) })];
}

function role(node) {
  const parts = [];
  if (node.isCv) parts.push(t("before.holds_bus", { id: node.id }));
  if (node.isGridMaster) parts.push(t("before.is_master", { id: node.id }));
  return parts;
}

function holding(picture) {
  const holder = holderOf(picture.nodes);
  return holder === undefined ? [] : [t("before.bus_down", { id: holder.id })];
}

const MODE_LEADS = new Map([
  ["stop", "before.force_stop"],
  ["manual", "before.manual"],
]);

/** Before a global mode: Force Stop and Manual ask, Run and Soft Stop do not. */
export function beforeGlobalMode(picture, mode) {
  const lead = MODE_LEADS.get(mode);
  if (lead === undefined) return null;
  return [t(lead), cutDeals(picture, picture.deals), ...holding(picture), ...scheduleSentences(picture, ""), ageSentence(picture)];
}

/** Before a node's local mode: Force Stop asks, and whatever goes to a lost node. */
export function beforeLocalMode(picture, node, mode) {
  if (mode !== "stop") return node.state === "lost" ? [nodeAgeSentence(picture, node)] : null;
  const counts = node.global === "autonomous" || node.global === "heteronomous";
  return [
    counts ? t("before.leaves", { id: node.id }) : t("before.local_counts_not", { mode: modeName(node.global) }),
    cutDeals(picture, dealsOf(picture, node.id), node.id),
    ...role(node),
    ...scheduleSentences(picture, node.id),
    nodeAgeSentence(picture, node),
  ];
}

/** Before the shutdown of a node, or with null of the cluster. */
export function beforeShutDown(picture, node) {
  if (node === null) {
    return [
      t("before.shut_down_all", { count: here(picture).length }),
      cutDeals(picture, picture.deals),
      ...holding(picture),
      ...keptSchedule(picture, ""),
      ageSentence(picture),
    ];
  }
  return [
    t("before.shut_down", { id: node.id }),
    cutDeals(picture, dealsOf(picture, node.id), node.id),
    ...(node.status !== null && node.status !== "0x0000" ? [t("before.converter_is", { state: converterName(node.status) })] : []),
    ...role(node),
    ...keptSchedule(picture, node.id),
    nodeAgeSentence(picture, node),
  ];
}

/** Nodes that were lost while they held the bus: nobody knows whether they still do. */
function lostHolders(picture, id) {
  const lost = picture.nodes.filter((node) => node.state === "lost" && node.id !== id && node.running?.status === CV);
  return lost.map(({ id: held }) => t("before.lost_holder", { id: held }));
}

function shortDeal({ charging, discharging }, apart) {
  return t("before.deal_from", { charging: charging ?? UNKNOWN, discharging: discharging ?? UNKNOWN, apart });
}

function stillRun(deals) {
  return t("before.still_runs", { count: deals.length, deals: named(deals.map((deal) => shortDeal(deal, tellApart(deal, deals)))) });
}

/** Before Voltage control. */
export function beforeVoltage(picture, node, { dvg, dig }) {
  const holder = holderOf(picture.nodes, node.id);
  const change = t(node.isCv ? "before.goes_on_holding" : "before.takes_bus", { id: node.id, volts: dvg, amperes: dig });
  return [
    change,
    ...(holder === undefined ? [] : [t("before.other_holder", { id: holder.id })]),
    ...lostHolders(picture, node.id),
    ...(holder === undefined || holder.state === "fresh" ? [] : [t("before.holder_old", { id: holder.id })]),
    ...(picture.deals.length === 0 ? [] : [stillRun(picture.deals)]),
    nodeAgeSentence(picture, node),
  ];
}

/** Why a node's Shut Down is disabled, and its converter control; null when not. (specification, section 4.1) */
export function whyNotManual(node) {
  if (node.state === "lost") return t("why.lost", { id: node.id });
  if (node.effective === "manual") return null;
  return node.effective === null ? t("why.mode_unknown") : t("why.mode", { mode: modeName(node.effective) });
}

/** The same for the converter: where no node tells a mode, it is enough that the cluster is not active. */
export function whyNoConverter(node, picture) {
  if (node.state === "lost" || node.effective !== null || picture.clusterActive === null) return whyNotManual(node);
  return picture.clusterActive ? t("why.active") : null;
}

/**
 * Why Main Controller would refuse what is not a stop, for a node whose clock stands; null when not. While the whole
 * picture is old nobody here knows that, and nothing is disabled for it.
 */
export function whyOldData(node, picture) {
  return node.state === "stale" && picture.old === null ? t("why.old", { id: node.id }) : null;
}

/** Why the cluster's Shut Down is disabled; null when it is not. */
export function whyNoClusterShutDown(picture) {
  const fresh = picture.nodes.filter((node) => node.state === "fresh");
  if (fresh.length === 0) return t("why.no_fresh");
  const odd = fresh.filter((node) => node.effective !== "manual");
  if (odd.length === 0) return null;
  const modes = [...new Set(odd.map((node) => modeName(node.effective)))];
  return t("why.not_all_manual", { count: odd.length, all: fresh.length, modes: listOf(modes) });
}
