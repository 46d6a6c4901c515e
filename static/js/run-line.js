/* Lines about runs: [data-poll] asks for itself every so many milliseconds while the page is seen, and stops when the
   new part has no data-poll. [data-autostart] is a finished file: its download starts once. */
(() => {
  const TICK = 250;
  const looked = new WeakMap();

  function poll(line, now) {
    if (!looked.has(line)) looked.set(line, now);
    if (now - looked.get(line) < Number(line.dataset.poll)) return;
    looked.set(line, now);
    line.dispatchEvent(new CustomEvent("jobbook:poll"));
  }

  function start(line) {
    const link = document.createElement("a");
    link.href = line.dataset.autostart;
    link.download = "";
    line.removeAttribute("data-autostart");
    line.append(link);
    link.click();
    link.remove();
    window.jobbook.announce("The download has started.");
  }

  function tick() {
    if (document.hidden) return;
    const now = performance.now();
    document.querySelectorAll("[data-run-line][data-poll]").forEach(line => poll(line, now));
    document.querySelectorAll("[data-run-line][data-autostart]").forEach(start);
  }

  window.jobbook.on("jobbook:failed", "[data-run-line]", (event, line) => {
    const doing = line.querySelector("[data-doing]");
    if (doing) doing.textContent = `${event.detail.text} It goes on; trying again.`;
  });
  document.addEventListener("visibilitychange", tick);
  setInterval(tick, TICK);
})();
