/* Action buttons: pressing one posts the selection and opens the window that the server answers with. [data-with-window]
   asks for the window also where the action would start without one. */
(() => {
  const { on } = window.jobbook;
  on("click", "button[data-action-url]", (event, button) => {
    const form = document.getElementById("selection"), line = document.getElementById("result-line");
    if (line) line.replaceChildren();
    const values = Object.fromEntries(new FormData(form));
    if ("withWindow" in button.dataset) values.window = "1";
    window.jobbook.open(button.dataset.actionUrl, values, button);
  });
  on("click", "button[data-window-url]", (event, button) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    window.jobbook.open(button.dataset.windowUrl, { csrfmiddlewaretoken: token ? token.value : "" }, button);
  });
})();
