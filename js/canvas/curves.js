/**
 * Pure: the course of a deal's curve, as a line of points that dots can walk along. Thousands are laid at once, so loops
 * make no arrays to take apart again: that costs most of all before the browser has compiled them.
 */

const STEPS = 48;

/** The distance of a way's samples, px. */
export const SAMPLE_PX = 4;

/** The direction from the hub to a point, as a vector of length 1. */
function direction(point, hub) {
  const length = Math.hypot(point.x - hub.x, point.y - hub.y) || 1;
  return { x: (point.x - hub.x) / length, y: (point.y - hub.y) / length };
}

/**
 * The side of the hub that each curve passes: where its two ends are. Ends on opposite sides have no side of their own;
 * they take the one that the others leave free.
 * @param {{from, to}[]} ends points of every curve
 * @returns {{x, y}[]} vectors of length 1
 */
export function sides(ends, hub) {
  const taken = { x: 0, y: 0 };
  const chosen = ends.map(({ from, to }) => {
    const [a, b] = [direction(from ?? hub, hub), direction(to ?? hub, hub)];
    const length = Math.hypot(a.x + b.x, a.y + b.y);
    if (length < 0.15) return null;
    const side = { x: (a.x + b.x) / length, y: (a.y + b.y) / length };
    taken.x += side.x;
    taken.y += side.y;
    return side;
  });
  return chosen.map((side, index) => {
    if (side !== null) return side;
    const a = direction(ends[index].from ?? hub, hub);
    const turn = -a.y * taken.x + a.x * taken.y > 0 ? -1 : 1;
    taken.x -= a.y * turn;
    taken.y += a.x * turn;
    return { x: -a.y * turn, y: a.x * turn };
  });
}

/** The point beside the hub that a curve is bent around. */
function bend(side, hub, shift) {
  const distance = hub.r * (1.15 + 0.3 * shift);
  return { x: hub.x + side.x * distance, y: hub.y + side.y * distance };
}

function inside(point, rect) {
  return rect !== null && point.x > rect.left && point.x < rect.right && point.y > rect.top && point.y < rect.bottom;
}

/**
 * A way with its length in px, and where one is after every SAMPLE_PX of it.
 * @param {{x, y}[]} points
 * @returns {{points: {x, y}[], length: number, xs: Float32Array, ys: Float32Array}}
 */
export function measured(points) {
  const ends = []; // the length walked up to each point
  let length = 0;
  for (const [index, { x, y }] of points.entries()) {
    if (index > 0) length += Math.hypot(x - points[index - 1].x, y - points[index - 1].y);
    ends.push(length);
  }
  if (points.length < 2) return { points, length: 0, xs: new Float32Array(0), ys: new Float32Array(0) };
  const samples = Math.ceil(length / SAMPLE_PX) + 2; // one beyond the end, so that the end has a next one too
  const [xs, ys] = [new Float32Array(samples), new Float32Array(samples)];
  let next = 1;
  for (let sample = 0; sample < samples; sample += 1) {
    const at = Math.min(length, sample * SAMPLE_PX);
    while (next < points.length - 1 && ends[next] < at) next += 1;
    const a = points[next - 1];
    const b = points[next];
    const stretch = ends[next] - ends[next - 1];
    const share = stretch > 0 ? (at - ends[next - 1]) / stretch : 0;
    xs[sample] = a.x + (b.x - a.x) * share;
    ys[sample] = a.y + (b.y - a.y) * share;
  }
  return { points, length, xs, ys };
}

/**
 * A curve from one box to another, bent through the hub; an end that is null is the hub itself.
 * @param {{x, y, rect}|null} from the discharging end: its centre and the rectangle its curve starts outside of
 * @param {{x, y, rect}|null} to the charging end
 * @param {{x, y, r}} hub
 * @param {{x, y}} side of the hub that it passes
 * @param {number} shift 0 for the first curve of a pair, 1 for its second: they must not lie upon each other
 * @param {{left, right, top, bottom}|null} sight only its longest stretch in there counts; null: all
 */
export function course(from, to, hub, side, shift = 0, sight = null) {
  const [a, b] = [from ?? hub, to ?? hub];
  const through = from === null || to === null ? { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 } : bend(side, hub, shift);
  // The control point that makes the curve pass the bend at its middle.
  const control = { x: 2 * through.x - (a.x + b.x) / 2, y: 2 * through.y - (a.y + b.y) / 2 };
  let [points, longest] = [[], []];
  for (let step = 0; step <= STEPS; step += 1) {
    const t = step / STEPS;
    const p = (1 - t) * (1 - t);
    const q = 2 * t * (1 - t);
    const point = { x: p * a.x + q * control.x + t * t * b.x, y: p * a.y + q * control.y + t * t * b.y };
    const covered = Math.hypot(point.x - hub.x, point.y - hub.y) < hub.r;
    if (sight !== null && !inside(point, sight)) {
      if (points.length > longest.length) longest = points;
      points = []; // what comes after is another stretch: nothing may join the two across the picture
      continue;
    }
    if (!covered && !inside(point, from?.rect ?? null) && !inside(point, to?.rect ?? null)) points.push(point);
  }
  return measured(points.length > longest.length ? points : longest);
}

/** Where one is after `at` px, and which way it goes there (radians). */
export function along({ xs, ys }, at) {
  const sample = Math.trunc(at / SAMPLE_PX);
  const share = at / SAMPLE_PX - sample;
  const [dx, dy] = [xs[sample + 1] - xs[sample], ys[sample + 1] - ys[sample]];
  return { x: xs[sample] + dx * share, y: ys[sample] + dy * share, angle: Math.atan2(dy, dx) };
}
