/**
 * Commands: sent once, never again; then followed in the ledger until they were seen or not. What went wrong is
 * told as it came. (contract, section 4)
 */

import { getJson } from "./api.js";
import { setBusy } from "./buttons.js";
import { answerText, askedWords, isSettled, lostWords, mark, operatorText, seenWords, standing } from "./command_words.js";

const TIMEOUT_MS = 30_000;
const SHORTEST_BUSY_MS = 700; // the second press of a double click is not a second command
const FOLLOW_EVERY_MS = 1000;
const FOLLOW_AT_MOST = 900;
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

async function readAnswer(response) {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    return response.ok ? { error: "unreadable answer" } : { error: `HTTP ${response.status}` };
  }
}

/**
 * Send one command.
 * @param {string} where relative path
 * @param {Record<string, string|number>} parameters
 * @returns {Promise<{ok: boolean, id: string|null, body: unknown, text: string}>} text: what went wrong
 */
export async function send(where, parameters = {}) {
  const query = new URLSearchParams(parameters).toString();
  try {
    const response = await fetch(query === "" ? where : `${where}?${query}`, {
      method: "POST",
      headers: { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" },
      cache: "no-store",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const id = response.headers.get("X-Command-Id");
    const body = await readAnswer(response);
    if (response.ok) return { ok: true, id, body, text: "" };
    return { ok: false, id, body, text: `${id === null ? "not sent: " : ""}${answerText(body)}` };
  } catch (error) {
    const why = error.name === "TimeoutError" ? `within ${TIMEOUT_MS / 1000} s` : "(no connection)";
    return { ok: false, id: null, body: null, text: `no answer from Main Controller ${why}; it may have taken effect` };
  } finally {
    changed();
  }
}

/** Read a row every second until it changes no more, or somebody else writes to where it is told. */
async function follow(id, told, round = 0) {
  const { isCurrent, onRow, onNone } = told;
  if (round >= FOLLOW_AT_MOST || !isCurrent()) return;
  try {
    const { body: row } = await getJson(path("commands", id));
    onRow(row);
    if (isSettled(row)) return;
  } catch (error) {
    if (error.status === NOT_FOUND) return void onNone(); // no such row, and there never will be
  }
  setTimeout(() => follow(id, told, round + 1), FOLLOW_EVERY_MS);
}

function said(title, parts) {
  return `${title}: ${parts.filter(Boolean).join(", ")}`;
}

/** Extra words of an answer: a schedule in force that the command has deleted, what lost nodes' converters said. */
function extra(body) {
  if (body === null || typeof body !== "object") return "";
  return [typeof body.schedule === "string" ? operatorText(body.schedule) : "", lostWords(body)].filter(Boolean).join(", ");
}

/**
 * Send a command for a button, and tell beside it what becomes of it.
 * @param {{button: Element, report: import("./buttons.js").Report, title: string, where: string, parameters?: object}} what
 * @returns {Promise<Awaited<ReturnType<typeof send>>>} as soon as it was answered
 */
export async function perform({ button, report, title, where, parameters }) {
  const progress = report.begin();
  setBusy(button, true);
  progress.tell("waiting", `${mark("waiting")} ${said(title, ["asked"])}`);
  const rested = pause(SHORTEST_BUSY_MS);
  const answer = await send(where, parameters);
  rested.then(() => setBusy(button, false));
  const show = (kind, { name = title, seen = "", isSeen = false } = {}) => {
    const accepted = isSeen ? [seen, extra(answer.body)] : ["accepted", seen, extra(answer.body)];
    // Once it was seen, nobody needs to read why there was no answer.
    const other = isSeen ? ["no clear answer", seen] : [answer.text, seen];
    progress.tell(kind, `${mark(kind)} ${said(name, answer.ok ? accepted : other)}`);
  };
  const came = answer.ok ? "good" : "bad";
  show(answer.ok && answer.id !== null ? "waiting" : came); // its row tells whether there is anything to be seen
  if (answer.id !== null) {
    const onRow = (row) => {
      const isSeen = row.observed === "observed"; // which says that it was accepted too
      const name = row.command === "stopAll" ? askedWords(row) : title; // which way it took is the server's choice
      show(answer.ok || isSeen ? standing(row) : "bad", { name, seen: seenWords(row), isSeen });
      if (isSettled(row)) changed();
    };
    follow(answer.id, { isCurrent: progress.isCurrent, onRow, onNone: () => show(came) });
  }
  return answer;
}
