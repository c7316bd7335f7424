/** What the style sheets cannot do for small screens: the legend folds, and the Bus voltage field leaves the header. */

const SMALL = "(max-width: 760px)"; // as in widths.css

/** @param {{legend: HTMLDetailsElement, field: Element, header: Element, tools: Element}} parts */
export function wireWidths({ legend, field, header, tools }) {
  const small = matchMedia(SMALL);
  const before = field.nextElementSibling;
  const apply = () => {
    const focused = field.contains(document.activeElement) ? document.activeElement : null;
    legend.open = !small.matches;
    if (small.matches) tools.append(field);
    else header.insertBefore(field, before);
    focused?.focus();
  };
  small.addEventListener("change", apply);
  apply();
}
