/* The flow sheet follows what others record: its parts are asked for again and put in place. */
"use strict";

const sheet = document.querySelector("[data-sheet]");
const EVERY = 15_000;
const PATIENCE = 10_000; // ms after which an answer counts as lost
const flow = () => document.getElementById("flow");
const me = flow().dataset.user;
const state = flow().dataset.state;
const shown = new Map(); // by part, its text when it came
let token = flow().dataset.csrf;

serverSaid(flow().dataset.server);

/* What the server answers: its status (0: no answer), the page, and whether it is this sheet. */
async function ask(url, options = {}) {
  const headers = { "HX-Request": "true", "X-CSRFToken": token, ...options.headers };
  try {
    const answer = await fetch(url, { ...options, headers, signal: AbortSignal.timeout(PATIENCE) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return { status: answer.status, page, isSheet: page.getElementById("flow") !== null };
  } catch {
    return { status: 0, page: null, isSheet: false };
  }
}

/* Put the parts of `page` in place. Whoever signed in since then is somebody else's matter. */
function follow(page) {
  const { user, csrf, server, state: newState } = page.getElementById("flow").dataset;
  if (user !== me) return false;
  renew(csrf);
  serverSaid(server);
  page.querySelectorAll("[data-part]").forEach(replace);
  markChips();
  if (newState !== state) wentOn();
  tick();
  document.dispatchEvent(new CustomEvent("sheet:followed"));
  return true;
}

function replace(part) {
  const old = document.getElementById(part.id);
  const text = part.innerHTML.replace(/name="(form_key|csrfmiddlewaretoken)" value="[^"]*"/g, "");
  if (!old || (shown.get(part.id) === text && part.id !== "flow")) return;
  shown.set(part.id, text);
  const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
  for (const name of old.getAttributeNames()) if (!part.hasAttribute(name)) old.removeAttribute(name);
  for (const name of part.getAttributeNames()) old.setAttribute(name, part.getAttribute(name));
  old.replaceChildren(...part.childNodes);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

/* After signing in anew in another tab, every form has to name the new session. */
function renew(csrf) {
  token = csrf;
  document.querySelectorAll("[name=csrfmiddlewaretoken]").forEach((field) => { field.value = csrf; });
}

function markChips() {
  const noted = new Set(flow().dataset.noted.split(" "));
  document.querySelectorAll("#events .kc-chip").forEach((chip) => {
    const words = chip.querySelector("[data-noted]");
    if (!words) return;
    chip.classList.toggle("is-on", noted.has(chip.id));
    chip.querySelector("use").setAttribute("href", noted.has(chip.id) ? "#i-done" : "#i-plus");
    words.hidden = !noted.has(chip.id);
  });
}

/* ---- another device gave the dose, or discharged the client */
const typed = () => [...document.querySelectorAll("main input:not([type=hidden]):not([type=radio]), main textarea, main select")].some(
  (field) => (field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== (field.defaultValue ?? "") && !field.matches("[data-now]")),
);

function wentOn() {
  if (!typed() && unsaved.size === 0) location.reload();
  else document.getElementById("elsewhere").hidden = false;
}

/* ---- asked for by nobody, so it does not keep a session alive */
async function poll() {
  if (document.hidden) return;
  const { status, page, isSheet } = await ask(sheet.dataset.sheet, { headers: { "X-Unattended": "1" } });
  if (status === 200 && isSheet) follow(page);
}
setInterval(poll, EVERY);
addEventListener("pageshow", (event) => { if (event.persisted) poll(); });

/* ---- Enter goes to the next number that is empty; after the last it saves */
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("#vitals .kc-vital input")) return;
  const empty = [...document.querySelectorAll("#vitals .kc-vital input")].find((field) => !field.value);
  if (!empty || empty === event.target) return;
  event.preventDefault();
  empty.focus();
});

/* ---- how many checks of the discharge are ticked */
document.addEventListener("change", (event) => {
  const list = event.target.closest?.(".kc-tasks");
  const count = document.querySelector("[data-ticked]");
  if (list && count) count.textContent = list.querySelectorAll(":checked").length;
});
