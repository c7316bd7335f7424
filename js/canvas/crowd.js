/**
 * Thousands of dots, set pixel by pixel in an image of the canvas: as shapes they cost many times as much. They move by
 * whole pixels, which among so many nobody sees.
 */

import { STEPS, palettes } from "./colours.js";
import { SAMPLE_PX } from "./curves.js";

/** An opaque colour as the image keeps it: alpha, blue, green, red. */
const packed = ([red, green, blue]) => ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;

const palette = palettes(packed);

export class Crowd {
  #image = null;
  #pixels = null;
  #ratio = 1;

  /** Begin with an empty image of the canvas. */
  begin(ctx) {
    const { width, height } = ctx.canvas;
    this.#ratio = ctx.getTransform().a;
    if (this.#image?.width === width && this.#image.height === height) {
      this.#pixels.fill(0);
      return;
    }
    this.#image = ctx.createImageData(width, height);
    this.#pixels = new Uint32Array(this.#image.data.buffer);
  }

  /**
   * Add dots along ways of the same colours.
   * @param {{path: object, phase: number, gap: number, size: number}[]} ways px
   * @param {{from: string, to: string}} colours
   */
  add(ways, { from, to }) {
    const colours = palette(from, to);
    for (const way of ways) this.#dots(way, colours);
  }

  /** In one function without calls: it runs for tens of thousands of dots a frame. */
  #dots({ path, phase, gap, size }, colours) {
    const { xs, ys, length } = path;
    const [pixels, ratio] = [this.#pixels, this.#ratio];
    const { width, height } = this.#image;
    const side = Math.max(1, Math.round(size * ratio));
    const shift = 0.5 - side / 2; // half a pixel to round by
    const tint = STEPS / length;
    for (let at = phase; at < length; at += gap) {
      const sample = (at / SAMPLE_PX) | 0;
      const share = at / SAMPLE_PX - sample;
      const left = Math.floor((xs[sample] + (xs[sample + 1] - xs[sample]) * share) * ratio + shift);
      const top = Math.floor((ys[sample] + (ys[sample + 1] - ys[sample]) * share) * ratio + shift);
      const [first, last] = [left < 0 ? 0 : left, left + side > width ? width : left + side];
      const bottom = top + side > height ? height : top + side;
      const colour = colours[(at * tint + 0.5) | 0];
      for (let y = top < 0 ? 0 : top; y < bottom; y += 1) {
        for (let x = y * width + first; x < y * width + last; x += 1) pixels[x] = colour;
      }
    }
  }

  /** Show the image in place of whatever is on the canvas. */
  put(ctx) {
    ctx.putImageData(this.#image, 0, 0);
  }
}
