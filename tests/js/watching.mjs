/** A page's state whose clock and whose answers the test plays. */
import { State } from "../../js/data/state.js";

const CLOCK_S = 1000; // what the server's clock shows when the page's shows 0

const problem = (error) => (typeof error === "string" ? { error, code: "neighbour_failed", params: {} } : error);

/** What is told of each node, its age as a moment of the server's clock. */
function moments(told, nowS) {
  const at = {};
  for (const [id, { age_s: age = null, ...rest }] of Object.entries(told)) {
    Object.defineProperty(at, id, { value: { ...rest, true_since_s: age === null ? null : nowS - age }, enumerable: true });
  }
  return at;
}

/**
 * Three ways to answer the page, each with all else as it was:
 * tell(known, collector, rest): what is known of the nodes and of the collector, ages in s; nodes(log): the nodes' data;
 * deals(list).
 */
export function watch() {
  const clock = { ms: 0 };
  const state = new State({ pollMs: 1000, now: () => clock.ms });
  const nowS = () => CLOCK_S + clock.ms / 1000;
  let last = { id: "x", collector: { ok: true, error: null }, deals: { ok: true, received_at_s: CLOCK_S, error: null, list: [] } };
  const answer = (change) => {
    state.ask();
    state.take({ ...last, ...change }, nowS(), clock.ms);
    const { nodes: _, ...kept } = change; // which are sent once
    last = { ...last, ...kept };
  };
  const tell = (known, { age_s: age = 9, error = null, ...collector } = {}, rest = {}) => {
    const since = age === null ? null : nowS() - age;
    answer({ known: moments(known, nowS()), collector: { ok: true, ...collector, error: problem(error), true_since_s: since }, ...rest });
  };
  return { clock, state, tell, nodes: (log) => answer({ nodes: log }), deals: (list) => answer({ deals: { ...last.deals, list } }) };
}
