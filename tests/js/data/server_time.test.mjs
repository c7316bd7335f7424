import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";
import { ServerTime } from "../../../js/data/server_time.js";
import { notices } from "../../../js/words/summary.js";

test("the server's time is taken only when the clocks are further apart than can be mistaken", () => {
  const wall = { ms: Date.parse("2026-11-25T12:00:00Z") };
  const time = new ServerTime(() => wall.ms);
  time.note(null);
  time.note("no date");
  assert.equal(time.now().getTime(), wall.ms);
  time.note("Wed, 25 Nov 2026 12:00:29 GMT");
  assert.equal(time.isApart, false);
  assert.equal(time.now().getTime(), wall.ms);
  time.note("Wed, 25 Nov 2026 11:50:00 GMT");
  assert.equal(time.isApart, true);
  wall.ms += 5000;
  assert.equal(time.now().toISOString(), "2026-11-25T11:50:05.000Z");
  assert.match(notices({ cannot: {} }, time)[0], /^This computer's clock is 10 min 00 s ahead of Main Controller's/);
  time.note("Wed, 25 Nov 2026 13:00:05 GMT");
  assert.match(notices({ cannot: {} }, time)[0], /^This computer's clock is 1 h 00 min behind Main Controller's/);
});

test("what keeps the page from being obeyed is said", () => {
  const clock = { isApart: false, aheadOfServerMs: 0 };
  assert.deepEqual(notices({ cannot: { command: null, date: null } }, clock), []);
  assert.match(notices({ cannot: { command: { error: "host 'x' is not this machine" } } }, clock)[0], /^Commands from this address are refused: host 'x'.+allowed_hosts/);
  assert.match(notices({ cannot: { date: { jumped_s: 34_560_000 } } }, clock)[0], /jumped ahead by 400 d 0 h/);
  assert.match(notices({ cannot: { date: { jumped_s: -7200 } } }, clock)[0], /jumped back by 2 h 00 min/);
});
