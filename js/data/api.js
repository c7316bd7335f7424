/** All HTTP of the page. Addresses are relative, so that a proxy may serve the page under a path of its own. */

import { serverTime } from "./server_time.js";

const TIMEOUT_MS = 5000;

/** A failed request: `problem` says by its code what went wrong, `answered` tells a server that refuses from one that is gone. */
export class ApiError extends Error {
  constructor(problem, { status = 0, answered = false } = {}) {
    super(problem.code);
    this.name = "ApiError";
    this.problem = problem;
    this.status = status;
    this.answered = answered;
  }
}

const failure = (error) =>
  ["TimeoutError", "AbortError"].includes(error.name) ? { code: "page_timeout", params: { seconds: TIMEOUT_MS / 1000 } } : { code: "page_no_connection" };

async function fetchJson(path, headers = {}) {
  let response;
  try {
    const all = { Accept: "application/json", ...headers };
    response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: all, redirect: "manual" });
  } catch (error) {
    throw new ApiError(failure(error));
  }
  serverTime.note(response.headers.get("Date"));
  if (response.type === "opaqueredirect") throw new ApiError({ code: "page_redirected" });
  return response;
}

async function readJson(response) {
  const { status } = response;
  let body;
  try {
    body = await response.json();
  } catch (error) {
    throw new ApiError(error.name === "SyntaxError" ? { code: "page_unreadable", params: { status } } : failure(error), { status });
  }
  if (response.ok) return body;
  const told = body !== null && typeof body === "object" && typeof body.error === "string";
  throw new ApiError(told ? body : { code: "page_status", params: { status } }, { status, answered: told });
}

/**
 * One JSON answer.
 * @param {string} path relative
 * @returns {Promise<unknown>} its body
 * @throws {ApiError}
 */
export async function getJson(path) {
  return readJson(await fetchJson(path));
}

const NOT_MODIFIED = 304;

/** The picture of the cluster, asked for again and again; what has not changed is not sent again. */
export class PictureSource {
  #etag = null;

  /**
   * Ask once, and tell `state` of it: when it is asked, answered, taken, or failed.
   * @param {import("./state.js").State} state
   * @param {() => number} now the clock of `state`, ms
   */
  async ask(state, now) {
    const askedMs = this.#etag === null && state.isWaiting ? 0 : now(); // the first may have been asked for with the page
    state.ask();
    try {
      // Of the browser's own cache nothing is wanted: it would keep every picture.
      const known = this.#etag === null ? {} : { "If-None-Match": this.#etag };
      const response = await fetchJson(state.id === "" ? "get/picture" : `get/picture?since=${encodeURIComponent(state.id)}`, known);
      state.answered();
      const isSame = response.status === NOT_MODIFIED;
      const body = isSame ? null : await readJson(response);
      this.#etag = response.headers.get("ETag");
      const clock = Number.parseFloat(response.headers.get("X-Clock") ?? "");
      state.take(body, Number.isNaN(clock) ? null : clock, askedMs);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.#etag = null; // whatever comes next is taken whole
      state.fail(error);
    }
  }
}

/**
 * Call `step` again and again, a period apart, never while the last call still runs.
 * @param {() => Promise<void>} step
 * @param {() => number} periodMs asked after every call
 * @returns {{now: () => void, first: Promise<void>}} `now` cuts the present pause short; `first` is the first call's end
 */
export function poll(step, periodMs) {
  let timer = null;
  const run = async () => {
    timer = null;
    const started = performance.now();
    try {
      await step();
    } finally {
      timer = setTimeout(run, Math.max(0, periodMs() - (performance.now() - started)));
    }
  };
  return {
    first: run(),
    now() {
      if (timer === null) return;
      clearTimeout(timer);
      run();
    },
  };
}
