/** jQuery UI's dialog, filled with text only. One at a time; Stop all stays reachable beside it. */

import { t } from "../words/catalogue.js";
import { keyedList, setText } from "./dom.js";

const $ = window.jQuery;

/** All that cannot be reached while a dialog is open: everything but Stop all. */
const BEHIND = ".skip, .masthead, .card-energy, .nodes, .foot, .cluster > :not(.card-stop)";

function setBehind(inert) {
  document.body.classList.toggle("has-dialog", inert);
  for (const element of document.querySelectorAll(BEHIND)) element.inert = inert;
}

const STOP_ALL = "#stop-all";

$.widget("ui.dialog", $.ui.dialog, {
  _allowInteraction(event) {
    return event.target.closest(`.ui-dialog, ${STOP_ALL}`) !== null;
  },
});

/** Tab goes round the dialog and Stop all, which stands between its last and its first thing. */
function tabToStopAll(event) {
  if (event.key === "Escape" && document.activeElement?.matches(STOP_ALL)) $(".ui-dialog-content").last().dialog("close");
  if (event.key !== "Tab") return;
  const inside = $(".ui-dialog").last().find(":tabbable").get();
  const [stop, from] = [document.querySelector(STOP_ALL), document.activeElement];
  const ring = [...inside, stop];
  const at = ring.indexOf(from);
  if (from !== stop && from !== (event.shiftKey ? inside[0] : inside.at(-1))) return;
  event.preventDefault();
  ring.at((at + (event.shiftKey ? -1 : 1)) % ring.length).focus();
}

/** What the open dialog does when the data have changed. */
let refresh = null;

/** To be called with every new picture, so that what a dialog says is true now. */
export function refreshDialog() {
  refresh?.();
}

/**
 * Open a dialog around an element, which is removed with it.
 * @param {Element} content
 * @param {{title: string, buttons: {text: string, class?: string, click: (event: Event) => void}[], kind?: string,
 *   onClose?: () => void, onRefresh?: () => void}} options
 * @returns {() => void} closes it
 */
export function openDialog(content, { title, buttons, kind = "plain", onClose = null, onRefresh = null }) {
  const returnTo = document.activeElement;
  const centre = () => $(content).dialog("option", "position", { my: "center", at: "center", of: window });
  const close = () => $(content).dialog("close");
  document.body.append(content);
  refresh = onRefresh;
  $(content).dialog({
    title,
    buttons: buttons.map((button) => ({ ...button, type: "button" })),
    closeText: t("ask.close"),
    modal: true,
    resizable: false,
    width: "auto",
    minHeight: 0,
    classes: { "ui-dialog": `dialog dialog-${kind}` },
    open: () => {
      setBehind(true);
      document.addEventListener("keydown", tabToStopAll, true);
    },
    close: () => {
      refresh = null;
      removeEventListener("resize", centre);
      document.removeEventListener("keydown", tabToStopAll, true);
      setBehind(false);
      $(content).dialog("destroy").remove();
      if (returnTo?.isConnected) returnTo.focus();
      onClose?.();
    },
  });
  addEventListener("resize", centre);
  return close;
}

function paragraphs(container, className) {
  return keyedList(container, () => {
    const element = document.createElement("p");
    element.className = className;
    return { element, update: ({ text }) => setText(element, text) };
  });
}

const keyed = (lines) => lines.map((text, index) => ({ key: String(index), text }));

/**
 * Ask before a command.
 * @param {{title: string, action: string, describe: () => {lines: string[], warnings?: string[]}}} what
 *   describe: called again with every new picture
 * @returns {Promise<boolean>} whether the operator goes on
 */
export function ask({ title, action, describe }) {
  return new Promise((resolve) => {
    let answer = false;
    const content = document.createElement("div");
    const points = document.createElement("div");
    const lines = document.createElement("div");
    points.className = "broken-points";
    points.dataset.title = t("ask.broken");
    content.append(points, lines);
    const showLines = paragraphs(lines, "dialog-line");
    const showPoints = paragraphs(points, "dialog-warning");
    const show = () => {
      const { lines: told, warnings = [] } = describe();
      showLines(keyed(told));
      showPoints(keyed(warnings));
      points.hidden = warnings.length === 0;
    };
    show();
    const close = openDialog(content, {
      title,
      kind: "question",
      buttons: [
        { text: t("ask.cancel"), click: () => close() },
        {
          text: action,
          class: "button-danger",
          click: (event) => {
            if (event.detail > 1) return; // the second press of a double click was not meant for this
            answer = true;
            close();
          },
        },
      ],
      onRefresh: show,
      onClose: () => resolve(answer),
    });
  });
}
