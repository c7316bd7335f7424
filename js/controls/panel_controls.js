/** The controls in one panel of block 3, and what the operator has entered there. */

import { onlyStops } from "../data/commands.js";
import { WAIT } from "../data/nodes.js";
import { Report, setReason } from "../ui/buttons.js";
import { setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { isStillSo } from "../words/command_words.js";
import { whyNoConverter, whyNotManual, whyOldData } from "../words/consequences.js";
import { choiceOf, gridCurrent, setLabel } from "../words/converter.js";
import { readNumber } from "../words/numbers.js";
import { showSchedule } from "./schedule_dialog.js";

let panels = 0;

/** The controls in one panel, and what the operator has entered there. */
export class PanelControls {
  #id;
  #body;
  #isChosen = false; // by the operator, and not yet set
  #isFilled = false;
  #isTyped = false;
  #reasons = { why: null, old: null, notDown: null };

  constructor(body, id) {
    this.#id = id;
    this.#body = body;
    panels += 1;
    const find = (selector) => body.querySelector(selector);
    this.radios = [...body.querySelectorAll('input[type="radio"]')];
    this.current = find(".grid-current");
    this.local = find(".local-list");
    this.report = new Report(find(".report"));
    this.places = {
      why: find(".why"),
      frame: find("fieldset"),
      shutDown: find('[data-do="shut-down"]'),
      set: find('[data-do="converter-set"]'),
      points: find(".points"),
      schedule: { time: find(".schedule-time"), detail: find(".schedule-detail") },
    };
    this.#name();
  }

  /** Names for labels and screen readers: the node is part of each. */
  #name() {
    this.places.why.id = `why-${panels}`;
    for (const radio of this.radios) radio.name = `converter-${panels}`;
    for (const button of this.#body.querySelectorAll("[data-do]")) {
      setAttribute(button, "aria-label", t(`name.${button.dataset.do.replace("-", "_")}`, { id: this.#id }));
    }
    setAttribute(this.local, "aria-label", t("name.local", { id: this.#id }));
    setAttribute(this.current, "aria-label", t("name.current", { id: this.#id }));
  }

  /** What only stops, as Stopped does, is never disabled for data that are old. */
  #showReasons() {
    const { why, old, notDown } = this.#reasons;
    const { set, shutDown } = this.places;
    const isStop = onlyStops("set/dcdc", { mode: this.choice === "stopped" ? WAIT : null });
    setText(this.places.why, why ?? old ?? notDown ?? "");
    setReason(set, why ?? (isStop ? null : old), this.places.why.id);
    setReason(shutDown, notDown ?? old, this.places.why.id);
  }

  get choice() {
    return this.radios.find((radio) => radio.checked)?.value ?? null;
  }

  /** What stands in the fields, to tell whether the operator has changed it meanwhile. */
  get entry() {
    return `${this.choice} ${this.current.value}`;
  }

  choose() {
    this.report.forgetSaid();
    this.#isChosen = true;
    this.#sayWhatIsSent();
    this.#showReasons();
  }

  /** The button says what it would send, and the field whether it can be read. */
  #sayWhatIsSent() {
    const { value } = this.current;
    const wrong = value !== "" && readNumber(value).error !== undefined;
    setAttribute(this.current, "aria-invalid", wrong ? "true" : null);
    setText(this.places.set, setLabel(this.choice, value));
    setAttribute(this.places.set, "aria-label", t("name.converter_set_to", { id: this.#id, what: this.places.set.textContent }));
  }

  /** The operator has typed: the first reading of the node comes too late. */
  type() {
    this.report.forgetSaid();
    this.#isFilled = true;
    this.#isTyped = true;
    this.#sayWhatIsSent();
  }

  get isEntered() {
    return this.#isChosen || this.#isTyped || this.local.value !== "none";
  }

  /** Whether anything would be lost with the panel: an entry, or the report of a command. */
  get isTouched() {
    return this.isEntered || this.#body.querySelector('[aria-busy="true"]') !== null || this.report.isSaying;
  }

  /** The choice was set, or is to be forgotten: from now on the radio follows the data again. */
  follow() {
    this.#isChosen = false;
  }

  /** Take converter and Grid current from the node, unless they were changed since `entry`. */
  take(node, entry = this.entry) {
    if (entry !== this.entry) return;
    this.follow();
    this.current.value = gridCurrent(node);
    this.#check(choiceOf(node.status));
    this.#isFilled = true;
    this.#isTyped = false;
  }

  #check(choice) {
    for (const radio of this.radios) {
      const checked = radio.value === choice;
      if (radio.checked !== checked) radio.checked = checked;
    }
    this.#sayWhatIsSent();
  }

  /** Show what may be pressed, and why not; what the operator has entered stays. */
  update(node, picture) {
    this.report.keepTrue((row) => isStillSo(row, picture));
    const why = whyNoConverter(node, picture);
    this.#reasons = { why, old: whyOldData(node, picture), notDown: whyNotManual(node) };
    this.#showReasons();
    const { frame, points } = this.places;
    setAttribute(frame, "disabled", why === null ? null : "");
    setAttribute(frame, "aria-describedby", why === null ? null : this.places.why.id);
    setAttribute(frame.parentElement, "data-reason", why);
    setAttribute(points, "hidden", why === null ? null : "");
    if (why !== null) this.follow();
    if (!this.#isFilled && node.dig !== null) this.take(node);
    else if (!this.#isChosen) this.#check(choiceOf(node.status));
    showSchedule(this.places.schedule, picture.schedules.get(node.id));
  }
}
