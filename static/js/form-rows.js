/* Rows of a form that come and go in place. Without this script the same buttons post the form and get it back. */
(() => {
  const { on, announce } = window.jobbook;
  const total = name => document.querySelector(`input[name="${name}-TOTAL_FORMS"]`);
  const listOf = name => document.querySelector(`[data-row-list="${name}"]`);

  /** A copy of the template's row whose fields have the number `index`. */
  function copy(template, index) {
    const row = template.content.firstElementChild.cloneNode(true);
    for (const each of [row, ...row.querySelectorAll("*")]) {
      for (const { name, value } of [...each.attributes]) {
        if (value.includes("__prefix__")) each.setAttribute(name, value.replaceAll("__prefix__", index));
      }
    }
    return row;
  }

  /** Rows are counted by what is seen: 1, 2, 3. */
  function count(list) {
    [...list.children].forEach((row, index) => {
      for (const label of row.querySelectorAll("[data-row-number]")) label.textContent = index + 1;
    });
  }

  on("click", "button[data-add-row]", (event, button) => {
    const name = button.dataset.addRow, template = document.querySelector(`template[data-rows="${name}"]`);
    const index = Number(total(name).value);
    if (index >= Number(button.dataset.most)) return;
    event.preventDefault();
    const row = copy(template, index);
    total(name).value = index + 1;
    listOf(name).append(row);
    count(listOf(name));
    row.querySelector("select, input").focus();
    announce(`Row ${listOf(name).children.length} added.`);
  });

  on("click", "button[data-remove-row]", (event, button) => {
    event.preventDefault();
    const row = button.closest("[data-row]"), list = row.parentElement;
    const next = row.nextElementSibling || row.previousElementSibling;
    row.remove(); // its number is not given again: the server passes over it
    count(list);
    const focus = next ? next.querySelector("select, input") : document.querySelector(`[data-add-row="${list.dataset.rowList}"]`);
    focus.focus();
    announce("Row removed.");
  });
})();
