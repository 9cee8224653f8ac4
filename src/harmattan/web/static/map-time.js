/* The months: two handles over a small chart of deaths, and a button that plays them. */
"use strict";
window.mapTime = (months, deaths, words, language, changed) => {
  const from = document.getElementById("from-month"), to = document.getElementById("to-month");
  const play = document.getElementById("play"), svg = document.getElementById("bars");
  const last = months.length - 1, most = Math.max(1, ...deaths), wide = 1000 / Math.max(1, months.length);
  const named = new Intl.DateTimeFormat(language, { month: "short", year: "numeric", timeZone: "UTC" });
  const name = (n) => named.format(new Date(months[n] + "-01T00:00:00Z"));
  const bars = (first, end) => {
    const parts = [];
    for (let n = first; n <= end; n++) if (deaths[n]) { const tall = Math.max(1, 58 * deaths[n] / most); parts.push(`M${(n * wide).toFixed(1)},60v${(-tall).toFixed(1)}h${Math.max(0.6, wide * 0.86).toFixed(2)}v${tall.toFixed(1)}z`); }
    return parts.join("") || "M0,0";
  };
  let timer = 0, whole = null;

  function tell() {
    const span = { first: +from.value, last: +to.value };
    for (const [input, n, out] of [[from, span.first, "span-from"], [to, span.last, "span-to"]]) {
      input.setAttribute("aria-valuetext", name(n)); document.getElementById(out).textContent = name(n);
    }
    /* The handle that can still move lies on top where both stand at an end. */
    from.style.zIndex = span.first > last / 2 ? 2 : 1; to.style.zIndex = span.first > last / 2 ? 1 : 2;
    svg.querySelector(".chosen").setAttribute("d", bars(span.first, span.last));
    changed(span);
  }
  function set(first, end) { from.value = first; to.value = end; tell(); }
  function stop() { clearInterval(timer); timer = 0; play.setAttribute("aria-pressed", "false"); play.textContent = words.play; }

  for (const input of [from, to]) { input.max = last; input.min = 0; }
  svg.querySelector(".all").setAttribute("d", bars(0, last));
  from.addEventListener("input", () => { stop(); whole = null; if (+from.value > +to.value) to.value = from.value; tell(); });
  to.addEventListener("input", () => { stop(); whole = null; if (+to.value < +from.value) from.value = to.value; tell(); });
  play.addEventListener("click", () => {
    if (timer) { stop(); return; }
    play.setAttribute("aria-pressed", "true"); play.textContent = words.stop;
    /* Month by month through what is chosen; what was stopped goes on where it was. */
    if (!whole || from.value !== to.value) whole = [+from.value, +to.value];
    if (from.value !== to.value || +from.value >= whole[1]) set(whole[0], whole[0]);
    timer = setInterval(() => {
      const next = +from.value + 1;
      if (next > whole[1]) { const [first, end] = whole; stop(); whole = null; set(first, end); return; }
      set(next, next);
    }, 350);
  });
  set(0, last);
  return { name, set };
};
