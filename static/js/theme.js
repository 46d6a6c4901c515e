/* The theme button without a page load: switch at once, save in the background. */
(() => {
  const { on, fail } = window.jobbook, root = document.documentElement;
  const shown = () => root.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");

  on("submit", "[data-theme-switch]", (event, form) => {
    event.preventDefault();
    const theme = shown() === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    document.querySelectorAll("button[name=theme][aria-pressed]").forEach(button => {
      button.setAttribute("aria-pressed", String(button.value === theme));
    });
    window.jobbook.post(form.action, { theme }).then(
      answer => { if (!answer.ok) fail("The theme could not be saved."); },
      () => fail("The theme could not be saved."),
    );
  });
})();
