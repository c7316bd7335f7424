/** Pure: what of an answer can be used: an object, a number, a text; whatever else it is counts as none. */

export function isObject(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function seconds(value) {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

export function plus(age, elapsed) {
  return age === null ? null : age + elapsed;
}

export function textOrNull(value) {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A node whose age goes on counting. */
export function withAge(node, age) {
  return Object.defineProperty(node, "ageS", { get: age, enumerable: true });
}
