/* The flow sheet and the note: clocks that count on, and answers that need care. */
"use strict";

const ZONE = document.querySelector("[data-zone]")?.dataset.zone;
const parts = () => Object.fromEntries(
  new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    .formatToParts(new Date()).map(({ type, value }) => [type, value]),
);

/* ---- the phase of the session, as the server draws it */
function countOn(place) {
  const since = Math.floor((Date.now() - Date.parse(place.dataset.given)) / 60_000);
  const usuals = place.dataset.usuals.split("|");
  const phases = [...place.querySelectorAll(".kc-phases li")];
  const length = (phase) => Number(phase.className.match(/kc-m-(\d+)/)[1]);
  let begun = 0;
  let now = 0;
  while (now < phases.length - 1 && since >= begun + length(phases[now])) begun += length(phases[now++]);
  phases.forEach((phase, index) => {
    const done = Math.min(100, Math.floor((since - begun) * 20 / length(phase)) * 5);
    phase.className = `kc-m-${length(phase)}${index < now ? " is-past" : index === now ? ` is-now kc-d-${done}` : ""}`;
    phase.toggleAttribute("aria-current", false);
    if (index === now) phase.setAttribute("aria-current", "step");
  });
  const say = (name, value) => { place.querySelector(`[data-${name}]`).textContent = value; };
  say("phase", phases[now].textContent.trim());
  say("in-phase", since - begun);
  say("usual", usuals[now]);
  say("since", since);
}

/* ---- a time field is now until somebody writes in it */
function tick() {
  const { day, month, year, hour, minute } = parts();
  document.querySelectorAll("[data-given]").forEach(countOn);
  document.querySelectorAll("[data-clock]").forEach((place) => { place.textContent = `${hour}:${minute}`; });
  document.querySelectorAll("[data-now]").forEach((field) => {
    if (field.value === field.defaultValue && !field.matches("[aria-invalid]")) {
      field.value = field.defaultValue = `${day}-${month.slice(0, 3)}-${year} ${hour}:${minute}`;
    }
  });
}
setInterval(tick, 15_000);

/* ---- answers of the server */
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const here = !target.id || xhr.responseText.includes(`id="${target.id}"`);
  if (xhr.status === 409) event.detail.shouldSwap = here; // changed meanwhile: show both texts
  if (xhr.status === 200 && !here) {
    event.detail.shouldSwap = false; // another page, such as signing in: what was typed stays
    event.detail.isError = true;
  }
});
const unsent = (hidden) => document.querySelectorAll("[data-unsent]").forEach((place) => { place.hidden = hidden; });
document.addEventListener("htmx:sendError", () => unsent(false));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 404) location.reload(); // no longer open: show what a reload shows
});
document.addEventListener("htmx:responseError", (event) => unsent(event.detail.xhr.status === 409));
document.addEventListener("htmx:afterOnLoad", () => unsent(true));
