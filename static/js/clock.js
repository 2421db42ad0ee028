/* Clocks of the flow sheet, by the server's time: the phase, what is due, fields that are now. */
"use strict";

const ZONE = document.querySelector("[data-zone]")?.dataset.zone;
let ahead = Infinity; // how far this device's clock is ahead of the server's, in ms

/* Called with the server's time of each answer; the quickest answer tells best. */
function serverSaid(iso) {
  ahead = Math.min(ahead, Date.now() - Date.parse(iso));
}

const now = () => new Date(Date.now() - (Number.isFinite(ahead) ? ahead : 0));
const minutesSince = (iso) => Math.floor((now() - Date.parse(iso)) / 60_000);

function partsOf(moment) {
  const shape = { timeZone: ZONE, day: "2-digit", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const parts = new Intl.DateTimeFormat("en-GB", shape).formatToParts(moment);
  return Object.fromEntries(parts.map(({ type, value }) => [type, value]));
}

function clockOf(moment) {
  const { hour, minute } = partsOf(moment);
  return `${hour}:${minute}`;
}

/* ---- the phase: from its mark, or else estimated from the dose, as the server does */
function countOn(place) {
  const phases = [...place.querySelectorAll(".kc-phases li")];
  const length = (phase) => Number(phase.className.match(/kc-m-(\d+)/)[1]);
  const { begun, given, usuals } = place.dataset;
  let at = phases.findIndex((phase) => phase.matches(".is-now"));
  let inside = Math.max(0, minutesSince(begun));
  if (given && !("marked" in place.dataset)) {
    inside = Math.max(0, minutesSince(given));
    for (at = 0; at < phases.length - 1 && inside >= length(phases[at]); at += 1) inside -= length(phases[at]);
    place.querySelector("[data-about]").hidden = at === 0;
  }
  phases.forEach((phase, index) => {
    const done = Math.min(100, Math.floor((inside * 20) / length(phase)) * 5);
    const state = index < at ? " is-past" : index === at ? ` is-now kc-d-${done}` : "";
    phase.className = `kc-m-${length(phase)}${state}`;
    if (index === at) phase.setAttribute("aria-current", "step");
    else phase.removeAttribute("aria-current");
  });
  const say = (name, value) => {
    const spot = place.querySelector(`[data-${name}]`);
    if (spot) spot.textContent = value;
  };
  say("phase", phases[at].dataset.label);
  say("in-phase", inside);
  say("usual", usuals.split("|")[at]);
  if (given) say("since", minutesSince(given));
}

/* ---- when vitals are due */
function countDown(place) {
  const left = Math.ceil(-minutesSince(place.dataset.due));
  const clock = clockOf(new Date(place.dataset.due));
  const isDue = left <= 0;
  const text = isDue ? `Vitals are due since ${clock}` : `Next due ${clock}, in ${left} min`;
  if (place.textContent.trim() === text) return;
  const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  icon.innerHTML = `<use href="#i-${isDue ? "attention" : "clock"}"/>`;
  icon.setAttribute("class", "kc-i");
  icon.setAttribute("aria-hidden", "true");
  const words = document.createElement("span");
  words.textContent = text;
  if (isDue) {
    words.className = "kc-status kc-status--attention";
    words.prepend(icon);
    place.replaceChildren(words);
  } else place.replaceChildren(icon, words);
}

/* ---- a time field is now until somebody writes in it */
function fillIn(field) {
  if (field.value !== field.defaultValue || field.matches("[aria-invalid]")) return;
  const { day, month, year, hour, minute } = partsOf(now());
  field.value = field.defaultValue = `${day}-${month.slice(0, 3)}-${year} ${hour}:${minute}`;
}

function tick() {
  document.querySelectorAll("[data-begun]").forEach(countOn);
  document.querySelectorAll("[data-due]").forEach(countDown);
  document.querySelectorAll("[data-clock]").forEach((place) => { place.textContent = clockOf(now()); });
  document.querySelectorAll("[data-now]").forEach(fillIn);
}
setInterval(tick, 10_000);
