/** One node by itself (specification, Figure 4-4): sun, plug and person with their power, beside it the frame for the history. */

import { keyedList, setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { UNKNOWN, converterName, lookOf, measure, modeName, nodeName, nodeTime, percent, shortPercent, signed, stateText } from "../words/format.js";
import { dealsOf } from "./hover.js";
import { BUS_W, LOAD_W, MAINS_W, PV_W, speedOf } from "./scene.js";

const DOT_PX = 12; // from one dot to the next

/** The texts of the detail, by the name of the place they go to. */
export function detailTexts(node) {
  return {
    name: nodeName(node),
    state: stateText(node),
    pv: measure(node.pv, "W"),
    mains: measure(node.mains, "W"),
    load: measure(node.load, "W"),
    percent: shortPercent(node.rsoc) || UNKNOWN,
    dc: signed(node.wg, "W"),
    charge: percent(node.rsoc),
    battery: signed(node.wb, "W"),
    bus: measure(node.vg, "V"),
    converter: converterName(node.status),
    effective: modeName(node.effective),
    time: nodeTime(node.time),
  };
}

/** The flows of the detail: which have dots, and how fast. The same thresholds as on the canvas; 0 is none. */
export function detailFlows(node) {
  const from = (watts, threshold) => (node.state !== "lost" && watts !== null && Math.abs(watts) >= threshold ? speedOf(watts) : 0);
  const sunny = (watts, threshold) => (watts === null || watts < 0 ? 0 : from(watts, threshold));
  return { pv: sunny(node.pv, PV_W), mains: sunny(node.mains, MAINS_W), load: sunny(node.load, LOAD_W), dc: from(node.wg, BUS_W) };
}

function lines() {
  const element = document.createElement("li");
  return { element, update: ({ text }) => setText(element, text) };
}

export class Detail {
  #element;
  #places;
  #level;
  #showDeals;
  #beneath;
  #onChange;
  #id = null;
  #returnTo = () => {};

  /**
   * @param {{element: Element, beneath: Element[], onChange: (id: string|null, how?: object) => void, onPanel: (id: string) => void}} parts
   *   beneath: what it covers, and what cannot be reached meanwhile
   */
  constructor({ element, beneath, onChange, onPanel }) {
    this.#element = element;
    this.#beneath = beneath;
    this.#onChange = onChange;
    this.#places = new Map([...element.querySelectorAll("[data-text]")].map((place) => [place.dataset.text, place]));
    this.#level = element.querySelector(".detail-level");
    this.#showDeals = keyedList(element.querySelector(".detail-deals"), lines);
    element.querySelector(".detail-close").addEventListener("click", () => this.close());
    element.querySelector(".detail-panel").addEventListener("click", () => {
      const id = this.#id;
      this.close({ goesBack: false });
      onPanel(id);
    });
    element.addEventListener("click", (event) => {
      if (event.target === element) this.close();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.#id !== null && !document.body.classList.contains("has-dialog")) this.close();
    });
  }

  get id() {
    return this.#id;
  }

  /** @param {string} id @param {object} picture @param {() => void} returnTo puts the focus back when it is closed */
  open(id, picture, returnTo = () => {}) {
    if (!picture.nodes.some((node) => node.id === id)) return;
    this.#id = id;
    this.#returnTo = returnTo;
    setAttribute(this.#element, "hidden", null);
    for (const element of this.#beneath) element.inert = true;
    this.show(picture);
    this.#element.querySelector(".detail-card").scrollIntoView({ block: "nearest" });
    this.#element.querySelector(".detail-close").focus({ preventScroll: true });
    this.#onChange(id);
  }

  /** @param {{goesBack?: boolean}} how goesBack: to the address from before */
  close(how = {}) {
    if (this.#id === null) return;
    this.#id = null;
    setAttribute(this.#element, "hidden", "");
    for (const element of this.#beneath) element.inert = false;
    this.#returnTo();
    this.#onChange(null, how);
  }

  show(picture) {
    if (this.#id === null) return;
    const node = picture.nodes.find((one) => one.id === this.#id);
    if (node === undefined) return void this.close();
    for (const [name, text] of Object.entries(detailTexts(node))) setText(this.#places.get(name), text);
    const deals = dealsOf(node.id, picture);
    this.#showDeals((deals.length === 0 ? [t("deal.none_of")] : deals).map((text, index) => ({ key: String(index), text })));
    setAttribute(this.#element, "data-state", lookOf(node));
    setAttribute(this.#element, "data-cv", node.isCv && node.state !== "lost" ? "" : null);
    const full = Number(this.#level.dataset.height);
    const height = full * Math.max(0, Math.min(1, (node.rsoc ?? 0) / 100));
    setAttribute(this.#level, "height", height.toFixed(1));
    setAttribute(this.#level, "y", (Number(this.#level.dataset.bottom) - height).toFixed(1));
    this.#showFlows(node, picture.old === null && lookOf(node) === "fresh");
  }

  #showFlows(node, isLive) {
    for (const [name, speed] of Object.entries(detailFlows(node))) {
      const flow = this.#element.querySelector(`[data-flow="${name}"]`);
      setAttribute(flow, "hidden", speed === 0 ? "" : null);
      setAttribute(flow, "data-live", isLive ? "" : null);
      if (name === "dc") setAttribute(flow, "data-way", (node.wg ?? 0) < 0 ? "out" : "in");
      const run = speed === 0 ? "1s" : `${(DOT_PX / Math.round(speed / 4) / 4).toFixed(2)}s`;
      if (flow.style.getPropertyValue("--run") !== run) flow.style.setProperty("--run", run);
    }
  }
}
