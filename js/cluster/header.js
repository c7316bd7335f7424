/** The header, the Global Mode in words, the band over an old picture, and what is told to screen readers. */

import { serverTime } from "../data/server_time.js";
import { setAttribute, setText } from "../ui/dom.js";
import { listOf, t } from "../words/catalogue.js";
import { bandText, busSummary, communityOf, exchangeSummary, freshnessSummary, leftRunning, modeSummary, notices } from "../words/summary.js";

/** What is worth interrupting for: the mode, the picture getting old or live, a node lost or back. */
export function announcements(before, after) {
  if (before === null) return [];
  const told = [];
  if (before.mode !== after.mode && after.mode !== null) told.push(t("announce.mode", { mode: after.word }));
  if (before.old !== after.old) told.push(after.old ? after.band : t("announce.live"));
  for (const id of after.lost) if (!before.lost.includes(id)) told.push(t("announce.lost", { id }));
  for (const id of before.lost) if (!after.lost.includes(id)) told.push(t("announce.back", { id }));
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
  placeBand();
}

/** "" for what is old, "past" for what is from before a command, null for what is live. */
function oldness({ waiting, old, isPast }) {
  if (waiting) return null;
  if (old !== null) return "";
  return isPast ? "past" : null;
}

function showLines(id, told) {
  const line = document.getElementById(id);
  setAttribute(line, "hidden", told.length === 0 ? "" : null);
  setText(line, told.join(t("list.sentences")));
}

function put(id, text) {
  setText(document.getElementById(id), text);
}

function showFigures(picture) {
  const mode = modeSummary(picture);
  put("mode-word", mode.word);
  put("mode-detail", mode.detail);
  put("chip-mode-word", mode.word);
  for (const id of ["chip-mode", "mode-word"]) setAttribute(document.getElementById(id), "data-old", oldness(picture));
  put("chip-mode-detail", mode.short);
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
  put("chip-bus-note", bus.note);
  setAttribute(document.getElementById("chip-bus-whole"), "title", bus.notes.length === 0 ? null : listOf(bus.notes));
  setAttribute(document.getElementById("chip-bus"), "data-old", bus.old ? (oldness(picture) ?? "") : null);
}

/** Of the two bands, which say the same, the one over the header is for those who cannot see the whole other one. */
function placeBand() {
  const [head, other] = document.querySelectorAll(".band");
  if (other.hidden) return;
  const { left, right, top, bottom } = other.getBoundingClientRect();
  const middle = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const highest = document.querySelector(".masthead").offsetHeight;
  const docked = document.querySelector(".card-stop");
  const lowest = getComputedStyle(docked).position === "fixed" ? docked.getBoundingClientRect().top : innerHeight;
  const isSeen = top >= highest && bottom <= lowest && other.contains(middle);
  setAttribute(head, "data-spare", isSeen ? "" : null);
}

/** @returns {(picture: object) => void} */
export function createHeader() {
  let before = null;
  addEventListener("scroll", placeBand, { passive: true });
  return (picture) => {
    const community = communityOf(picture);
    const title = community === null ? t("cluster.title") : t("cluster.title_of", { community });
    setText(document.getElementById("title"), title);
    if (document.title !== title) document.title = title;
    showFigures(picture);
    showBand(picture);
    showLines("left-running", leftRunning(picture));
    showLines("notices", notices(picture, serverTime));
    const now = facts(picture);
    const told = picture.waiting ? [] : announcements(before, now);
    if (told.length > 0) setText(document.getElementById("announce"), told.join(t("list.sentences")));
    if (!picture.waiting) before = now;
  };
}
