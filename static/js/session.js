/* Log-out empties this tab's storage; the line about a lost connection; focus on what went wrong. */
(() => {
  window.jobbook.on("submit", "[data-logout]", () => {
    try { sessionStorage.clear(); } catch { /* storage is forbidden: there is nothing to clear */ }
    window.jobbook.store.set = () => {}; // nothing is kept on the way out
  });

  const line = document.querySelector("[data-offline]");
  const show = () => { if (line) line.hidden = navigator.onLine; };
  window.addEventListener("online", show);
  window.addEventListener("offline", show);
  show();

  const focus = document.querySelector("[data-focus]");
  if (focus) focus.focus();
})();
