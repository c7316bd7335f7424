/** Pure text: numbers, ages, modes and times as the operator reads them. `--` stands for what is not known. */

import { stepOf } from "../data/ages.js";

export const UNKNOWN = "--";

const MODES = new Map([
  ["autonomous", "Run"],
  ["heteronomous", "Soft Stop"],
  ["stop", "Force Stop"],
  ["manual", "Manual"],
]);

const CONVERTERS = new Map([
  ["0x0000", "Stopped"],
  ["0x0014", "Voltage control"],
  ["0x0041", "Current control"],
  ["0x0002", "Current control"],
]);

/** The mode in words; one that nobody knows is shown as it came. (contract, section 3b) */
export function modeName(mode) {
  return mode === null ? UNKNOWN : (MODES.get(mode) ?? mode);
}

/** The converter's state in words; an unknown status is shown as it came. */
export function converterName(status) {
  return status === null ? UNKNOWN : (CONVERTERS.get(status) ?? status);
}

function rounded(value) {
  return String(Math.round(value * 100) / 100 + 0); // + 0 turns -0 into 0
}

/** A value with its unit and at most two decimals. */
export function measure(value, unit) {
  return value === null ? UNKNOWN : `${rounded(value)} ${unit}`;
}

/** A value with its unit and, other than zero, always its sign: + is charging. */
export function signed(value, unit) {
  if (value === null) return UNKNOWN;
  const digits = rounded(value);
  return `${Number(digits) > 0 ? "+" : ""}${digits} ${unit}`;
}

/** A power without sign, in kW from 1,000 W on. */
export function power(watts) {
  if (watts === null) return UNKNOWN;
  return Math.abs(watts) >= 1000 ? measure(watts / 1000, "kW") : measure(Math.round(watts), "W");
}

export function percent(value) {
  return value === null ? UNKNOWN : `${rounded(value)} %`;
}

/** Whole percents, for the small box of the canvas. */
export function shortPercent(value) {
  return value === null ? "" : `${Math.round(value)}%`;
}

const two = (value) => String(value).padStart(2, "0");

/** An age: 41 s, 5 min 03 s, 2 h 07 min, 3 d 4 h. */
export function age(seconds) {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`;
}

/** "up to 10 s". */
export function upTo(seconds) {
  return `up to ${age(stepOf(seconds))}`;
}

/** A moment (ISO 8601) in the browser's time zone; the date only where it is not today's. */
export function moment(iso, today = new Date()) {
  const date = iso === null || iso === undefined ? null : new Date(iso);
  if (date === null || Number.isNaN(date.getTime())) return UNKNOWN;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() === today.toDateString()) return clock;
  return `${date.getFullYear()}/${two(date.getMonth() + 1)}/${two(date.getDate())} ${clock}`;
}

const NODE_TIME = /^(\d{4})\/(\d{2})\/(\d{2})-(\d{2}):(\d{2}):(\d{2})$/;

/** A node's own time, shown as it is: 2020/01/01-00:47:10 as 2020/01/01 00:47:10. */
export function nodeTime(value) {
  if (value === null) return UNKNOWN;
  return NODE_TIME.test(value) ? value.replace("-", " ") : value;
}

/** The short form for the canvas: 1/1 00:47. */
export function shortNodeTime(value) {
  const parts = value === null ? null : NODE_TIME.exec(value);
  if (parts === null) return value === null ? UNKNOWN : value;
  return `${Number(parts[2])}/${Number(parts[3])} ${parts[4]}:${parts[5]}`;
}

/** `1 deal`, `2 deals`. */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** A text cut in its middle, so that ids with a common beginning stay apart. */
export function shorten(text, length) {
  const characters = [...text];
  if (characters.length <= length) return text;
  const tail = Math.floor((length - 1) / 2);
  return `${characters.slice(0, length - 1 - tail).join("")}…${tail ? characters.slice(-tail).join("") : ""}`;
}

/** How a node looks: its state, or "past" for one whose data are from before a command. */
export function lookOf(node) {
  return node.state === "fresh" && node.isPast ? "past" : node.state;
}

/** What a node's converter was seen to do last, in words; null where it waited, or nobody knows. */
function doingWords({ running }) {
  if (running === null || running === undefined) return null;
  const amperes = running.currentA === null ? "" : ` ${rounded(running.currentA)} A`;
  if (running.status === "0x0014") return "holding the bus voltage";
  if (running.status === "0x0041") return `charging${amperes}`;
  return running.status === "0x0002" ? `discharging${amperes}` : `its converter was in ${running.status}`;
}

/** "lost while charging 2 A; its converter may still run", of a node that is not known to wait; else empty. */
export function runningText(node) {
  const doing = doingWords(node);
  return doing === null ? "" : `${node.state} while ${doing}; its converter may still run`;
}

/** "E001 : House 1". */
export function nodeName({ id, display }) {
  return `${id} : ${display ?? UNKNOWN}`;
}

const MARKS = new Map([
  ["past", "before the command"],
  ["unconfirmed", "not confirmed"],
  ["stale", "stale"],
  ["lost", "lost"],
]);

/**
 * What to say of a node that is not fresh, else null.
 * @returns {{word: string, detail: string, short: string}|null} detail: how old, or when it was last seen; short: only that
 */
export function freshnessMark(node) {
  const word = MARKS.get(lookOf(node));
  if (word === undefined) return null;
  if (lookOf(node) === "past") return { word, detail: "", short: "" };
  if (node.state === "lost") {
    const short = moment(node.lastSeen);
    return { word, detail: `last seen ${short}`, short };
  }
  const short = node.ageS === null ? "" : age(node.ageS);
  return { word, detail: short === "" ? "" : `${short} old`, short };
}

/** The mark in words: "stale, 41 s old"; "live" for a node that needs none. */
export function stateText(node) {
  const mark = freshnessMark(node);
  return mark === null ? "live" : [mark.word, mark.detail].filter(Boolean).join(", ");
}
