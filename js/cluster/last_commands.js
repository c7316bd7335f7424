/** The list of the last commands, whoever gave them: asked, accepted, seen. */

import { keyedList, setAttribute, setText } from "../ui/dom.js";
import { t } from "../words/catalogue.js";
import { askedWords, mark, originWords, progressWords, standing } from "../words/command_words.js";

function createRow(template) {
  const element = template.content.firstElementChild.cloneNode(true);
  const place = (name) => element.querySelector(`[data-text="${name}"]`);
  const places = { sign: place("sign"), asked: place("asked"), when: place("when"), progress: place("progress") };
  const update = ({ row }) => {
    const kind = standing(row);
    setAttribute(element, "data-kind", kind);
    setText(places.sign, mark(kind));
    setText(places.asked, askedWords(row));
    setText(places.when, originWords(row));
    setText(places.progress, progressWords(row));
    setAttribute(places.progress, "title", progressWords(row));
  };
  return { element, update };
}

/**
 * @param {{list: Element, template: HTMLTemplateElement, note: Element}} parts note: says that there are none
 * @returns {(picture: object) => void}
 */
export function createLastCommands({ list, template, note }) {
  const show = keyedList(list, () => createRow(template));
  return ({ commands }) => {
    if (commands === null) return;
    show(commands.map((row) => ({ key: String(row.id), row })));
    setText(note, t("commands.none"));
    setAttribute(note, "hidden", commands.length === 0 ? null : "");
  };
}
