/* What the page says about the selection: the bar's count and sum, all that match, rows hidden by the filter, rows that left. */
(() => {
  const { on, selection, money, announce } = window.jobbook;
  const wrap = document.querySelector("[data-grid]");
  if (!selection) return;
  let told = "";
  const MANY = 20; // ticks that Esc clears only with a way back
  const noun = n => window.jobbook.count(n, wrap.dataset.noun);
  const line = name => document.querySelector(`[data-${name}-line]`);

  /** A button that goes with its line leaves the focus to the list. */
  function fill(element, ...parts) {
    const focused = element.contains(document.activeElement);
    element.replaceChildren(...parts);
    element.hidden = !parts.length;
    if (focused) document.getElementById("scroll").focus();
  }

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  function bold(text) {
    const made = document.createElement("b");
    made.textContent = text;
    return made;
  }

  function hidden() {
    let count = 0, cents = 0;
    if (!selection.isAll()) for (const row of selection.picked.values()) if (row.hidden) { count += 1; cents += row.cents; }
    return { count, cents };
  }

  function bar({ count, cents, known }, out) {
    const place = document.querySelector("[data-sum]"), whole = selection.page().count + out.count;
    document.getElementById("bar").classList.toggle("has-sel", count > 0);
    document.querySelector("[data-clear]").hidden = !count;
    document.querySelectorAll("[data-action-url]").forEach(each => { each.disabled = !count || each.hasAttribute("aria-busy"); });
    if (!count) { place.textContent = `Select ${wrap.dataset.noun}s to ${wrap.dataset.purpose}`; return; }
    const amount = known ? money(cents) : "adding up";
    place.replaceChildren(bold(`${count.toLocaleString("en-CA")} selected`), ` of ${whole.toLocaleString("en-CA")} · `, bold(amount));
  }

  function everything({ count }) {
    const { count: all, cents, filters } = selection.page(), place = line("all");
    const here = [...document.querySelectorAll("#results tr.r")];
    const words = `${noun(all)}${filters ? " matching these filters" : ""}, ${money(cents)}`;
    if (selection.isAll()) {
      fill(place, count === all ? `All ${words}, are selected, those on other pages too.` : `${count.toLocaleString("en-CA")} of ${noun(all)}${filters ? " matching these filters" : ""} are selected, those on other pages too.`);
    } else if (here.length && here.length < all && count < all && here.every(row => selection.has(row.dataset.id))) {
      fill(place, button(`Select all ${words}`, () => { selection.all(); document.getElementById("scroll").focus(); }));
    } else fill(place);
  }

  function filtered(out) {
    const place = line("hidden");
    if (!out.count) { fill(place); return; }
    const text = `${out.count.toLocaleString("en-CA")} selected ${noun(out.count).replace(/^[\d,]+ /, "")} (${money(out.cents)}) ${out.count === 1 ? "is" : "are"} hidden by the filter. `;
    const rows = () => [...selection.picked].filter(([, row]) => row.hidden).map(([id, row]) => ({ id, ...row }));
    const clear = () => { const link = document.querySelector("[data-clear-filters]"); if (link) link.click(); };
    fill(place, text, button("Show them", clear), " | ", button("Deselect them", () => selection.set(rows(), false)));
  }

  function show() {
    const now = selection.measure(), out = hidden();
    bar(now, out);
    everything(now);
    filtered(out);
    const said = document.querySelector("[data-sum]").textContent;
    if (said !== told) announce(said); // else what the list says of itself would never be heard
    told = said;
  }

  function cleared() {
    const many = selection.measure().count > MANY, restore = selection.kept();
    selection.clear();
    if (!many) return;
    const place = line("gone");
    fill(place, "Selection cleared. ", button("Restore", () => { fill(place); restore(); }));
  }

  on("click", "[data-clear]", () => { cleared(); document.getElementById("scroll").focus(); });
  document.addEventListener("jobbook:clear", cleared);
  document.addEventListener("jobbook:selected", show);
  document.addEventListener("jobbook:gone", event => {
    const { gone, gone_count: n } = event.detail, place = line("gone");
    const named = gone.length ? ` ${gone.join(", ")}${n > gone.length ? ` and ${n - gone.length} more` : ""}.` : "";
    fill(place, `${noun(n)} left this list and ${n === 1 ? "is" : "are"} no longer selected.${named} `, button("Dismiss", () => fill(place)));
    announce(place.textContent);
  });
  show();
})();
