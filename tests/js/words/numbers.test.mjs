import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";

import { readNumber, writeNumber } from "../../../js/words/numbers.js";

test("a point and a comma mean the same, and so do both minus signs", () => {
  const read = { 2.5: 2.5, "2,5": 2.5, "+2,5": 2.5, "-2,5": -2.5, "\u22122.5": -2.5, " 35,5 ": 35.5, ".5": 0.5, "-0": 0, "007": 7, "0,125": 0.125, 2.125: 2.125 };
  for (const [text, value] of Object.entries(read)) assert.deepEqual(readNumber(text), { value }, text);
});

test("what could be meant otherwise is refused with a sentence", () => {
  const refused = [
    "", " ", "1,000", "350,000", "1.000,5", "1,000.5", "1'000", "1 000", "2 5", "1e1", "0x10", "2.5A", "abc", "--2", "+-2", "2-", "5.", "5,", ",", "+",
    "\uff12\uff0e\uff15", "\u0662", "\u0968", "NaN", "Infinity", "1_0", "2.1234567", "1234567890", "2..5", "2\u00a0500", "1/2",
  ];
  for (const text of refused) {
    const { value, error } = readNumber(text);
    assert.equal(value, undefined, text);
    assert.match(error, /^(is|has|may|must|can) /, text);
  }
});

test("what is put into a field is read back the same", () => {
  for (const value of [0, -0, 2, -2.5, 0.1 + 0.2, 1e-6, 350, 1e-12, 100]) {
    assert.ok(Math.abs(readNumber(writeNumber(value)).value - value) <= 5e-7, String(value));
  }
  assert.equal(writeNumber(-0), "0");
  assert.equal(writeNumber(100), "100");
});
