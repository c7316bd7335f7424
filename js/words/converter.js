/** Pure: what a converter is asked for, and the four Points to Note. (specification, section 4.1; contract, section 3) */

import { listOf, t } from "./catalogue.js";
import { measure } from "./format.js";
import { DECIMALS, readNumber, writeNumber } from "./numbers.js";

const STOPPED = "0x0000";
const VOLTAGE = "0x0014";
const CHARGING = "0x0041";
const DISCHARGING = "0x0002";

const ABOVE_BUS_V = 20; // a discharging converter must sit above the bus
const NEAR_SHARE = 0.02; // the bus counts as up within this share of its voltage

/** The radio that stands for a status: "stopped", "voltage", "current", or null where none does. */
export function choiceOf(status) {
  if (status === STOPPED) return "stopped";
  if (status === VOLTAGE) return "voltage";
  return status === CHARGING || status === DISCHARGING ? "current" : null;
}

/** What the Grid current field shows of a node: its limit or current in A, negative while discharging. */
export function gridCurrent({ status, dig }) {
  if (dig === null) return "";
  return writeNumber(status === DISCHARGING ? -dig : dig);
}

/**
 * The command for what the operator chose.
 * @param {"stopped"|"voltage"|"current"|null} choice
 * @param {string} currentText the Grid current field
 * @param {string} busText the Bus voltage field
 * @param {{volts: number, amperes: number}} most the highest that Main Controller sends
 * @returns {{mode: string, dvg: number, dig: number}|{error: string}}
 */
export function converterCommand(choice, currentText, busText, most) {
  if (choice === null) return { error: t("control.choose") };
  if (choice === "stopped") return { mode: STOPPED, dvg: 350, dig: 2 };
  const [current, bus] = [readNumber(currentText), readNumber(busText)];
  if (current.error !== undefined) return { error: t("control.current_no_number", { why: current.error }) };
  if (bus.error !== undefined) return { error: t("control.bus_no_number", { why: bus.error }) };
  const [currentA, busV] = [current.value, bus.value];
  if (!(busV >= 0 && busV <= most.volts)) return { error: t("control.bus_range", { most: most.volts, value: busV }) };
  if (Math.abs(currentA) > most.amperes) {
    const least = choice === "voltage" ? 0 : -most.amperes;
    return { error: t("control.current_range", { least, most: most.amperes, value: currentA }) };
  }
  if (choice === "voltage") {
    if (currentA < 0) return { error: t("control.limit") };
    return { mode: VOLTAGE, dvg: busV, dig: currentA };
  }
  if (currentA >= 0) return { mode: CHARGING, dvg: busV, dig: currentA };
  const dvg = Number((busV + ABOVE_BUS_V).toFixed(DECIMALS));
  if (dvg > most.volts) {
    return { error: t("control.above_bus", { above: ABOVE_BUS_V, most: most.volts, highest: most.volts - ABOVE_BUS_V }) };
  }
  return { mode: DISCHARGING, dvg, dig: -currentA };
}

/** What the Set button says that it will send; just "Set" where it would send nothing of what was typed. */
export function setLabel(choice, currentText) {
  if (choice === "stopped") return t("control.set_stopped");
  const { value } = readNumber(currentText);
  if (choice === null || value === undefined || (choice === "voltage" && value < 0)) return t("control.set");
  if (choice === "voltage") return t("control.set_most", { value: `${value}\u00a0A` });
  return t("control.set_current", { value: `${value < 0 ? "\u2212" : "+"}${Math.abs(value)}\u00a0A` });
}

const isCurrent = (mode) => mode === CHARGING || mode === DISCHARGING;

const here = (nodes, id) => nodes.filter((node) => node.id !== id && node.state !== "lost");

/** The node that holds the bus voltage, other than `id`; undefined where none does. */
export function holderOf(nodes, id = null) {
  const holders = here(nodes, id).filter((node) => node.isCv);
  return holders.find((node) => node.state === "fresh") ?? holders[0]; // an old reading yields to a live one
}

/** The most that the CV node may have to balance: charging nodes alone, or discharging ones, in A. */
function demand(converters) {
  const sum = (mode) => converters.reduce((total, one) => total + (one.mode === mode ? (one.dig ?? 0) : 0), 0);
  return Math.round(Math.max(sum(CHARGING), sum(DISCHARGING)) * 100) / 100;
}

function others(nodes, id) {
  return here(nodes, id).filter((node) => isCurrent(node.status)).map(({ status, dig }) => ({ mode: status, dig }));
}

function forCurrent(nodes, id, command, busV) {
  const holder = holderOf(nodes, id);
  if (holder === undefined) {
    return [t("point.cv_first")];
  }
  const broken = [];
  const targetV = holder.dvg ?? busV;
  if (holder.vg === null || Math.abs(holder.vg - targetV) > targetV * NEAR_SHARE) {
    const seen = holder.vg === null ? t("point.unknown_voltage") : measure(holder.vg, "V");
    broken.push(t("point.not_stable", { id: holder.id, target: targetV, seen }));
  }
  const sum = demand([...others(nodes, id), command]);
  if (holder.dig !== null && holder.dig <= sum) {
    broken.push(t("point.cv_current", { id: holder.id, limit: holder.dig, sum }));
  }
  return broken;
}

function forVoltage(nodes, id, command) {
  const sum = demand(others(nodes, id));
  if (command.dig > sum) return [];
  return [sum === 0 ? t("point.cv_zero") : t("point.cv_own_current", { sum, limit: command.dig })];
}

function forStop(nodes, id) {
  const running = here(nodes, id).filter((node) => isCurrent(node.status)).map((node) => node.id);
  if (!nodes.some((node) => node.id === id && node.isCv) || running.length === 0) return [];
  return [t("point.cc_first", { count: running.length, id, running: listOf(running) })];
}

/**
 * The Points to Note that a command would break, each as a sentence; none is the normal case.
 * @param {object[]} nodes of the picture
 * @param {string} id the node that is commanded
 * @param {{mode: string, dig: number}} command
 */
export function brokenPoints(nodes, id, command, busV) {
  if (isCurrent(command.mode)) return [...forStop(nodes, id), ...forCurrent(nodes, id, command, busV)];
  return command.mode === VOLTAGE ? forVoltage(nodes, id, command) : forStop(nodes, id);
}
