/* A file that is larger than its form takes is said at once, before it travels for nothing: data-most, in bytes. */
(() => {
  const { fail, dismiss, on } = window.jobbook;
  const megabytes = size => `${(size / 1e6).toFixed(1).replace(".0", "")} MB`;

  on("change", "input[type=file][data-most]", (event, input) => {
    const most = Number(input.dataset.most), large = [...input.files].find(file => file.size > most);
    dismiss();
    if (!large) return;
    input.value = "";
    fail(`${large.name} has ${megabytes(large.size)}; at most ${megabytes(most)} can be sent. Choose a smaller file.`);
  });
})();
