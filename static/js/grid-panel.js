/* Menus beside the grid: the filter panel is fetched when it is opened, and closes when its filters are shown. */
(() => {
  const { on } = window.jobbook;

  on("click", "a[data-panel]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const panel = document.getElementById(link.dataset.panel), url = new URL(link.href);
    panel.replaceChildren(); // never the filters of an earlier time
    panel.showPopover({ source: link });
    window.jobbook.fetchPart("GET", url.pathname + url.search, { source: link, target: panel, swap: "innerHTML" });
  });

  on("click", "[data-close-panel]", (event, button) => {
    const panel = button.closest("[popover]");
    if (!panel) { history.back(); return; }
    panel.hidePopover();
    const again = document.querySelector("[data-problems]") && document.getElementById("grid-refresh");
    if (again) again.click(); // what was wrong is given up
  });

  document.addEventListener("jobbook:replaced", event => {
    const panel = document.getElementById("filter-panel");
    if (!panel) return;
    if (event.target === panel) {
      const first = panel.querySelector("input:not([type=hidden])");
      if (first) first.focus();
    } else if (event.target.id === "results" && panel.matches(":popover-open")) {
      panel.hidePopover();
      const add = document.getElementById("add-filter");
      if (add) add.focus();
    }
  });
})();
