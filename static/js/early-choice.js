/* A choice made before the scripts were there, or put back by the browser, is told as soon as htmx listens. */
document.addEventListener("DOMContentLoaded", () => {
  for (const select of document.querySelectorAll("[hx-trigger=change] select")) {
    if (![...select.options].every(option => option.selected === option.defaultSelected)) {
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  }
});
