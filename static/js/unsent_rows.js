/* How rows that are not saved yet are shown: in the sheet, in the chart, and as a bar that stays. */
"use strict";

/* What a form says, by the columns of the sheet. */
function describe(form, fields, submitter) {
  const say = (name) => fields.get(name) || "";
  const severity = form.querySelector("[name=severity]:checked")?.dataset.label;
  const words = form.dataset.words || submitter?.dataset.words || "";
  const sedation = form.querySelector("[name=sedation]:checked");
  return {
    pressure: say("systolic") && `${say("systolic")}/${say("diastolic")}`,
    heart_rate: say("heart_rate"),
    spo2: say("spo2"),
    respiratory_rate: say("respiratory_rate"),
    sedation: sedation?.value ? sedation.closest("label").textContent.trim() : "",
    words: [words && severity ? `${words}, ${severity}.` : words, say("note")].filter(Boolean).join(" "),
    clock: say("at").match(/\d{1,2}:\d{2}/)?.[0] || clockOf(new Date(say("tapped_at"))),
  };
}

function drawRow(row) {
  const line = document.getElementById("unsent-row").content.firstElementChild.cloneNode(true);
  const given = document.querySelector("[data-given]")?.dataset.given;
  const since = given ? `${Math.max(0, Math.floor((row.at - Date.parse(given)) / 60_000))} min` : "before";
  for (const [name, text] of Object.entries({ ...row.says, since, why: row.why })) {
    const spot = line.querySelector(`[data-of=${name}]`);
    if (spot) spot.textContent = text;
    const cell = spot?.closest("td[data-l]");
    if (cell) cell.classList.toggle("is-empty", !text);
  }
  const refused = row.state === "refused";
  line.querySelectorAll("[data-of-waiting]").forEach((part) => { part.hidden = refused; });
  line.querySelectorAll("[data-of-refused]").forEach((part) => { part.hidden = !refused; });
  line.querySelector("[data-mend]").hidden = !row.mended;
  line.dataset.row = row.key;
  return line;
}

function drawRows(rows) {
  const table = document.querySelector("[data-flow]");
  table.querySelector("[data-unsaved]").replaceChildren(...rows.map(drawRow).reverse());
  if (rows.length) table.hidden = false;
  else table.hidden = document.querySelector("[data-flow-empty]") !== null;
  document.querySelectorAll("[data-flow-empty]").forEach((line) => { line.hidden = rows.length > 0; });
  drawMarks(rows.filter((row) => row.says.pressure));
}

/* ---- dashed marks in the chart, on the scale that the server gave it */
function drawMarks(rows) {
  const svg = document.querySelector("#trend svg[data-from]");
  if (!svg) return;
  const { from, to, low, high, box } = svg.dataset;
  const [left, top, right, bottom] = box.split(" ").map(Number);
  const within = (value) => Math.min(1, Math.max(0, value));
  const x = (at) => left + (right - left) * within((at - Date.parse(from)) / (Date.parse(to) - Date.parse(from)));
  const y = (value) => bottom - (bottom - top) * within((value - low) / (high - low));
  const marks = rows.flatMap((row) => {
    const [systolic, diastolic] = row.says.pressure.split("/").map(Number);
    const at = x(row.at);
    const bar = shape("path", "c-bar c-bar--unsaved", { d: `M${at - 5} ${y(systolic)}h10M${at} ${y(systolic)}V${y(diastolic)}M${at - 5} ${y(diastolic)}h10` });
    return [bar, shape("circle", "c-pt c-pt--heart", { cx: at, cy: y(Number(row.says.heart_rate)), r: 4 })];
  });
  svg.querySelector("[data-unsaved-marks]").replaceChildren(...marks);
  svg.querySelector("[data-unsaved-legend]").toggleAttribute("hidden", rows.length === 0);
}

function shape(name, className, attributes) {
  const found = document.createElementNS("http://www.w3.org/2000/svg", name);
  found.setAttribute("class", className);
  for (const [key, value] of Object.entries(attributes)) found.setAttribute(key, value);
  return found;
}

/* ---- the bar: how many, why, what happens next */
function drawBar(waiting, refused, trouble) {
  const bar = document.getElementById("unsent");
  const aloft = document.querySelector("[data-unsent-count]"); // beside the order, wherever one scrolls
  bar.hidden = aloft.hidden = !refused && !(waiting && trouble);
  if (bar.hidden) return;
  const counts = [waiting && `${waiting} unsaved`, refused && `${refused} not accepted`].filter(Boolean);
  aloft.querySelector("span").textContent = counts.join(", ");
  const say = (name, text) => {
    const spot = bar.querySelector(`[data-unsent-${name}]`);
    if (spot.textContent !== text) spot.textContent = text;
  };
  say("title", `${counts.join(", ")}. ${waiting ? trouble.what : ""}`.trim());
  say("text", waiting ? trouble.next : "Mend or discard it below.");
  bar.querySelector("[data-unsent-again]").hidden = !waiting;
}
