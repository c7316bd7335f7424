/** The fields above the panels: what is filtered and how it is sorted; and the address bar, which keeps both. */

import { setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { EVERYTHING, FLAGS, filtered, flagCounts, fromHash, toHash } from "./filter.js";

const byId = (id) => document.getElementById(id);

export class FilterBar {
  #filter = EVERYTHING;
  #open = null; // the node whose detail is open
  #order = []; // ids as they are shown
  #isNew = true;
  #below = null; // the address beneath that of the open node, where this page has put it upon it
  #onChange;
  #text = byId("filter-text");
  #mode = byId("filter-mode");
  #sort = byId("filter-sort");
  #flags = new Map(FLAGS.map((flag) => [flag, byId(`filter-${flag}`)]));

  /** @param {{onChange: () => void, onOpen: (id: string|null) => void}} told onOpen: the address names a node */
  constructor({ onChange, onOpen }) {
    this.#onChange = onChange;
    this.#text.addEventListener("input", () => this.#set({ text: this.#text.value }));
    this.#mode.addEventListener("change", () => this.#set({ mode: this.#mode.value }));
    this.#sort.addEventListener("change", () => this.#set({ sort: this.#sort.value }));
    byId("filter-clear").addEventListener("click", () => {
      this.#set({ ...EVERYTHING, sort: this.#filter.sort });
      this.#text.focus();
    });
    for (const [flag, button] of this.#flags) button.addEventListener("click", () => this.#toggle(flag));
    const take = () => {
      const { filter, open } = fromHash(location.hash);
      this.#filter = filter;
      this.#open = open;
      this.#below = null;
      this.#fill();
      onOpen(open);
    };
    addEventListener("hashchange", take);
    take();
  }

  #toggle(flag) {
    const { flags } = this.#filter;
    this.#set({ flags: FLAGS.filter((one) => flags.includes(one) !== (one === flag)) });
  }

  #set(change) {
    this.#filter = { ...this.#filter, ...change };
    this.#fill();
    this.#keep();
  }

  /** The fields as the filter is; a text that is being typed is not touched. */
  #fill() {
    const { text, mode, flags, sort } = this.#filter;
    if (this.#text.value !== text) this.#text.value = text;
    this.#mode.value = mode;
    this.#sort.value = sort;
    for (const [flag, button] of this.#flags) setAttribute(button, "aria-pressed", String(flags.includes(flag)));
    setAttribute(byId("filter-clear"), "hidden", text === "" && mode === "" && flags.length === 0 ? "" : null);
    this.#isNew = true;
    this.#onChange();
  }

  #keep(write = "replaceState") {
    const hash = toHash(this.#filter, this.#open);
    if (hash !== location.hash) history[write](null, "", hash === "" ? location.pathname + location.search : hash);
  }

  /** The address names the node whose detail is open, so that the browser's Back closes it. */
  opened(id, { goesBack = true } = {}) {
    const isFirst = this.#open === null && id !== null;
    const below = location.hash;
    this.#open = id;
    if (isFirst && toHash(this.#filter, id) !== below) {
      this.#keep("pushState");
      this.#below = below;
    } else if (id === null && goesBack && this.#below === toHash(this.#filter, null)) {
      this.#below = null;
      history.back(); // so that no entry is left that shows the same
    } else {
      this.#below = null;
      this.#keep();
    }
  }

  /** Show everything, unless the node is shown as it is. */
  makeSureOf(id) {
    if (!this.#order.includes(id)) this.#set({ ...EVERYTHING, sort: this.#filter.sort });
  }

  /**
   * The nodes to show. While somebody works in the panels (`busy`) none of them moves or vanishes.
   * @param {object} picture
   * @param {boolean} busy
   * @returns {object[]}
   */
  nodes(picture, busy) {
    const nodes = this.#settled(picture, busy && !this.#isNew);
    this.#isNew = false;
    this.#order = nodes.map((node) => node.id);
    const counts = flagCounts(picture);
    for (const [flag, button] of this.#flags) setText(button.querySelector(".flag-count"), String(counts[flag]));
    const all = picture.nodes.length;
    setText(byId("nodes-count"), nodes.length === all ? String(all) : t("nodes.some", { shown: nodes.length, all }));
    const none = t(all === 0 ? "nodes.unknown" : "nodes.no_match");
    setText(byId("nodes-none"), none);
    setAttribute(byId("nodes-none"), "hidden", nodes.length > 0 ? "" : null);
    return nodes;
  }

  #settled(picture, busy) {
    const passed = filtered(picture, this.#filter);
    if (!busy) return passed;
    const nodes = new Map(picture.nodes.map((node) => [node.id, node]));
    const kept = this.#order.filter((id) => nodes.has(id));
    const known = new Set(kept);
    return [...kept.map((id) => nodes.get(id)), ...passed.filter((node) => !known.has(node.id))];
  }
}
