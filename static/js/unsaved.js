/* A form with [data-guard] is not left by accident once something was typed ([data-dirty]), and is sent only once. */
(() => {
  const { on } = window.jobbook;
  let sent = false;

  function typed(event, form) {
    if (event.target.form === form) form.setAttribute("data-dirty", "");
  }

  on("input", "[data-guard]", typed);
  on("change", "[data-guard]", typed);
  on("submit", "[data-guard]", event => {
    if (sent) event.preventDefault();
    sent = true;
  });
  window.addEventListener("pageshow", () => { sent = false; });
  window.addEventListener("beforeunload", event => {
    if (!sent && document.querySelector("[data-guard][data-dirty]")) event.preventDefault();
  });
})();
