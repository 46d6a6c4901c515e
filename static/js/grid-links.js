/* Links and forms of a grid: they work as they are; with htmx they replace the results alone. */
(() => {
  const { on, announce } = window.jobbook;
  const results = () => document.getElementById("results");
  const NEWEST = "[data-search-form]:replace"; // hx-sync: what was asked for before is given up
  const problems = () => document.querySelector("[data-problems]");
  let typed = 0, asked = null; // what the search box asked for last, until the list shows something

  /** The address says which rows are open and which groups are closed; a group has its name in its own grouping only. */
  function unfolded(url) {
    const here = new URL(location.href).searchParams, there = url.searchParams;
    const regrouped = ["tab", "group"].some(name => here.getAll(name).join() !== there.getAll(name).join());
    for (const name of ["open", "closed"]) {
      there.delete(name);
      if (name === "open" || !regrouped) here.getAll(name).forEach(key => there.append(name, key));
    }
  }

  /** Show another state of the grid; `source` is what was clicked. */
  function show(href, source) {
    const menu = source.closest("[popover]"), url = new URL(href, location.href);
    if (menu) menu.hidePopover();
    unfolded(url);
    clearTimeout(typed);
    source.setAttribute("hx-sync", NEWEST);
    window.jobbook.fetchPart("GET", url.pathname + url.search, { source, target: "#results", swap: "outerHTML" });
  }

  /** The region is a stop of the Tab key only while it scrolls. */
  function stop() {
    const region = document.getElementById("scroll");
    if (!region) return;
    const scrolls = region.scrollHeight > region.clientHeight + 1 || region.scrollWidth > region.clientWidth + 1;
    region.tabIndex = scrolls && getComputedStyle(region).overflowY !== "visible" ? 0 : -1;
  }
  window.addEventListener("resize", stop);
  stop();

  on("click", "a[data-grid-link]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.button) return;
    if (event.shiftKey && !link.dataset.add) return;
    event.preventDefault();
    show(event.shiftKey ? link.dataset.add : link.href, link);
  });

  on("change", "select[data-goto]", (event, select) => show(select.value || "?", select));
  on("change", "select[data-submit]", (event, select) => select.form.requestSubmit());

  on("input", "[data-search]", (event, input) => {
    clearTimeout(typed);
    typed = setTimeout(() => {
      const text = input.value.trim();
      if (text.length === 1 || (text === (asked ?? results().dataset.q) && !problems())) return;
      input.form.dispatchEvent(new Event("jobbook:search", { bubbles: true }));
    }, 300);
  });

  on("jobbook:asked", "[data-search-form]", (event, form) => { asked = form.elements.q.value.trim(); });
  on("jobbook:failed", "[data-search-form]", () => { asked = null; });

  document.addEventListener("jobbook:folded", () => { // a search carries what is open and closed now
    const carried = document.getElementById("search-carried"), here = new URL(location.href).searchParams;
    carried.querySelectorAll("[name=open], [name=closed]").forEach(input => input.remove());
    for (const [name, value] of here) {
      if (name !== "open" && name !== "closed") continue;
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      carried.append(input);
    }
  });

  document.addEventListener("jobbook:replaced", event => {
    const part = event.target;
    if (part.id === "results") {
      asked = null;
      document.getElementById("error-q").textContent = "";
      if (document.activeElement === document.body) document.getElementById("scroll").focus({ preventScroll: true });
      const search = document.querySelector("[data-search]");
      if (search && document.activeElement !== search) search.value = part.dataset.q;
      announce(part.dataset.say);
      stop();
    }
    if (results()) results().inert = Boolean(problems());
    document.dispatchEvent(new CustomEvent("jobbook:grid"));
  });
})();
