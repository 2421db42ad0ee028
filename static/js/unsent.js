/* Rows of the flow sheet are sent one by one, in the order of the taps, each with its own key and
   the time of its tap, and again until the server has them: it keeps each key once. Meanwhile they
   live in this tab alone; nothing is stored on the device. */
"use strict";

const AGAIN = 5_000;
const TWICE = 600; // ms within which a second tap on the same form is the first one's echo
const LOST = new Set([0, 429, 502, 503, 504]);
const KEEP_OPEN = "Keep this page open; nothing is stored on this device.";
const rows = []; // {key, url, fields, at, says, form, state: "waiting" or "refused", why, mended}
const blank = new Map(); // by address, the form with nothing in it
let sending = false;
let timer = 0;
let lostAt = null;
let trouble = null; // {what, next}: why rows wait
let lastTap = { form: null, at: 0 };

const waiting = () => rows.filter((row) => row.state === "waiting");

function draw() {
  drawRows(rows);
  drawBar(waiting().length, rows.length - waiting().length, trouble);
}

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/* ---- a tap: the row is kept, the form is free for the next one */
function take(form, submitter) {
  const at = now();
  const fields = new URLSearchParams(new FormData(form, submitter));
  fields.delete("csrfmiddlewaretoken");
  const key = newKey();
  fields.set("form_key", key);
  fields.set("tapped_at", at.toISOString());
  const row = { key, url: form.action, fields, at, state: "waiting", why: "" };
  row.says = describe(form, fields, submitter);
  rows.push(row);
  unsaved.add(row);
  if (form.matches("[data-form]")) clear(form, submitter);
  draw();
  document.dispatchEvent(new Event("kc:used"));
  setTimeout(() => {
    if (rows.includes(row)) trouble ??= { what: "Still saving.", next: KEEP_OPEN };
    draw();
  }, 2_000);
  sendAll();
}

function clear(form, submitter) {
  const fresh = blank.get(form.action).cloneNode(true);
  form.replaceWith(fresh);
  const first = form.querySelector("input:not([type=hidden]):not([type=radio])");
  (document.getElementById(submitter?.id) || document.getElementById(first?.id))?.focus({ preventScroll: true });
  markChips();
}

function drop(row) {
  rows.splice(rows.indexOf(row), 1);
  unsaved.delete(row);
}

/* ---- sending */
async function sendAll() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    let [row] = waiting();
    while (row && (await isSettled(row))) [row] = waiting();
  } finally {
    sending = false;
  }
  if (!waiting().length) [lostAt, trouble] = [null, null];
  else timer = setTimeout(sendAll, AGAIN);
  draw();
  if (!rows.length && document.body.matches(".is-veiled")) location.reload();
}

/* Whether this row needs no more sending: it is saved, or put aside with what was wrong. */
async function isSettled(row, again = true) {
  const { status, page, isSheet } = await ask(row.url, { method: "POST", body: row.fields });
  if (status === 200 && isSheet) {
    drop(row);
    follow(page);
    return true;
  }
  if (LOST.has(status)) return waitFor(lost(status));
  if (status === 200 || status === 401) return waitFor(signedOut());
  if (status === 403 && again) return (await isMine()) ? isSettled(row, false) : false;
  refuse(row, status, page);
  return true;
}

function waitFor(why) {
  trouble = why;
  draw();
  return false;
}

function lost(status) {
  lostAt ??= now();
  const what = status ? "The server does not answer since" : "No network since";
  return { what: `${what} ${clockOf(lostAt)}`, next: `Trying again every ${AGAIN / 1000} seconds. ${KEEP_OPEN}` };
}

function signedOut() {
  return { what: "You are signed out", next: `Sign in again in another tab; then they are saved. ${KEEP_OPEN}` };
}

/* A refusal may only mean that the session is a new one: whose? */
async function isMine() {
  const { status, page, isSheet } = await ask(sheet.dataset.sheet);
  if (LOST.has(status)) return waitFor(lost(status));
  if (!isSheet) return waitFor(signedOut());
  if (follow(page)) return true;
  return waitFor({ what: "Somebody else is signed in", next: `These rows are yours: sign in again in another tab. ${KEEP_OPEN}` });
}

/* ---- put aside: to be mended in its form, or discarded knowingly */
function refuse(row, status, page) {
  const path = new URL(row.url).pathname;
  const form = page?.querySelector(`form[action="${path}"]`);
  const errors = [...(form?.querySelectorAll(".kc-error") || [])].map((line) => line.textContent.trim());
  const known = { 403: "You may not record this.", 404: "This dose is no longer open to you." };
  row.state = "refused";
  row.why = errors.join(" ") || known[status] || "The server could not save this. Discard it and enter it anew.";
  row.mended = form?.matches("[data-form]") ? document.adoptNode(form) : null;
  const mine = document.querySelector(`main form[action="${path}"]`);
  if (row.mended && mine && !isTouched(mine)) mend(row);
}

const isTouched = (form) => [...form.querySelectorAll("input:not([type=hidden]):not([type=radio])")].some((field) => field.value);

function mend(row) {
  const path = new URL(row.url).pathname;
  document.querySelector(`main form[action="${path}"]`).replaceWith(row.mended);
  renew(token);
  drop(row);
  row.mended.querySelector("[aria-invalid]")?.focus();
}

/* ---- what is certainly wrong is said at once, with or without a network */
function wrong(form) {
  const said = form.querySelector("[data-errors]");
  const lines = [...form.querySelectorAll("[data-least]")].filter((field) => {
    const value = field.value.trim();
    const fits = /^\d+$/.test(value) && Number(value) >= Number(field.dataset.least) && Number(value) <= Number(field.dataset.most);
    field.toggleAttribute("aria-invalid", false);
    if (!fits) field.setAttribute("aria-invalid", "true");
    return !fits;
  });
  said?.replaceChildren(...lines.map((field) => {
    const line = document.createElement("p");
    line.className = "kc-error";
    line.textContent = `${field.dataset.label}: enter a number from ${field.dataset.least} to ${field.dataset.most}.`;
    return line;
  }));
  lines[0]?.focus();
  return lines.length > 0;
}

/* ---- what people do */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-row]")) {
    event.preventDefault();
    const echo = lastTap.form === form.action && Date.now() - lastTap.at < TWICE;
    if (echo || wrong(form)) return;
    lastTap = { form: form.action, at: Date.now() };
    take(form, event.submitter);
  } else if (rows.length && form.closest("main")) {
    event.preventDefault(); // another page would lose them
    trouble ??= { what: "Still saving.", next: KEEP_OPEN };
    draw();
    document.getElementById("unsent").scrollIntoView({ block: "center" });
  }
}, true);

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-unsent-again]")) sendAll();
  const row = rows.find(({ key }) => key === event.target.closest("[data-row]")?.dataset.row);
  if (row && event.target.closest("[data-mend]")) mend(row);
  if (row && event.target.closest("[data-discard]")) drop(row);
  if (row) draw();
});

/* What the server shows already needs no more sending: its answer was lost, not the row. */
document.addEventListener("sheet:followed", () => {
  for (const row of waiting()) {
    if (document.querySelector(`#flow [data-key="${row.key}"]`)) drop(row);
  }
  draw();
});

/* The session ends while rows wait: the page shows nothing but that, and stays. */
document.addEventListener("kc:leave", (event) => {
  if (!rows.length) return;
  event.preventDefault();
  document.body.classList.add("is-veiled");
  waitFor(signedOut());
});

addEventListener("online", sendAll);
document.querySelectorAll("form[data-form]").forEach((form) => blank.set(form.action, form.cloneNode(true)));
