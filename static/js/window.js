/* Windows over the page: the server's <dialog> is opened modally, Cancel has the focus, Esc closes, the backdrop does not. */
(() => {
  const { on } = window.jobbook;
  let opener = null;

  const place = () => document.getElementById("window");
  const shown = () => document.querySelector("dialog[data-window]");

  /** Ask the server for a window: `values` are posted to `url`. The button is released by the answer; until then no
      other window is asked for, since what was asked may already have started something. */
  function open(url, values, button) {
    if (opener && opener.isConnected && opener.hasAttribute("aria-busy")) return;
    opener = button;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    window.jobbook.fetchPart("POST", url, { source: button, target: "#window", swap: "innerHTML", values });
  }

  function release() {
    if (!opener || !opener.hasAttribute("aria-busy")) return;
    opener.removeAttribute("aria-busy");
    opener.disabled = false;
    document.dispatchEvent(new CustomEvent("jobbook:released"));
  }

  /** The answer is there: the button works again, and without a window the focus returns to it. */
  function answered(event) {
    const form = event.target.closest("[data-window] form");
    if (form && document.activeElement === document.body) form.querySelector("button, input:not([type=hidden]), select").focus();
    if (event.target !== opener) return; // something else was asked too
    release();
    if (!shown()) back();
  }

  function back() {
    const target = opener && opener.isConnected && !opener.disabled ? opener : document.getElementById("scroll");
    opener = null;
    if (target && (document.activeElement === document.body || !document.activeElement)) target.focus();
  }

  function close() {
    const dialog = shown();
    if (dialog) dialog.close();
  }

  function closed() {
    const left = place(), sent = left && left.querySelector("#window-form.htmx-request");
    // An answer under way to what was asked in the window would open it again: it finds its place gone.
    if (left && !sent) left.replaceWith(left.cloneNode(false));
    else if (left) left.replaceChildren();
    back();
  }

  document.addEventListener("jobbook:replaced", event => {
    if (event.target.id !== "window") return;
    if (!opener) opener = document.activeElement;
    release();
    const dialog = shown();
    if (!dialog) return;
    window.htmx.process(dialog); // before it can be used: htmx itself does so only when the swap has settled
    dialog.addEventListener("close", closed);
    dialog.showModal();
    const first = dialog.querySelector("[autofocus]") || dialog.querySelector("button");
    if (first) first.focus();
  });
  document.addEventListener("jobbook:answered", answered);
  on("click", "dialog[data-window] [data-close]", close);
  // A choice that did not come through is not the one the button would act on.
  on("jobbook:failed", "dialog[data-window] form:not(#window-form)", (event, form) => form.reset());

  document.addEventListener("grid:done", () => {
    const dialog = shown(), line = document.getElementById("result-line");
    opener = null;
    if (dialog) { dialog.removeEventListener("close", closed); dialog.close(); place().replaceWith(place().cloneNode(false)); }
    if (line) line.focus();
  });

  window.jobbook.open = open;
})();
