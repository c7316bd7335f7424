/**
 * Pure: a number as an operator types it. Whatever could be meant in two ways is refused with a sentence, and nothing
 * is changed on the way: what was read is what is sent.
 */

const NUMBER = /^([+\-\u2212])?(\d{1,9})?(?:([.,])(\d{1,6}))?$/;
const THOUSANDS = /^[+\-\u2212]?[1-9]\d{0,2},\d{3}$/;
const PLAIN = /^[\d+\-\u2212.,]*$/;
export const DECIMALS = 6;

function whyNot(text) {
  if (text === "") return "is empty";
  if (/\s/.test(text)) return "has a space in it";
  if (/[\u066b\u066c\uff0c\uff0e]|\p{Nd}/u.test(text.replaceAll(/[0-9]/g, ""))) return "must be written with the digits 0 to 9";
  if (!PLAIN.test(text)) return "may hold only digits, one sign, and one point or comma";
  if (/[+\-\u2212].*[+\-\u2212]/.test(text)) return "has more than one sign";
  if (/[.,].*[.,]/.test(text)) return "has more than one point or comma; write thousands without them";
  if (/[.,]$/.test(text)) return "has no digit after the point or comma";
  return `has a sign at the wrong place, or more than 9 digits, or more than ${DECIMALS} decimals`;
}

/**
 * @param {string} text
 * @returns {{value: number}|{error: string}} error: what is wrong with it, to follow the name of the field
 */
export function readNumber(text) {
  const typed = text.trim();
  if (THOUSANDS.test(typed)) {
    const [whole, rest] = typed.split(",");
    return { error: `can be read as ${whole}${rest} or as ${whole}.${rest}; write one of them` };
  }
  const [, sign, whole, , decimals] = NUMBER.exec(typed) ?? [];
  if (whole === undefined && decimals === undefined) return { error: whyNot(typed) };
  const size = Number(`${whole ?? "0"}.${decimals ?? "0"}`);
  return { value: sign === undefined || sign === "+" || size === 0 ? size : -size };
}

/** A number as it is put into a field, so that `readNumber` gives the same one back. */
export function writeNumber(value) {
  const text = value.toFixed(DECIMALS).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
