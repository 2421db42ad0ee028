/* A button that copies the field beside it. Without it the field can be selected by hand. */
"use strict";

document.querySelectorAll("[data-copy]").forEach((place) => {
  const button = place.querySelector("[data-copy-from]");
  const field = document.getElementById(button.dataset.copyFrom);
  const said = place.querySelector("[data-copied]");
  button.addEventListener("click", async () => {
    field.select();
    try {
      await navigator.clipboard.writeText(field.value);
      said.textContent = "Copied.";
    } catch {
      said.textContent = "Selected. Copy it with Ctrl+C.";
    }
  });
  place.hidden = false;
});
