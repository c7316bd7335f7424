/** The keyboard among the nodes of the canvas: one of them is in the tab order, arrow keys go on from there. */

const ARROWS = new Map([
  ["ArrowLeft", { x: -1, y: 0 }],
  ["ArrowRight", { x: 1, y: 0 }],
  ["ArrowUp", { x: 0, y: -1 }],
  ["ArrowDown", { x: 0, y: 1 }],
]);
const PAN_PX = 60;
const ZOOM = 1.3;

/**
 * Pure: the node to go to from one in a direction; one that lies aside counts as farther away.
 * @param {{id: string, x: number, y: number}} from
 * @param {{id: string, x: number, y: number}[]} all
 * @param {{x: number, y: number}} way
 * @returns {string|null}
 */
export function neighbourIn(from, all, way) {
  let best = { id: null, cost: Infinity };
  for (const { id, x, y } of all) {
    const [dx, dy] = [x - from.x, y - from.y];
    const ahead = dx * way.x + dy * way.y;
    const aside = Math.abs(dx * way.y) + Math.abs(dy * way.x);
    const cost = ahead + 2.5 * aside;
    if (id !== from.id && ahead > 1 && cost < best.cost) best = { id, cost };
  }
  return best.id;
}

const idOf = (target) => target.closest("li")?.dataset.id;

/**
 * @param {{list: Element, element: HTMLCanvasElement, canvas: import("./canvas.js").Canvas, onOpen: (id: string) => void}} parts
 *   list: of li with data-id, each with a button
 */
export function wireRoving({ list, element, canvas, onOpen }) {
  const items = () => [...list.children];
  const go = (item) => {
    if (item === undefined || item === null) return;
    for (const button of list.querySelectorAll('button[tabindex="0"]')) button.tabIndex = -1;
    const button = item.firstElementChild;
    button.tabIndex = 0;
    button.focus({ preventScroll: true });
  };
  const byId = (id) => items().find((item) => item.dataset.id === id);
  const arrow = (from, way) => {
    const all = items().map(({ dataset: { id } }) => {
      const { x, y } = canvas.spot(id);
      return { id, x, y };
    });
    return byId(neighbourIn(all.find(({ id }) => id === from), all, way));
  };
  list.addEventListener("focusin", (event) => {
    const id = idOf(event.target);
    element.scrollIntoView({ block: "nearest" });
    canvas.reveal(id);
    if (event.target.matches(":focus-visible")) canvas.focus(id);
  });
  list.addEventListener("focusout", () => canvas.focus(null));
  list.addEventListener("click", (event) => onOpen(idOf(event.target)));
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const way = ARROWS.get(event.key);
    if (way !== undefined && event.shiftKey) canvas.panBy(-way.x * PAN_PX, -way.y * PAN_PX);
    else if (way !== undefined) go(arrow(idOf(event.target), way));
    else if (event.key === "Home") go(list.firstElementChild);
    else if (event.key === "End") go(list.lastElementChild);
    else if (event.key === "+" || event.key === "=") canvas.zoomBy(ZOOM);
    else if (event.key === "-") canvas.zoomBy(1 / ZOOM);
    else if (event.key === "0") canvas.fit();
    else return;
    event.preventDefault();
  });
  return {
    focus: (id) => go(byId(id)),
    /** One node can always be reached by Tab, also after the one that could has gone. */
    keep() {
      if (list.querySelector('button[tabindex="0"]') === null && list.firstElementChild !== null) {
        list.firstElementChild.firstElementChild.tabIndex = 0;
      }
    },
  };
}
