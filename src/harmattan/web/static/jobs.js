/* Looks again how far work is; when it is done the page goes on to what it gives. Without a script the page is loaded anew. */
"use strict";
(() => {
  const part = (place, name) => place.querySelector(`[data-${name}]`);
  const write = (place, name, words) => { const at = part(place, name); if (at && at.textContent !== words) at.textContent = words; };
  const alone = document.querySelectorAll("[data-job]").length === 1 && document.querySelector(".work[data-job]");

  const shown = (place, told) => {
    write(place, "words", told.words);
    write(place, "steps", told.total ? `, ${told.done} / ${told.total}` : "");
    write(place, "seconds", String(told.seconds));
    const bar = place.querySelector("progress");
    if (bar && told.total) { bar.max = told.total; bar.value = told.done; }
  };
  const look = async (place) => {
    let wait = 1000;
    try {
      const answer = await fetch(`${place.dataset.job}/state.json`, { headers: { accept: "application/json" } });
      if (answer.status === 404 || answer.redirected) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const told = await answer.json();
      shown(place, told);
      if (told.state === "done" && alone) { location.replace(told.goes_to || "/"); return; }
      if (told.state !== "running" && told.state !== "waiting") { location.reload(); return; }
    } catch { wait = 5000; }
    setTimeout(look, wait, place);
  };
  for (const place of document.querySelectorAll("[data-job]")) setTimeout(look, 700, place);
})();
