/** Pure: a row of the ledger as the operator reads it. Its texts come from outside and are only ever text. */

import { UNKNOWN, converterName, count, modeName, moment } from "./format.js";
import { scheduleText } from "./schedule_time.js";

const BUDO = new Map([
  ["active", "autonomous"],
  ["quiet", "heteronomous"],
  ["stop", "stop"],
  ["manual", "manual"],
]);
const LONGEST = 400;

const isObject = (value) => value !== null && typeof value === "object";

const ISO_TIME = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g;
const FOR_SCRIPTS = "; force=true sends all the same";

const QUOTED = /'(autonomous|heteronomous|stop|manual|none|unknown|0x[0-9a-f]{4}|\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d))'/g;

/** A quoted value as the screen says it. */
function shownValue(_, value) {
  if (value === "none") return value;
  if (value === "unknown") return "not known";
  if (value.startsWith("0x")) return converterName(value);
  return /^\d/.test(value) ? scheduleText(value) : modeName(value);
}

/** A sentence of Main Controller for the operator: times and modes as on the screen, nothing that only scripts can do. */
export function operatorText(text) {
  return text.replaceAll(FOR_SCRIPTS, "").replace(QUOTED, shownValue).replace(ISO_TIME, (iso) => moment(iso));
}

const CAME_TO = new Map([
  ["accepted", "accepted"],
  ["refused", "refused"],
  ["failed", "not reached"],
  ["unknown", "no answer, may have taken effect"],
]);
const NAMED = 3; // more nodes than these are counted

/** What came of Stop all: who did not accept, by what came of them, in as few words as can be. */
function stopAllText(answer) {
  const { budo, nodes } = answer;
  const units = Object.entries(nodes);
  const told = budo === undefined ? [] : [`Force Stop ${CAME_TO.get(budo) ?? budo}`];
  for (const [outcome, words] of CAME_TO) {
    const some = units.filter(([, one]) => one === outcome).map(([unit]) => unit);
    if (some.length === 0 || outcome === "accepted") continue;
    const who = some.length <= NAMED ? some.join(", ") : `${some.length} of ${count(units.length, "converter")}`;
    told.push(`${who}: ${words}`);
  }
  const lost = lostWords(answer);
  return `NOT all stopped. ${told.join("; ")}${lost === "" ? "" : `. ${lost}`}`;
}

/** What the converters of lost nodes said to Stop all: "E004: its converter itself answered: it waits". */
export function lostWords(answer) {
  if (!isObject(answer) || !isObject(answer.lost)) return "";
  return Object.entries(answer.lost).map(([unit, words]) => `${unit}: ${operatorText(String(words))}`).join("; ");
}

/** What an answer says, as text: its error where it has one. */
export function answerText(answer) {
  if (answer === null || answer === undefined) return "";
  if (typeof answer === "string") return operatorText(answer);
  if (isObject(answer.nodes) && typeof answer.error === "string") return stopAllText(answer);
  if (isObject(answer) && typeof answer.error === "string") return operatorText(answer.error);
  return JSON.stringify(answer).slice(0, LONGEST);
}

function current({ mode, dig }) {
  const amperes = Number(dig);
  if (mode === "0x0000" || dig === undefined || !Number.isFinite(amperes)) return "";
  if (mode === "0x0014") return `, at most ${amperes}\u00a0A`;
  return ` ${mode === "0x0002" ? "−" : "+"}${amperes}\u00a0A`;
}

function localMode(value) {
  return value ? modeName(value) : "cleared";
}

/** Stop all takes one of two ways, or both at once; what Budo left running is told to wait later. */
function wayOfStopAll({ values: { budo, waits, nodes }, answer }) {
  if (Array.isArray(nodes)) return `follow-up: ${count(nodes.length, "converter")} told to wait`;
  // Where Force Stop was not accepted the converters were told too, and the answer names them; those of lost nodes always.
  const units = isObject(answer) && isObject(answer.nodes) ? Object.keys(answer.nodes) : [];
  const lost = isObject(answer) && isObject(answer.lost) ? Object.keys(answer.lost) : [];
  const all = waits || units.length > lost.length;
  const some = lost.length === 0 ? "" : `${count(lost.length, "converter")} of lost nodes told to wait`;
  const ways = [budo ? "by Force Stop of the cluster" : "", budo && !all ? some : "each converter told to wait"];
  return ways.filter(Boolean).join(" and ");
}

const ASKED = {
  setOperationMode: ({ target, values }) =>
    target ? `${target} Local Mode ${localMode(values.value)}` : `Global Mode ${modeName(values.value ?? null)}`,
  "set/budo": ({ values }) => `Global Mode ${modeName(BUDO.get(values.mode) ?? values.mode ?? null)}`,
  "set/dcdc": ({ target, values }) => `${target} ${converterName(values.mode ?? null)}${current(values)}`,
  stopAll: (row) => `Stop all, ${wayOfStopAll(row)}`,
  shutDown: ({ target }) => (target ? `${target} Shut Down` : "Shut Down of the whole cluster"),
  flushCache: () => "Flush cache",
  upsMode: ({ values }) => `UPS mode ${values.mode ?? values.n ?? UNKNOWN}`,
  setSchedule: ({ target, values }) =>
    `${target || "Global"} Soft Stop Schedule ${values.value ? scheduleText(values.value) : "cleared"}`,
};

/** What was asked: "E003 Local Mode Soft Stop". */
export function askedWords(row) {
  const values = isObject(row.values) ? row.values : {};
  const words = Object.hasOwn(ASKED, row.command) ? ASKED[row.command] : ({ command, target }) => `${command} ${target}`;
  return words({ ...row, values }).trim();
}

const OUTCOMES = new Map([
  ["sending", "asked, no answer yet"],
  ["accepted", "accepted"],
  ["refused", "refused"],
  ["failed", "failed, nothing was sent"],
  ["unknown", "may have taken effect"],
  ["partial", "accepted by some only"],
]);

/** What came of it: "accepted", "refused: not in this state"; without the reason where it was seen all the same. */
export function outcomeWords(row) {
  const word = OUTCOMES.get(row.outcome) ?? row.outcome;
  const isGood = row.outcome === "accepted" || row.outcome === "sending" || row.observed === "observed";
  const told = isGood ? "" : answerText(row.answer);
  return told ? `${word}: ${told}` : word;
}

function seconds(value) {
  return typeof value === "number" ? `${Math.max(0, Math.round(value))}\u00a0s` : UNKNOWN;
}

/** What is seen instead: "E001: 0x0000 in stop" in the words of the screen. */
function insteadWords(text) {
  return text
    .replace(/(?<=: )0x[0-9a-f]{4}(?=,| in |$)/g, (status) => converterName(status))
    .replace(/(?<=: |, | in )(autonomous|heteronomous|stop|manual)(?=,|$)/g, (mode) => modeName(mode));
}

/** What was seen of it: "seen after 6 s"; empty where nothing is to be seen. */
export function seenWords(row) {
  const { observed } = row;
  if (typeof observed !== "string") return "";
  if (observed === "watching") return "waiting to see it";
  if (observed === "waiting for data") return "waiting for data";
  if (observed === "observed") return `seen after ${seconds(row.observed_after_s)}`;
  if (observed.startsWith("not taken")) return `but not applied; observed instead: ${insteadWords(observed.replace(/^not taken: */, ""))}`;
  return observed.startsWith("superseded by") ? observed.replace("superseded by", "superseded by command") : observed;
}

/** Whether a row will change no more. */
export function isSettled(row) {
  if (row.outcome === "sending") return false;
  return row.observed !== "watching" && row.observed !== "waiting for data";
}

/** @returns {"waiting"|"good"|"bad"|"plain"} how a row stands, for its mark */
export function standing(row) {
  if (typeof row.observed === "string" && row.observed.startsWith("not taken")) return "bad";
  if (row.observed === "observed") return "good";
  if (row.outcome === "sending") return "waiting";
  if (row.outcome !== "accepted") return "bad";
  if (row.observed === "watching" || row.observed === "waiting for data") return "waiting";
  return row.observed === null || row.observed === undefined ? "good" : "plain";
}

const MARKS = { waiting: "…", good: "✓", bad: "✗", plain: "–", unclear: "?" };

const freshOf = (picture, id = "") => picture.nodes.filter((node) => node.state === "fresh" && (id === "" || node.id === id));

/** The mode that all fresh nodes agree on, as Main Controller compares it; "unknown" while they do not. */
export function globalModeOf(picture) {
  const modes = new Set(freshOf(picture).map((node) => node.global));
  modes.delete(null);
  return modes.size === 1 ? [...modes][0] : "unknown";
}

const SHOWN = {
  setOperationMode: ({ target, values }, picture) =>
    freshOf(picture, target).every((node) => (target ? (node.local ?? "") === (values.value || "") : node.global === values.value)),
  "set/budo": ({ values }, picture) => freshOf(picture).every((node) => node.global === BUDO.get(values.mode)),
  "set/dcdc": ({ target, values }, picture) => freshOf(picture, target).every((node) => node.status === values.mode),
  stopAll: (_, picture) => freshOf(picture).every((node) => node.status === "0x0000"),
  shutDown: ({ target }, picture) => freshOf(picture, target).length === 0,
};

function isStillSet({ target, values }, picture) {
  const at = picture.schedules.get(target)?.at ?? null;
  const set = values?.value ?? null;
  return at === null || set === null ? at === set : Date.parse(at) === Date.parse(set);
}

/** Whether what was seen of a command is still so: a report that says otherwise under a changed picture would lie. */
export function isStillSo(row, picture) {
  if (row.command === "setSchedule" && row.outcome === "accepted") return isStillSet(row, picture);
  if (row.observed !== "observed" || !Object.hasOwn(SHOWN, row.command)) return true;
  return SHOWN[row.command]({ ...row, values: isObject(row.values) ? row.values : {} }, picture);
}

/** A sign beside the colour. */
export function mark(kind) {
  return MARKS[kind];
}

/** Outcome and what was seen, in one line. */
export function progressWords(row) {
  return [outcomeWords(row), seenWords(row)].filter(Boolean).join(", ");
}
