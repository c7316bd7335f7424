/**
 * A page that was loaded before Main Controller restarted may show wrong addresses and limits. It is loaded again
 * by itself; while something is entered it says so instead.
 */

/**
 * @param {{notice: Element, button: Element, isBusy: () => boolean}} parts isBusy: something would be lost
 * @returns {(tag: string|null) => void} to be told the tag of the page that the server has now
 */
export function createReloadCheck({ notice, button, isBusy }) {
  const loaded = document.body.dataset.page;
  button.addEventListener("click", () => location.reload());
  return (tag) => {
    if (tag === null || tag === loaded) return;
    if (isBusy()) notice.hidden = false;
    else location.reload();
  };
}
