/* Shared helpers on window.jobbook. Everything else is one behaviour a file, bound by data attributes. */
(() => {
  const root = document.documentElement;
  const live = () => document.querySelector("[data-live]");
  const alarm = () => document.querySelector("[data-alarm]");
  let waiting = "", timer = 0, note = null;

  /** Say `text` to screen readers, politely, at most once in 500 ms; the last one wins. */
  function announce(text) {
    waiting = text;
    if (timer) return;
    timer = setTimeout(() => { timer = 0; const region = live(); if (region) region.textContent = waiting; }, 500);
  }

  /** Show a failure until it is dismissed, in the open window if there is one; with `retry` a button that tries again. */
  function fail(text, retry) {
    dismiss();
    const modal = document.querySelector("dialog:modal .dlg"), place = modal || alarm();
    if (!place) return;
    const words = document.createElement("span");
    note = document.createElement("div");
    note.className = "note bad";
    if (modal) note.setAttribute("role", "alert"); // the other place is one
    words.textContent = text;
    note.append(words);
    if (retry) note.append(button("Retry", () => { dismiss(); retry(); }));
    note.append(button("Dismiss", dismiss));
    place.append(note);
  }

  function dismiss() {
    if (note) note.remove();
    note = null;
  }

  function button(label, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "linkb";
    made.textContent = label;
    made.addEventListener("click", action);
    return made;
  }

  /** 123456 -> "1,234.56"; below zero "(1,234.56)". Integer cents only. */
  function money(cents) {
    const whole = Math.trunc(Math.abs(cents) / 100), rest = String(Math.abs(cents) % 100).padStart(2, "0");
    const text = `${String(whole).replace(/\B(?=(\d{3})+$)/g, ",")}.${rest}`;
    return cents < 0 ? `(${text})` : text;
  }

  /** 1 -> "1 invoice", 1200 -> "1,200 invoices". */
  function count(n, noun) {
    return `${String(n).replace(/\B(?=(\d{3})+$)/g, ",")} ${noun}${n === 1 ? "" : "s"}`;
  }

  /** Listen on the document, so parts that htmx replaces need no new listeners. */
  function on(type, selector, handler) {
    document.addEventListener(type, event => {
      const target = event.target instanceof Element ? event.target.closest(selector) : null;
      if (target) handler(event, target);
    });
  }

  /** Is the event one that no shortcut may take: typed text, a modifier, or shortcuts switched off? */
  function typing(event) {
    if (root.dataset.shortcuts === "off" || event.defaultPrevented || event.isComposing) return true;
    if (event.ctrlKey || event.altKey || event.metaKey) return true;
    const target = event.target;
    if (!(target instanceof Element)) return false;
    if (target.closest("textarea, select, [contenteditable]:not([contenteditable=false])")) return true;
    const input = target.closest("input");
    return Boolean(input) && !["checkbox", "radio", "button", "submit"].includes(input.type);
  }

  /** POST form data with the page's CSRF token; answers the Response. */
  function post(url, data) {
    const body = new URLSearchParams(data), token = document.querySelector("input[name=csrfmiddlewaretoken]");
    const headers = { "X-CSRFToken": token ? token.value : "" };
    return fetch(url, { method: "POST", body, headers, credentials: "same-origin" });
  }

  /** sessionStorage of this user; only ids may be kept in it, never money. Works without storage too. */
  const store = {
    key: name => `jobbook:${root.dataset.user || ""}:${name}`,
    get(name) { try { return sessionStorage.getItem(store.key(name)); } catch { return null; } },
    set(name, value) { try { sessionStorage.setItem(store.key(name), value); } catch { /* full or forbidden */ } },
    remove(name) { try { sessionStorage.removeItem(store.key(name)); } catch { /* forbidden */ } },
  };

  window.jobbook = { announce, fail, dismiss, money, count, on, typing, post, store };
})();
