import assert from "node:assert/strict";
import { test } from "node:test";

import "../english.mjs";

import { answerText, askedWords, isSettled, isStillSo, progressWords, seenWords, standing } from "../../../js/words/command_words.js";
import { errorWords, noteWords } from "../../../js/words/errors.js";

const row = (changes) => ({ command: "stopAll", target: "", values: {}, outcome: "accepted", state: "accepted", state_params: {}, ...changes });

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
  const progress = (changes) => progressWords(row(changes));
  assert.equal(progress({ outcome: "sending", state: "sending" }), "asked, no answer yet");
  assert.equal(progress({ state: "watching" }), "accepted, waiting to see it");
  assert.equal(progress({ state: "waiting_for_data" }), "accepted, waiting for data");
  assert.equal(progress({ state: "observed", state_params: { after_s: 6.2 } }), "accepted, seen after 6 s");
  assert.equal(progress({ state: "given_up", state_params: { after_s: 3600 } }), "accepted, not seen: no fresh data for an hour");
  assert.equal(progress({ state: "superseded", state_params: { by: 12 } }), "accepted, superseded by command 12");
  const refused = { outcome: "refused", state: "refused", code: "neighbour_refused", params: {} };
  assert.equal(progress({ ...refused, answer: "Budo says: not now" }), "refused: Budo says: not now");
  assert.equal(progress({ outcome: "unknown", state: "unknown", answer: "late" }), "may have taken effect: late");
  assert.equal(progress({ outcome: "unknown", state: "unknown", code: "interrupted", params: {}, answer: "x" }).split(": ")[1], "the program ended before the answer came; it may have taken effect");
});

test("what is seen instead is told in the words of the screen", () => {
  const instead = (...seen) => seenWords(row({ state: "not_taken", state_params: { instead: seen, more: 0 } }));
  const one = (node, code, params) => ({ node, code, params });
  const lead = "but not applied; observed instead: ";
  assert.equal(instead(one("E001", "global_mode", { mode: "autonomous" }), one("stop-2", "global_mode", { mode: "manual" })), `${lead}E001: Run, stop-2: Manual`);
  assert.equal(instead(one("E1", "local_mode", { mode: null })), `${lead}E1: no local mode`);
  assert.equal(instead(one("E2", "converter_current", { status: "0x0000", current_a: 0 })), `${lead}E2: Stopped, 0 A`);
  assert.equal(instead(one("E2", "converter_in_mode", { status: "0x0041", mode: "stop" })), `${lead}E2: Current control in Force Stop`);
  assert.equal(instead(one("E2", "converter_may_run", {})), `${lead}E2: its converter may still run`);
  assert.equal(instead(one("", "apis_web_answers", {})), `${lead}apis-web still answers with nodes`);
  assert.match(seenWords(row({ state: "not_taken", state_params: { instead: [one("E1", "still_reports", {})], more: 3 } })), /E1 still reports, 3 more$/);
  assert.equal(seenWords(row({ state: "not_taken", state_params: { text: "E1: manual", instead: [] } })), `${lead}E1: manual`);
});

test("a Stop all that not all accepted is told by what came of how many, and no more once it was seen", () => {
  const error = "9 of 9 not accepted: Budo Emulator (http://127.0.0.1:43830/stop) did not answer within 3 s";
  const answer = { error, code: "not_all_accepted", budo: "unknown", nodes: { E1: "unknown", E2: "unknown", E3: "accepted", E4: "unknown", E5: "unknown", E6: "failed" } };
  const words =
    "NOT all stopped. Force Stop no answer, may have taken effect; E6: not reached; 4 of 6 converters: no answer, may have taken effect";
  assert.equal(answerText(answer), words);
  assert.equal(progressWords(row({ outcome: "partial", state: "partial", answer })), `accepted by some only: ${words}`);
  const seen = row({ outcome: "unknown", answer, state: "observed", state_params: { after_s: 10 } });
  assert.equal(progressWords(seen), "may have taken effect, seen after 10 s");
});

test("errors are worded by their code, with modes and times as on the screen; an unknown one by its own sentence", () => {
  const changed = { code: "changed_since_shown", params: { what: "x", was: "manual", now: "autonomous", basis: "global_mode", node: "" } };
  assert.equal(errorWords(changed), "changed since it was shown: the global mode was Manual and is Run now");
  const schedule = { code: "changed_since_shown", params: { was: "none", now: "unknown", basis: "schedule", node: "E1" } };
  assert.equal(errorWords(schedule), "changed since it was shown: the schedule of E1 was none and is not known now");
  assert.match(errorWords({ code: "node_lost", params: { node: "E5", seen: "2026-11-24T02:18:10+00:00" } }), /^node E5 is lost: last seen (\d{4}\/\d\d\/\d\d )?\d\d:\d\d:10$/);
  assert.equal(errorWords({ code: "of_tomorrow", params: {}, error: "as it came" }), "as it came");
  assert.equal(errorWords({ code: "__proto__", error: "as it came" }), "as it came");
});

test("what an answer says beside its outcome is told, and what the page knows anyway is not", () => {
  const note = (code, params = {}) => noteWords([{ code, params }]);
  assert.deepEqual(note("lost_converter_waits", { node: "E4" }), ["E4: its converter itself answered: it waits"]);
  assert.deepEqual(note("lost_converter_answered", { node: "E4", status: "0x0014" }), ["E4: its converter answered: Voltage control"]);
  assert.match(note("schedule_deleted", { node: "", since: "2026-11-24T02:18:10+00:00" })[0], /^the Soft Stop schedule in force since .+ was deleted$/);
  assert.deepEqual(note("all_programs_stop"), []);
  assert.deepEqual(noteWords(undefined), []);
});

test("a row is settled once nothing more can come of it", () => {
  for (const state of ["sending", "watching", "waiting_for_data"]) assert.equal(isSettled(row({ state })), false);
  for (const state of ["accepted", "observed", "not_taken", "given_up", "superseded", "refused"]) assert.equal(isSettled(row({ state })), true);
});

test("the sign tells good from bad", () => {
  const sign = (state, outcome = "accepted") => standing(row({ state, outcome }));
  assert.equal(sign("observed"), "good");
  assert.equal(sign("observed", "unknown"), "good");
  assert.equal(sign("watching"), "waiting");
  assert.equal(sign("not_taken"), "bad");
  assert.equal(sign("given_up"), "bad");
  assert.equal(sign("refused", "refused"), "bad");
  assert.equal(sign("superseded"), "plain");
  assert.equal(sign("accepted"), "good");
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
