/** Wires the page: polls, state, and the parts that show it. */

import { Detail } from "./canvas/detail.js";
import { Energy } from "./canvas/energy.js";
import { createDeals } from "./cluster/deals.js";
import { createHeader } from "./cluster/header.js";
import { createLastCommands } from "./cluster/last_commands.js";
import { ClusterControls } from "./controls/cluster_controls.js";
import { NodeControls } from "./controls/node_controls.js";
import { createClock } from "./data/ages.js";
import { PictureSource, poll } from "./data/api.js";
import { useCommands } from "./data/commands.js";
import { State } from "./data/state.js";
import { FilterBar } from "./panels/filter_bar.js";
import { MANY, Panels } from "./panels/panels.js";
import { wireTip } from "./ui/buttons.js";
import { refreshDialog } from "./ui/dialogs.js";
import { wireLanguage } from "./ui/language.js";
import { wirePrint } from "./ui/print.js";
import { createReloadCheck } from "./ui/reload_check.js";
import { wireWidths } from "./ui/small_screens.js";
import { t, useCatalogue } from "./words/catalogue.js";

const $ = window.jQuery;
const given = (id) => JSON.parse(document.getElementById(id).textContent);
useCatalogue(given("words"), document.documentElement.lang);
useCommands(given("commands"));
const WAITING_MS = 250; // until the first data are there
const AGES_EVERY_MS = 500;
const AFTER_SERVER_MS = 200; // so long after the server is due to poll its data are there
const pollMs = Number(document.body.dataset.pollMs) || 1000;
const clock = createClock({ monotonic: () => performance.now(), wall: () => Date.now() });
const state = new State({ pollMs, now: clock });
const source = new PictureSource();
let asked = false; // for an update of the page
let shownAt = 0;

async function pollPicture() {
  await source.ask(state, clock);
  lookForReload(state.pageTag);
  pollInStep();
}

let inStep = null;
let inStepAt = -Infinity;

/** Just after the server's next poll, so that what is new is shown without waiting for this page's turn. */
function pollInStep() {
  clearTimeout(inStep);
  const next = state.nextMs;
  if (next === null || next > pollMs || performance.now() - inStepAt < 2 * pollMs) return;
  inStep = setTimeout(() => {
    inStepAt = performance.now();
    refresh();
  }, next + AFTER_SERVER_MS);
}

const byId = (id) => document.getElementById(id);

/** Ask without waiting for the turn, as after a command. */
function refresh() {
  polling.now();
}

const picture = () => state.picture();

function createPage() {
  const showHeader = createHeader();
  const showDeals = createDeals({ list: byId("deals"), template: byId("deal-template"), note: byId("deals-note") });
  const showLastCommands = createLastCommands({ list: byId("last-commands"), template: byId("command-template"), note: byId("last-note") });
  let debug = false;
  const onDebug = (on) => {
    debug = on;
    request();
  };
  const cluster = new ClusterControls({ picture, refresh, onDebug });
  const controls = new NodeControls({ container: byId("panels"), picture, refresh, template: byId("schedule-template") });
  const panels = new Panels({
    container: byId("panels"),
    template: byId("panel-template"),
    bodyTemplate: byId("panel-body-template"),
    controls,
  });
  const parts = createDetail(panels);
  const show = ({ atOnce = false } = {}) => {
    const now = picture();
    showHeader(now);
    showDeals(now);
    showLastCommands(now);
    parts.show(now);
    cluster.show(now);
    refreshDialog();
    const showPanels = () => panels.show(parts.filter.nodes(now, panels.isBusy), now, debug);
    // A large cluster is shown in two goes, so that no key or click waits for both.
    if (now.nodes.length > MANY && !atOnce) setTimeout(showPanels, 0);
    else showPanels();
  };
  const isBusy = () => panels.isEntered || cluster.isEntered || isWriting() || document.querySelector(UNDER_WAY) !== null;
  return { show, isBusy, readColours: () => parts.energy.readColours() };
}

/** Canvas, detail and filter, which know of each other by the address bar and by clicks. */
function createDetail(panels) {
  let wanted = null; // the address may name a node before its data came
  const energy = new Energy({
    onOpen: (id) => {
      wanted = null;
      detail.open(id, picture(), () => energy.focus(id));
    },
  });
  const detail = new Detail({
    element: byId("detail"),
    beneath: [byId("energy-frame"), byId("energy-head")],
    onChange: (id, how) => filter.opened(id, how),
    onPanel: (id) => {
      filter.makeSureOf(id);
      page.show({ atOnce: true });
      panels.reach(id);
    },
  });
  const filter = new FilterBar({
    onChange: request,
    onOpen: (id) => {
      wanted = id;
      if (id === null) detail.close();
      else request();
    },
  });
  const show = (now) => {
    energy.show(now);
    if (wanted !== null && now.nodes.some(({ id }) => id === wanted)) {
      detail.open(wanted, now);
      wanted = null;
    }
    detail.show(now);
  };
  return { energy, filter, show };
}

const UNDER_WAY = '.ui-dialog, [aria-busy="true"]';
const isWriting = () => document.activeElement?.matches("input:not([type=checkbox]), select") === true;

/** The height of what stays in view on top, for what stays in view below it. */
function measureMasthead() {
  const root = document.documentElement;
  const masthead = document.querySelector(".masthead");
  new ResizeObserver(() => root.style.setProperty("--masthead", `${masthead.offsetHeight}px`)).observe(masthead);
}

function wireTheme(readColours) {
  const label = () => {
    const isLight = document.documentElement.dataset.theme === "light";
    $("#theme").attr("aria-label", t(isLight ? "theme.dark" : "theme.light"));
  };
  $("#theme").on("click", () => {
    const root = document.documentElement;
    root.dataset.theme = root.dataset.theme === "light" ? "dark" : "light";
    try {
      localStorage.setItem("theme", root.dataset.theme);
    } catch {
      // Not remembered, but changed all the same.
    }
    label();
    readColours();
  });
  label();
}

/** Many changes become one update of the page. */
function request() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    shownAt = performance.now();
    page.show();
  });
}

/** The first picture waits for no frame. */
async function showFirst() {
  // What was fetched with the page has waited for its scripts: after a slow way here its nodes may be fresh no more.
  if (performance.now() > pollMs) await source.ask(state, clock);
  state.listen(request);
  shownAt = performance.now();
  page.show({ atOnce: true });
}

/** Ages count up while one watches, also while no data come. */
function keepCounting() {
  setInterval(() => {
    if (performance.now() - shownAt > AGES_EVERY_MS - 100) request();
  }, AGES_EVERY_MS);
}

if (document.documentElement.dataset.lacking) throw new Error("this browser lacks what the page needs; stop.js says what");
const page = createPage();
keepCounting();
const lookForReload = createReloadCheck({ notice: byId("reload"), button: byId("reload-now"), isBusy: page.isBusy });
const polling = poll(pollPicture, () => (state.isIncomplete ? WAITING_MS : pollMs));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
wireLanguage(byId("language"));
wireTheme(page.readColours);
wireTip(byId("tip"));
wireWidths({ legend: byId("legend") });
measureMasthead();
document.documentElement.dataset.ready = "true"; // stop.js leaves Stop all to the page
byId("page-trouble").hidden = true; // which it may have shown meanwhile, on a slow way here
try {
  sessionStorage.removeItem("loaded-again");
} catch {
  // Not kept, so not to be removed.
}
wirePrint({ table: byId("print-nodes"), when: byId("print-when"), picture });
polling.first.then(showFirst);
