/* The one file that listens to htmx. Others ask by `fetchPart` and hear DOM events: `jobbook:asked`, `jobbook:failed`
   and `jobbook:answered` on the element that asked, `jobbook:replaced` on the part. */
(() => {
  const { fail, dismiss } = window.jobbook;

  /** Ask for a part of the page as htmx.ajax does. What fails is told below; what is given up needs no word. */
  function fetchPart(verb, path, options) {
    window.htmx.ajax(verb, path, options).catch(() => {});
  }

  /** The same request once more, into the same place. */
  function again({ requestConfig: { verb, path, target, parameters }, elt, etc }) {
    return () => fetchPart(verb, path, { source: elt, target, swap: etc && etc.swapOverride, values: parameters });
  }

  function words(request) {
    const reference = request.getResponseHeader("X-Request-ID");
    const plain = (request.getResponseHeader("Content-Type") || "").startsWith("text/plain");
    if (request.status === 403) return "The page is out of date, or you may no longer do this. Reload it and confirm again.";
    if (request.status === 404) return "That is no longer there. Reload the page.";
    if (request.status === 503 && reference && plain) return request.responseText; // our own words, not a proxy's
    if (request.status >= 500) return `The server could not answer${reference ? ` (reference ${reference})` : ""}. Nothing was confirmed.`;
    return plain && request.responseText ? request.responseText : "The request was refused. Reload the page.";
  }

  function failed(event, text) {
    const { requestConfig, elt } = event.detail;
    elt.dispatchEvent(new CustomEvent("jobbook:failed", { bubbles: true, detail: { text } }));
    const repeat = requestConfig && requestConfig.verb === "get" ? again(event.detail) : null;
    if (!elt.closest("[data-own-failure]")) fail(text, repeat);
  }

  document.addEventListener("htmx:responseError", event => failed(event, words(event.detail.xhr)));
  document.addEventListener("htmx:sendError", event => failed(event, "No connection to the server."));
  document.addEventListener("htmx:timeout", event => failed(event, "The server did not answer in time."));
  for (const [theirs, ours] of [["htmx:beforeRequest", "jobbook:asked"], ["htmx:afterRequest", "jobbook:answered"]]) {
    document.addEventListener(theirs, event => event.target.dispatchEvent(new CustomEvent(ours, { bubbles: true })));
  }
  document.addEventListener("htmx:afterSwap", event => {
    const { elt } = event.detail.requestConfig || {};
    if (!elt || !elt.closest("[data-own-failure]")) dismiss(); // a line that asks by itself takes no failure away
    event.target.dispatchEvent(new CustomEvent("jobbook:replaced", { bubbles: true }));
  });

  window.jobbook.fetchPart = fetchPart;
})();
