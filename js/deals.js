/** The deals as text, from the nodes' side, kept until they end. */

import { age, nodeTime } from "./format.js";
import { keyedList, setAttribute, setText } from "./keyed.js";
import { chargingNodes, dealText } from "./summary.js";

function createDeal(template) {
  const element = template.content.firstElementChild.cloneNode(true);
  const place = (name) => element.querySelector(`[data-text="${name}"]`);
  const places = { title: place("title"), power: place("power"), asked: place("asked"), start: place("start") };
  const master = element.querySelector(".deal-master");
  const update = ({ deal, nodes }) => {
    const { title, power, isOld, asked } = dealText(deal, nodes);
    setText(places.title, title);
    setText(places.power, power);
    setAttribute(element, "data-old", isOld ? "" : null);
    setAttribute(element, "data-key", deal.key);
    setText(places.asked, asked);
    setText(places.start, `since ${nodeTime(deal.start)}`);
    setAttribute(master, "hidden", deal.isMaster ? null : "");
  };
  return { element, update };
}

function oldWords({ why, ageS }) {
  const reason = why ?? "apis-web does not answer";
  return ageS === null ? `Deals not known: ${reason}` : `Deals as of ${age(ageS)} ago: ${reason}`;
}

/**
 * @param {{list: Element, template: HTMLTemplateElement, note: Element}} parts note: says none, or how old they are
 * @returns {(picture: object) => void}
 */
export function createDeals({ list, template, note }) {
  const show = keyedList(list, () => createDeal(template));
  return (picture) => {
    const nodes = chargingNodes(picture);
    show(picture.deals.map((deal) => ({ key: deal.key, deal, nodes })));
    const { dealsOld } = picture;
    let words = picture.deals.length === 0 ? "No deals at present." : "";
    if (dealsOld !== null) words = oldWords(dealsOld);
    else if (picture.waiting && picture.deals.length === 0) words = "Not known yet.";
    setText(note, words);
    setAttribute(note, "hidden", words === "" ? "" : null);
    setAttribute(note, "data-old", dealsOld === null ? null : "");
  };
}
