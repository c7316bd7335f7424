/** The table of nodes of the printed page: made when the page is printed, since nobody else sees it. */

import { converterName, measure, modeName, nodeName, nodeTime, percent, signed, stateText } from "../words/format.js";

const HEADS = ["Node", "State", "Mode", "Converter", "Grid power", "Grid current", "Grid voltage", "Battery", "Node time"];

/** The cells of a node's row. */
function cellsOf(node) {
  return [
    `${nodeName(node)}${node.isGridMaster ? ", Grid Master" : ""}`,
    stateText(node),
    modeName(node.effective),
    converterName(node.status),
    signed(node.wg, "W"),
    signed(node.ig, "A"),
    measure(node.vg, "V"),
    percent(node.rsoc),
    nodeTime(node.time),
  ];
}

function row(texts, kind) {
  const element = document.createElement("tr");
  for (const text of texts) element.append(Object.assign(document.createElement(kind), { textContent: text }));
  return element;
}

/** @param {{table: HTMLTableElement, when: Element, picture: () => object}} parts when: says when it was printed */
export function wirePrint({ table, when, picture }) {
  addEventListener("beforeprint", () => {
    table.replaceChildren(row(HEADS, "th"), ...picture().nodes.map((node) => row(cellsOf(node), "td")));
    when.textContent = `Printed ${new Date().toLocaleString("sv")}`;
  });
}
