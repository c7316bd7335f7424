/** Pure: what went wrong, in words: by the code of the error; one that nobody here knows by its own sentence. */

import { decimal, hasWords, listOf, t } from "./catalogue.js";
import { converterName, modeName, moment } from "./format.js";

const isText = (value) => typeof value === "string";

/** What a command was based on, as the screen says it. */
function basisWords(basis, value) {
  if (value === "none" || value === "unknown") return t(`basis.${value}`);
  if (basis === "converter") return converterName(value);
  return basis === "schedule" ? moment(value) : modeName(value);
}

const SHOWN = {
  changed_since_shown: ({ basis, node, was, now }) => ({
    what: t(basis === "schedule" && node !== "" ? "basis.schedule_of" : `basis.${basis}`, { node }),
    was: basisWords(basis, was),
    now: basisWords(basis, now),
  }),
  no_answer: ({ why }) => ({ why: why ? errorWords(why) : "" }),
  node_not_manual: ({ mode }) => ({ mode: modeName(mode ?? null) }),
  nodes_not_manual: ({ nodes }) => ({ nodes: listOf(Array.isArray(nodes) ? nodes : []) }),
  node_lost: ({ seen }) => ({ seen: isText(seen) ? moment(seen) : "" }),
};

const NEIGHBOURS = new Set(["neighbour_failed", "neighbour_refused", "neighbour_late", "address_not_allowed"]);

/** What went wrong at a neighbour; what it said itself stands as it is. */
function neighbourWords({ what, who, seconds, said, cause, ...rest }, error) {
  const key = `neighbour.${what}`;
  if (!hasWords(key)) return error;
  const name = `neighbour.name.${String(who).replaceAll(" ", "_")}`;
  return t(key, {
    ...rest,
    who: hasWords(name) ? t(name) : who,
    said: hasWords(`system.${cause}`) ? t(`system.${cause}`) : said,
    seconds: seconds === undefined ? "" : decimal(seconds),
  });
}

/** Codes whose words are others when a value is there: by code, the value and the key. */
const WITH = { no_answer: ["why", "no_answer_why"], node_lost: ["seen", "node_lost_seen"] };

/**
 * @param {{code?: string, params?: object, error?: string}} problem
 * @returns {string} a sentence without its full stop
 */
export function errorWords({ code, params, error = "" }) {
  const given = params ?? {};
  if (NEIGHBOURS.has(code)) return neighbourWords(given, error);
  const values = { ...given, error };
  const key = Object.hasOwn(WITH, code) && given[WITH[code][0]] ? WITH[code][1] : code;
  if (!hasWords(`error.${key}`)) return error;
  return t(`error.${key}`, Object.hasOwn(SHOWN, code) ? { ...values, ...SHOWN[code](given) } : values);
}

const NOTED = {
  schedule_deleted: ({ since }) => ({ since: moment(since) }),
  schedule_not_deleted: ({ error }) => ({ error: errorWords(error ?? {}) }),
  lost_converter_answered: ({ status }) => ({ status: converterName(status) }),
};

/** What an answer says beside its outcome, each note as a sentence; notes that the page says in other ways are left out. */
export function noteWords(notes) {
  return (Array.isArray(notes) ? notes : []).flatMap(({ code, params }) => {
    if (code === "changed_since_shown") return [errorWords({ code, params })];
    if (!hasWords(`note.${code}`)) return [];
    return [t(`note.${code}`, Object.hasOwn(NOTED, code) ? { ...params, ...NOTED[code](params) } : params)];
  });
}
