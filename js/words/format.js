/** Pure text: numbers, ages, modes and times as the operator reads them. `--` stands for what is not known. */

import { stepOf } from "../data/ages.js";
import { decimal, hasWords, listOf, t, two } from "./catalogue.js";

export const UNKNOWN = "--";

const CONVERTERS = new Map([
  ["0x0000", "converter.stopped"],
  ["0x0014", "converter.voltage"],
  ["0x0041", "converter.current"],
  ["0x0002", "converter.current"],
]);

/** The mode in words; one that nobody knows is shown as it came. (contract, section 3b) */
export function modeName(mode) {
  if (mode === null) return UNKNOWN;
  return hasWords(`mode.${mode}`) ? t(`mode.${mode}`) : mode;
}

/** The converter's state in words; an unknown status is shown as it came. */
export function converterName(status) {
  if (status === null) return UNKNOWN;
  return CONVERTERS.has(status) ? t(CONVERTERS.get(status)) : status;
}

/** A value with its unit and at most two decimals. */
export function measure(value, unit) {
  return value === null ? UNKNOWN : `${decimal(value)} ${unit}`;
}

/** A value with its unit and, other than zero, always its sign: + is charging. */
export function signed(value, unit) {
  if (value === null) return UNKNOWN;
  const digits = decimal(value);
  return `${Number(digits) > 0 ? "+" : ""}${digits} ${unit}`;
}

/** A power without sign, in kW from 1,000 W on. */
export function power(watts) {
  if (watts === null) return UNKNOWN;
  return Math.abs(watts) >= 1000 ? measure(watts / 1000, "kW") : measure(Math.round(watts), "W");
}

export function percent(value) {
  return value === null ? UNKNOWN : `${decimal(value)} %`;
}

/** Whole percents, for the small box of the canvas. */
export function shortPercent(value) {
  return value === null ? "" : `${Math.round(value)}%`;
}

/** An age: 41 s, 5 min 03 s, 2 h 07 min, 3 d 4 h. */
export function age(seconds) {
  if (seconds === null || seconds === undefined) return UNKNOWN;
  const s = Math.max(0, Math.floor(seconds));
  if (s < 60) return t("age.seconds", { s });
  if (s < 3600) return t("age.minutes", { min: Math.floor(s / 60), s: two(s % 60) });
  if (s < 86400) return t("age.hours", { h: Math.floor(s / 3600), min: two(Math.floor((s % 3600) / 60)) });
  return t("age.days", { d: Math.floor(s / 86400), h: Math.floor((s % 86400) / 3600) });
}

/** "10 s", of an age that is told in steps. */
export function stepped(seconds) {
  return age(stepOf(seconds));
}

/** The day of a moment in the browser's time zone. */
export function day(date) {
  return t("moment.day", { year: date.getFullYear(), month: two(date.getMonth() + 1), day: two(date.getDate()) });
}

/** A moment (ISO 8601) in the browser's time zone; the date only where it is not today's. */
export function moment(iso, today = new Date()) {
  const date = iso === null || iso === undefined ? null : new Date(iso);
  if (date === null || Number.isNaN(date.getTime())) return UNKNOWN;
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return date.toDateString() === today.toDateString() ? time : t("moment.dated", { day: day(date), time });
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

const DOING = new Map([
  ["0x0014", "voltage"],
  ["0x0041", "charging"],
  ["0x0002", "discharging"],
]);

/** "lost while charging 2 A; its converter may still run", of a node that is not known to wait; else empty. */
export function runningText({ state, running }) {
  if (running === null || running === undefined) return "";
  const { status, currentA } = running;
  const doing = DOING.get(status) ?? "other";
  const isUnknown = currentA === null && (doing === "charging" || doing === "discharging");
  return t(`node.running.${doing}${isUnknown ? "_unknown" : ""}`, { state: t(`node.${state}`), current: measure(currentA, "A"), status });
}

/** "E001 : House 1". */
export function nodeName({ id, display }) {
  return t("node.name", { id, name: display ?? UNKNOWN });
}

const MARKED = new Set(["past", "unconfirmed", "stale", "lost"]);

/** What is said of how a node looks; null of one that needs no mark. */
export function lookWord(look) {
  return MARKED.has(look) ? t(`node.${look}`) : null;
}

/**
 * What to say of a node that is not fresh, else null.
 * @returns {{word: string, detail: string, short: string}|null} detail: how old, or when it was last seen; short: only that
 */
export function freshnessMark(node) {
  const word = lookWord(lookOf(node));
  if (word === null) return null;
  if (lookOf(node) === "past") return { word, detail: "", short: "" };
  if (node.state === "lost") {
    const short = moment(node.lastSeen);
    return { word, detail: t("node.last_seen", { moment: short }), short };
  }
  const short = node.ageS === null ? "" : age(node.ageS);
  return { word, detail: short === "" ? "" : t("age.old", { age: short }), short };
}

/** The mark in words: "stale, 41 s old"; "live" for a node that needs none. */
export function stateText(node) {
  const mark = freshnessMark(node);
  return mark === null ? t("node.live") : listOf([mark.word, mark.detail]);
}
