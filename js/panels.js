/**
 * Block 3: one panel a node. What a panel says is compared before it is written. Among many nodes only the panels
 * near the screen have a body; one that has scrolled away keeps what was entered in it.
 */

import { UNKNOWN, converterName, freshnessMark, measure, modeName, nodeTime, percent, signed } from "./format.js";
import { keyedList, setAttribute, setText } from "./keyed.js";

const MANY = 60; // from here on, panels far from the screen have no body
const NEAR = "800px 0px";

/** The texts of a panel's head, by the name of the place they go to. */
export function headTexts(node) {
  const mark = freshnessMark(node);
  return {
    address: node.ip ?? UNKNOWN,
    name: `${node.id} : ${node.display ?? UNKNOWN}`,
    state: mark === null ? "live" : [mark.word, mark.detail].filter(Boolean).join(", "),
  };
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
export function debugTexts(node) {
  const operating = node.wb === null || node.wg === null ? null : node.wb - node.wg;
  return {
    operating: signed(operating, "W"),
    chargeDischarge: signed(node.chargeDischarge, "W"),
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

class Panel {
  #template;
  #controls;
  #places;
  #body = null;
  #item = null;
  #isNear = false;

  constructor({ template, bodyTemplate, controls }) {
    this.element = template.content.firstElementChild.cloneNode(true);
    this.#template = bodyTemplate;
    this.#controls = controls;
    this.#places = placesIn(this.element);
  }

  near(isNear) {
    this.#isNear = isNear;
    if (this.#item !== null) this.#showBody();
  }

  update(item) {
    const { node } = item;
    this.#item = item;
    write(this.#places, headTexts(node));
    setAttribute(this.element, "data-id", node.id);
    setAttribute(this.element, "data-state", node.state);
    setAttribute(this.element, "data-grid-master", node.isGridMaster && node.state !== "lost" ? "" : null);
    setAttribute(this.element, "data-cv", node.isCv && node.state !== "lost" ? "" : null);
    setAttribute(this.#places.get("name"), "title", this.#places.get("name").textContent);
    this.#showBody();
  }

  #showBody() {
    const isShown = !this.#item.many || this.#isNear || this.element.contains(document.activeElement);
    if (!isShown) {
      this.#body?.element.remove();
      return;
    }
    this.#body ??= createBody(this.#template, this.#controls, this.#item.node.id);
    this.#body.update(this.#item);
    if (!this.#body.element.isConnected) this.element.append(this.#body.element);
  }
}

/**
 * @param {{container: Element, template: HTMLTemplateElement, bodyTemplate: HTMLTemplateElement,
 *   controls: import("./node_controls.js").NodeControls}} parts
 * @returns {(picture: object, debug: boolean) => void}
 */
export function createPanels({ container, template, bodyTemplate, controls }) {
  const panels = new Map();
  const watch = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) panels.get(target.dataset.id)?.near(isIntersecting);
    },
    { rootMargin: NEAR },
  );
  const show = keyedList(container, ({ key }) => {
    const panel = new Panel({ template, bodyTemplate, controls });
    panels.set(key, panel);
    watch.observe(panel.element);
    return { element: panel.element, update: (item) => panel.update(item) };
  });
  return (picture, debug) => {
    const many = picture.nodes.length > MANY;
    show(picture.nodes.map((node) => ({ key: node.id, node, picture, debug, many })));
    for (const [id, panel] of panels) {
      if (panel.element.isConnected) continue;
      watch.unobserve(panel.element);
      panels.delete(id);
      controls.detach(id);
    }
  };
}
