/** Pure: colours between two others. Colours are #rgb or #rrggbb. */

function channels(colour) {
  const hex = colour.trim().slice(1);
  const full = hex.length === 3 ? [...hex].map((digit) => digit + digit).join("") : hex;
  return [0, 2, 4].map((at) => Number.parseInt(full.slice(at, at + 2), 16) || 0);
}

/** Red, green and blue (0 to 255) of the colour that is `share` of the way from one to the other. */
function blend(from, to, share) {
  const [a, b] = [channels(from), channels(to)];
  return a.map((value, index) => Math.round(value + (b[index] - value) * share));
}

/** A colour for a canvas or a style sheet. */
export const css = (rgb) => `rgb(${rgb.join(" ")})`;

export const STEPS = 16;

/**
 * Palettes of STEPS + 1 colours from one to another, remembered: dots are many, and mixing a colour for each is slow.
 * @template T
 * @param {(rgb: number[]) => T} form what a colour is made to
 * @returns {(from: string, to: string) => T[]}
 */
export function palettes(form) {
  const known = new Map();
  return (from, to) => {
    const key = `${from} ${to}`;
    if (!known.has(key)) known.set(key, Array.from({ length: STEPS + 1 }, (_, step) => form(blend(from, to, step / STEPS))));
    return known.get(key);
  };
}
