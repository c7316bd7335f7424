/** The table of nodes of the printed page: made when the page is printed, since nobody else sees it. */

import { t } from "../words/catalogue.js";
import { converterName, measure, modeName, moment, nodeName, nodeTime, percent, signed, stateText } from "../words/format.js";

const HEADS = ["node", "state", "mode", "converter", "wg", "ig", "vg", "battery", "time"];

/** The cells of a node's row. */
function cellsOf(node) {
  return [
    node.isGridMaster ? t("print.master", { name: nodeName(node) }) : nodeName(node),
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
    table.replaceChildren(row(HEADS.map((head) => t(`print.${head}`)), "th"), ...picture().nodes.map((node) => row(cellsOf(node), "td")));
    when.textContent = t("print.when", { moment: moment(new Date().toISOString(), new Date(0)) });
  });
}
