/** Pure: what went wrong, in words: by the code of the error, else by its own sentence. */

import { operatorText } from "./command_words.js";

const OWN = {
  standstill: () => "no node's clock moves, apis-web repeats its last data",
  no_answer: ({ why }) => `Main Controller does not answer${why ? ` (${why})` : ""}`,
  no_answer_since: () => "no answer has come since",
  page_timeout: ({ seconds }) => `no answer within ${seconds} s`,
  page_no_connection: () => "no connection",
  page_redirected: () => "redirected elsewhere, as a proxy does for its sign-in",
  page_unreadable: ({ status }) => `unreadable answer (HTTP ${status})`,
  page_status: ({ status }) => `HTTP ${status}`,
};

/** @param {{code?: string, params?: object, error?: string}} problem @returns {string} */
export function errorWords({ code, params = {}, error = "" }) {
  if (Object.hasOwn(OWN, code)) return OWN[code](params.why instanceof Object ? { ...params, why: errorWords(params.why) } : params);
  return operatorText(error);
}
