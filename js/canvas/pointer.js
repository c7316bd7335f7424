/** Mouse, fingers and wheel on the canvas: hover, open, zoom, pan. */

const CLICK_PX = 5; // a press that moves less is a click
const SCROLLING_MS = 500; // a wheel that has just scrolled the page goes on scrolling it

function spread(pointers) {
  const [a, b] = [...pointers.values()];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, apart: Math.hypot(a.x - b.x, a.y - b.y) || 1 };
}

/** A drag pans the picture that is zoomed in; two fingers zoom. */
function wireDrag(element, canvas, at) {
  const pointers = new Map();
  const press = { moved: false };
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pointers.set(event.pointerId, at(event));
    if (pointers.size === 1) press.moved = false;
  });
  element.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (before === undefined) return;
    const now = at(event);
    if (!press.moved && pointers.size === 1 && Math.hypot(now.x - before.x, now.y - before.y) < CLICK_PX) return;
    press.moved = true;
    element.setPointerCapture(event.pointerId);
    const old = pointers.size > 1 ? spread(pointers) : before;
    pointers.set(event.pointerId, now);
    const fresh = pointers.size > 1 ? spread(pointers) : now;
    if (pointers.size > 1) canvas.zoomBy(fresh.apart / old.apart, fresh.x, fresh.y);
    canvas.panBy(fresh.x - old.x, fresh.y - old.y);
  });
  for (const end of ["pointerup", "pointercancel"]) {
    element.addEventListener(end, (event) => pointers.delete(event.pointerId));
  }
  return press;
}

function wireWheel(element, canvas, at) {
  let scrolledAt = -SCROLLING_MS;
  document.addEventListener("scroll", () => (scrolledAt = performance.now()), { passive: true });
  element.addEventListener(
    "wheel",
    (event) => {
      // Who scrolls the page must not be caught by the picture, nor who scrolls on from a picture that is whole.
      const passesBy = performance.now() - scrolledAt < SCROLLING_MS || (event.deltaY > 0 && canvas.zoom === 1);
      if (passesBy && !event.ctrlKey) return;
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      const { x, y } = at(event);
      canvas.zoomBy(Math.exp((-event.deltaY * lines) / 400), x, y);
    },
    { passive: false },
  );
}

/**
 * @param {HTMLCanvasElement} element
 * @param {import("./canvas.js").Canvas} canvas
 * @param {{onOpen: (id: string) => void, onHover: (what: object|null, at: {x, y}|null) => void}} told
 */
export function wirePointer(element, canvas, { onOpen, onHover }) {
  const at = (event) => {
    const { left, top } = element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  };
  const press = wireDrag(element, canvas, at);
  wireWheel(element, canvas, at);
  element.addEventListener("pointermove", (event) => {
    if (event.pointerType === "touch") return;
    const point = at(event);
    const what = event.buttons === 0 ? canvas.hit(point.x, point.y) : null;
    element.classList.toggle("is-pointing", typeof what?.id === "string");
    onHover(what, point);
  });
  element.addEventListener("pointerleave", () => onHover(null, null));
  element.addEventListener("click", (event) => {
    if (event.target !== element || press.moved) return; // a click of the keyboard is another's
    const point = at(event);
    const what = canvas.hit(point.x, point.y);
    if (typeof what?.id === "string") onOpen(what.id);
    else onHover(what, point); // a finger that taps the hub, or beside it
  });
  element.addEventListener("dblclick", (event) => {
    const { x, y } = at(event);
    if (canvas.hit(x, y)?.id === undefined) canvas.fit();
  });
}
