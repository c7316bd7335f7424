/** Block 3's controls: one set of listeners for all panels, one small object a panel. */

import { getJson } from "../data/api.js";
import { highest } from "../data/commands.js";
import { readNode } from "../data/nodes.js";
import { isReady, setBusy } from "../ui/buttons.js";
import { ask } from "../ui/dialogs.js";
import { t } from "../words/catalogue.js";
import { mark } from "../words/command_words.js";
import { beforeLocalMode, beforeShutDown, beforeVoltage } from "../words/consequences.js";
import { brokenPoints, converterCommand } from "../words/converter.js";
import { errorWords } from "../words/errors.js";
import { modeName, moment } from "../words/format.js";
import { readNumber } from "../words/numbers.js";
import { path, perform } from "./command_client.js";
import { PanelControls } from "./panel_controls.js";
import { askSchedule, clearSchedule } from "./schedule_dialog.js";

export class NodeControls {
  #picture;
  #refresh;
  #template;
  #controls = new Map();

  /**
   * @param {{container: Element, picture: () => object, refresh: () => void, template: HTMLTemplateElement}} parts
   *   template: of the schedule dialog; refresh: fetches what a command may have changed
   */
  constructor({ container, picture, refresh, template }) {
    this.#picture = picture;
    this.#refresh = refresh;
    this.#template = template;
    container.addEventListener("click", (event) => this.#click(event));
    container.addEventListener("change", (event) => {
      if (event.target.type === "radio") this.#of(event.target)?.choose();
    });
    container.addEventListener("input", (event) => {
      if (event.target.classList.contains("grid-current")) this.#of(event.target)?.type();
    });
    container.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.classList.contains("grid-current")) return;
      event.preventDefault();
      event.target.closest(".panel").querySelector('[data-do="converter-set"]').click();
    });
  }

  /** The controls of a panel whose body was just made. */
  attach(body, id) {
    const controls = new PanelControls(body, id);
    this.#controls.set(id, controls);
    return controls;
  }

  detach(id) {
    this.#controls.delete(id);
  }

  /** Whether the panel of a node holds what must not be lost. */
  isTouched(id) {
    return this.#controls.get(id)?.isTouched === true;
  }

  isEntered(id) {
    return this.#controls.get(id)?.isEntered === true;
  }

  #of(element) {
    return this.#controls.get(element.closest(".panel")?.dataset.id);
  }

  #node(id) {
    return this.#picture().nodes.find((node) => node.id === id);
  }

  #isLost(id) {
    return this.#node(id)?.state === "lost";
  }

  /** What is shown of a node, as Main Controller compares it. */
  #seen(id, read) {
    const node = this.#node(id);
    return node?.state === "fresh" ? (read(node) ?? "unknown") : "unknown";
  }

  /** What a question about a node says; it may vanish while the question is open. */
  #describing(id, linesOf) {
    return () => {
      const node = this.#node(id);
      return { lines: node === undefined ? [t("before.no_longer_known", { id })] : linesOf(node) };
    };
  }

  #click(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-do]") : null;
    if (button === null || !isReady(button)) return;
    const { id } = button.closest(".panel").dataset;
    const actions = {
      "local-set": this.#setLocal,
      "schedule-set": this.#setSchedule,
      "schedule-clear": this.#clearSchedule,
      "shut-down": this.#shutDown,
      refresh: this.#reread,
      "converter-set": this.#setConverter,
    };
    if (this.#node(id) !== undefined) actions[button.dataset.do].call(this, id, button, this.#controls.get(id));
  }

  async #setLocal(id, button, { local, report }) {
    const chosen = local.value;
    if (chosen === "none") return;
    const value = chosen === "clear" ? "" : chosen;
    const title = t(value === "" ? "command.local_cleared" : "command.local_mode", { id, mode: modeName(value) });
    const describe = this.#describing(id, (node) => beforeLocalMode(this.#picture(), node, value) ?? []);
    const wasLost = this.#isLost(id);
    const action = wasLost ? t("ask.send_all_the_same") : modeName(value);
    if (describe().lines.length > 0 && !(await ask({ title: t("ask.question", { title }), action, describe }))) return;
    // Main Controller refuses it for a lost node, unless it is told to send it all the same: as the operator was asked.
    const was = this.#seen(id, (node) => node.local ?? "none");
    const parameters = { value, unitId: id, was, ...(wasLost && this.#isLost(id) ? { force: "true" } : {}) };
    const answer = await perform({ button, report, title, where: "setOperationMode", parameters });
    if (answer.ok && local.value === chosen) local.value = "none";
  }

  #setSchedule(id, button, { report }) {
    askSchedule({ target: id, picture: this.#picture, report, template: this.#template, onSet: this.#refresh });
  }

  async #clearSchedule(id, button, { report }) {
    await clearSchedule({ target: id, picture: this.#picture(), button, report });
    this.#refresh();
  }

  async #shutDown(id, button, { report }) {
    const describe = this.#describing(id, (node) => beforeShutDown(this.#picture(), node));
    const title = t("command.shut_down", { id });
    if (!(await ask({ title: t("ask.question", { title }), action: t("page.shut_down"), describe }))) return;
    const parameters = { unitId: id, was: this.#seen(id, (node) => node.effective) };
    perform({ button, report, title, where: "shutDown", parameters });
  }

  /** One fresh reading of the node fills its fields; a failure says so and changes nothing. */
  async #reread(id, button, controls) {
    const { entry } = controls;
    const progress = controls.report.begin();
    setBusy(button, true);
    const tell = (kind, said) => progress.tell(kind, t("report.line", { sign: mark(kind), title: id, said }));
    tell("waiting", t("report.reading"));
    try {
      const body = await getJson(`${path("get", "unit", id)}?urgent=true`);
      controls.take(readNode(id, body), entry);
      tell("good", t("report.read_at", { moment: moment(new Date().toISOString()) }));
      this.#refresh();
    } catch (error) {
      tell("bad", t("report.not_read", { why: errorWords(error.problem) }));
    }
    setBusy(button, false);
  }

  async #setConverter(id, button, controls) {
    const { choice, current, entry, report } = controls;
    const busText = document.getElementById("bus-voltage").value;
    const command = converterCommand(choice, current.value, busText, {
      volts: highest("set/dcdc", "dvg"),
      amperes: highest("set/dcdc", "dig"),
    });
    const bus = readNumber(busText).value;
    if (command.error !== undefined) return report.say("bad", `${mark("bad")} ${command.error}`);
    const title = t("command.converter", { id, state: t(`converter.${choice}`) });
    if (!(await this.#agreed(id, title, choice, command, bus))) return undefined;
    const parameters = { ...command, was: this.#seen(id, (node) => node.status) };
    const answer = await perform({ button, report, title, where: path("set", "dcdc", id), parameters });
    if (!answer.ok) return undefined;
    const { status, dig } = readNode(id, { dcdc: answer.body });
    if (status !== null && dig !== null) controls.take({ status, dig }, entry);
    else if (entry === controls.entry) controls.follow();
    return this.#refresh();
  }

  /** Voltage control always asks; the others only when a Point to Note is about to be broken. */
  async #agreed(id, title, choice, command, bus) {
    const told = this.#describing(id, (node) => (choice === "voltage" ? beforeVoltage(this.#picture(), node, command) : []));
    const describe = () => ({ ...told(), warnings: brokenPoints(this.#picture().nodes, id, command, bus) });
    const { lines, warnings } = describe();
    if (lines.length === 0 && warnings.length === 0) return true;
    return ask({ title: t("ask.question", { title }), action: t(`converter.${choice}`), describe });
  }
}
