/** Keeps a list in the document equal to a list of things, touching only what changed. */

/** Set a text only where it differs: writing the same one again costs layout. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Set or, with null, remove an attribute only where it differs. */
export function setAttribute(element, name, value) {
  if (value === null) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== value) {
    element.setAttribute(name, value);
  }
}

/**
 * @param {Element} container
 * @param {(item: object) => {element: Element, update: (item: object) => void}} create
 * @returns {(items: {key: string}[]) => void} shows the items, in their order
 */
export function keyedList(container, create) {
  const shown = new Map();
  return (items) => {
    const keys = new Set(items.map((item) => item.key));
    for (const [key, { element }] of shown) {
      if (keys.has(key)) continue;
      element.remove();
      shown.delete(key);
    }
    let cursor = container.firstElementChild;
    for (const item of items) {
      if (!shown.has(item.key)) shown.set(item.key, create(item));
      const { element, update } = shown.get(item.key);
      update(item);
      if (element === cursor) cursor = cursor.nextElementSibling;
      else container.insertBefore(element, cursor);
    }
  };
}
