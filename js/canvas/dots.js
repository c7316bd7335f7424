/** Drawing of dots, or of arrows where nothing may move, along many ways at once. Knows colours, no data and no time. */

import { STEPS, css, palettes } from "./colours.js";
import { SAMPLE_PX, along } from "./curves.js";

const palette = palettes(css);

/** Add the squares of one way's dots from `low` to `high` px to the path. */
function squares(ctx, { path, phase, gap }, size, low, high) {
  const { xs, ys, length } = path;
  const last = Math.min(high, length);
  for (let at = phase + Math.max(0, Math.ceil((low - phase) / gap)) * gap; at < last; at += gap) {
    const sample = (at / SAMPLE_PX) | 0;
    const share = at / SAMPLE_PX - sample;
    const x = xs[sample] + (xs[sample + 1] - xs[sample]) * share;
    const y = ys[sample] + (ys[sample + 1] - ys[sample]) * share;
    ctx.rect(x - size / 2, y - size / 2, size, size);
  }
}

/** Fill what `add` adds in one go: single rectangles take four times as long. */
function fill(ctx, colour, add) {
  ctx.beginPath();
  add();
  ctx.fillStyle = colour;
  ctx.fill();
}

/**
 * Dots along ways of the same colours, colour by colour.
 * @param {{path: object, phase: number, gap: number, size: number}[]} ways px
 * @param {{from: string, to: string, edge: string}} colours
 */
export function drawDots(ctx, ways, { from, to, edge }) {
  if (edge !== "transparent") {
    fill(ctx, edge, () => {
      for (const way of ways) squares(ctx, way, way.size + Math.max(1, way.size / 2.5), 0, Infinity);
    });
  }
  for (const [step, colour] of palette(from, to).entries()) {
    fill(ctx, colour, () => {
      for (const way of ways) {
        const { length } = way.path;
        squares(ctx, way, way.size, ((step - 0.5) / STEPS) * length, ((step + 0.5) / STEPS) * length);
      }
    });
  }
}

function arrow(ctx, { x, y, angle }, size) {
  ctx.beginPath();
  for (const [turn, reach] of [[0, 1.1], [2.5, 1], [-2.5, 1]]) {
    ctx.lineTo(x + Math.cos(angle + turn) * size * reach, y + Math.sin(angle + turn) * size * reach);
  }
  ctx.closePath();
}

/** The same ways with standing arrows. */
export function drawArrows(ctx, ways, { from, to, edge }) {
  const colours = palette(from, to);
  for (const { path, gap, size } of ways) {
    ctx.strokeStyle = edge;
    ctx.lineWidth = Math.max(0.75, size / 5);
    for (let at = gap; at < path.length; at += gap * 2) {
      ctx.fillStyle = colours[Math.round((at / path.length) * STEPS)];
      arrow(ctx, along(path, at), size * 1.2);
      if (edge !== "transparent") ctx.stroke();
      ctx.fill();
    }
  }
}
