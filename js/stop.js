/**
 * Stop all and the first word on the page, for when the page's modules did not come or cannot run: a script of its own that
 * needs nothing else. Once the modules have begun, they take over.
 */
(() => {
  const PATIENCE_MS = 10_000;
  const WAITS_MS = [3000, 10_000, 30_000, 60_000]; // before the page is loaded again
  const NEEDED = {
    "modules of JavaScript": () => "noModule" in HTMLScriptElement.prototype,
    fetch: () => typeof fetch === "function",
    "AbortSignal.timeout": () => typeof AbortSignal.timeout === "function",
    "Array.prototype.toSorted": () => typeof [].toSorted === "function",
    "crypto.getRandomValues": () => typeof crypto.getRandomValues === "function",
    ResizeObserver: () => typeof ResizeObserver === "function",
    "roundRect on a canvas": () => typeof CanvasRenderingContext2D.prototype.roundRect === "function",
    "CSS :has": () => CSS.supports("selector(:has(a))"),
  };
  const root = document.documentElement;
  let lost = null; // the file that did not come
  let stopping = 0; // requests of Stop all without an answer, and reports that are not to be lost

  const byId = (id) => document.getElementById(id);
  const has = (test) => {
    try {
      return test();
    } catch {
      return false;
    }
  };
  const lacking = Object.keys(NEEDED).filter((name) => !has(NEEDED[name]));
  const isReady = () => root.dataset.ready === "true" && lacking.length === 0;

  function say(text) {
    const line = byId("page-trouble");
    if (line === null) return;
    line.textContent = text;
    line.hidden = text === "";
    if (text !== "") byId("chip-fresh-text").textContent = "This page does not show data";
  }

  function report(kind, text) {
    byId("stop-report").setAttribute("data-kind", kind);
    byId("stop-report").textContent = text;
  }

  /** What Main Controller itself said; anything else is no answer. */
  function outcome(request) {
    let body = null;
    try {
      body = JSON.parse(request.responseText);
    } catch {
      // It came from somebody else.
    }
    if (body !== null && typeof body === "object" && request.getResponseHeader("X-Not-Sent") !== null) {
      return ["bad", `✗ Stop all: not sent: ${body.error}`];
    }
    if (body === null || typeof body !== "object" || request.getResponseHeader("X-Command-Id") === null) {
      return ["unclear", "? Stop all: no answer from Main Controller: it may have taken effect"];
    }
    return request.status === 200 ? ["good", "✓ Stop all: accepted"] : ["bad", `✗ Stop all: ${body.error}`];
  }

  function stopAll() {
    const request = new XMLHttpRequest();
    stopping += 1;
    report("waiting", "… Stop all: asked");
    request.open("POST", "stopAll");
    request.setRequestHeader("X-Requested-With", "XMLHttpRequest");
    request.timeout = 30_000;
    request.addEventListener("loadend", () => {
      report(...outcome(request));
      setTimeout(() => {
        stopping -= 1;
      }, 30_000);
    });
    request.send();
  }

  /** How often this page has been loaded again for that. */
  function tried(count) {
    try {
      if (count !== undefined) sessionStorage.setItem("loaded-again", String(count));
      return Number(sessionStorage.getItem("loaded-again")) || 0;
    } catch {
      return WAITS_MS.length; // a browser that keeps nothing waits longest, so as not to go round and round
    }
  }

  function again() {
    if (isReady()) return;
    if (stopping > 0) {
      setTimeout(again, 1000);
      return;
    }
    const request = new XMLHttpRequest(); // a page that does not come either would be worse than this one
    request.open("HEAD", ".");
    request.timeout = 5000;
    request.addEventListener("loadend", () => {
      if (isReady()) return;
      if (request.status === 200 && stopping === 0) {
        tried(tried() + 1);
        location.reload();
      } else {
        setTimeout(again, 5000);
      }
    });
    request.send();
  }

  let told = false;

  function tellLost() {
    if (told || isReady() || lacking.length > 0) return;
    told = true;
    const waitMs = WAITS_MS[Math.min(tried(), WAITS_MS.length - 1)];
    const what = lost === null ? "its scripts did not begin" : `${lost} did not come`;
    say(`This page could not be loaded whole: ${what}. It is loaded again in ${waitMs / 1000} s. Stop all works.`);
    setTimeout(again, waitMs);
  }

  addEventListener(
    "error",
    ({ target }) => {
      if (!(target instanceof HTMLScriptElement || target instanceof HTMLLinkElement)) return;
      if (target instanceof HTMLLinkElement && target.rel !== "modulepreload") return;
      lost = lost || new URL(target.src || target.href).pathname.replace(/^.*\/(?=js\/)/, "");
      if (target instanceof HTMLScriptElement) tellLost();
    },
    true,
  );
  // At once and for the whole document: a file that hangs on its way must not hold this up.
  document.addEventListener("click", (event) => {
    if (event.target.id === "stop-all" && !isReady()) stopAll();
  });
  setTimeout(tellLost, PATIENCE_MS);
  const tellLacking = () => {
    if (byId("page-trouble") === null) setTimeout(tellLacking, 50);
    else say(`This browser lacks what this page needs: ${lacking.join(", ")}. A newer one is needed. Stop all works.`);
  };
  if (lacking.length > 0) tellLacking();
  // For the modules: whether they are to leave the page to this script.
  root.dataset.lacking = lacking.join(", ");
})();
