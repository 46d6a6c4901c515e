/* A form with [data-guard] is not left by accident once something was typed ([data-dirty]), and is sent only once: for
   as long as it may still be on its way, since nothing tells that the user stopped it. */
(() => {
  const { on } = window.jobbook;
  const ON_ITS_WAY = 3000; // ms
  let sent = false, timer = 0;

  function typed(event, form) {
    if (event.target.form === form) form.setAttribute("data-dirty", "");
  }

  on("input", "[data-guard]", typed);
  on("change", "[data-guard]", typed);
  on("submit", "[data-guard]", event => {
    if (sent) event.preventDefault();
    sent = true;
    clearTimeout(timer);
    timer = setTimeout(again, ON_ITS_WAY);
  });

  function again() {
    clearTimeout(timer);
    sent = false;
  }

  window.addEventListener("pageshow", again);
  document.addEventListener("keydown", event => { if (event.key === "Escape") again(); }); // stops the page, too
  window.addEventListener("beforeunload", event => {
    if (!sent && document.querySelector("[data-guard][data-dirty]")) event.preventDefault();
  });
})();
