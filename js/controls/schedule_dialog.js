/** Soft Stop Schedules: the dialog that sets one, its Clear, and the words that tell it. */

import { serverTime } from "../data/server_time.js";
import { openDialog } from "../ui/dialogs.js";
import { setAttribute, setText } from "../ui/dom.js";
import { listOf, t } from "../words/catalogue.js";
import { mark, outcomeWords } from "../words/command_words.js";
import { FIELDS, fieldsOf, isoHere, momentHere, readFields, scheduleText, scheduleWords, untilText } from "../words/schedule_time.js";
import { lookUp, perform, send } from "./command_client.js";

/** `was`: what the operator saw, so that nobody's schedule is overwritten or cleared unseen. */
function parametersOf(target, value, was) {
  return { operation: "softStop", ...(target === "" ? {} : { unitId: target }), ...(value === null ? {} : { value }), was };
}

const seen = (picture, target) => picture.schedules.get(target)?.at ?? "none";

const titleOf = (target) => t(target === "" ? "schedule.title" : "schedule.title_of", { id: target });

/** Show a target's schedule: the time here, and how it stands. */
export function showSchedule({ time, detail }, schedule) {
  const words = scheduleWords(schedule, serverTime.now());
  setText(time, words.text);
  setText(detail, words.detail);
  setAttribute(detail, "data-kind", words.kind);
  setAttribute(time.parentElement, "title", words.detail === "" ? null : listOf([words.text, words.detail]));
}

/** Clear a target's schedule, also one that this page does not know yet. */
export function clearSchedule({ target, picture, button, report }) {
  const what = { button, report, title: t(target === "" ? "schedule.clear_title" : "schedule.clear_title_of", { id: target }), where: "setSchedule" };
  return perform({ ...what, parameters: parametersOf(target, null, seen(picture, target)) });
}

class Form {
  #inputs;
  #native;
  #told;
  #remark;
  #which;
  #warned = false;

  constructor(content, start) {
    this.#inputs = Object.fromEntries(FIELDS.map((name) => [name, content.querySelector(`[name="${name}"]`)]));
    this.#native = content.querySelector('[name="native"]');
    this.#told = content.querySelector(".schedule-told");
    this.#which = content.querySelector(".schedule-which");
    this.#remark = content.querySelector(".schedule-remark");
    this.fill(start);
    content.addEventListener("input", (event) => {
      this.#warned = false;
      if (event.target === this.#native) this.#takeNative();
      this.show();
    });
  }

  fill(date) {
    for (const [name, text] of Object.entries(fieldsOf(date))) this.#inputs[name].value = text;
    const { date: first, later } = readFields(fieldsOf(date), serverTime.now());
    if (later !== undefined) {
      const isSecond = date.getTime() - first.getTime() >= later.getTime() - first.getTime();
      this.#which.querySelector(`[value="${isSecond ? "second" : "first"}"]`).checked = true;
    }
    this.show();
  }

  read() {
    const told = readFields(Object.fromEntries(FIELDS.map((name) => [name, this.#inputs[name].value])), serverTime.now());
    if (told.later === undefined) return told;
    const chosen = this.#which.querySelector(":checked")?.value;
    if (chosen === undefined) return { ...told, date: undefined, first: told.date, error: t("schedule.twice") };
    return { ...told, first: told.date, date: chosen === "second" ? told.later : told.date };
  }

  /** Where the clocks are put back over the time, both are offered. */
  #offer({ first, later }) {
    setAttribute(this.#which, "hidden", later === undefined ? "" : null);
    if (later === undefined) {
      for (const radio of this.#which.querySelectorAll("input")) radio.checked = false;
      return;
    }
    const [one, other] = this.#which.querySelectorAll("span");
    setText(one, momentHere(first));
    setText(other, momentHere(later));
  }

  #takeNative() {
    const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)/.exec(this.#native.value);
    if (parts !== null) for (const [index, name] of FIELDS.entries()) this.#inputs[name].value = parts[index + 1];
  }

  /** Say when that is, or what is wrong with it. */
  show() {
    const told = this.read();
    const { date, error, field } = told;
    this.#offer(told);
    for (const name of FIELDS) setAttribute(this.#inputs[name], "aria-invalid", name === field ? "true" : null);
    if (date === undefined) {
      if (document.activeElement !== this.#native) this.#native.value = ""; // no second time beside one that is wrong
      return this.tell("bad", error);
    }
    if (document.activeElement !== this.#native) this.#native.value = isoHere(date).slice(0, 16);
    if (this.#warned) return this.tell("bad", t("schedule.at_once"));
    const now = serverTime.now();
    const until = untilText(date, now) || t("schedule.at_once_short");
    const key = serverTime.isApart ? "schedule.says_now" : "schedule.says";
    return this.tell("plain", t(key, { moment: momentHere(date, now), until, now: momentHere(now, now) }));
  }

  /** Whether `date` has come and the operator has not yet been told so; says it. */
  warn(date) {
    if (this.#warned || date > serverTime.now()) return false;
    this.#warned = true;
    this.show();
    return true;
  }

  /** Say what has changed since the dialog was opened, above what it says of the time. */
  remark(text) {
    setText(this.#remark, text);
  }

  tell(kind, text) {
    setAttribute(this.#told, "data-kind", kind);
    setText(this.#told, text);
  }

  focus() {
    this.#inputs.year.focus();
    this.#inputs.year.select();
  }
}

/** What was asked in the dialog was answered there; its row is told beside the button. */
async function submit({ form, target, was, report, close, busy }) {
  const { date, error } = form.read();
  if (date === undefined) return form.tell("bad", error);
  if (form.warn(date)) return undefined;
  busy(true);
  form.tell("waiting", t("report.asked"));
  const answer = await send("setSchedule", parametersOf(target, isoHere(date), was));
  let outcome = answer.ok ? { kind: "good" } : { kind: "bad", text: answer.text };
  if (!answer.isClear) {
    form.tell("unclear", t("report.looking", { what: answer.text }));
    const row = await lookUp(answer.key);
    if (row === null) outcome = { kind: "bad", text: t("report.no_record") };
    else if (row === undefined) outcome = { kind: "unclear", text: answer.text };
    else outcome = row.outcome === "accepted" ? { kind: "good" } : { kind: "bad", text: outcomeWords(row) };
  }
  busy(false);
  if (outcome.kind !== "good") return form.tell(outcome.kind, outcome.text);
  close();
  const progress = report.begin();
  progress.tell("good", `${mark("good")} ${t("schedule.accepted", { title: titleOf(target), moment: momentHere(date) })}`);
  return progress.settle({ command: "setSchedule", outcome: "accepted", target, values: { value: isoHere(date) } });
}

/**
 * Open the dialog for a target's schedule.
 * @param {{target: string, picture: () => object, report: object, template: HTMLTemplateElement, onSet: () => void}} what
 *   picture: what is shown now
 */
export function askSchedule({ target, picture, report, template, onSet }) {
  const schedule = picture().schedules.get(target);
  const content = template.content.firstElementChild.cloneNode(true);
  const at = new Date(schedule?.at ?? Number.NaN);
  const form = new Form(content, Number.isNaN(at.getTime()) ? serverTime.now() : at);
  let waits = false;
  let known = seen(picture(), target);
  /** Somebody else has set or cleared it meanwhile: said, and from then on what is sent is based on that. */
  const look = () => {
    const now = seen(picture(), target);
    if (waits || now === known) return;
    known = now;
    form.remark(now === "none" ? t("schedule.cleared_meanwhile") : t("schedule.set_meanwhile", { at: scheduleText(now) }));
  };
  const set = async () => {
    if (waits) return;
    const busy = (is) => {
      waits = is;
      const pressed = content.parentElement?.querySelector(".button-main");
      if (pressed) setAttribute(pressed, "aria-busy", is ? "true" : null);
    };
    await submit({ form, target, was: known, report, close, busy });
    onSet();
  };
  content.addEventListener("submit", (event) => {
    event.preventDefault();
    set();
  });
  const ticking = setInterval(() => waits || form.show(), 1000); // what it says of now must stay true
  const close = openDialog(content, {
    title: titleOf(target),
    kind: "schedule",
    onClose: () => clearInterval(ticking),
    onRefresh: look,
    buttons: [
      { text: t("ask.cancel"), click: () => close() },
      { text: t("control.set"), class: "button-main", click: set },
    ],
  });
  form.focus();
}
