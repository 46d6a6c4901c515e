/* What is selected: ids with their cents and group, or all that match with exclusions. No DOM but the posted form.
   sessionStorage of the tab keeps ids alone, per user and grid; amounts come back from the server. */
(() => {
  const { store, ask } = window.jobbook;
  const wrap = document.querySelector("[data-grid]"), form = document.getElementById("selection");
  if (!wrap || !form) return; // a grid without actions has no ticks
  const name = `selection:${wrap.dataset.grid}`;
  const picked = new Map(); // id -> {cents, key, hidden}; in mode "all" the rows left out
  const state = { mode: "ids", filters: "", count: 0, cents: 0 }; // the last three of mode "all"
  let unknown = new Set(); // ids kept over a reload whose amounts the server has not told yet
  let turn = 0; // grows when what the server was asked about is no longer the question

  const results = () => document.getElementById("results");
  const page = () => ({ count: Number(results().dataset.count), cents: Number(results().dataset.cents), filters: results().dataset.filters });

  function sum() {
    let cents = 0;
    for (const row of picked.values()) cents += row.cents;
    return cents;
  }

  /** {count, cents, all}: exact, of whole cents. */
  function measure() {
    if (state.mode === "ids") return { count: picked.size + unknown.size, cents: sum(), known: !unknown.size };
    return { count: state.count - picked.size - unknown.size, cents: state.cents - sum(), known: !unknown.size };
  }

  function has(id) {
    return (state.mode === "all") !== (picked.has(id) || unknown.has(id));
  }

  /** Select or deselect rows: [{id, cents, key}]. */
  function set(rows, on) {
    for (const row of rows) {
      unknown.delete(row.id);
      if (on === (state.mode === "ids")) picked.set(row.id, { cents: row.cents, key: row.key, hidden: false });
      else picked.delete(row.id);
    }
    changed();
  }

  /** Nothing is selected, and no answer under way brings anything back. */
  function empty() {
    turn += 1;
    picked.clear();
    unknown.clear();
  }

  function clear() {
    empty();
    state.mode = "ids";
    changed();
  }

  /** Switch to every row that matches the page's filters. */
  function all() {
    empty();
    Object.assign(state, page(), { mode: "all" });
    changed();
  }

  function changed() {
    keep();
    document.dispatchEvent(new CustomEvent("jobbook:selected"));
  }

  function keep() {
    const ids = [...picked.keys(), ...unknown];
    form.elements.mode.value = state.mode;
    form.elements.ids.value = state.mode === "ids" ? ids.join(",") : "";
    form.elements.excluded.value = state.mode === "all" ? ids.join(",") : "";
    form.elements.filters.value = state.mode === "all" ? state.filters : page().filters;
    if (state.mode === "ids" && !ids.length) store.remove(name);
    else store.set(name, JSON.stringify({ mode: state.mode, filters: state.filters, ids }));
  }

  /** The rows on the page, all that are picked, as the page has them now. */
  function renew(rows) {
    turn += 1;
    rows.forEach(row => picked.set(row.id, { cents: row.cents, key: row.key, hidden: false }));
    changed();
  }

  /** All that matched filters which are no longer the page's: from now on they are selected one by one. */
  async function spell(mine) {
    const answer = await ask({ filters: state.filters, within: "" }, refresh);
    if (!answer || mine !== turn) return;
    const out = new Set([...picked.keys(), ...unknown]);
    picked.clear();
    unknown.clear();
    state.mode = "ids";
    answer.rows.filter(row => !out.has(row.id)).forEach(row => picked.set(row.id, row));
  }

  /** Bring amounts, groups and hidden rows up to date with the page; rows that left the grid are dropped. What is
      ticked or unticked meanwhile stays so, and an answer that a later question has overtaken is passed over. */
  async function refresh() {
    const mine = turn += 1;
    if (document.querySelector("[data-problems]")) { changed(); return; } // the page shows no rows to ask about
    if (state.mode === "all" && state.filters !== page().filters) {
      await spell(mine);
      if (mine !== turn || state.mode === "all") return;
    }
    if (state.mode === "all") { Object.assign(state, page()); }
    const ids = [...picked.keys(), ...unknown];
    if (!ids.length) { changed(); return; }
    const answer = await ask({ ids: ids.join(",") }, refresh);
    if (!answer || mine !== turn) return;
    const found = new Map(answer.rows.map(row => [row.id, row]));
    for (const id of ids) {
      const ticked = [picked.delete(id), unknown.delete(id)].some(Boolean);
      if (!ticked) continue; // it was unticked meanwhile
      if (found.has(id)) picked.set(id, found.get(id));
    }
    changed();
    if (answer.gone_count) document.dispatchEvent(new CustomEvent("jobbook:gone", { detail: answer }));
  }

  function load() {
    try {
      const kept = JSON.parse(store.get(name) || "{}");
      if (!Array.isArray(kept.ids)) return;
      unknown = new Set(kept.ids.map(String).filter(id => /^[1-9]\d*$/.test(id)));
      if (kept.mode === "all") Object.assign(state, page(), { mode: "all", filters: kept.filters });
      keep(); // what is posted is what the bar says, also before the server has told the amounts
    } catch { store.remove(name); }
  }

  /** A function that brings back the selection as it is now. */
  function kept() {
    const before = { ...state }, rows = new Map(picked);
    return () => {
      empty();
      Object.assign(state, before);
      rows.forEach((row, id) => picked.set(id, row));
      changed();
      refresh();
    };
  }

  load();
  window.jobbook.selection = { has, set, renew, clear, kept, all, measure, refresh, picked, state, page, isAll: () => state.mode === "all" };
})();
