/** Block 2: what commands the whole cluster. */

import { highest } from "../data/commands.js";
import { Report, isReady, setReason } from "../ui/buttons.js";
import { ask } from "../ui/dialogs.js";
import { setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { globalModeOf, isStillSo } from "../words/command_words.js";
import { beforeGlobalMode, beforeShutDown, whyNoClusterShutDown } from "../words/consequences.js";
import { modeName } from "../words/format.js";
import { readNumber } from "../words/numbers.js";
import { onCommand, perform } from "./command_client.js";
import { askSchedule, clearSchedule, showSchedule } from "./schedule_dialog.js";

const byId = (id) => document.getElementById(id);

/** A flag of the page that outlives a reload, where the browser keeps such things. */
function remembered(name) {
  try {
    return localStorage.getItem(name) === "true";
  } catch {
    return false;
  }
}

function remember(name, value) {
  try {
    localStorage.setItem(name, String(value));
  } catch {
    // Not remembered, but in force all the same.
  }
}

function pressed(id, act) {
  byId(id).addEventListener("click", (event) => {
    if (isReady(event.currentTarget)) act(event.currentTarget);
  });
}

export class ClusterControls {
  #picture;
  #reports = {
    mode: new Report(byId("mode-report")),
    flush: new Report(byId("flush-report")),
    stop: new Report(byId("stop-report")),
  };

  /**
   * @param {{picture: () => object, refresh: () => void, onDebug: (on: boolean) => void}} page
   */
  constructor({ picture, refresh, onDebug }) {
    this.#picture = picture;
    pressed("mode-set", (button) => this.#setMode(button));
    pressed("schedule-set", (button) => this.#setSchedule(button, refresh));
    pressed("schedule-clear", async (button) => {
      await clearSchedule({ target: "", picture: this.#picture(), button, report: this.#reports.mode });
      refresh();
    });
    pressed("shut-down", (button) => this.#shutDown(button));
    pressed("flush", async (button) => {
      await perform({ button, report: this.#reports.flush, title: t("command.flush_cache"), where: "flushCache" });
      refresh();
    });
    pressed("stop-all", (button) => {
      const parameters = { was: globalModeOf(this.#picture()) };
      perform({ button, report: this.#reports.stop, title: t("command.stop_all"), where: "stopAll", parameters });
    });
    onCommand(refresh);
    this.#wireDebug(onDebug);
    this.#wireBusVoltage();
  }

  /** The field says at once what is wrong with it; converter commands check it again. */
  #wireBusVoltage() {
    const field = byId("bus-voltage");
    field.addEventListener("input", () => {
      const { value } = readNumber(field.value);
      const isWrong = !(value >= 0 && value <= highest("set/dcdc", "dvg"));
      setAttribute(field, "aria-invalid", isWrong ? "true" : null);
      byId("bus-why").classList.toggle("unseen", !isWrong);
    });
  }

  #wireDebug(onDebug) {
    const box = byId("debug");
    const apply = () => {
      document.body.classList.toggle("debug", box.checked);
      onDebug(box.checked);
    };
    box.checked = remembered("debug");
    box.addEventListener("change", () => {
      remember("debug", box.checked);
      apply();
    });
    apply();
  }

  async #setMode(button) {
    const list = byId("mode-list");
    const value = list.value;
    if (value === "none") return;
    const name = modeName(value);
    const describe = () => ({ lines: beforeGlobalMode(this.#picture(), value) ?? [] });
    const title = t("command.global_mode", { mode: name });
    if (describe().lines.length > 0 && !(await ask({ title: t("ask.question", { title }), action: name, describe }))) return;
    const parameters = { value, was: globalModeOf(this.#picture()) };
    const answer = await perform({ button, report: this.#reports.mode, title, where: "setOperationMode", parameters });
    if (answer.ok && list.value === value) list.value = "none";
  }

  #setSchedule(button, refresh) {
    askSchedule({
      target: "",
      picture: this.#picture,
      report: this.#reports.mode,
      template: byId("schedule-template"),
      onSet: refresh,
    });
  }

  async #shutDown(button) {
    const describe = () => ({ lines: beforeShutDown(this.#picture(), null) });
    const goesOn = await ask({ title: t("ask.shut_down_all"), action: t("page.shut_down"), describe });
    const parameters = { was: globalModeOf(this.#picture()) };
    if (goesOn) perform({ button, report: this.#reports.mode, title: t("command.shut_down_all"), where: "shutDown", parameters });
  }

  /** Whether something is entered that a new page would not have. */
  get isEntered() {
    const bus = byId("bus-voltage");
    return bus.value !== bus.defaultValue || byId("mode-list").value !== "none";
  }

  show(picture) {
    for (const report of Object.values(this.#reports)) report.keepTrue((row) => isStillSo(row, picture));
    const why = whyNoClusterShutDown(picture);
    setReason(byId("shut-down"), why, "shut-down-why");
    setText(byId("shut-down-why"), why ?? "");
    showSchedule({ time: byId("schedule-time"), detail: byId("schedule-detail") }, picture.schedules.get(""));
    const broken = [...picture.brokenSchedules].map(([name, problem]) => `${name}: ${problem}`);
    const text = broken.length === 0 ? "" : t("schedule.broken", { files: broken.join(t("list.parts")) });
    setText(byId("schedule-broken"), text);
    setAttribute(byId("schedule-broken"), "hidden", text === "" ? "" : null);
  }
}
