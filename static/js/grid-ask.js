/* The rows endpoint of a grid: which rows a selection, a filter or a group stands for. */
(() => {
  const { fail, post } = window.jobbook;

  /** Rows as {id, cents, hidden, key}, or null after saying what failed; `again` is what Retry does. */
  async function ask(fields, again) {
    const { rows } = document.querySelector("[data-grid]").dataset, { query } = document.getElementById("results").dataset;
    try {
      const response = await post(rows, { query, ...fields });
      if (response.redirected || response.status === 403) { location.reload(); return null; }
      const answer = await response.json();
      if (!response.ok) throw new Error(answer.error);
      answer.rows = answer.rows.map(([id, cents, shown, key]) => ({ id: String(id), cents, hidden: !shown, key }));
      return answer;
    } catch (error) {
      const text = error instanceof SyntaxError || error instanceof TypeError ? "The server could not tell which rows these are." : error.message;
      fail(text, again);
      return null;
    }
  }

  window.jobbook.ask = ask;
})();
