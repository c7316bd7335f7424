/**
 * Commands: sent once, never again; then followed in the ledger until they were seen or not. What went wrong is
 * told as it came. (contract, section 4)
 */

import { getJson } from "../data/api.js";
import { setBusy } from "../ui/buttons.js";
import { listOf, t } from "../words/catalogue.js";
import { answerText, askedWords, isSettled, mark, progressWords, seenWords, standing } from "../words/command_words.js";
import { noteWords } from "../words/errors.js";

const TIMEOUT_MS = 30_000;
const SHORTEST_BUSY_MS = 700; // the second press of a double click is not a second command
const FOLLOW_EVERY_MS = 1000;
const FOLLOW_AT_MOST = 900;
const NOTED_AFTER_MS = 150;
const LOOK_UPS = 60;
const LOOKED_ENOUGH = 5; // a request that a proxy let go of may still be on its way
const NOT_FOUND = 404;

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Whoever wants to know that a command was sent or that its row has changed. */
const listeners = [];

export function onCommand(listener) {
  listeners.push(listener);
}

function changed() {
  for (const listener of listeners) listener();
}

/** A path below the page: steps are escaped, so that no id can change where it leads. */
export function path(...steps) {
  return steps.map((step) => encodeURIComponent(step)).join("/");
}

/** An id of this page's own for a command, by which it is found in the ledger when no answer came. */
function newKey() {
  // Not randomUUID, which a page at a plain-HTTP name has not.
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function readObject(response) {
  try {
    const body = JSON.parse(await response.text());
    return body !== null && typeof body === "object" && !Array.isArray(body) ? body : null;
  } catch {
    return null;
  }
}

const unclear = (why) => t("report.no_answer_why", { why });

/** What an answer says. Only Main Controller's own counts: a proxy's sign-in page or its 504 says nothing of the command. */
async function readAnswer(response) {
  const body = response.type === "opaqueredirect" ? null : await readObject(response);
  const id = response.headers.get("X-Command-Id");
  if (body !== null && id !== null) {
    return response.ok ? { ok: true, isClear: true, id, body, text: "" } : { ok: false, isClear: true, id, body, text: answerText(body) };
  }
  if (body !== null && response.headers.get("X-Not-Sent") !== null) {
    return { ok: false, isClear: true, id: null, body, text: t("report.not_sent", { why: answerText(body) }) };
  }
  const { status } = response;
  const what = response.type === "opaqueredirect" ? t("report.redirect") : t("error.page_status", { status });
  return { ok: false, isClear: false, id: null, body: null, text: unclear(t("report.other_answered", { what })) };
}

/**
 * Send one command.
 * @param {string} where relative path
 * @param {Record<string, string|number>} parameters
 * @returns {Promise<{ok: boolean, isClear: boolean, id: string|null, body: object|null, text: string, key: string}>}
 *   isClear: Main Controller itself answered; text: what went wrong; key: finds it in the ledger
 */
export async function send(where, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  const key = newKey();
  const noted = setTimeout(changed, NOTED_AFTER_MS); // what is shown is from before it as soon as it is under way
  try {
    const response = await fetch(query === "" ? where : `${where}?${query}`, {
      method: "POST",
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest", "X-Command-Key": key },
      cache: "no-store",
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { ...(await readAnswer(response)), key };
  } catch (error) {
    const isLate = error.name === "TimeoutError";
    const why = isLate ? t("report.within", { seconds: TIMEOUT_MS / 1000 }) : t("error.page_no_connection");
    return { ok: false, isClear: false, id: null, body: null, text: unclear(why), key };
  } finally {
    clearTimeout(noted);
    changed();
  }
}

/**
 * Look a command up in the ledger, of which no clear answer came.
 * @returns {Promise<object|null|undefined>} its row; null when Main Controller has none; undefined when it does not say
 */
export async function lookUp(key, round = 0, misses = 0) {
  if (round >= LOOK_UPS) return undefined;
  let missed = misses;
  try {
    const rows = await getJson(`commands?key=${key}`);
    const row = Array.isArray(rows) ? rows[0] : null;
    if (row !== null && row !== undefined && row.outcome !== "sending") return row;
    if (row === undefined) missed += 1;
    if (missed >= LOOKED_ENOUGH) return null;
  } catch {
    // Not reached either: again in a moment.
  }
  await pause(FOLLOW_EVERY_MS);
  return lookUp(key, round + 1, missed);
}

/** Read a row every second until it changes no more, or somebody else writes to where it is told. */
async function follow(id, told, round = 0) {
  const { isCurrent, onRow, onNone } = told;
  if (round >= FOLLOW_AT_MOST || !isCurrent()) return;
  try {
    const row = await getJson(path("commands", id));
    onRow(row);
    if (isSettled(row)) return;
  } catch (error) {
    if (error.status === NOT_FOUND) return void onNone(); // no such row, and there never will be
  }
  setTimeout(() => follow(id, told, round + 1), FOLLOW_EVERY_MS);
}

function line(kind, title, parts) {
  return t("report.line", { sign: mark(kind), title, said: listOf(parts) });
}

/**
 * Send a command for a button, and tell beside it what becomes of it.
 * @param {{button: Element, report: import("../ui/buttons.js").Report, title: string, where: string, parameters?: object}} what
 * @returns {Promise<Awaited<ReturnType<typeof send>>>} as soon as it was answered
 */
export async function perform({ button, report, title, where, parameters }) {
  const progress = report.begin();
  setBusy(button, true);
  progress.tell("waiting", line("waiting", title, [t("report.asked")]));
  const rested = pause(SHORTEST_BUSY_MS);
  const answer = await send(where, parameters);
  rested.then(() => setBusy(button, false));
  if (answer.isClear) tellAnswer(progress, title, answer);
  else tellLookUp(progress, title, answer);
  return answer;
}

/** What Main Controller answered, and then what is seen of it. */
function tellAnswer(progress, title, answer) {
  const show = (kind, { name = title, seen = "", isSeen = false } = {}) => {
    const notes = noteWords(answer.body.notes); // a schedule that it has deleted, what had changed, what lost nodes' converters said
    const accepted = isSeen ? [seen, ...notes] : [t("outcome.accepted"), seen, ...notes];
    // Once it was seen, nobody needs to read why there was no answer.
    const other = isSeen ? [t("report.no_clear_answer"), seen] : [answer.text, seen, ...notes];
    progress.tell(kind, line(kind, name, answer.ok ? accepted : other));
  };
  const came = answer.ok ? "good" : "bad";
  show(answer.ok && answer.id !== null ? "waiting" : came); // its row tells whether there is anything to be seen
  if (answer.id === null) return;
  const onRow = (row) => {
    const isSeen = row.state === "observed"; // which says that it was accepted too
    const name = row.command === "stopAll" ? askedWords(row) : title; // which way it took is the server's choice
    show(answer.ok || isSeen ? standing(row) : "bad", { name, seen: seenWords(row), isSeen });
    if (!isSettled(row)) return;
    progress.settle(row);
    changed();
  };
  follow(answer.id, { isCurrent: progress.isCurrent, onRow, onNone: () => show(came) });
}

/** No clear answer came: amber, until the ledger says what became of it. */
async function tellLookUp(progress, title, { key, text }) {
  const tell = (kind, words) => progress.tell(kind, line(kind, title, [words]));
  tell("unclear", t("report.looking", { what: text }));
  const row = await lookUp(key);
  changed();
  if (row === null) return tell("bad", t("report.no_record"));
  if (row === undefined) return tell("unclear", text);
  const onRow = (one) => {
    tell(standing(one), progressWords(one));
    if (isSettled(one)) progress.settle(one);
  };
  return follow(String(row.id), { isCurrent: progress.isCurrent, onRow, onNone: () => tell("unclear", text) });
}
