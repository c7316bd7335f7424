/** Pure: the time of Main Controller, by which schedules take effect, told from the `Date` of its answers. */

const WORTH_TELLING_MS = 30_000;

/** How far the server's clock is ahead of this one, ms; it knows whole seconds. */
export class ServerTime {
  #aheadMs = 0;
  #wall;

  constructor(wall = () => Date.now()) {
    this.#wall = wall;
  }

  /** @param {string|null} header the `Date` of an answer that has just come */
  note(header) {
    const at = header === null ? Number.NaN : Date.parse(header);
    if (!Number.isNaN(at)) this.#aheadMs = at - this.#wall();
  }

  /** The server's time now; this one's, unless they differ by more than can be mistaken. */
  now() {
    return new Date(this.#wall() + (this.isApart ? this.#aheadMs : 0));
  }

  get isApart() {
    return Math.abs(this.#aheadMs) > WORTH_TELLING_MS;
  }

  /** How far this computer's clock is ahead of the server's, ms; negative behind. */
  get aheadOfServerMs() {
    return -this.#aheadMs;
  }
}

/** The one of this page. */
export const serverTime = new ServerTime();
