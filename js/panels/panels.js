/**
 * Block 3: one panel a node. What a panel says is compared before it is written. Among many nodes only the panels
 * near the screen are in the document; one that has scrolled away keeps what was entered in it.
 */

import { setAttribute, setText } from "../ui/dom.js";
import { UNKNOWN, converterName, lookOf, measure, modeName, nodeName, nodeTime, percent, runningText, signed, stateText } from "../words/format.js";
import { Rows } from "./virtual_grid.js";

export const MANY = 60; // with more nodes, panels far from the screen are left out

/** The texts of a panel's head, by the name of the place they go to. */
export function headTexts(node) {
  return { address: node.ip ?? UNKNOWN, name: nodeName(node), state: stateText(node), running: runningText(node) };
}

/** The texts of a panel's body. (contract, section 3b) */
export function bodyTexts(node) {
  return {
    effective: modeName(node.effective),
    local: modeName(node.local),
    converter: converterName(node.status),
    time: nodeTime(node.time),
    wg: signed(node.wg, "W"),
    ig: signed(node.ig, "A"),
    vg: measure(node.vg, "V"),
    wb: signed(node.wb, "W"),
    ib: signed(node.ib, "A"),
    vb: measure(node.vb, "V"),
    rsoc: percent(node.rsoc),
  };
}

/** What the debug checkbox adds. (specification, Figure 4-9) */
function debugTexts(node) {
  const operating = node.wb === null || node.wg === null ? null : node.wb - node.wg;
  return {
    operating: signed(operating, "W"),
    chargeDischarge: measure(node.chargeDischarge, "W"), // hardware tells it without a sign
    pv: measure(node.pv, "W"),
    p1: measure(node.demand, "W"),
    p2: measure(node.mains, "W"),
    ups: measure(node.load, "W"),
    converterError: node.converterError ?? UNKNOWN,
    emuError: node.emuError ?? UNKNOWN,
  };
}

function placesIn(element) {
  return new Map([...element.querySelectorAll("[data-text]")].map((place) => [place.dataset.text, place]));
}

function write(places, texts) {
  for (const [name, text] of Object.entries(texts)) setText(places.get(name), text);
}

function createBody(template, controls, id) {
  const element = template.content.firstElementChild.cloneNode(true);
  const places = placesIn(element);
  const bar = element.querySelector(".bar-fill");
  const own = controls.attach(element, id);
  let level = null;
  const update = ({ node, picture, debug }) => {
    write(places, bodyTexts(node));
    if (debug) write(places, debugTexts(node));
    own.update(node, picture);
    const width = `${Math.max(0, Math.min(100, node.rsoc ?? 0))}%`;
    if (width !== level) bar.style.width = level = width;
  };
  return { element, update };
}

/** A panel, its head and its body. */
function createPanel({ template, bodyTemplate, controls }, id) {
  const element = template.content.firstElementChild.cloneNode(true);
  const places = placesIn(element);
  const body = createBody(bodyTemplate, controls, id);
  element.append(body.element);
  const update = (item) => {
    const { node } = item;
    write(places, headTexts(node));
    setAttribute(element, "data-id", node.id);
    setAttribute(element, "data-state", lookOf(node));
    setAttribute(element, "data-grid-master", node.isGridMaster && node.state !== "lost" ? "" : null);
    setAttribute(element, "data-cv", node.isCv && node.state !== "lost" ? "" : null);
    setAttribute(places.get("name"), "title", places.get("name").textContent);
    body.update(item);
  };
  return { element, update };
}

/** Block 3. */
export class Panels {
  #parts;
  #panels = new Map();
  #rows;
  #known = new Set();

  /**
   * @param {{container: Element, template: HTMLTemplateElement, bodyTemplate: HTMLTemplateElement,
   *   controls: import("../controls/node_controls.js").NodeControls}} parts
   */
  constructor(parts) {
    this.#parts = parts;
    this.#rows = new Rows(parts.container, ({ key }) => this.#panelOf(key), MANY, () => this.#tidy());
  }

  #panelOf(id) {
    if (!this.#panels.has(id)) this.#panels.set(id, createPanel(this.#parts, id));
    return this.#panels.get(id);
  }

  /** Panels that left the document are forgotten, but for those in which something was entered or is told. */
  #tidy() {
    const { controls } = this.#parts;
    for (const [id, { element }] of this.#panels) {
      if (element.isConnected || (this.#known.has(id) && controls.isTouched(id))) continue;
      this.#panels.delete(id);
      controls.detach(id);
    }
  }

  /** Whether somebody works in the panels or points at them: nothing must move under a finger that is about to press. */
  get isBusy() {
    const { container } = this.#parts;
    return container.matches(":hover") || (container.contains(document.activeElement) && document.activeElement !== container);
  }

  /** Whether anything is entered in a panel. */
  get isEntered() {
    return [...this.#panels.keys()].some((id) => this.#parts.controls.isEntered(id));
  }

  /** @param {object[]} nodes those to show, in their order */
  show(nodes, picture, debug) {
    this.#known = new Set(picture.nodes.map((node) => node.id));
    this.#rows.show(nodes.map((node) => ({ key: node.id, name: nodeName(node), node, picture, debug })));
  }

  /** Bring a panel into view and the keyboard into it. */
  reach(id) {
    const panel = this.#rows.reach(id);
    panel?.scrollIntoView({ block: "start" });
    panel?.querySelector(".local-list").focus({ preventScroll: true });
  }
}
