/** The menu of languages: what is chosen is kept in a cookie, since the server draws the page. */

const YEAR_S = 31_536_000;

/** @param {HTMLSelectElement} menu */
export function wireLanguage(menu) {
  menu.addEventListener("change", () => {
    const path = new URL(".", location.href).pathname; // a proxy may serve the page under a path of its own
    // oxlint-disable-next-line unicorn/no-document-cookie -- the other way needs HTTPS
    document.cookie = `language=${menu.value}; path=${path}; max-age=${YEAR_S}; SameSite=Lax`;
    const page = new URL(location.href);
    page.searchParams.delete("lang"); // which would win
    if (page.href === location.href) location.reload();
    else location.replace(page);
  });
}
