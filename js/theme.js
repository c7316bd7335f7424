/** Sets the theme before the first paint; a module would come too late and flash. Dark unless chosen otherwise. */
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("theme");
  } catch {
    // A browser that keeps nothing still shows the page.
  }
  document.documentElement.dataset.theme = chosen === "light" ? "light" : "dark";
})();
