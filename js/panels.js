/** Block 3: one panel a node. What a panel says is compared before it is written. */

import { UNKNOWN, converterName, freshnessMark, measure, modeName, nodeTime, percent, signed } from "./format.js";
import { keyedList, setAttribute, setText } from "./keyed.js";

const MANY = 60; // from here on, panels far from the screen are not laid out

/** The texts of a panel, by the name of the place they go to. */
export function panelTexts(node) {
  const mark = freshnessMark(node);
  return {
    address: node.ip ?? UNKNOWN,
    name: `${node.id} : ${node.display ?? UNKNOWN}`,
    state: mark === null ? "live" : [mark.word, mark.detail].filter(Boolean).join(", "),
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

function createPanel(template) {
  const element = template.content.firstElementChild.cloneNode(true);
  const places = new Map([...element.querySelectorAll("[data-text]")].map((place) => [place.dataset.text, place]));
  const bar = element.querySelector(".bar-fill");
  let level = null;
  const update = ({ node }) => {
    for (const [name, text] of Object.entries(panelTexts(node))) setText(places.get(name), text);
    setAttribute(element, "data-id", node.id);
    setAttribute(element, "data-state", node.state);
    setAttribute(element, "data-grid-master", node.isGridMaster && node.state !== "lost" ? "" : null);
    setAttribute(element, "data-cv", node.isCv && node.state !== "lost" ? "" : null);
    setAttribute(places.get("name"), "title", places.get("name").textContent);
    const width = `${Math.max(0, Math.min(100, node.rsoc ?? 0))}%`;
    if (width !== level) bar.style.width = level = width;
  };
  return { element, update };
}

/**
 * @param {Element} container
 * @param {HTMLTemplateElement} template
 * @returns {(nodes: object[]) => void}
 */
export function createPanels(container, template) {
  const show = keyedList(container, () => createPanel(template));
  return (nodes) => {
    container.classList.toggle("is-many", nodes.length > MANY);
    show(nodes.map((node) => ({ key: node.id, node })));
  };
}
