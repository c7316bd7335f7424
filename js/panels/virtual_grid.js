/**
 * A long grid of panels of which only those near the screen are in the document. The rows beside them are blocks of
 * words, a line a row and as high as a row of panels, so that the scroll bar is right and the browser's own search finds
 * names where they are.
 */

import { keyedList } from "../ui/dom.js";

const NEAR_PX = 800;
const BLOCK = 20; // rows of words in one element
const GUESS_PX = 620; // the height of a row before any was seen

function createWords() {
  const element = document.createElement("li");
  element.className = "row-words muted";
  let before = "";
  const update = ({ words, rows }) => {
    if (words === before) return;
    element.textContent = before = words;
    element.style.gridRow = `span ${rows}`;
  };
  return { element, update };
}

export class Rows {
  #container;
  #show;
  #items = [];
  #rowPx = GUESS_PX;
  #asked = false;

  /**
   * @param {Element} container a grid
   * @param {(item: object) => {element: Element, update: (item: object) => void}} create
   * @param {number} many from here on rows are left out
   * @param {() => void} onShown called after the list has changed
   */
  constructor(container, create, many, onShown) {
    this.#container = container;
    this.many = many;
    this.onShown = onShown;
    this.#show = keyedList(container, (item) => (item.words === undefined ? create(item) : createWords()));
    const again = () => this.#again();
    addEventListener("scroll", again, { passive: true });
    new ResizeObserver(again).observe(container);
  }

  #again() {
    if (this.#asked || this.#items.length <= this.many) return;
    this.#asked = true;
    requestAnimationFrame(() => {
      this.#asked = false;
      this.#lay();
    });
  }

  /** @param {{key: string, name: string}[]} items */
  show(items) {
    this.#items = items;
    this.#lay();
  }

  /** Scroll to an item, so that it is in the document. @returns {Element|null} */
  reach(key) {
    const index = this.#items.findIndex((item) => item.key === key);
    if (index === -1) return null;
    if (this.#items.length > this.many) {
      const { columns, step } = this.#measure();
      const top = this.#container.getBoundingClientRect().top + scrollY + Math.floor(index / columns) * step;
      scrollTo({ top: top - innerHeight / 4, behavior: "instant" });
      this.#lay();
    }
    return this.#container.querySelector(`[data-id="${CSS.escape(key)}"]`);
  }

  #measure() {
    const style = getComputedStyle(this.#container);
    const columns = Math.max(1, style.gridTemplateColumns.split(" ").length);
    const panel = this.#container.querySelector(":scope > :not(.row-words)");
    if (panel !== null) this.#rowPx = panel.offsetHeight;
    return { columns, step: this.#rowPx + (Number.parseFloat(style.rowGap) || 0) };
  }

  #lay() {
    const items = this.#items;
    const isLong = items.length > this.many;
    this.#show(isLong ? this.#near(items) : items);
    this.#container.classList.toggle("is-long", isLong);
    this.onShown();
  }

  /** Rows near the screen, and the one that holds the focus, as they are; the others as words. */
  #near(items) {
    const { columns, step } = this.#measure();
    const { top } = this.#container.getBoundingClientRect();
    const first = Math.floor((-NEAR_PX - top) / step);
    const last = Math.ceil((innerHeight + NEAR_PX - top) / step);
    const held = document.activeElement?.closest("[data-id]")?.dataset.id;
    const shown = [];
    let far = []; // names of rows that follow upon each other
    const putAway = () => {
      if (far.length > 0) shown.push({ key: `rows ${far[0]}`, words: far.join("\n"), rows: far.length });
      far = [];
    };
    for (let row = 0; row * columns < items.length; row += 1) {
      const group = items.slice(row * columns, (row + 1) * columns);
      if ((row >= first && row <= last) || group.some((item) => item.key === held)) {
        putAway();
        shown.push(...group);
      } else {
        far.push(group.map((item) => item.name).join("  ·  "));
        if (far.length === BLOCK) putAway();
      }
    }
    putAway();
    const height = `${this.#rowPx}px`;
    if (this.#container.style.getPropertyValue("--row") !== height) this.#container.style.setProperty("--row", height);
    return shown;
  }
}
