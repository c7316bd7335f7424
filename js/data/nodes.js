/**
 * Pure readers of one node's data, as apis-web sends it. Any section or field may be missing, null, or a number
 * in a string; every such oddity is settled here, once. (contract, sections 2 and 3b)
 */

import { isObject, seconds, textOrNull } from "./values.js";

export const CV = "0x0014";
export const WAIT = "0x0000";

const NUMBER = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?$/;

/** A finite number from a number or a string that holds one, else null. */
export function number(value) {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value !== "string" || !NUMBER.test(value.trim())) return null;
  const parsed = Number(value);
  return Number.isFinite(parsed) ? parsed : null;
}

/** A text that says something, without the blanks around it, else null. A number counts as its text. */
export function text(value) {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.trim() : null;
}

/** The value at a path of own keys, undefined where any step is missing. */
function at(root, ...path) {
  let value = root;
  for (const key of path) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

const STATUS = /^(?:0x[0-9a-f]{1,8}|[0-9]{1,10})$/;

const statusOf = (value) => `0x${value.toString(16).padStart(4, "0")}`;

/** The converter's status as "0x0014", however it came: in capitals, with blanks, as a number or its digits. */
function converterStatus(value) {
  if (Number.isInteger(value) && value >= 0) return statusOf(value);
  const status = text(value)?.trim().toLowerCase() ?? null;
  return status !== null && STATUS.test(status) ? statusOf(Number(status)) : status;
}

/** Local counts only while the cluster shares energy. (contract, section 2) */
function effectiveMode(reported, global, local) {
  if (reported !== null) return reported;
  return local !== null && (global === "autonomous" || global === "heteronomous") ? local : global;
}

/** What a section tells of an error: a text, or a thing as JSON; null where there is none. */
function trouble(value) {
  if (value === null || value === undefined || value === false || value === "" || value === 0) return null;
  return text(value) ?? JSON.stringify(value);
}

/**
 * One node as the page needs it. Powers in W, + charging; currents in A; voltages in V; rsoc in %; null where unknown.
 * @param {string} id
 * @param {unknown} raw the node's object of /get/logInfo
 */
export function readNode(id, raw) {
  const global = text(at(raw, "apis", "operation_mode", "global"));
  const local = text(at(raw, "apis", "operation_mode", "local"));
  const status = converterStatus(at(raw, "dcdc", "status", "status"));
  const master = at(raw, "apis", "is_grid_master");
  return {
    id,
    display: text(at(raw, "oesunit", "display")),
    ip: text(at(raw, "oesunit", "ip")),
    community: text(at(raw, "oesunit", "communityId")),
    time: text(at(raw, "time")),
    global,
    local,
    effective: effectiveMode(text(at(raw, "apis", "operation_mode", "effective")), global, local),
    isGridMaster: master === true || master === "true",
    status,
    isCv: status === CV,
    // A hardware emulator without apis sends no battery section; its emu knows the charge.
    rsoc: number(at(raw, "battery", "rsoc")) ?? number(at(raw, "emu", "rsoc")),
    pv: number(at(raw, "emu", "pvc_charge_power")),
    mains: number(at(raw, "dcdc", "powermeter", "p2")),
    load: number(at(raw, "emu", "ups_output_power")),
    wg: number(at(raw, "dcdc", "meter", "wg")),
    ig: number(at(raw, "dcdc", "meter", "ig")),
    vg: number(at(raw, "dcdc", "meter", "vg")),
    wb: number(at(raw, "dcdc", "meter", "wb")),
    ib: number(at(raw, "dcdc", "meter", "ib")),
    vb: number(at(raw, "dcdc", "meter", "vb")),
    dig: number(at(raw, "dcdc", "param", "dig")),
    dvg: number(at(raw, "dcdc", "vdis", "dvg")),
    chargeDischarge: number(at(raw, "emu", "charge_discharge_power")),
    demand: number(at(raw, "dcdc", "powermeter", "p1")),
    converterError: trouble(at(raw, "dcdc", "error")),
    emuError: trouble(at(raw, "emu", "error")),
  };
}

/** What a converter did when it was known last, as the server tells it of a node that is lost or stale; else null. */
export function runningOf(told) {
  return isObject(told) ? { status: textOrNull(told.status), currentA: seconds(told.current_a) } : null;
}

/** The same as the page itself knows it, while the server does not answer. */
export function leftRunning({ status, ig }) {
  return status === null || status === WAIT ? null : { status, currentA: ig };
}

/**
 * One deal with the key that tells it from every other: deals carry no id. (contract, section 2)
 * @param {unknown} raw one entry of /get/dealsInfo
 */
function readDeal(raw) {
  const deal = {
    charging: text(at(raw, "chargingUnit")),
    discharging: text(at(raw, "dischargingUnit")),
    requester: text(at(raw, "requester")),
    responder: text(at(raw, "responder")),
    request: text(at(raw, "request")),
    start: text(at(raw, "startTime")),
    isMaster: at(raw, "isMasterDeal") === true || at(raw, "isMasterDeal") === "true",
  };
  return { key: JSON.stringify([deal.charging, deal.discharging, deal.requester, deal.start]), ...deal };
}

/** Deals from a body; entries that are no objects say nothing, equal keys are numbered. */
export function readDeals(body) {
  const seen = new Map();
  return (Array.isArray(body) ? body : [])
    .filter((raw) => raw !== null && typeof raw === "object")
    .map((raw) => {
      const deal = readDeal(raw);
      const count = (seen.get(deal.key) ?? 0) + 1;
      seen.set(deal.key, count);
      if (count > 1) deal.key += `#${count}`;
      return deal;
    });
}

/** The ids of all nodes that deal. */
export function dealersOf(deals) {
  return new Set(deals.flatMap(({ charging, discharging }) => [charging, discharging]).filter((id) => id !== null));
}

const collator = new Intl.Collator("en", { numeric: true });

/** Ids in the order people count: E2 before E10. */
export function byId(a, b) {
  return collator.compare(a, b) || (a < b ? -1 : Number(a > b));
}
