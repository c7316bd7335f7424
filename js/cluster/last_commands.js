/** The list of the last commands, whoever gave them: asked, accepted, seen. */

import { onCommand } from "../controls/command_client.js";
import { getJson, poll } from "../data/api.js";
import { keyedList, setAttribute, setText } from "../ui/dom.js";
import { askedWords, mark, progressWords, standing } from "../words/command_words.js";
import { moment } from "../words/format.js";

const SHOWN = 20;
const EVERY_MS = 3000;

function createRow(template) {
  const element = template.content.firstElementChild.cloneNode(true);
  const place = (name) => element.querySelector(`[data-text="${name}"]`);
  const places = { sign: place("sign"), asked: place("asked"), when: place("when"), progress: place("progress") };
  const update = ({ row }) => {
    const kind = standing(row);
    setAttribute(element, "data-kind", kind);
    setText(places.sign, mark(kind));
    setText(places.asked, askedWords(row));
    setText(places.when, `${moment(row.at)}, ${row.from ?? ""}`);
    setText(places.progress, progressWords(row));
    setAttribute(places.progress, "title", progressWords(row));
  };
  return { element, update };
}

/**
 * @param {{list: Element, template: HTMLTemplateElement, note: Element}} parts note: says none, or why they are old
 */
export function createLastCommands({ list, template, note }) {
  const show = keyedList(list, () => createRow(template));
  let etag = null;
  const say = (text) => {
    setText(note, text);
    setAttribute(note, "hidden", text === "" ? "" : null);
  };
  const step = async () => {
    try {
      const answer = await getJson(`commands?limit=${SHOWN}`, etag);
      etag = answer.etag;
      if (answer.unchanged) return;
      const rows = Array.isArray(answer.body) ? answer.body : [];
      show(rows.map((row) => ({ key: String(row.id), row })));
      say(rows.length === 0 ? "None yet." : "");
    } catch (error) {
      etag = null;
      say(`Not known: ${error.message}`);
    }
  };
  const polling = poll(step, () => EVERY_MS);
  onCommand(() => polling.now());
}
