/**
 * Pure: a number as an operator types it. Whatever could be meant in two ways is refused with a sentence, and nothing
 * is changed on the way: what was read is what is sent.
 */

import { t } from "./catalogue.js";

const NUMBER = /^([+\-\u2212])?(\d{1,9})?(?:([.,])(\d{1,6}))?$/;
const THOUSANDS = /^[+\-\u2212]?[1-9]\d{0,2},\d{3}$/;
const PLAIN = /^[\d+\-\u2212.,]*$/;
export const DECIMALS = 6;

/** The key of what is wrong with a text. */
function whyNot(text) {
  if (text === "") return "number.empty";
  if (/\s/.test(text)) return "number.space";
  if (/[\u066b\u066c\uff0c\uff0e]|\p{Nd}/u.test(text.replaceAll(/[0-9]/g, ""))) return "number.digits";
  if (!PLAIN.test(text)) return "number.characters";
  if (/[+\-\u2212].*[+\-\u2212]/.test(text)) return "number.signs";
  if (/[.,].*[.,]/.test(text)) return "number.points";
  if (/[.,]$/.test(text)) return "number.end";
  return "number.other";
}

/**
 * @param {string} text
 * @returns {{value: number}|{error: string}} error: what is wrong with it, to follow the name of the field
 */
export function readNumber(text) {
  const typed = text.trim();
  if (THOUSANDS.test(typed)) {
    const [whole, rest] = typed.split(",");
    return { error: t("number.thousands", { whole, rest }) };
  }
  const [, sign, whole, , decimals] = NUMBER.exec(typed) ?? [];
  if (whole === undefined && decimals === undefined) return { error: t(whyNot(typed), { decimals: DECIMALS }) };
  const size = Number(`${whole ?? "0"}.${decimals ?? "0"}`);
  return { value: sign === undefined || sign === "+" || size === 0 ? size : -size };
}

/** A number as it is put into a field, so that `readNumber` gives the same one back. */
export function writeNumber(value) {
  const text = value.toFixed(DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
