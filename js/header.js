/** The header, the Global Mode in words, the band over an old picture, and what is told to screen readers. */

import { setAttribute, setText } from "./keyed.js";
import { bandText, busSummary, communityOf, exchangeSummary, freshnessSummary, modeSummary } from "./summary.js";

/** What is worth interrupting for: the mode, the picture getting old or live, a node lost or back. */
export function announcements(before, after) {
  if (before === null) return [];
  const told = [];
  if (before.mode !== after.mode && after.mode !== null) told.push(`Global Mode is ${after.word}`);
  if (before.old !== after.old) told.push(after.old ? after.band : "The picture is live again");
  for (const id of after.lost) if (!before.lost.includes(id)) told.push(`Node ${id} is lost`);
  for (const id of before.lost) if (!after.lost.includes(id)) told.push(`Node ${id} is back`);
  return told;
}

/** The few facts that announcements are made from. */
export function facts(picture) {
  const { mode, word } = modeSummary(picture);
  const lost = picture.nodes.filter((node) => node.state === "lost").map((node) => node.id);
  return { mode, word, old: picture.old !== null, band: bandText(picture), lost };
}

function showBand(picture) {
  const text = bandText(picture);
  for (const band of document.querySelectorAll(".band")) {
    setAttribute(band, "hidden", text === null ? "" : null);
    if (text !== null) setText(band.querySelector(".band-text"), text);
  }
  document.body.classList.toggle("is-old", text !== null);
}

function put(id, text) {
  setText(document.getElementById(id), text);
}

function showFigures(picture) {
  const mode = modeSummary(picture);
  put("mode-word", mode.word);
  put("mode-detail", mode.detail);
  put("chip-mode-word", mode.word);
  put("chip-mode-detail", mode.detail.replace(/ reports? it$/, ""));
  const fresh = freshnessSummary(picture);
  put("chip-fresh-text", fresh.text);
  put("chip-fresh-detail", fresh.detail);
  setAttribute(document.getElementById("chip-fresh"), "data-kind", fresh.kind);
  const exchange = exchangeSummary(picture);
  put("chip-deals", exchange.deals);
  put("chip-power", exchange.power);
  setAttribute(document.getElementById("chip-deals"), "data-old", exchange.old ? "" : null);
  const bus = busSummary(picture);
  put("chip-bus", bus.text);
  setAttribute(document.getElementById("chip-bus"), "data-old", bus.old ? "" : null);
}

const toggleCanvas = ([{ isIntersecting }]) => document.body.classList.toggle("canvas-in-view", isIntersecting);

/** The band over the header is for those who have scrolled away from the one at the canvas. */
function watchCanvas() {
  new IntersectionObserver(toggleCanvas, { rootMargin: "-60px 0px 0px 0px" }).observe(document.getElementById("energy-foot"));
}

/** @returns {(picture: object) => void} */
export function createHeader() {
  let before = null;
  watchCanvas();
  return (picture) => {
    const community = communityOf(picture);
    const title = community === null ? "Energy Exchange" : `Energy Exchange in ${community}`;
    setText(document.getElementById("title"), title);
    if (document.title !== title) document.title = title;
    showFigures(picture);
    showBand(picture);
    const now = facts(picture);
    const told = picture.waiting ? [] : announcements(before, now);
    if (told.length > 0) setText(document.getElementById("announce"), told.join(". "));
    if (!picture.waiting) before = now;
  };
}
