/** Pure: what a command would do now, in sentences for the dialog before it, and why a control is disabled. */

import { CV } from "../data/nodes.js";
import { holderOf } from "./converter.js";
import { age, converterName, count, modeName } from "./format.js";
import { scheduleText } from "./schedule_time.js";
import { tellApart } from "./summary.js";

const MOST_NAMED = 6;

function named(items) {
  const more = items.length - MOST_NAMED;
  return items.slice(0, MOST_NAMED).join("; ") + (more > 0 ? `; and ${more} more` : "");
}

function cutDeals({ dealsOld, areDealsKnown }, deals, what) {
  if (!areDealsKnown) return "Which deals run is not known.";
  const careful = dealsOld ? ` Careful: the deals are as of ${age(dealsOld.ageS)} ago.` : "";
  if (deals.length === 0) return `No deal ${what} now.${careful}`;
  const list = named(deals.map((deal) => `${deal.charging ?? "--"} charges from ${deal.discharging ?? "--"}${tellApart(deal, deals)}`));
  return `Cuts ${count(deals.length, "deal")}: ${list}.${careful}`;
}

function dealsOf(picture, id) {
  return picture.deals.filter((deal) => deal.charging === id || deal.discharging === id);
}

const here = (picture) => picture.nodes.filter((node) => node.state !== "lost");

/** An upper bound is rounded up. */
const bound = (seconds) => age(Math.ceil(seconds));

/** How old the data of one node are. */
function nodeAgeSentence(picture, node) {
  if (node.state === "lost") return `${node.id} is lost: what it does now is not known.`;
  if (node.isPast) return "Careful: the data are from before the last command, and it may be otherwise by now.";
  if (node.ageS === null) return "Age of the data unknown.";
  return picture.old !== null || node.state !== "fresh"
    ? `Careful: the data are up to ${bound(node.ageS)} old, and it may be otherwise by now.`
    : `The data are at most ${bound(node.ageS)} old.`;
}

/** How old the data of the cluster are: as old as those of its oldest node. */
function ageSentence(picture) {
  const nodes = here(picture);
  const ages = nodes.map((node) => node.ageS).filter((ageS) => ageS !== null);
  if (picture.isPast) return "Careful: data are from before the last command, and it may be otherwise by now.";
  const old = nodes.filter((node) => node.state !== "fresh").length;
  const isLive = old === 0 && picture.old === null;
  if (isLive && ages.length > 0) return `The data are at most ${bound(Math.max(...ages))} old.`;
  if (isLive) return "Age of the data unknown.";
  const told = ages.length < nodes.length ? "how old the data are is not known" : `the data are up to ${bound(Math.max(...ages))} old`;
  return `Careful: ${old} of ${count(nodes.length, "node")} ${old === 1 ? "is" : "are"} not fresh, ${told}, and it may be otherwise by now.`;
}

function scheduleSentences(picture, target) {
  const schedule = picture.schedules.get(target);
  if (schedule === undefined) return [];
  const at = scheduleText(schedule.at);
  return schedule.state === "in force"
    ? [`Deletes the Soft Stop Schedule in force (${at}).`]
    : [`The Soft Stop Schedule of ${at} stays.`];
}

/** A shutdown leaves schedules as they are. */
function keptSchedule(picture, target) {
  const schedule = picture.schedules.get(target);
  if (schedule === undefined) return [];
  return [`The Soft Stop Schedule of ${scheduleText(schedule.at)} stays${schedule.state === "in force" ? " in force" : ""}.`];
}

function role(node) {
  const parts = [];
  if (node.isCv) parts.push(`${node.id} holds the bus voltage: the bus goes down with it.`);
  if (node.isGridMaster) parts.push(`${node.id} is the Grid Master: another node takes that over.`);
  return parts;
}

function holding(picture) {
  const holder = holderOf(picture.nodes);
  return holder === undefined ? [] : [`${holder.id} holds the bus voltage: the bus goes to 0 V.`];
}

const MODE_LEADS = new Map([
  ["stop", "Energy sharing of the whole cluster stops at once."],
  ["manual", "Automatic energy sharing ends; the converters are then controlled by hand."],
]);

/** Before a global mode: Force Stop and Manual ask, Run and Soft Stop do not. */
export function beforeGlobalMode(picture, mode) {
  const lead = MODE_LEADS.get(mode);
  if (lead === undefined) return null;
  return [lead, cutDeals(picture, picture.deals, "runs"), ...holding(picture), ...scheduleSentences(picture, ""), ageSentence(picture)];
}

/** Before a node's local mode: Force Stop asks, and whatever goes to a lost node. */
export function beforeLocalMode(picture, node, mode) {
  if (mode !== "stop") return node.state === "lost" ? [nodeAgeSentence(picture, node)] : null;
  const counts = node.global === "autonomous" || node.global === "heteronomous";
  return [
    counts
      ? `${node.id} leaves energy sharing at once.`
      : `Local Mode counts under Run and Soft Stop; the Global Mode is ${modeName(node.global)}.`,
    cutDeals(picture, dealsOf(picture, node.id), `of ${node.id} runs`),
    ...role(node),
    ...scheduleSentences(picture, node.id),
    nodeAgeSentence(picture, node),
  ];
}

/** Before the shutdown of a node, or with null of the cluster. */
export function beforeShutDown(picture, node) {
  if (node === null) {
    return [
      `The programs of all ${count(here(picture).length, "node")} stop, and apis-web with them: this page has no data afterwards, and nothing here starts them again.`,
      cutDeals(picture, picture.deals, "runs"),
      ...holding(picture),
      ...keptSchedule(picture, ""),
      ageSentence(picture),
    ];
  }
  return [
    `The program of ${node.id} stops and leaves the cluster; nothing here starts it again.`,
    cutDeals(picture, dealsOf(picture, node.id), `of ${node.id} runs`),
    ...(node.status !== null && node.status !== "0x0000" ? [`Its converter is in ${converterName(node.status)}.`] : []),
    ...role(node),
    ...keptSchedule(picture, node.id),
    nodeAgeSentence(picture, node),
  ];
}

/** Nodes that were lost while they held the bus: nobody knows whether they still do. */
function lostHolders(picture, id) {
  const lost = picture.nodes.filter((node) => node.state === "lost" && node.id !== id && node.running?.status === CV);
  return lost.map((node) => `${node.id} was lost while it held the bus voltage, and may still hold it: two must not.`);
}

/** Before Voltage control. */
export function beforeVoltage(picture, node, { dvg, dig }) {
  const holder = holderOf(picture.nodes, node.id);
  const change = node.isCv
    ? `${node.id} goes on holding the bus voltage, at ${dvg} V with at most ${dig} A.`
    : `${node.id} takes the bus to ${dvg} V and holds it there, with at most ${dig} A.`;
  return [
    change,
    ...(holder === undefined ? [] : [`${holder.id} holds the bus voltage already: two must not.`]),
    ...lostHolders(picture, node.id),
    ...(holder === undefined || holder.state === "fresh" ? [] : [`Careful: the data of ${holder.id} are old.`]),
    ...(picture.deals.length === 0 ? [] : [`${count(picture.deals.length, "deal")} still runs: ${named(picture.deals.map((deal) => `${deal.charging} from ${deal.discharging}${tellApart(deal, picture.deals)}`))}.`]),
    nodeAgeSentence(picture, node),
  ];
}

/** Why a node's Shut Down is disabled, and its converter control; null when not. (specification, section 4.1) */
export function whyNotManual(node) {
  if (node.state === "lost") return `Needs Manual mode, and ${node.id} is lost.`;
  if (node.effective === "manual") return null;
  return node.effective === null
    ? "Needs the Effective Mode Manual, and it is not known."
    : `Needs the Effective Mode Manual; it is ${modeName(node.effective)}.`;
}

/** The same for the converter: where no node tells a mode, it is enough that the cluster is not active. */
export function whyNoConverter(node, picture) {
  if (node.state === "lost" || node.effective !== null || picture.clusterActive === null) return whyNotManual(node);
  return picture.clusterActive ? "Needs a cluster that is not active; it is active." : null;
}

/**
 * Why Main Controller would refuse what is not a stop, for a node whose clock stands; null when not. While the whole
 * picture is old nobody here knows that, and nothing is disabled for it.
 */
export function whyOldData(node, picture) {
  return node.state === "stale" && picture.old === null ? `Needs live data, and those of ${node.id} are old.` : null;
}

/** Why the cluster's Shut Down is disabled; null when it is not. */
export function whyNoClusterShutDown(picture) {
  const fresh = picture.nodes.filter((node) => node.state === "fresh");
  if (fresh.length === 0) return "Needs every node in Manual, and no node is fresh.";
  const odd = fresh.filter((node) => node.effective !== "manual");
  if (odd.length === 0) return null;
  const modes = [...new Set(odd.map((node) => modeName(node.effective)))];
  return `Needs every node in Manual; ${odd.length} of ${fresh.length} report${odd.length === 1 ? "s" : ""} ${modes.join(", ")}.`;
}
