/** Pure: clocks and ages. An age is an upper bound, told in coarse steps that do not bounce. */

const STEPS_S = [5, 10, 15, 20, 30, 45, 60];
const FAR_S = 30; // an age beyond this is told as it is, as after a sleep
const HOLD_MS = 20_000; // a smaller step is shown only after it has held for so long
const LEAP_MS = 1500; // by so much more the wall clock must go than the other one, to have slept

/** The step that an age is told in, s. */
export function stepOf(seconds) {
  return STEPS_S.find((step) => seconds <= step) ?? Math.ceil(seconds / 10) * 10;
}

/** The greatest step of the last 20 s: an age that goes up and down with every poll is told as one. */
export class Steady {
  #now;
  #shown = null;
  #lowerSince = null;

  constructor(now) {
    this.#now = now;
  }

  /** @param {number|null} seconds @returns {number|null} the age to tell, s */
  of(seconds) {
    const step = seconds === null ? null : stepOf(seconds);
    const isLower = step !== null && this.#shown !== null && step < this.#shown;
    if (!isLower) {
      this.#shown = step;
      this.#lowerSince = null;
      return step;
    }
    this.#lowerSince ??= this.#now();
    if (this.#now() - this.#lowerSince >= HOLD_MS || this.#shown > FAR_S) {
      this.#shown = step;
      this.#lowerSince = null;
    }
    return this.#shown;
  }
}

/**
 * A clock in ms that goes on while the machine sleeps: the faster of the monotonic and the wall clock. It never runs
 * backwards.
 */
export function createClock({ monotonic, wall }) {
  let ahead = 0;
  let behind = wall() - monotonic();
  return () => {
    const difference = wall() - monotonic();
    const leap = difference - behind;
    behind = difference;
    if (leap > LEAP_MS) ahead += leap;
    return monotonic() + ahead;
  };
}
