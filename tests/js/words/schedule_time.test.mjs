import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";

process.env.TZ = "Europe/Berlin"; // a zone whose clocks change

const { fieldsOf, isoHere, momentHere, readFields, scheduleWords, untilText } = await import("../../../js/words/schedule_time.js");

const now = new Date("2026-03-01T10:00:00+01:00");
const fields = (year, month, day, hour, minute) => ({ year, month, day, hour, minute });

test("fields become a moment with the offset that holds then", () => {
  const { date } = readFields(fields("2026", "12", "1", "12", "0"), now);
  assert.equal(isoHere(date), "2026-12-01T12:00:00+01:00");
  const summer = readFields(fields("2026", "7", "1", "12", "0"), now).date;
  assert.equal(isoHere(summer), "2026-07-01T12:00:00+02:00");
  assert.deepEqual(readFields(fieldsOf(date), now).date, date);
});

test("an hour that the clocks leave out is refused with a sentence", () => {
  const { error } = readFields(fields("2026", "3", "29", "2", "30"), now);
  assert.equal(error, "2026/03/29 has no 02:30 here: the clocks are put forward over it.");
  assert.ok(readFields(fields("2026", "3", "29", "3", "30"), now).date);
});

test("an hour that comes twice names both, and the one that has passed is none", () => {
  const { date, later } = readFields(fields("2026", "10", "25", "2", "30"), now);
  assert.deepEqual([isoHere(date), isoHere(later)], ["2026-10-25T02:30:00+02:00", "2026-10-25T02:30:00+01:00"]);
  assert.equal(readFields(fields("2026", "10", "25", "1", "30"), now).later, undefined);
  assert.equal(readFields(fields("2026", "10", "25", "3", "0"), now).later, undefined);
  const between = new Date("2026-10-25T02:45:00+02:00");
  assert.equal(isoHere(readFields(fields("2026", "10", "25", "2", "30"), between).date), "2026-10-25T02:30:00+01:00");
});

test("what is no date, no number or past is refused with a sentence", () => {
  const error = (...parts) => readFields(fields(...parts), now).error;
  assert.equal(error("2026", "2", "30", "12", "0"), "There is no 2026/02/30.");
  assert.equal(error("2026", "13", "1", "12", "0"), "The month must be a number from 1 to 12.");
  assert.equal(error("26", "12", "1", "12", "0"), "The year must be a number from 2000 to 9999.");
  assert.equal(error("2026", "12", "", "12", "0"), "The day must be a number from 1 to 31.");
  assert.equal(error("2026", "12", "1", "1e1", "0"), "The hour must be a number from 0 to 23.");
  assert.equal(error("2026", "2", "28", "12", "0"), "yesterday 12:00 UTC+01:00 is in the past.");
});

test("the present minute is not past", () => {
  const late = new Date("2026-03-01T10:00:59+01:00");
  assert.ok(readFields(fields("2026", "3", "1", "10", "0"), late).date);
});

test("a schedule is told with its zone, how long it is, and how it stands", () => {
  const at = "2026-03-02T11:00:00+00:00";
  assert.deepEqual(scheduleWords({ at, code: "to_come" }, now), {
    text: "tomorrow 12:00 UTC+01:00",
    detail: "in 26 h 00 min",
    kind: "to_come",
  });
  assert.equal(scheduleWords({ at, code: "in_force" }, now).detail, "in force");
  assert.deepEqual(scheduleWords({ at, state: "pending: x", code: "pending", params: { reason: "node_not_fresh", node: "E001" } }, now), {
    text: "tomorrow 12:00 UTC+01:00",
    detail: "pending: E001 is not fresh",
    kind: "pending",
  });
  assert.equal(scheduleWords(undefined, now).text, "--");
  assert.equal(scheduleWords({ at: "soon" }, now).text, "soon");
  assert.equal(momentHere(new Date("2026-06-01T10:00:00Z"), now), "2026/06/01 12:00 UTC+02:00");
  assert.equal(untilText(new Date("2026-03-01T09:30:00Z"), now), "in 30 min");
});
