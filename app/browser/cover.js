// Draws rectangles over a picture with a finger or the mouse. Each becomes a line of the form that can be ticked off again, as those the server has
// written. Without this script cells of a grid are ticked; the grid stays within reach of a button, for whoever uses the keyboard.
const form = document.querySelector("form[data-cover]");
const SIDE = 1000;
const SMALLEST = 8;
const SVG = "http://www.w3.org/2000/svg";

if (form) {
  const sheet = form.querySelector(".cover-sheet");
  const picture = sheet.querySelector("svg");
  const shade = form.querySelector("[data-cover-shade]");
  const cells = form.querySelector("[data-cover-cells]");
  const list = form.querySelector("[data-cover-list]");
  const toGrid = form.querySelector("[data-cover-grid]");
  const hint = form.querySelector("[data-cover-hint]");
  let count = list.querySelectorAll("label").length;
  let drawn = null;

  const drawing = (is) => {
    sheet.classList.toggle("is-drawn", is);
    cells.hidden = is;
    hint.hidden = !is;
    toGrid.hidden = !is;
  };

  const at = (event) => {
    const box = picture.getBoundingClientRect();
    const part = (place, from, size) => Math.round(Math.min(1, Math.max(0, (place - from) / size)) * SIDE);
    return [part(event.clientX, box.left, box.width), part(event.clientY, box.top, box.height)];
  };

  const show = (to) => {
    const [x, y] = [Math.min(drawn.from[0], to[0]), Math.min(drawn.from[1], to[1])];
    const [width, height] = [Math.abs(to[0] - drawn.from[0]), Math.abs(to[1] - drawn.from[1])];
    for (const [name, value] of Object.entries({ x, y, width, height })) drawn.rect.setAttribute(name, value);
    drawn.place = [x, y, width, height];
  };

  const add = (rect, place) => {
    const text = [form.dataset.page, ...place].join(",");
    rect.dataset.of = text;
    count += 1;
    const label = document.createElement("label");
    label.className = "check";
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", name: `cover_${text.replaceAll(",", "_")}`, value: text, checked: true });
    const words = document.createElement("span");
    words.textContent = form.dataset.word.replace("{n}", count);
    label.append(box, words);
    list.querySelector("[data-cover-none]")?.remove();
    list.append(label);
  };

  picture.addEventListener("pointerdown", (event) => {
    if (cells.hidden === false || drawn) return;
    event.preventDefault();
    picture.setPointerCapture(event.pointerId);
    drawn = { from: at(event), rect: document.createElementNS(SVG, "rect"), place: [0, 0, 0, 0] };
    shade.append(drawn.rect);
  });
  picture.addEventListener("pointermove", (event) => drawn && show(at(event)));
  const end = (event) => {
    if (!drawn) return;
    show(at(event));
    const { rect, place } = drawn;
    drawn = null;
    // A tap is not a rectangle.
    if (place[2] < SMALLEST || place[3] < SMALLEST) rect.remove();
    else add(rect, place);
  };
  picture.addEventListener("pointerup", end);
  picture.addEventListener("pointercancel", () => {
    drawn?.rect.remove();
    drawn = null;
  });
  list.addEventListener("change", (event) => {
    for (const rect of shade.querySelectorAll("rect")) {
      if (rect.dataset.of === event.target.value) rect.classList.toggle("is-off", !event.target.checked);
    }
  });
  toGrid.addEventListener("click", () => drawing(false));
  drawing(true);
}
