/* Action buttons: pressing one posts the selection and opens the window that the server answers with. */
(() => {
  const { on } = window.jobbook;
  on("click", "button[data-action-url]", (event, button) => {
    const form = document.getElementById("selection"), line = document.getElementById("result-line");
    if (line) line.replaceChildren();
    window.jobbook.open(button.dataset.actionUrl, Object.fromEntries(new FormData(form)), button);
  });
  on("click", "button[data-window-url]", (event, button) => {
    const token = document.querySelector("input[name=csrfmiddlewaretoken]");
    window.jobbook.open(button.dataset.windowUrl, { csrfmiddlewaretoken: token ? token.value : "" }, button);
  });
})();
