/** Buttons that wait, controls that are disabled and say why. A disabled button stays reachable by keyboard. */

import { setAttribute, setText } from "./dom.js";

/** Whether a press means anything now. */
export function isReady(button) {
  return button.getAttribute("aria-disabled") !== "true" && button.getAttribute("aria-busy") !== "true";
}

export function setBusy(button, busy) {
  setAttribute(button, "aria-busy", busy ? "true" : null);
}

/**
 * Disable a button with its reason, or with null enable it.
 * @param {Element} button
 * @param {string|null} reason
 * @param {string} describedBy id of the element that holds the reason as text
 */
export function setReason(button, reason, describedBy) {
  setAttribute(button, "aria-disabled", reason === null ? null : "true");
  setAttribute(button, "data-reason", reason);
  setAttribute(button, "aria-describedby", reason === null ? null : describedBy);
}

function place(tip, target) {
  const { left, top, bottom } = target.getBoundingClientRect();
  const { width, height } = tip.getBoundingClientRect();
  const below = bottom + 6 + height < innerHeight;
  tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
  tip.style.top = `${below ? bottom + 6 : Math.max(8, top - height - 6)}px`;
}

/** Shows the reason of whatever is pointed at or focused, beside it; Escape hides it. */
export function wireTip(tip) {
  const hide = () => setAttribute(tip, "hidden", "");
  const show = (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-reason]") : null;
    if (target === null) return hide();
    setText(tip, target.dataset.reason);
    setAttribute(tip, "hidden", null);
    return place(tip, target);
  };
  document.addEventListener("pointerover", show);
  document.addEventListener("focusin", show);
  document.addEventListener("focusout", hide);
  document.addEventListener("scroll", hide, { capture: true, passive: true });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") hide();
  });
}

/** A line of text beside a button. Only the latest command that began there may write to it. */
export class Report {
  #element;
  #latest = null;
  #settled = null; // the row of what is told, once it changes no more
  #isSaid = false; // and no command's progress
  #wasTrue = false; // the picture may be a moment behind the ledger

  constructor(element) {
    this.#element = element;
  }

  get isSaying() {
    return this.#element.textContent !== "";
  }

  /** Clear it for a new command; the answer writes for that command until another begins. */
  begin() {
    const mine = {};
    this.#latest = mine;
    this.#settled = null;
    this.#wasTrue = false;
    this.#isSaid = false;
    return {
      isCurrent: () => this.#latest === mine,
      tell: (kind, text) => {
        if (this.#latest === mine) this.#show(kind, text);
      },
      settle: (row) => {
        if (this.#latest === mine) this.#settled = row;
      },
    };
  }

  /** What is no longer true of what is shown is taken away; the list of last commands has it. */
  keepTrue(isStillTrue) {
    if (this.#settled === null) return;
    if (isStillTrue(this.#settled)) this.#wasTrue = true;
    else if (this.#wasTrue) this.begin().tell("plain", "");
  }

  /** Say something that is no command's progress, such as what is wrong with a field. */
  say(kind, text) {
    this.begin().tell(kind, text);
    this.#isSaid = true;
  }

  /** The field has changed, so what was said of it is over. */
  forgetSaid() {
    if (this.#isSaid) this.begin().tell("plain", "");
  }

  #show(kind, text) {
    setAttribute(this.#element, "data-kind", kind);
    setAttribute(this.#element, "title", text === "" ? null : text);
    setText(this.#element, text);
  }
}
