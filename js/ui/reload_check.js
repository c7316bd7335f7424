/**
 * A page that was loaded before Main Controller restarted may show wrong addresses and limits. It is loaded again
 * by itself; while something is entered it says so instead.
 */

const EVERY_MS = 10_000;

async function currentTag() {
  try {
    const response = await fetch(".", { method: "HEAD", cache: "no-store", signal: AbortSignal.timeout(5000) });
    return response.ok ? response.headers.get("ETag") : null;
  } catch {
    return null;
  }
}

/**
 * @param {{notice: Element, button: Element, isBusy: () => boolean}} parts isBusy: something would be lost
 * @returns {() => void} looks now
 */
export function wireRenewal({ notice, button, isBusy }) {
  let loaded = null;
  const look = async () => {
    const tag = await currentTag();
    loaded ??= tag;
    if (tag === null || tag === loaded) return;
    if (isBusy()) notice.hidden = false;
    else location.reload();
  };
  button.addEventListener("click", () => location.reload());
  setInterval(look, EVERY_MS);
  look();
  return look;
}
