/** Find a node by id or name, and bring it into the middle of the canvas. */

import { setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";

/**
 * Pure: the node that is meant: its id as it is, else its name, else the first of which either holds the text.
 * @param {{id: string, display: string|null}[]} nodes
 */
export function findNode(nodes, wanted) {
  const text = wanted.trim().toLowerCase();
  if (text === "") return null;
  const same = (value) => value !== null && value.toLowerCase() === text;
  const holds = (value) => value !== null && value.toLowerCase().includes(text);
  const tests = [({ id }) => same(id), ({ display }) => same(display), ({ id }) => holds(id), ({ display }) => holds(display)];
  for (const test of tests) {
    const found = nodes.find(test);
    if (found !== undefined) return found.id;
  }
  return null;
}

/**
 * @param {{form: HTMLFormElement, field: HTMLInputElement, options: HTMLDataListElement, note: Element, nodes: () => object[],
 *   onFound: (id: string) => void}} parts
 * @returns {(nodes: object[]) => void} to be called with the nodes there are
 */
export function createFind({ form, field, options, note, nodes, onFound }) {
  let offered = "";
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const id = findNode(nodes(), field.value);
    setText(note, id === null && field.value.trim() !== "" ? t("find.none") : "");
    if (id !== null) onFound(id);
  });
  field.addEventListener("input", () => {
    setText(note, "");
    // One that was picked from the list is meant at once.
    if (nodes().some(({ id }) => id === field.value)) onFound(field.value);
  });
  return (all) => {
    const names = JSON.stringify(all.map(({ id, display }) => [id, display]));
    if (names === offered) return;
    offered = names;
    const made = all.map(({ id, display }) => {
      const option = document.createElement("option");
      option.value = id;
      option.label = display ?? id;
      return option;
    });
    options.replaceChildren(...made);
  };
}
