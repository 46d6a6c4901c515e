/* Rows of a form that repeat: the button adds one without a round trip. Without this script it posts the form. */
(() => {
  const { announce, on } = window.jobbook;

  on("click", "[data-add-row]", (event, button) => {
    const section = button.closest("[data-rows]"), prefix = section.dataset.rows;
    const total = section.querySelector(`input[name="${prefix}-TOTAL_FORMS"]`), most = section.querySelector(`input[name="${prefix}-MAX_NUM_FORMS"]`);
    const index = Number(total.value);
    event.preventDefault();
    if (index >= Number(most.value)) return announce(`At most ${most.value} rows.`);
    const row = section.querySelector("template").content.firstElementChild.cloneNode(true);
    fill(row, index);
    section.querySelector("[data-rows-list]").append(row);
    total.value = String(index + 1);
    row.querySelector("input:not([type=hidden]), select").focus();
    announce(row.querySelector("legend").textContent);
  });

  /** Put the row's number in place of the template's. */
  function fill(row, index) {
    for (const element of row.querySelectorAll("*"))
      for (const name of ["id", "name", "for", "aria-describedby"])
        if (element.hasAttribute(name)) element.setAttribute(name, element.getAttribute(name).replaceAll("__prefix__", String(index)));
    const legend = row.querySelector("legend");
    legend.textContent = legend.textContent.replace("__number__", String(index + 1));
  }
})();
