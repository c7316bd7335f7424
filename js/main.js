/** Wires the page: polls, state, and the parts that show it. */

import { getJson, poll } from "./api.js";
import { createDeals } from "./deals.js";
import { createEnergy } from "./energy.js";
import { createHeader } from "./header.js";
import { createPanels } from "./panels.js";
import { State } from "./state.js";

const $ = window.jQuery;
const pollMs = Number(document.body.dataset.pollMs) || 1000;
const state = new State({ pollMs });

/** One source: fetched, and taken only when it changed; `same` hears of the other times. */
function source(path, { take, fail, same = null }) {
  let etag = null;
  return async () => {
    try {
      const answer = await getJson(path, same === null ? null : etag);
      etag = answer.etag;
      if (answer.unchanged) same();
      else take(answer.body);
    } catch (error) {
      etag = null; // whatever comes next is taken whole
      fail(error);
    }
  };
}

const sources = {
  log: source("get/logInfo", {
    take: (body) => state.takeLog(body),
    same: () => state.confirmLog(),
    fail: (error) => state.takeError("log", error),
  }),
  deals: source("get/dealsInfo", {
    take: (body) => state.takeDeals(body),
    fail: () => {}, // freshness tells why deals are old
  }),
  freshness: source("get/freshness", {
    take: (body) => state.takeFreshness(body),
    fail: (error) => state.takeError("freshness", error),
  }),
  mode: source("get/globalmode", {
    take: (body) => state.takeClusterMode(body),
    fail: () => state.takeClusterMode(null),
  }),
};

async function pollOnce() {
  await Promise.all([sources.log(), sources.deals(), sources.freshness()]);
  if (state.reportsNoMode) await sources.mode();
}

const byId = (id) => document.getElementById(id);

function createPage() {
  const showHeader = createHeader();
  const showDeals = createDeals({ list: byId("deals"), template: byId("deal-template"), note: byId("deals-note") });
  const showPanels = createPanels(byId("panels"), byId("panel-template"));
  const energy = createEnergy({
    canvas: byId("energy"),
    boxes: byId("energy-boxes"),
    curves: byId("energy-curves"),
    clock: byId("clock"),
  });
  const show = () => {
    const picture = state.picture();
    showHeader(picture);
    showDeals(picture);
    energy.show(picture);
    showPanels(picture.nodes);
    $("#nodes-count").text(picture.nodes.length);
    $("#nodes-none").prop("hidden", picture.nodes.length > 0);
  };
  return { show, readColours: energy.readColours };
}

function wireTheme(readColours) {
  const label = () => {
    const isLight = document.documentElement.dataset.theme === "light";
    $("#theme").attr("aria-label", isLight ? "Change to the dark theme" : "Change to the light theme");
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

const page = createPage();
let asked = false;

/** Many changes become one update of the page. */
function request() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    page.show();
  });
}

state.listen(request);
setInterval(request, 1000); // ages count up while one watches
const polling = poll(pollOnce, pollMs);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) polling.now();
});
wireTheme(page.readColours);
request();
