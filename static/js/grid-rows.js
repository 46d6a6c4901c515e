/* Rows that open: the accounting detail of a row, the rows of a group, and all of them at once. */
(() => {
  const { on } = window.jobbook;
  const MOST = 25; // details opened by Expand All

  function fold(button, open) {
    const body = button.closest("tbody"), key = body.dataset.group;
    button.setAttribute("aria-expanded", String(open));
    body.classList.toggle("folded", !open);
    document.querySelectorAll(`tbody[data-group^="${CSS.escape(key)}|"]`).forEach(inner => inner.classList.toggle("inside", !open));
  }

  /** Put what is here into the address under `name`, beside what it says of other pages. */
  function note(url, name, here, chosen) {
    const elsewhere = url.searchParams.getAll(name).filter(key => !here.includes(key));
    url.searchParams.delete(name);
    [...elsewhere, ...chosen].slice(0, name === "open" ? MOST : undefined).forEach(key => url.searchParams.append(name, key));
  }

  /** The address names the closed groups and the open rows, so a copied link shows the same. */
  function remember() {
    const url = new URL(location.href), groups = [...document.querySelectorAll("tbody[data-group]")];
    const rows = [...document.querySelectorAll("button[data-detail]")], id = button => button.closest("tr").dataset.id;
    const folded = groups.filter(body => body.classList.contains("folded"));
    note(url, "closed", groups.map(body => body.dataset.group), folded.map(body => body.dataset.group));
    note(url, "open", rows.map(id), rows.filter(button => button.getAttribute("aria-expanded") === "true").map(id));
    history.replaceState(history.state, "", url);
    document.dispatchEvent(new CustomEvent("jobbook:folded"));
  }

  /** Open the rows that the address names. */
  function recall() {
    for (const id of new URL(location.href).searchParams.getAll("open")) {
      const button = /^[0-9]+$/.test(id) && document.querySelector(`tr[data-id="${id}"] button[data-detail]`);
      if (button) detail(button, true);
    }
  }

  function place(row) {
    const detail = document.createElement("tr"), cell = document.createElement("td");
    detail.className = "d";
    detail.id = `d${row.dataset.id}`;
    detail.setAttribute("role", "row");
    cell.setAttribute("role", "cell");
    cell.colSpan = row.cells.length;
    detail.append(cell);
    row.after(detail);
    return detail;
  }

  function waiting(cell) {
    const lines = document.createElement("div");
    lines.className = "skeleton";
    lines.setAttribute("aria-label", "Loading");
    lines.setAttribute("role", "status");
    cell.replaceChildren(lines);
  }

  function failed(cell, text, again) {
    const note = document.createElement("div"), retry = document.createElement("button");
    note.className = "note bad";
    note.setAttribute("role", "alert");
    retry.type = "button";
    retry.className = "linkb";
    retry.textContent = "Retry";
    retry.addEventListener("click", again);
    note.append(text, " ", retry);
    cell.replaceChildren(note);
  }

  async function load(button, cell) {
    const soon = setTimeout(() => waiting(cell), 150);
    try {
      const response = await fetch(button.dataset.detail, { headers: { "HX-Request": "true", "HX-Current-URL": location.href } });
      if (response.headers.get("HX-Redirect")) return location.assign(response.headers.get("HX-Redirect"));
      if (!response.ok) throw new Error(response.status === 404 ? "This invoice is no longer there." : "The detail could not be loaded.");
      const text = await response.text();
      clearTimeout(soon);
      cell.innerHTML = text;
      window.htmx.process(cell);
    } catch (error) {
      clearTimeout(soon);
      failed(cell, error instanceof TypeError ? "No connection to the server." : error.message, () => load(button, cell));
    }
  }

  function detail(button, open) {
    const row = button.closest("tr"), shown = document.getElementById(`d${row.dataset.id}`);
    if (open === (button.getAttribute("aria-expanded") === "true")) return;
    button.setAttribute("aria-expanded", String(open));
    if (shown) { shown.hidden = !open; return; }
    const made = place(row);
    button.setAttribute("aria-controls", made.id);
    load(button, made.firstElementChild);
  }

  on("click", "button[data-detail]", (event, button) => { detail(button, button.getAttribute("aria-expanded") !== "true"); remember(); });
  on("click", "button[data-fold]", (event, button) => { fold(button, button.getAttribute("aria-expanded") !== "true"); remember(); });

  function all(open) {
    const groups = [...document.querySelectorAll("button[data-fold]")];
    const rows = [...document.querySelectorAll("button[data-detail]")];
    const closed = groups.some(button => button.getAttribute("aria-expanded") === "false");
    const opened = rows.some(button => button.getAttribute("aria-expanded") === "true");
    if (groups.length && (open ? closed : !opened)) { groups.forEach(button => fold(button, open)); remember(); return; }
    (open ? rows.slice(0, MOST) : rows).forEach(button => detail(button, open));
    remember();
  }

  on("click", "[data-expand-all]", () => all(true));
  on("click", "[data-collapse-all]", () => all(false));
  document.addEventListener("jobbook:grid", recall);
  recall();
})();
