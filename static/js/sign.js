/* The client's visit: how much is ticked, the signature pad, and the end of the visit. */
"use strict";

/* ---- you have chosen 3 of 5 */
function count(form) {
  const line = form.querySelector("[data-chosen]");
  const boxes = [...form.querySelectorAll("[name=share]")];
  const show = () => {
    line.querySelector("[data-count]").textContent = boxes.filter((box) => box.checked).length;
    line.querySelector("[data-all]").textContent = boxes.length;
    line.hidden = false;
  };
  form.addEventListener("change", show);
  show();
}

/* ---- a drawn signature: strokes of whole numbers in a hidden field, lines in the page */
function pad(place) {
  const SVG = "http://www.w3.org/2000/svg";
  const MOST_POINTS = 4000;
  const [width, height] = [Number(place.dataset.width), Number(place.dataset.height)];
  const drawing = place.querySelector("svg");
  const field = place.querySelector("input[type=hidden]");
  const said = place.querySelector("[data-pad-said]");
  const ways = [...place.querySelectorAll("[data-pad-way]")];
  const strokes = read();
  let lines = [...drawing.querySelectorAll("path:not(.kc-pad__base)")];
  let pointer = null;
  let drawn = strokes.length > 0;

  function read() {
    try {
      const found = JSON.parse(field.value || "[]");
      return Array.isArray(found) ? found : [];
    } catch {
      return [];
    }
  }
  const keep = () => { field.value = JSON.stringify(drawn ? strokes : []); };
  const points = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);
  const shape = (stroke) => `M${stroke.map(([x, y]) => `${x} ${y}`).join(" L")}`;
  const within = (value, most) => Math.max(0, Math.min(most, Math.round(value)));

  /* As much of the field as this screen shows without distortion. */
  function fit() {
    const box = drawing.getBoundingClientRect();
    if (!box.height) return;
    const shown = Math.min(width, Math.round((height * box.width) / box.height));
    drawing.setAttribute("viewBox", `0 0 ${shown} ${height}`);
  }
  function at(event) {
    const box = drawing.getBoundingClientRect();
    const [, , shown] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const scale = Math.max(shown / box.width, height / box.height);
    return [within((event.clientX - box.left) * scale, width), within((event.clientY - box.top) * scale, height)];
  }
  function add(event) {
    const stroke = strokes.at(-1);
    const [x, y] = at(event);
    const last = stroke.at(-1);
    if (points() >= MOST_POINTS || (last && Math.abs(last[0] - x) + Math.abs(last[1] - y) < 2)) return;
    stroke.push([x, y]);
    lines.at(-1).setAttribute("d", shape(stroke));
  }
  drawing.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button > 0) return;
    event.preventDefault();
    pointer = event.pointerId;
    drawing.setPointerCapture(pointer);
    strokes.push([]);
    lines.push(drawing.appendChild(document.createElementNS(SVG, "path")));
    add(event);
  });
  drawing.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    for (const each of event.getCoalescedEvents?.() || []) add(each);
    add(event);
  });
  const lift = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    said.textContent = "Signature drawn.";
    keep();
  };
  drawing.addEventListener("pointerup", lift);
  drawing.addEventListener("pointercancel", lift);
  place.querySelector("[data-pad-clear]").addEventListener("click", () => {
    strokes.length = 0;
    lines.forEach((line) => line.remove());
    lines = [];
    said.textContent = "Cleared. Draw with a finger, a pen or the mouse.";
    keep();
  });

  function show() {
    ways.forEach((way) => way.setAttribute("aria-pressed", String((way.dataset.padWay === "draw") === drawn)));
    place.querySelector("[data-pad-drawn]").hidden = !drawn;
    place.querySelector("[data-pad-typed]").hidden = drawn;
    fit();
    keep();
  }
  ways.forEach((way) => way.addEventListener("click", () => {
    drawn = way.dataset.padWay === "draw";
    show();
  }));
  place.closest("form").addEventListener("submit", (event) => {
    // "Say no" stands in the same page and needs no signature.
    if (!drawn || strokes.length || event.submitter?.value !== "sign") return;
    event.preventDefault();
    said.textContent = "Nothing is drawn yet. Draw your signature, or choose “Type”.";
    drawing.scrollIntoView({ block: "center" });
  });
  addEventListener("resize", fit);
  place.querySelector("[data-pad-ways]").hidden = false;
  show();
}

/* ---- the visit ends by itself: a warning two minutes before, then the page is fetched anew */
function closing(notice) {
  const lasts = Number(notice.dataset.closes) * 1000;
  let end = Date.now() + lasts;
  notice.querySelector("[data-stay]").addEventListener("click", async () => {
    const answer = await fetch(location.pathname);
    if (!answer.ok) return location.replace(location.pathname);
    end = Date.now() + lasts;
    notice.hidden = true;
  });
  setInterval(() => {
    const left = end - Date.now();
    if (left <= 0) location.replace(location.pathname);
    else if (left < 120_000) notice.hidden = false;
  }, 1000);
}

document.querySelectorAll("[data-choices]").forEach(count);
document.querySelectorAll("[data-pad]").forEach(pad);
document.querySelectorAll("[data-closes]").forEach(closing);
