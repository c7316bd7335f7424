/** What a node or the hub says when it is pointed at: its name and deals, or how many are connected. */

import { listOf, t } from "../words/catalogue.js";
import { UNKNOWN, freshnessMark, nodeName, nodeTime, percent, stateText } from "../words/format.js";
import { busSummary, tellApart } from "../words/summary.js";

/** The deals of a node, from its side, with their start. */
export function dealsOf(id, picture) {
  const mine = picture.deals.filter((deal) => deal.charging === id || deal.discharging === id);
  return mine.map((deal) => {
    const takes = deal.charging === id;
    const since = tellApart(deal, picture.deals) || t("deal.since_short", { start: nodeTime(deal.start) });
    return t(takes ? "deal.takes" : "deal.gives", { other: (takes ? deal.discharging : deal.charging) ?? UNKNOWN, since });
  });
}

/** @returns {string[]} lines; none for a node that nobody knows */
export function nodeLines(id, picture) {
  const node = picture.nodes.find((one) => one.id === id);
  if (node === undefined) return [];
  const deals = dealsOf(id, picture);
  return [
    listOf([nodeName(node), percent(node.rsoc)]),
    ...(freshnessMark(node) === null ? [] : [stateText(node)]),
    ...(deals.length === 0 ? [t("deal.none_of")] : deals),
  ];
}

export function hubLines(picture, boxes) {
  const connected = picture.nodes.filter((node) => node.state !== "lost").length;
  const bus = busSummary(picture);
  return [
    t("canvas.connected", { count: connected }),
    t("canvas.exchanging", { number: boxes.filter((box) => box.near).length }),
    ...(bus.notes.length === 0 ? [] : [t("canvas.bus", { bus: listOf([bus.text, ...bus.notes]) })]),
  ];
}

/** Show lines beside a point of the canvas, or none. */
export function createHover(tip, frame) {
  return (lines, at) => {
    tip.hidden = lines.length === 0;
    if (lines.length === 0) return;
    const texts = lines.map((line) => {
      const element = document.createElement("p");
      element.textContent = line;
      return element;
    });
    tip.replaceChildren(...texts);
    const { offsetWidth: width, offsetHeight: height } = tip;
    const below = at.y + 18 + height < frame.clientHeight;
    tip.style.left = `${Math.max(4, Math.min(at.x + 14, frame.clientWidth - width - 4))}px`;
    tip.style.top = `${below ? at.y + 18 : Math.max(4, at.y - height - 10)}px`;
  };
}
