/** Pure: how a box moves from one place to another: around the hub, never through it. */

const SHORTEST_MS = 200;
const LONGEST_MS = 400;

const easeInOut = (share) => (share < 0.5 ? 2 * share * share : 1 - (2 - 2 * share) ** 2 / 2);

/** How long a move takes, ms: a long way a little longer. */
export function durationOf(from, to) {
  const way = Math.hypot(to.x - from.x, to.y - from.y);
  return Math.min(LONGEST_MS, SHORTEST_MS + way / 2);
}

/** The shorter way round from one angle to the other, radians. */
function turn(from, to) {
  const whole = 2 * Math.PI;
  return ((((to - from + Math.PI) % whole) + whole) % whole) - Math.PI;
}

/**
 * Where a box is on its way: angle and distance from the hub change, so it is never nearer to the hub than where
 * it comes from or where it goes.
 * @param {{x, y, scale}} from
 * @param {{x, y, scale}} to
 * @param {{x, y}} hub
 * @param {number} share 0 to 1, of the time
 */
export function between(from, to, hub, share) {
  if (share >= 1) return to;
  const at = easeInOut(Math.max(0, share));
  const [a, b] = [from, to].map(({ x, y }) => ({ angle: Math.atan2(y - hub.y, x - hub.x), r: Math.hypot(x - hub.x, y - hub.y) }));
  const angle = a.angle + turn(a.angle, b.angle) * at;
  const r = a.r + (b.r - a.r) * at;
  const scale = from.scale + (to.scale - from.scale) * at;
  return { ...to, x: hub.x + Math.cos(angle) * r, y: hub.y + Math.sin(angle) * r, scale };
}
