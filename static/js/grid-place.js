/* Back, Forward and reload bring the list back to where it was scrolled. Only numbers are kept, by address. */
(() => {
  const { store } = window.jobbook;
  const MOST = 20; // addresses remembered in a tab
  const scrollers = () => [document.getElementById("scroll"), document.querySelector(".page")].filter(Boolean);
  const here = () => location.pathname + location.search;

  function places() {
    try { return JSON.parse(store.get("places") || "[]"); } catch { return []; }
  }

  function keep() {
    const others = places().filter(([url]) => url !== here());
    const tops = scrollers().map(element => Math.round(element.scrollTop));
    store.set("places", JSON.stringify([...others, [here(), tops]].slice(-MOST)));
  }

  function bring() {
    const [navigation] = performance.getEntriesByType("navigation");
    if (!navigation || navigation.type === "navigate") return;
    const [, tops] = places().find(([url]) => url === here()) || [];
    if (!tops) return;
    scrollers().forEach((element, index) => { element.scrollTop = tops[index] || 0; });
  }

  window.addEventListener("pagehide", keep);
  bring();
})();
