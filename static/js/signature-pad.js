/* The box a signature is drawn in. What is drawn goes into the hidden field as whole numbers: "x,y x,y;x,y ...". */
(() => {
  const WIDTH = 1000, HEIGHT = 300, MOST = 3000, STEP = 4;
  const { on, announce } = window.jobbook;

  const parts = pad => ({
    field: pad.querySelector("input[type=hidden]"),
    name: pad.querySelector("input:not([type=hidden])"),
    box: pad.querySelector("[data-pad-box]"),
    path: pad.querySelector("[data-pad-path]"),
  });

  /** The strokes of a text, and back. */
  const read = text => text ? text.split(";").map(stroke => stroke.split(" ").map(pair => pair.split(",").map(Number))) : [];
  const write = strokes => strokes.map(stroke => stroke.map(point => point.join(",")).join(" ")).join(";");

  /** The path of strokes, as jobbook/common/drawing.py makes it. */
  const path = strokes => strokes.map(stroke => {
    const rest = stroke.length > 1 ? stroke.slice(1) : stroke;
    return `M${stroke[0].join(" ")}${rest.map(point => `L${point.join(" ")}`).join("")}`;
  }).join(" ");

  function put(pad, strokes) {
    const { field, box, path: line } = parts(pad);
    field.value = write(strokes);
    line.setAttribute("d", path(strokes));
    box.setAttribute("aria-label", `${box.dataset.padTitle}: ${strokes.length ? "drawn" : "box to draw in, empty"}`);
  }

  /** Where the pointer is, in the numbers of the box. */
  function place(box, event) {
    const frame = box.getBoundingClientRect();
    const scale = (part, most) => Math.max(0, Math.min(most, Math.round(part * most)));
    return [scale((event.clientX - frame.left) / frame.width, WIDTH), scale((event.clientY - frame.top) / frame.height, HEIGHT)];
  }

  function listen(pad) {
    const { field, box } = parts(pad);
    let strokes = null, points = 0;
    box.addEventListener("pointerdown", event => {
      if (event.button || strokes) return; // a second finger draws nothing
      event.preventDefault();
      box.setPointerCapture(event.pointerId);
      strokes = read(field.value);
      points = strokes.flat().length;
      if (points >= MOST) { strokes = null; announce("The box is full. Clear the drawing to begin anew."); return; }
      strokes.push([place(box, event)]);
      points += 1;
      put(pad, strokes);
    });
    box.addEventListener("pointermove", event => {
      if (!strokes || points >= MOST) return;
      const stroke = strokes[strokes.length - 1], point = place(box, event), last = stroke[stroke.length - 1];
      if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < STEP) return;
      stroke.push(point);
      points += 1;
      put(pad, strokes);
    });
    for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { strokes = null; });
  }

  function start(root) {
    for (const pad of root.querySelectorAll("[data-pad]:not([data-ready])")) {
      const { field, box, path: line } = parts(pad);
      pad.dataset.ready = "";
      if (!line.getAttribute("d")) field.value = ""; // what the server could not draw is no drawing
      box.removeAttribute("hidden");
      pad.querySelector("[data-pad-acts]").hidden = false;
      listen(pad);
    }
  }

  on("click", "[data-pad-clear]", (event, button) => {
    put(button.closest("[data-pad]"), []);
    announce("Drawing cleared.");
  });
  on("click", "[data-pad-own]", (event, button) => {
    const pad = button.closest("[data-pad]");
    parts(pad).name.value = button.dataset.name;
    put(pad, read(button.dataset.drawing));
    announce(`Signed as ${button.dataset.name}.`);
  });
  start(document);
  document.addEventListener("htmx:afterSettle", event => start(event.target));
})();
