/* Keys that work on every page: / to the search box, ? to the list of shortcuts. */
(() => {
  document.addEventListener("keydown", event => {
    if (window.jobbook.typing(event)) return;
    if (event.key === "/") {
      const search = document.querySelector("[data-search]");
      if (!search) return;
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "?") {
      const list = document.getElementById("shortcuts");
      if (!list || document.querySelector("dialog:modal")) return;
      event.preventDefault();
      list.togglePopover();
    }
  });
})();
