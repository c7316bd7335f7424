/** The deals as text, from the nodes' side, kept until they end. Of many, as many are in the document as were scrolled to. */

import { keyedList, setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { errorWords } from "../words/errors.js";
import { age, nodeTime } from "../words/format.js";
import { chargingNodes, dealText } from "../words/summary.js";

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
    setText(places.start, t("deal.since", { start: nodeTime(deal.start) }));
    setAttribute(master, "hidden", deal.isMaster ? null : "");
  };
  return { element, update };
}

const STEP = 40;
const NEAR_PX = 400; // from the end of the list, where more are shown

function oldWords({ why, ageS }) {
  return t(ageS === null ? "deals.unknown_why" : "deals.as_of", { age: age(ageS), why: errorWords(why) });
}

/**
 * @param {{list: Element, template: HTMLTemplateElement, note: Element}} parts note: says none, or how old they are
 * @returns {(picture: object) => void}
 */
export function createDeals({ list, template, note }) {
  const show = keyedList(list, () => createDeal(template));
  let [most, latest] = [STEP, null];
  const showDeals = (picture) => {
    latest = picture;
    const nodes = chargingNodes(picture);
    show(picture.deals.slice(0, most).map((deal) => ({ key: deal.key, deal, nodes })));
    const { dealsOld } = picture;
    const more = picture.deals.length - most;
    let words = "";
    if (picture.deals.length === 0) words = t(picture.old === null ? "deals.none" : "deals.none_last");
    if (more > 0) words = t("deals.listed", { shown: most, count: picture.deals.length });
    if (dealsOld !== null) words = oldWords(dealsOld);
    else if (!picture.areDealsKnown) words = t("deals.unknown");
    setText(note, words);
    setAttribute(note, "hidden", words === "" ? "" : null);
    setAttribute(note, "data-old", dealsOld === null ? null : "");
  };
  list.addEventListener("scroll", () => {
    const { scrollTop, scrollHeight, clientHeight } = list;
    const wanted = scrollTop === 0 ? STEP : most + (scrollTop + clientHeight > scrollHeight - NEAR_PX ? STEP : 0);
    if (wanted === most || latest === null) return;
    most = wanted;
    showDeals(latest);
  });
  return showDeals;
}
