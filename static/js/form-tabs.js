/* Parts of a form as tabs: one [data-part] of a [data-tabs] is shown, the links above choose it. Without this script
   all parts stand below each other and the links lead to them. */
(() => {
  const { on } = window.jobbook;
  const kept = () => document.querySelector("[data-tab-kept]");

  function show(box, slug) {
    const parts = [...box.querySelectorAll("[data-part]")];
    if (!parts.some(part => part.dataset.part === slug)) return;
    parts.forEach(part => { part.hidden = part.dataset.part !== slug; });
    box.querySelectorAll("[data-tab]").forEach(link => {
      if (link.dataset.tab === slug) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
    if (kept()) kept().value = slug;
  }

  function start() {
    document.querySelectorAll("[data-tabs]").forEach(box => show(box, kept() ? kept().value : ""));
  }

  on("click", "[data-tab]", (event, link) => {
    event.preventDefault();
    show(link.closest("[data-tabs]"), link.dataset.tab);
  });

  on("click", "[data-to-field]", (event, link) => {
    const field = document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    const part = field.closest("[data-part]");
    if (part) show(part.closest("[data-tabs]"), part.dataset.part);
    field.focus();
  });

  document.addEventListener("jobbook:replaced", start);
  start();
})();
