/* The box a signature is drawn in. What is drawn goes into the hidden field as whole numbers: "x,y x,y;x,y ...". */
(() => {
  const WIDTH = 1000, HEIGHT = 300, MOST = 3000;
  const { on } = window.jobbook;

  const parts = pad => ({
    field: pad.querySelector("input[type=hidden]"),
    name: pad.querySelector("input:not([type=hidden])"),
    box: pad.querySelector("[data-pad-box]"),
    path: pad.querySelector("[data-pad-path]"),
  });

  /** The strokes of a text, and back. */
  const read = text => text ? text.split(";").map(stroke => stroke.split(" ").map(pair => pair.split(",").map(Number))) : [];
  const write = strokes => strokes.map(stroke => stroke.map(point => point.join(",")).join(" ")).join(";");

  function show(pad) {
    const { field, path } = parts(pad);
    path.setAttribute("d", read(field.value).map(stroke => {
      const rest = stroke.length > 1 ? stroke.slice(1) : stroke;
      return `M${stroke[0].join(" ")}` + rest.map(point => `L${point.join(" ")}`).join("");
    }).join(" "));
  }

  /** Where the pointer is, in the numbers of the box. */
  function place(box, event) {
    const frame = box.getBoundingClientRect();
    const scale = (value, most) => Math.max(0, Math.min(most, Math.round(value)));
    return [scale((event.clientX - frame.left) / frame.width * WIDTH, WIDTH), scale((event.clientY - frame.top) / frame.height * HEIGHT, HEIGHT)];
  }

  function draw(pad) {
    const { field, box } = parts(pad);
    let strokes = null;
    box.addEventListener("pointerdown", event => {
      if (event.button) return;
      event.preventDefault();
      box.setPointerCapture(event.pointerId);
      strokes = read(field.value);
      strokes.push([place(box, event)]);
      field.value = write(strokes);
      show(pad);
    });
    box.addEventListener("pointermove", event => {
      if (!strokes || strokes.flat().length >= MOST) return;
      const stroke = strokes[strokes.length - 1], point = place(box, event), last = stroke[stroke.length - 1];
      if (Math.abs(point[0] - last[0]) + Math.abs(point[1] - last[1]) < 4) return;
      stroke.push(point);
      field.value = write(strokes);
      show(pad);
    });
    for (const end of ["pointerup", "pointercancel"]) box.addEventListener(end, () => { strokes = null; });
  }

  function start(root) {
    for (const pad of root.querySelectorAll("[data-pad]:not([data-ready])")) {
      pad.dataset.ready = "";
      pad.querySelector("[data-pad-box]").removeAttribute("hidden");
      pad.querySelector("[data-pad-acts]").hidden = false;
      draw(pad);
      show(pad);
    }
  }

  on("click", "[data-pad-clear]", (event, button) => {
    const pad = button.closest("[data-pad]");
    parts(pad).field.value = "";
    show(pad);
    window.jobbook.announce("Drawing cleared.");
  });
  on("click", "[data-pad-own]", (event, button) => {
    const pad = button.closest("[data-pad]"), { field, name } = parts(pad);
    name.value = button.dataset.name;
    field.value = button.dataset.drawing;
    show(pad);
    window.jobbook.announce(`Signed as ${button.dataset.name}.`);
  });
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:afterSettle", event => start(event.target));
})();
