/** Pure: a row of the ledger as the operator reads it. Its texts come from outside and are only ever text. */

import { isObject } from "../data/values.js";
import { hasWords, listOf, t } from "./catalogue.js";
import { errorWords } from "./errors.js";
import { UNKNOWN, age, converterName, measure, modeName, moment } from "./format.js";
import { scheduleText } from "./schedule_time.js";

const BUDO = new Map([
  ["active", "autonomous"],
  ["quiet", "heteronomous"],
  ["stop", "stop"],
  ["manual", "manual"],
]);
const NAMED = 3; // more nodes than these are counted

/** What came of one part of Stop all. */
function said(outcome) {
  return hasWords(`stop.${outcome}`) ? t(`stop.${outcome}`) : outcome;
}

/** What came of Stop all: who did not accept, by what came of them, in as few words as can be. */
function stopAllText({ budo, nodes }) {
  const units = Object.entries(nodes);
  const parts = budo === undefined ? [] : [t("stop.budo", { outcome: said(budo) })];
  for (const outcome of ["refused", "failed", "unknown"]) {
    const some = units.filter(([, one]) => one === outcome).map(([unit]) => unit);
    if (some.length === 0) continue;
    const many = () => t("stop.of", { number: some.length, all: t("count.converters", { count: units.length }) });
    parts.push(t("stop.some", { who: some.length <= NAMED ? listOf(some) : many(), outcome: said(outcome) }));
  }
  return t("stop.not_all", { who: parts.join(t("list.parts")) });
}

/**
 * What an answer says went wrong, in words; empty where it says nothing of it.
 * @param {unknown} answer a body, or the answer that a row keeps
 * @param {{code?: string|null, params?: object}} error where the answer is only a text: its code
 */
export function answerText(answer, { code = null, params = {} } = {}) {
  if (isObject(answer) && isObject(answer.nodes) && typeof answer.error === "string") return stopAllText(answer);
  if (isObject(answer) && typeof answer.error === "string") return errorWords(answer);
  const text = typeof answer === "string" ? answer : "";
  return code === null ? text : errorWords({ code, params, error: text });
}

function current({ mode, dig }) {
  const amperes = Number(dig);
  if (mode === "0x0000" || dig === undefined || !Number.isFinite(amperes)) return null;
  const sign = mode === "0x0014" ? "" : mode === "0x0002" ? "−" : "+";
  return `${sign}${amperes}\u00a0A`;
}

function converterWords({ target: id, values }) {
  const words = { id, state: converterName(values.mode ?? null), current: current(values) };
  if (words.current === null) return t("command.converter", words);
  return t(values.mode === "0x0014" ? "command.converter_most" : "command.converter_current", words);
}

/** Stop all takes one of two ways, or both at once; what Budo left running is told to wait later. */
function wayOfStopAll({ values: { budo, waits, nodes }, answer }) {
  if (Array.isArray(nodes)) return t("command.stop_all_follow_up", { count: nodes.length });
  // Where Force Stop was not accepted the converters were told too, and the answer names them; those of lost nodes always.
  const units = isObject(answer) && isObject(answer.nodes) ? Object.keys(answer.nodes) : [];
  const lost = isObject(answer) && isObject(answer.lost) ? Object.keys(answer.lost) : [];
  const all = waits || units.length > lost.length;
  if (!budo) return t("command.stop_all_each");
  if (!all && lost.length === 0) return t("command.stop_all_budo");
  const other = all ? t("command.stop_all_each") : t("command.stop_all_lost", { count: lost.length });
  return t("command.stop_all_both", { one: t("command.stop_all_budo"), other });
}

const isOfCluster = ({ target }) => target === "";

const ASKED = {
  setOperationMode: (row) => {
    const mode = modeName(row.values.value || null);
    if (isOfCluster(row)) return t("command.global_mode", { mode });
    return t(row.values.value ? "command.local_mode" : "command.local_cleared", { id: row.target, mode });
  },
  "set/budo": ({ values }) => t("command.global_mode", { mode: modeName(BUDO.get(values.mode) ?? values.mode ?? null) }),
  "set/dcdc": converterWords,
  stopAll: (row) => t("command.stop_all_way", { way: wayOfStopAll(row) }),
  shutDown: (row) => t(isOfCluster(row) ? "command.shut_down_all" : "command.shut_down", { id: row.target }),
  flushCache: () => t("command.flush_cache"),
  upsMode: ({ values }) => t("command.ups", { mode: values.mode ?? values.n ?? UNKNOWN }),
  setSchedule: (row) => {
    const at = row.values.value ? scheduleText(row.values.value) : t("command.schedule_cleared");
    return t(isOfCluster(row) ? "command.schedule" : "command.schedule_of", { id: row.target, at });
  },
};

/** What was asked: "E003 Local Mode Soft Stop". */
export function askedWords(row) {
  const values = isObject(row.values) ? row.values : {};
  const words = Object.hasOwn(ASKED, row.command) ? ASKED[row.command] : (other) => t("command.other", other);
  return words({ ...row, values }).trim();
}

/** When it was asked, and by whom. */
export function originWords({ at, from }) {
  return t("command.from", { moment: moment(at), from: from ?? UNKNOWN });
}

const isSeen = (row) => row.state === "observed";

/** What came of it: "accepted", "refused: not in this state"; without the reason where it was seen all the same. */
export function outcomeWords(row) {
  const outcome = hasWords(`outcome.${row.outcome}`) ? t(`outcome.${row.outcome}`) : String(row.outcome);
  const isGood = row.outcome === "accepted" || row.outcome === "sending" || isSeen(row);
  const why = isGood ? "" : answerText(row.answer, row);
  return why === "" ? outcome : t("outcome.why", { outcome, why });
}

const INSTEAD = {
  global_mode: ({ mode }) => ({ mode: modeName(mode ?? null) }),
  local_mode: ({ mode }) => ({ mode: modeName(mode ?? null) }),
  converter_current: ({ status, current_a: amperes }) => ({ status: converterName(status ?? null), current: measure(amperes ?? null, "A") }),
  converter_in_mode: ({ status, mode }) => ({ status: converterName(status ?? null), mode: modeName(mode ?? null) }),
};

/** What one node shows instead of what was asked. */
function oneInstead({ node, code, params = {} }) {
  const key = code === "local_mode" && (params.mode ?? null) === null ? "no_local_mode" : code;
  if (!hasWords(`instead.${key}`)) return node;
  return t(`instead.${key}`, { node, ...(Object.hasOwn(INSTEAD, code) ? INSTEAD[code](params) : {}) });
}

/** What is seen instead: "E001: Stopped in Force Stop"; of a row of another version its own words. */
function insteadWords({ instead = [], more = 0, text = "" }) {
  if (instead.length === 0) return text;
  return listOf([...instead.map(oneInstead), more > 0 ? t("instead.more", { number: more }) : ""]);
}

/** What was seen of it: "seen after 6 s"; empty where nothing is to be seen. */
export function seenWords({ state, state_params: params = {} }) {
  if (!hasWords(`seen.${state}`)) return "";
  const afterS = typeof params.after_s === "number" ? Math.max(0, Math.round(params.after_s)) : null;
  return t(`seen.${state}`, { age: age(afterS), by: params.by, instead: state === "not_taken" ? insteadWords(params) : "" });
}

const UNSETTLED = new Set(["sending", "watching", "waiting_for_data"]);
const BAD = new Set(["not_taken", "given_up"]);

/** Whether a row will change no more. */
export function isSettled(row) {
  return !UNSETTLED.has(row.state);
}

/** @returns {"waiting"|"good"|"bad"|"plain"} how a row stands, for its mark */
export function standing(row) {
  if (BAD.has(row.state)) return "bad";
  if (isSeen(row)) return "good";
  if (row.outcome === "sending") return "waiting";
  if (row.outcome !== "accepted") return "bad";
  if (!isSettled(row)) return "waiting";
  return row.state === "superseded" ? "plain" : "good";
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
  if (!isSeen(row) || !Object.hasOwn(SHOWN, row.command)) return true;
  return SHOWN[row.command]({ ...row, values: isObject(row.values) ? row.values : {} }, picture);
}

/** A sign beside the colour. */
export function mark(kind) {
  return MARKS[kind];
}

/** Outcome and what was seen, in one line. */
export function progressWords(row) {
  return listOf([outcomeWords(row), seenWords(row)]);
}
