/* Keys inside the grid: J K next and previous row, X tick, Shift+J K extend, E detail, Esc clear. All are extra to Tab and Space. */
(() => {
  const { typing } = window.jobbook;
  const rows = () => [...document.querySelectorAll("#results tr.r")].filter(row => row.getClientRects().length);
  const stop = row => row.querySelector("[data-tick]") || row.querySelector("[data-detail]");

  function move(current, step, extend) {
    const list = rows(), at = list.indexOf(current);
    const next = list[at < 0 ? 0 : Math.min(list.length - 1, Math.max(0, at + step))];
    if (!next) return;
    const ticks = window.jobbook.ticks;
    if (extend && current && ticks) {
      ticks.setAnchor(current.dataset.id);
      ticks.range(next, true);
    }
    stop(next).focus();
  }

  document.addEventListener("keydown", event => {
    if (typing(event) || document.querySelector("dialog:modal, [popover]:popover-open")) return;
    const grid = event.target instanceof Element && event.target.closest("#scroll");
    if (!grid) return;
    const key = event.key.toLowerCase(), row = event.target.closest("tr.r") || previous(event.target);
    const ticks = window.jobbook.ticks;
    if (key === "j" || key === "k") move(row, key === "j" ? 1 : -1, event.shiftKey);
    else if (key === "x" && row && ticks) ticks.tick(row, !ticks.box(row).checked);
    else if (key === "e" && row) open(row.querySelector("[data-detail]"));
    else if (event.key === "Escape" && ticks) document.dispatchEvent(new CustomEvent("jobbook:clear"));
    else return;
    event.preventDefault();
  });

  /** The focus may be in the detail that closes. */
  function open(button) {
    if (!button.closest("tr").contains(document.activeElement)) button.focus();
    button.click();
  }

  /** The row a detail belongs to. */
  function previous(target) {
    const detail = target.closest("tr.d");
    return detail ? detail.previousElementSibling : null;
  }
})();
