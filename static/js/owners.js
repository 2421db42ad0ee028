/* The plan of an episode: offer the owners who fit the split. Without it the server says so. */
"use strict";

const OUTSIDE = 0; // the groups of each list: the practice, then the clinic
const BARRED = { clinic_medical: 1, clinic_full: OUTSIDE };

function offerFitting() {
  const split = document.querySelector("[name=collaboration]:checked")?.value;
  document.querySelectorAll("select[data-owners]").forEach((list) => {
    [...list.querySelectorAll("optgroup")].forEach((group, index) => {
      group.disabled = group.hidden = index === BARRED[split];
    });
    if (list.selectedOptions[0]?.closest("optgroup")?.disabled) list.value = "";
    const left = list.querySelectorAll("optgroup:not([disabled]) option");
    if (!list.value && left.length === 1) list.value = left[0].value;
  });
}
document.querySelectorAll("[name=collaboration]").forEach((choice) => choice.addEventListener("change", offerFitting));
offerFitting();
