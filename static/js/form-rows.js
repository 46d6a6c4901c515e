/* Rows of a form that come and go in place. Without this script the same buttons post the form and get it back. */
(() => {
  const { on, announce } = window.jobbook;
  const total = name => document.querySelector(`input[name="${name}-TOTAL_FORMS"]`);

  on("click", "button[data-add-row]", (event, button) => {
    const name = button.dataset.addRow, template = document.querySelector(`template[data-rows="${name}"]`);
    const list = document.querySelector(`[data-row-list="${name}"]`), count = total(name);
    if (!template || !list || Number(count.value) >= Number(button.dataset.most)) return;
    event.preventDefault();
    const holder = document.createElement("div");
    holder.append(template.content.cloneNode(true));
    for (const each of holder.querySelectorAll("[name], [id], [for], [value]")) {
      for (const attribute of ["name", "id", "for", "value"]) {
        if (each.hasAttribute(attribute)) each.setAttribute(attribute, each.getAttribute(attribute).replace("__prefix__", count.value));
      }
    }
    for (const label of holder.querySelectorAll("[data-row-number]")) label.textContent = String(Number(count.value) + 1);
    count.value = String(Number(count.value) + 1);
    const row = holder.firstElementChild;
    list.append(row);
    row.querySelector("select, input").focus();
    announce(`Row ${count.value} added.`);
  });

  on("click", "button[data-remove-row]", (event, button) => {
    event.preventDefault();
    const row = button.closest("[data-row]"), list = row.parentElement, next = row.nextElementSibling || row.previousElementSibling;
    for (const field of row.querySelectorAll("input, select, textarea")) field.value = "";
    row.hidden = true; // an empty row says nothing; the numbers of the others stay as they are
    list.append(row);
    const focus = next && !next.hidden ? next.querySelector("select, input") : document.querySelector(`[data-add-row="${list.dataset.rowList}"]`);
    if (focus) focus.focus();
    announce("Row removed.");
  });
})();
