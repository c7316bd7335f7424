/** All HTTP of the page. Addresses are relative, so that a proxy may serve the page under a path of its own. */

import { serverTime } from "./server_time.js";

const TIMEOUT_MS = 5000;

/** An answer that is none: `answered` tells a server that refuses from one that is gone. */
export class ApiError extends Error {
  constructor(message, { status = 0, answered = false } = {}) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.answered = answered;
  }
}

async function fetchJson(path) {
  let response;
  try {
    response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS), headers: { Accept: "application/json" }, redirect: "manual" });
  } catch (error) {
    const late = error.name === "TimeoutError" || error.name === "AbortError";
    throw new ApiError(late ? `no answer within ${TIMEOUT_MS / 1000} s` : "no connection", {});
  }
  serverTime.note(response.headers.get("Date"));
  if (response.type === "opaqueredirect") throw new ApiError("redirected elsewhere, as a proxy does for its sign-in", {});
  return response;
}

/**
 * One JSON answer.
 * @param {string} path relative
 * @param {string|null} known the ETag of the body the caller has; the same one again is not parsed
 * @returns {Promise<{body: unknown, etag: string|null, unchanged: boolean}>}
 * @throws {ApiError}
 */
export async function getJson(path, known = null) {
  const response = await fetchJson(path);
  const etag = response.headers.get("ETag");
  let body;
  try {
    if (response.ok && etag !== null && etag === known) {
      await response.body?.cancel();
      return { body: null, etag, unchanged: true };
    }
    body = await response.json();
  } catch {
    throw new ApiError(`unreadable answer (HTTP ${response.status})`, { status: response.status });
  }
  if (response.ok) return { body, etag, unchanged: false };
  const told = body !== null && typeof body === "object" && typeof body.error === "string";
  const reason = told ? body.error : `HTTP ${response.status}`;
  throw new ApiError(reason, { status: response.status, answered: told });
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
