/* The note, the order and the timeline: answers that need care. */
"use strict";

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, target } = event.detail;
  const here = !target.id || xhr.responseText.includes(`id="${target.id}"`);
  if (xhr.status === 409) event.detail.shouldSwap = here; // changed meanwhile: show both texts
  if (xhr.status === 200 && !here) {
    event.detail.shouldSwap = false; // another page, such as signing in: what was typed stays
    event.detail.isError = true;
  }
});
// Whoever presses “Save mine” leaves a field, and that alone saves already: it has to know as well.
document.addEventListener("pointerdown", (event) => {
  const button = event.target.closest?.("button[name=version]");
  if (button) button.form.querySelector("input[name=version]").value = button.value;
});
const unsent = (hidden) => document.querySelectorAll("[data-unsent]").forEach((place) => { place.hidden = hidden; });
document.addEventListener("htmx:sendError", () => unsent(false));
document.addEventListener("htmx:responseError", (event) => {
  if (event.detail.xhr.status === 404) location.reload(); // no longer open: show what a reload shows
});
document.addEventListener("htmx:responseError", (event) => unsent(event.detail.xhr.status === 409));
document.addEventListener("htmx:afterOnLoad", () => unsent(true));
