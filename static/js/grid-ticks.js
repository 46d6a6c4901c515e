/* The ticks on the page: rows, ranges with Shift, the head's and the groups' three states. */
(() => {
  const { on, selection } = window.jobbook;
  if (!selection) return;
  let anchor = null;

  const rows = () => [...document.querySelectorAll("#results tr.r")];
  const shown = () => rows().filter(row => row.offsetParent !== null || row.getClientRects().length);
  const box = row => row.querySelector("[data-tick]");
  const keyOf = row => row.closest("tbody").dataset.group || "";
  const entry = row => ({ id: row.dataset.id, cents: Number(row.dataset.cents), key: keyOf(row) });

  function mark(input, some, every) {
    input.checked = some && every;
    input.indeterminate = some && !every;
  }

  /** How many of each group's rows are picked, on any page: by path, for each level. */
  function counts() {
    const found = new Map();
    for (const { key, hidden } of selection.picked.values()) {
      if (!key || hidden) continue;
      const parts = key.split("|");
      for (let level = 1; level <= parts.length; level += 1) {
        const path = parts.slice(0, level).join("|");
        found.set(path, (found.get(path) || 0) + 1);
      }
    }
    return found;
  }

  function show() {
    const list = rows(), head = document.querySelector("[data-tick-all]"), picked = counts();
    let ticked = 0;
    for (const row of list) {
      const is = selection.has(row.dataset.id);
      box(row).checked = is;
      row.classList.toggle("on", is);
      ticked += is ? 1 : 0;
    }
    if (head) { mark(head, ticked > 0, ticked === list.length); head.disabled = !list.length; }
    document.querySelectorAll("[data-group-tick]:enabled").forEach(input => { // not one whose rows are being asked for
      const body = input.closest("tbody"), all = Number(body.dataset.count), n = picked.get(body.dataset.group) || 0;
      const selected = selection.isAll() ? all - n : n;
      mark(input, selected > 0, selected >= all);
    });
  }

  function tick(row, state) {
    selection.set([entry(row)], state);
    anchor = row.dataset.id;
  }

  /** Apply `state` to the rows from the anchor to `row`, in the shown order. */
  function range(row, state) {
    const list = shown(), from = list.findIndex(each => each.dataset.id === anchor), to = list.indexOf(row);
    if (from < 0 || to < 0) { tick(row, state); return; }
    selection.set(list.slice(Math.min(from, to), Math.max(from, to) + 1).map(entry), state);
    anchor = row.dataset.id;
  }

  on("click", "[data-tick]", (event, input) => {
    const row = input.closest("tr");
    if (event.shiftKey) range(row, input.checked);
    else tick(row, input.checked);
  });
  on("mousedown", "label.tick", event => { if (event.shiftKey) event.preventDefault(); }); // no text is marked

  on("change", "[data-tick-all]", (event, input) => selection.set(rows().map(entry), input.checked));

  /** Tick or untick a whole group; the server tells those of its rows that are on other pages. */
  async function group(input, state) {
    const body = input.closest("tbody"), key = body.dataset.group;
    const here = rows().filter(row => keyOf(row) === key || keyOf(row).startsWith(`${key}|`));
    if (here.length === Number(body.dataset.count)) { selection.set(here.map(entry), state); return; }
    input.disabled = true;
    const answer = await window.jobbook.ask({ filters: selection.page().filters, within: key }, () => group(input, state));
    input.disabled = false;
    if (answer) selection.set(answer.rows, state);
    else show();
    if (answer && !input.isConnected) selection.refresh(); // the page has come to show other rows
  }

  on("change", "[data-group-tick]", (event, input) => group(input, input.checked));

  /** The rows were replaced: ask the server only about ticks that are not on the page. */
  function replaced() {
    const here = new Map(rows().map(row => [row.dataset.id, row]));
    const ids = [...selection.picked.keys()];
    if (selection.measure().known && ids.every(id => here.has(id)) && !selection.isAll()) {
      selection.renew(ids.map(id => entry(here.get(id))));
    } else { show(); selection.refresh(); }
  }

  document.addEventListener("jobbook:selected", show);
  document.addEventListener("jobbook:replaced", event => { if (event.target.id === "results") replaced(); });
  document.addEventListener("grid:acted", () => selection.clear());
  window.jobbook.ticks = { tick, range, shown, box, setAnchor: id => { anchor = id; } };
  replaced();
})();
