/** Drawing of the single things of the picture on a 2D context. Knows colours and shapes, no data and no time. */

import { listOf } from "../words/catalogue.js";
import { shorten } from "../words/format.js";
import { STEPS, css, palettes } from "./colours.js";
import { BODY, FOOTPRINT } from "./layout.js";

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";
const MIN_TEXT_PX = 9;
const CROWN_PX = 15; // who holds the bus voltage must be seen among thousands

function write(ctx, text, x, y, { px, weight = 400, colour, outline = null }) {
  ctx.font = `${weight} ${px}px ${FONT}`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  if (outline !== null) {
    ctx.lineWidth = Math.max(2, px / 4.5);
    ctx.lineJoin = "round";
    ctx.strokeStyle = outline;
    ctx.strokeText(text, x, y);
  }
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

const fitted = new Map(); // measuring text is slow, and ids hardly change

/** The text, cut in its middle to the width; empty when too little would be left to recognise it. */
function fit(ctx, text, width, px, weight) {
  const key = `${weight} ${px} ${Math.round(width)} ${text}`;
  if (fitted.has(key)) return fitted.get(key);
  if (fitted.size > 20000) fitted.clear();
  ctx.font = `${weight} ${px}px ${FONT}`;
  let result = shorten(text, 60);
  while (result !== "" && ctx.measureText(result).width > width) {
    const length = [...result].length - 1;
    result = length < 5 ? "" : shorten(text, length);
  }
  fitted.set(key, result);
  return result;
}

function rounded(ctx, x, y, w, h, radius) {
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, radius);
}

/** Five points above the panel: the node that holds the bus voltage. */
function crown(ctx, x, base, s, colours) {
  const w = Math.max(CROWN_PX, 44 * s);
  const h = (21 / 44) * w;
  const shape = [[-0.5, -0.72], [-0.24, -0.34], [0, -1], [0.24, -0.34], [0.5, -0.72], [0.39, 0], [-0.39, 0]];
  ctx.beginPath();
  for (const [dx, dy] of shape) ctx.lineTo(x + dx * w, base + dy * h);
  ctx.closePath();
  ctx.fillStyle = colours.crown;
  ctx.strokeStyle = colours.edge;
  ctx.lineWidth = Math.max(1, s);
  ctx.stroke();
  ctx.fill();
}

const panelPalette = palettes(css);

/** The more PV power, the brighter. */
function panelColour(box, { panelDark, panelLight }) {
  return panelPalette(panelDark, panelLight)[Math.round(box.panel * STEPS)];
}

function panelLine(ctx, box, x, top, s, colours) {
  const y = top - 13 * s;
  ctx.fillStyle = colours.box;
  ctx.fillRect(x - 5 * s, y, 10 * s, 13 * s);
  rounded(ctx, x - 23 * s, y - 2.5 * s, 46 * s, 5 * s, 1);
  ctx.fillStyle = box.live ? panelColour(box, colours) : colours.oldLevel;
  ctx.strokeStyle = colours.edge;
  ctx.lineWidth = Math.max(0.75, s);
  ctx.fill();
  ctx.stroke();
}

function body(ctx, box, left, top, w, h, s, colours) {
  const grey = box.state !== "fresh";
  rounded(ctx, left, top, w, h, 2 * s);
  ctx.fillStyle = grey ? colours.oldBox : colours.box;
  ctx.fill();
  if (box.level !== null) {
    ctx.fillStyle = grey ? colours.oldLevel : colours.level;
    const rim = 1.5 * s;
    const filled = (h - 2 * rim) * box.level;
    ctx.fillRect(left + rim, top + h - rim - filled, w - 2 * rim, filled);
  }
  rounded(ctx, left, top, w, h, 2 * s);
  ctx.lineWidth = Math.max(1, 1.5 * s);
  ctx.strokeStyle = box.state === "lost" ? colours.muted : colours.edge;
  if (grey) ctx.strokeStyle = colours.muted;
  ctx.setLineDash(box.state === "lost" ? [4, 3] : []);
  ctx.stroke();
  ctx.setLineDash([]);
}

const PLAIN = 0.35; // smaller boxes are drawn without round corners, which are slow and not to be seen

/** A small box: panel line, edge, ground and level, as rectangles. */
function plainBox(ctx, box, { left, top, w, h, s }, colours) {
  if (s >= 0.12) {
    const y = Math.round(top - 13 * s);
    ctx.fillStyle = colours.edge;
    ctx.fillRect(left + w / 2 - 5 * s, y, 10 * s, 13 * s);
    ctx.fillStyle = box.live ? panelColour(box, colours) : colours.oldLevel;
    ctx.fillRect(left - 3 * s, y - 1, w + 6 * s, Math.max(1, 5 * s));
  }
  const grey = box.state !== "fresh";
  ctx.fillStyle = grey ? colours.muted : colours.edge;
  ctx.fillRect(left - 0.5, top - 0.5, w + 1, h + 1);
  ctx.fillStyle = grey ? colours.oldBox : colours.box;
  ctx.fillRect(left + 0.5, top + 0.5, w - 1, h - 1);
  if (box.level === null) return;
  ctx.fillStyle = grey ? colours.oldLevel : colours.level;
  const filled = (h - 2) * box.level;
  ctx.fillRect(left + 1, top + h - 1 - filled, w - 2, filled);
}

/** One node: panel line, body with its level, crown, percentage, label and mark. `place`: {x, y, scale, room}. */
export function drawBox(ctx, box, place, colours) {
  const { x, y, scale: s } = place;
  const [left, top] = [x + BODY.left * s, y + BODY.top * s];
  const [w, h] = [(BODY.right - BODY.left) * s, (BODY.bottom - BODY.top) * s];
  if (s < PLAIN && box.state !== "lost") {
    plainBox(ctx, box, { left, top, w, h, s }, colours);
    if (box.crown) crown(ctx, x, top - 18 * s, s, box.live ? colours : { ...colours, crown: colours.oldLevel });
    labels(ctx, box, place, top + h, colours);
    return;
  }
  ctx.globalAlpha = box.state === "lost" ? 0.75 : 1;
  if (s >= 0.12) panelLine(ctx, box, x, top, s, colours);
  body(ctx, box, left, top, w, h, s, colours);
  ctx.globalAlpha = 1;
  if (box.crown) crown(ctx, x, top - 18 * s, s, box.live ? colours : { ...colours, crown: colours.oldLevel });
  const percentPx = Math.max(MIN_TEXT_PX, 12.5 * s);
  if (s >= 0.48 && box.percent !== "") {
    const bold = { px: percentPx, weight: 700, colour: colours.onBox, outline: colours.box };
    write(ctx, box.percent, x, top + h - 10 * s, bold);
  }
  labels(ctx, box, place, top + h, colours);
}

/** Id and mark below the box, where there is room for at least 9 px. */
function labels(ctx, box, { x, scale: s, room }, bottom, colours) {
  const zone = 29 * s;
  const px = Math.max(MIN_TEXT_PX, 13 * s);
  const step = px * 1.12;
  if (zone < step) return;
  const id = fit(ctx, box.id, room - 6, px, 500);
  if (id !== "") write(ctx, id, x, bottom + 3 * s + step / 2, { px, weight: 500, colour: colours.text });
  const markPx = Math.max(MIN_TEXT_PX, 11 * s);
  // The mark may stand in the room that a crown of the next box would not use.
  if (box.mark === null || zone + 8 * s < step + markPx) return;
  const { word, detail, short } = box.mark;
  const words = box.state === "stale" && detail !== "" ? detail : listOf([word, detail]);
  const shown = [words, detail, `${word} ${short}`.trim(), short, word].find((text) => text !== "" && fit(ctx, text, room - 2, markPx, 400) === text);
  if (shown !== undefined) write(ctx, shown, x, bottom + 3 * s + step + markPx * 0.5, { px: markPx, colour: colours.amber });
}

/** The circle that those who exchange energy stand in, and the hub with the measured bus voltage. */
export function drawHub(ctx, { hub, circle }, { title, volts, notes, old }, colours) {
  ctx.beginPath();
  ctx.arc(hub.x, hub.y, circle, 0, 2 * Math.PI);
  ctx.strokeStyle = colours.circle;
  ctx.lineWidth = 1;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(hub.x, hub.y, hub.r, 0, 2 * Math.PI);
  ctx.fillStyle = colours.box;
  ctx.fill();
  ctx.strokeStyle = old ? colours.muted : colours.level;
  ctx.lineWidth = 1.25;
  ctx.stroke();
  const px = Math.max(MIN_TEXT_PX, hub.r * 0.4);
  if (hub.r < 14) return;
  write(ctx, title, hub.x, hub.y - px * 0.55, { px, weight: 700, colour: colours.onBox });
  const small = Math.max(MIN_TEXT_PX, hub.r * 0.34);
  write(ctx, volts, hub.x, hub.y + small * 0.75, { px: small, colour: old ? colours.onBoxOld : colours.onBox });
  for (const [line, text] of notes.entries()) {
    write(ctx, text, hub.x, hub.y + hub.r + 10 + line * 14, { px: 11, colour: colours.amber, outline: colours.ground });
  }
}

/** The course of a deal, faintly: it is there before current flows. One of many is a plain line, which is quick. */
export function drawCourse(ctx, path, isOneOfMany, colours) {
  if (path.points.length < 2) return;
  ctx.beginPath();
  for (const { x, y } of path.points) ctx.lineTo(x, y);
  ctx.strokeStyle = colours.course;
  ctx.lineWidth = isOneOfMany ? 0.4 : 1.25;
  ctx.setLineDash(isOneOfMany ? [] : [1.5, 5]);
  ctx.lineCap = "round";
  ctx.stroke();
  ctx.setLineDash([]);
}

/** The ring around the node that is focused or was looked for. */
export function drawFocus(ctx, { x, y, scale: s }, colours) {
  const [w, h] = [Math.max(24, (FOOTPRINT.width - 34) * s), Math.max(30, (FOOTPRINT.height - 2) * s)];
  rounded(ctx, x - w / 2, y - h / 2, w, h, 6);
  ctx.strokeStyle = colours.focus;
  ctx.lineWidth = 2;
  ctx.stroke();
}
