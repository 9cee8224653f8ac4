/* Checks all sections of a brief, or none. Without a script they are checked one by one. */
"use strict";
for (const line of document.querySelectorAll(".builder .all")) {
  line.hidden = false;
  line.addEventListener("click", (event) => {
    const wanted = event.target.dataset.check;
    if (!wanted) return;
    for (const box of line.parentElement.querySelectorAll('input[name="sections"]')) box.checked = wanted === "all";
  });
}
