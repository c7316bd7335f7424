/**
 * Pure: every sentence that an operator reads, by its meaning, in the language of the page (words/*.json). Lists, numbers and
 * days by `Intl`.
 */

const PLACE = /\{(\w+)\}/;

/** The parts of a text: every second one is the name of a place. */
const parts = (text) => text.split(PLACE);

let entries = new Map(); // by key: a text, or an object of texts by plural form
let intl = null;

/**
 * Use a catalogue from now on.
 * @param {Record<string, string|Record<string, string>>} catalogue texts with {places}, or one text for each plural form
 * @param {string} language as in `lang`
 */
export function useCatalogue(catalogue, language) {
  entries = new Map(
    Object.entries(catalogue).map(([key, entry]) => [
      key,
      typeof entry === "string" ? parts(entry) : Object.fromEntries(Object.entries(entry).map(([form, text]) => [form, parts(text)])),
    ]),
  );
  intl = {
    plural: new Intl.PluralRules(language),
    number: new Intl.NumberFormat(language, { maximumFractionDigits: 2, useGrouping: false }),
    whole: new Intl.NumberFormat(language, { minimumIntegerDigits: 2 }),
    days: new Intl.RelativeTimeFormat(language, { numeric: "auto" }),
    list: new Intl.ListFormat(language, { type: language.startsWith("en") ? "unit" : "conjunction" }),
  };
}

/**
 * The text of a meaning; `count` among the values chooses the plural form.
 * @param {string} key
 * @param {Record<string, string|number>} values by the names of the places
 * @throws {Error} for a key that the catalogue does not have
 */
export function t(key, values = {}) {
  const entry = entries.get(key);
  if (entry === undefined) throw new Error(`no words for ${key}`);
  const chosen = Array.isArray(entry) ? entry : (entry[intl.plural.select(values.count)] ?? entry.other);
  if (chosen.length === 1) return chosen[0];
  return chosen.map((part, index) => (index % 2 === 0 ? part : String(values[part]))).join("");
}

/** Whether the catalogue has a meaning, as of a code that comes from outside. */
export function hasWords(key) {
  return entries.has(key);
}

/** A number with at most two decimals. */
export function decimal(value) {
  return intl.number.format(value + 0 === 0 || Math.abs(value) < 0.005 ? 0 : value); // never -0
}

/** A whole number with two digits at least. */
export function two(value) {
  return intl.whole.format(Number(value));
}

/** "A, B, C". */
export function listOf(items) {
  return intl.list.format(items.filter(Boolean).map(String));
}

/** "today", "tomorrow", "yesterday". */
export function dayName(days) {
  return intl.days.format(days, "day");
}
