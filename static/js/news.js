/* Notice that what a page shows was changed. [data-news] is where the line about it stands and names the address that
   knows; [data-shown] says what is shown. Asked every five seconds while the page is seen. Rows never move by
   themselves: with [data-replace] the answer takes the place of what is shown, which is for figures only. */
(() => {
  const OFTEN = 5000, SELDOM = 60000;
  let wait = OFTEN, timer = 0;
  const line = () => document.querySelector("[data-news]");
  const shown = () => document.querySelector("[data-shown]");

  function later() {
    clearTimeout(timer);
    if (line() && shown()) timer = setTimeout(ask, wait);
  }

  function address(place, state) {
    const url = new URL(place.dataset.news, location.href);
    for (const name of ["ledger", "query", "count", "mark"]) {
      if (name in state.dataset) url.searchParams.set(name, state.dataset[name]);
    }
    return url;
  }

  async function ask() {
    const place = line(), state = shown();
    if (!place || !state || document.hidden || !navigator.onLine) return later();
    const before = state.dataset.ledger;
    try {
      const response = await fetch(address(place, state), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
      if (response.redirected || response.headers.get("HX-Redirect") || [401, 403, 404].includes(response.status)) return;
      if (!response.ok) throw new Error(String(response.status));
      const text = response.status === 204 ? "" : await response.text();
      wait = OFTEN;
      waiting(response.headers.get("X-Waiting"));
      if (shown() === state && state.dataset.ledger === before) tell(place, state, text, response.headers.get("X-Ledger"));
    } catch {
      wait = Math.min(wait * 2, SELDOM);
    }
    later();
  }

  function tell(place, state, text, ledger) {
    if (!text) {
      if (!place.childElementCount) state.dataset.ledger = ledger; // nothing of it is shown: start from here
    } else if ("replace" in state.dataset) {
      replace(state, text);
    } else if (place.dataset.told !== text) {
      place.innerHTML = text;
      place.dataset.told = text;
      window.htmx.process(place);
    }
  }

  /** New figures in place of the old; the focus stays on the link it was on. */
  function replace(state, text) {
    const focused = state.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const made = document.createRange().createContextualFragment(text).firstElementChild;
    state.replaceWith(made);
    const again = focused && made.querySelector(`a[href="${CSS.escape(focused)}"]`);
    if (again) again.focus({ preventScroll: true });
    window.htmx.process(made);
    window.jobbook.announce("The figures were updated.");
  }

  /** The number in the top bar of what waits for the user. */
  function waiting(count) {
    if (count === null) return;
    document.querySelectorAll("[data-waiting]").forEach(each => { each.textContent = count === "0" ? "" : count; });
  }

  document.addEventListener("jobbook:grid", () => { // the rows were read anew
    const place = line();
    if (!place) return;
    place.replaceChildren();
    delete place.dataset.told;
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) ask(); });
  later();
})();
