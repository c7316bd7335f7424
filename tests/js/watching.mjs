/** A page's state whose clock and whose answers the test plays. */
import { State } from "../../js/data/state.js";

/** @returns {{clock: {ms: number}, state: State, tell: (nodes: object, collector?: object) => void}} tell: an answer of freshness */
export function watch() {
  const clock = { ms: 0 };
  const state = new State({ pollMs: 1000, now: () => clock.ms });
  const tell = (nodes, collector = {}) =>
    state.takeFreshness({ collector: { ok: true, age_s: 9, error: null, ...collector }, deals: { ok: true, age_s: 0 }, nodes });
  return { clock, state, tell };
}
