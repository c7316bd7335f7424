/** What the style sheets cannot do for small screens: the legend folds. */

const SMALL = "(max-width: 760px)"; // as in widths.css

/** @param {{legend: HTMLDetailsElement}} parts */
export function wireWidths({ legend }) {
  const small = matchMedia(SMALL);
  const apply = () => {
    legend.open = !small.matches;
  };
  small.addEventListener("change", apply);
  apply();
}
