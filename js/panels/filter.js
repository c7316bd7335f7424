/** Pure: which nodes block 3 shows, and in which order; and both as the address bar keeps them. */

import { byId, dealersOf } from "../data/nodes.js";

export const MODES = ["autonomous", "heteronomous", "stop", "manual"];
export const FLAGS = ["deal", "old", "master", "cv"];
const SORTS = ["id", "name", "charge", "power", "state"];

export const EVERYTHING = Object.freeze({ text: "", mode: "", flags: [], sort: "id" });

/** Nodes in the order of how much they need an eye. */
const STATES = ["lost", "stale", "unconfirmed", "fresh"];

const here = (node) => node.state !== "lost";

/** Tests by flag. @returns {Record<string, (node: object) => boolean>} */
function tests(deals) {
  const inDeal = dealersOf(deals);
  return {
    deal: (node) => inDeal.has(node.id),
    old: (node) => node.state === "stale" || node.state === "lost",
    master: (node) => node.isGridMaster && here(node),
    cv: (node) => node.isCv && here(node),
  };
}

const nameless = "\uffff"; // after all names
const orders = {
  id: (a, b) => byId(a.id, b.id),
  name: (a, b) => byId(a.display ?? nameless, b.display ?? nameless),
  charge: (a, b) => (a.rsoc ?? Infinity) - (b.rsoc ?? Infinity) || 0,
  power: (a, b) => Math.abs(b.wg ?? 0) - Math.abs(a.wg ?? 0),
  state: (a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state),
};

/** The nodes of a picture that a filter lets through, in its order. */
export function filtered({ nodes, deals }, { text, mode, flags, sort }) {
  const test = tests(deals);
  const wanted = text.trim().toLowerCase();
  const passes = (node) =>
    (wanted === "" || node.id.toLowerCase().includes(wanted) || (node.display ?? "").toLowerCase().includes(wanted)) &&
    (mode === "" || node.effective === mode) &&
    flags.every((flag) => test[flag](node));
  const passed = nodes.filter(passes); // which are in the order of their ids
  return sort === "id" ? passed : passed.toSorted((a, b) => orders[sort](a, b) || orders.id(a, b));
}

/** How many nodes each flag would show by itself. */
export function flagCounts({ nodes, deals }) {
  const test = tests(deals);
  return Object.fromEntries(FLAGS.map((flag) => [flag, nodes.filter(test[flag]).length]));
}

/** The part of the address after #; empty when nothing is filtered and no node is open. */
export function toHash({ text, mode, flags, sort }, open) {
  const kept = new URLSearchParams();
  if (text !== "") kept.set("find", text);
  if (mode !== "") kept.set("mode", mode);
  if (flags.length > 0) kept.set("only", flags.join());
  if (sort !== EVERYTHING.sort) kept.set("sort", sort);
  if (open !== null) kept.set("node", open);
  const words = kept.toString();
  return words === "" ? "" : `#${words}`;
}

/** What an address keeps; anything that nobody knows is left out. @returns {{filter: object, open: string|null}} */
export function fromHash(hash) {
  const kept = new URLSearchParams(hash.replace(/^#/, ""));
  const one = (name, allowed, otherwise) => (allowed.includes(kept.get(name)) ? kept.get(name) : otherwise);
  const asked = (kept.get("only") ?? "").split(",");
  const filter = {
    text: (kept.get("find") ?? "").slice(0, 200),
    mode: one("mode", MODES, ""),
    flags: FLAGS.filter((flag) => asked.includes(flag)),
    sort: one("sort", SORTS, EVERYTHING.sort),
  };
  return { filter, open: kept.get("node") };
}
