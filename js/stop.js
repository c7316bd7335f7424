/**
 * Stop all and the first word on the page, for when the page's modules did not come or cannot run: a script of its own that
 * needs nothing else. Once the modules have begun, they take over.
 */
(() => {
  const PATIENCE_MS = 10_000;
  const WAITS_MS = [3000, 10_000, 30_000, 60_000]; // before the page is loaded again
  const NEEDED = {
    "trouble.modules": () => "noModule" in HTMLScriptElement.prototype,
    fetch: () => typeof fetch === "function",
    "AbortSignal.timeout": () => typeof AbortSignal.timeout === "function",
    "Array.prototype.toSorted": () => typeof [].toSorted === "function",
    "crypto.getRandomValues": () => typeof crypto.getRandomValues === "function",
    ResizeObserver: () => typeof ResizeObserver === "function",
    "trouble.canvas": () => typeof CanvasRenderingContext2D.prototype.roundRect === "function",
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
  let words = null;

  /** The words of the page, as js/words/catalogue.js has them: this script must work where that one does not. */
  function t(key, values) {
    words = words || JSON.parse(byId("words").textContent);
    return String(words[key] || key).replace(/\{(\w+)\}/g, (place, name) => String((values || {})[name] ?? place));
  }

  const lacking = Object.keys(NEEDED).filter((name) => !has(NEEDED[name]));
  const isReady = () => root.dataset.ready === "true" && lacking.length === 0;

  function say(text) {
    const line = byId("page-trouble");
    if (line === null) return;
    line.textContent = text;
    line.hidden = text === "";
    if (text !== "") byId("chip-fresh-text").textContent = t("trouble.no_data");
  }

  function report(kind, sign, said) {
    byId("stop-report").setAttribute("data-kind", kind);
    byId("stop-report").textContent = t("report.line", { sign, title: t("command.stop_all"), said });
  }

  /** What Main Controller says went wrong. */
  function errorWords({ code, params, error }) {
    const key = `error.${code}`;
    return t(key) === key ? error : t(key, { ...params, error });
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
      return ["bad", "✗", t("report.not_sent", { why: errorWords(body) })];
    }
    if (body === null || typeof body !== "object" || request.getResponseHeader("X-Command-Id") === null) {
      return ["unclear", "?", t("report.no_answer")];
    }
    return request.status === 200 ? ["good", "✓", t("outcome.accepted")] : ["bad", "✗", errorWords(body)];
  }

  function stopAll() {
    const request = new XMLHttpRequest();
    stopping += 1;
    report("waiting", "…", t("report.asked"));
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
    const what = lost === null ? t("trouble.scripts") : t("trouble.file", { file: lost });
    say(t("trouble.not_whole", { what, seconds: waitMs / 1000 }));
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
    else say(t("trouble.lacking", { what: lacking.map((name) => t(name)).join(", ") }));
  };
  if (lacking.length > 0) tellLacking();
  // For the modules: whether they are to leave the page to this script.
  root.dataset.lacking = lacking.join(", ");
})();
