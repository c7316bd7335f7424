/** Pure: zoom and pan of the picture. A view is {k, x, y}: a point p of the whole picture is seen at k * p + (x, y). */

export const WHOLE = Object.freeze({ k: 1, x: 0, y: 0 });

const CLOSEST = 1.6; // a box is never drawn larger than this, times its size at scale 1 …
const AT_LEAST = 3; // … but one can always come this close

/** How far one can zoom in on boxes of this scale. */
export function closest(scale) {
  return Math.max(AT_LEAST, CLOSEST / scale);
}

/** The view with nothing beside the picture in sight. */
export function clamped({ k, x, y }, { width, height }, most) {
  const zoom = Math.min(Math.max(k, 1), most);
  const within = (value, length) => Math.min(0, Math.max(length - length * zoom, value));
  return { k: zoom, x: within(x, width), y: within(y, height) };
}

/** The view `factor` times as near, the point under (atX, atY) staying where it is. */
export function zoomed(view, factor, atX, atY, size, most) {
  const k = Math.min(Math.max(view.k * factor, 1), most);
  const grown = k / view.k;
  return clamped({ k, x: atX - (atX - view.x) * grown, y: atY - (atY - view.y) * grown }, size, most);
}

export function panned(view, dx, dy, size, most) {
  return clamped({ ...view, x: view.x + dx, y: view.y + dy }, size, most);
}

/** A view with a place in its middle, near enough to read its labels. */
export function viewOf(place, view, size, most) {
  const k = Math.max(view.k, Math.min(most, 1 / place.scale));
  return clamped({ k, x: size.width / 2 - place.x * k, y: size.height / 2 - place.y * k }, size, most);
}

/** A place of the whole picture as it is seen: {x, y, scale, room}. */
export function seen(place, { k, x, y }) {
  return { x: place.x * k + x, y: place.y * k + y, scale: place.scale * k, room: place.room * k };
}
