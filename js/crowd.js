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

  #dots({ path, phase, gap, size }, colours) {
    const { xs, ys, length } = path;
    const side = Math.max(1, Math.round(size * this.#ratio));
    for (let at = phase; at < length; at += gap) {
      const sample = (at / SAMPLE_PX) | 0;
      const share = at / SAMPLE_PX - sample;
      const x = xs[sample] + (xs[sample + 1] - xs[sample]) * share;
      const y = ys[sample] + (ys[sample + 1] - ys[sample]) * share;
      this.#square(Math.round(x * this.#ratio - side / 2), Math.round(y * this.#ratio - side / 2), side, colours[Math.round((at / length) * STEPS)]);
    }
  }

  #square(left, top, side, colour) {
    const { width, height } = this.#image;
    const [first, last] = [Math.max(0, left), Math.min(width, left + side)];
    if (first >= last) return;
    for (let y = Math.max(0, top); y < Math.min(height, top + side); y += 1) {
      for (let x = first; x < last; x += 1) this.#pixels[y * width + x] = colour;
    }
  }

  /** Show the image in place of whatever is on the canvas. */
  put(ctx) {
    ctx.putImageData(this.#image, 0, 0);
  }
}
