import assert from "node:assert/strict";
import { test } from "node:test";

import { answerText, askedWords, isSettled, isStillSo, progressWords, standing } from "../../../js/words/command_words.js";

const row = (changes) => ({ command: "stopAll", target: "", values: {}, outcome: "accepted", observed: null, ...changes });

test("what was asked is told from the operator's side", () => {
  const asked = (command, target, values) => askedWords(row({ command, target, values }));
  assert.equal(asked("setOperationMode", "", { value: "stop" }), "Global Mode Force Stop");
  assert.equal(asked("setOperationMode", "E003", { value: "heteronomous" }), "E003 Local Mode Soft Stop");
  assert.equal(asked("setOperationMode", "E003", { value: "" }), "E003 Local Mode cleared");
  assert.equal(asked("set/budo", "", { mode: "quiet" }), "Global Mode Soft Stop");
  assert.equal(asked("set/dcdc", "E001", { mode: "0x0014", dig: "5" }), "E001 Voltage control, at most 5\u00a0A");
  assert.equal(asked("set/dcdc", "E001", { mode: "0x0002", dig: "2" }), "E001 Current control −2\u00a0A");
  assert.equal(asked("set/dcdc", "E001", { mode: "0x0000", dig: "2" }), "E001 Stopped");
  assert.equal(asked("stopAll", "", {}), "Stop all, each converter told to wait");
  assert.equal(asked("stopAll", "", { nodes: ["E001"] }), "Stop all, follow-up: 1 converter told to wait");
  const fallback = row({ values: { budo: true }, answer: { nodes: { E001: "accepted" }, budo: "failed" } });
  assert.equal(askedWords(fallback), "Stop all, by Force Stop of the cluster and each converter told to wait");
  assert.match(asked("stopAll", "", { budo: true, waits: true }), /by Force Stop of the cluster and each converter/);
  assert.equal(asked("stopAll", "", { budo: true }), "Stop all, by Force Stop of the cluster");
  assert.equal(asked("shutDown", "", {}), "Shut Down of the whole cluster");
  assert.equal(asked("setSchedule", "E001", { operation: "softStop" }), "E001 Soft Stop Schedule cleared");
  assert.equal(asked("constructor", "E001", null), "constructor E001");
});

test("how far it has come is told in words", () => {
  assert.equal(progressWords(row({ outcome: "sending" })), "asked, no answer yet");
  assert.equal(progressWords(row({ observed: "watching" })), "accepted, waiting to see it");
  assert.equal(progressWords(row({ observed: "observed", observed_after_s: 6.2 })), "accepted, seen after 6\u00a0s");
  const instead = (words) => progressWords(row({ observed: `not taken: ${words}` }));
  assert.equal(instead("E001: autonomous, stop-2: manual"), "accepted, but not applied; observed instead: E001: Run, stop-2: Manual");
  assert.equal(instead("E002: 0x0000, 0.0 A"), "accepted, but not applied; observed instead: E002: Stopped, 0.0 A");
  assert.equal(instead("E002: 0x0041 in stop"), "accepted, but not applied; observed instead: E002: Current control in Force Stop");
  assert.equal(progressWords(row({ observed: "superseded by 12" })), "accepted, superseded by command 12");
  assert.equal(progressWords(row({ outcome: "refused", answer: { error: "not now" } })), "refused: not now");
  assert.equal(progressWords(row({ outcome: "unknown", answer: "late" })), "may have taken effect: late");
});

test("a Stop all that not all accepted is told by what came of how many, and no more once it was seen", () => {
  const error = "9 of 9 not accepted: Budo Emulator (http://127.0.0.1:43830/stop) did not answer within 3 s";
  const answer = { error, budo: "unknown", nodes: { E1: "unknown", E2: "unknown", E3: "accepted", E4: "unknown", E5: "unknown", E6: "failed" } };
  const words =
    "NOT all stopped. Force Stop no answer, may have taken effect; E6: not reached; 4 of 6 converters: no answer, may have taken effect";
  assert.equal(answerText(answer), words);
  assert.equal(progressWords(row({ outcome: "partial", answer })), `accepted by some only: ${words}`);
  const seen = row({ outcome: "unknown", answer, observed: "observed", observed_after_s: 10 });
  assert.equal(progressWords(seen), "may have taken effect, seen after 10\u00a0s");
});

test("texts of Main Controller are told as an operator needs them", () => {
  const { error } = { error: "node 'E5' is lost, last seen 2026-11-24T02:18:10+00:00; force=true sends all the same" };
  assert.match(answerText({ error }), /^node 'E5' is lost, last seen (\d{4}\/\d\d\/\d\d )?\d\d:\d\d:10$/);
});

test("a row is settled once nothing more can come of it", () => {
  assert.equal(isSettled(row({ outcome: "sending" })), false);
  assert.equal(isSettled(row({ observed: "watching" })), false);
  assert.equal(isSettled(row({ observed: "waiting for data" })), false);
  for (const observed of [null, "observed", "not taken: x", "superseded by 2"]) {
    assert.equal(isSettled(row({ observed })), true);
  }
});

test("the sign tells good from bad", () => {
  assert.equal(standing(row({ observed: "observed" })), "good");
  assert.equal(standing(row({ observed: "watching" })), "waiting");
  assert.equal(standing(row({ observed: "not taken: x" })), "bad");
  assert.equal(standing(row({ outcome: "refused" })), "bad");
  assert.equal(standing(row({ observed: "superseded by 2" })), "plain");
});

test("a schedule that was set is so until it is another one or none", () => {
  const set = { command: "setSchedule", outcome: "accepted", target: "E001", values: { value: "2027-01-01T12:00:00+09:00" } };
  const shown = (at) => ({ nodes: [], schedules: new Map(at === null ? [] : [["E001", { at }]]) });
  assert.equal(isStillSo(set, shown("2027-01-01T03:00:00+00:00")), true);
  assert.equal(isStillSo(set, shown("2027-01-01T04:00:00+00:00")), false);
  assert.equal(isStillSo(set, shown(null)), false);
  assert.equal(isStillSo({ ...set, values: { value: null } }, shown(null)), true);
  assert.equal(isStillSo({ ...set, values: { value: null } }, shown("2027-01-01T03:00:00+00:00")), false);
});
