/* The reading desk with a script: the queue on the keyboard, and words that are selected in the text. */
"use strict";

(() => {
  const typing = (where) => where instanceof Element && where.closest("input, select, textarea, [contenteditable]");

  /* The queue. Each key presses what carries it in data-key; outside of fields only. */
  const form = document.querySelector("[data-review]");
  const follow = (rel) => { const link = document.querySelector(`.steps a[rel=${rel}]`); if (link) link.click(); };
  const press = (key) => { const found = document.querySelector(`[data-key="${key}"]`); if (found) found.click(); return Boolean(found); };
  const first = () => form && (form.querySelector(".fields [data-key=e]") || form.querySelector(".fields input:not([type=hidden]), .fields select"));
  const help = () => { const keys = document.getElementById("keys"); if (keys) { keys.open = !keys.open; if (keys.open) keys.querySelector("summary").focus(); } };
  const edit = () => { const field = first(); if (!field) return false; if (field.tagName === "A") field.click(); else field.focus(); return true; };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && typing(event.target)) { event.target.blur(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing(event.target)) return;
    if (!form && !document.querySelector(".steps")) return;
    let done = true;
    if (event.key === "n" || event.key === "j") follow("next");
    else if (event.key === "k") follow("prev");
    else if (event.key === "?") help();
    else if (event.key === "e") done = edit();
    else if (/^[ar1-9]$/.test(event.key) && form) done = press(event.key);
    else done = false;
    if (done) event.preventDefault();
  });
  /* A second press of a button sends nothing twice. */
  if (form) form.addEventListener("submit", (event) => { if (form.dataset.sent) event.preventDefault(); form.dataset.sent = "yes"; });
  window.addEventListener("pageshow", () => { if (form) delete form.dataset.sent; });

  /* Another check of a claim's part has other fields. */
  document.querySelectorAll("select[data-chooses]").forEach((select) => select.addEventListener("change", () => select.parentElement.querySelector("button").click()));

  const here = document.querySelector("mark.here");
  if (here) here.scrollIntoView({ block: "center" });

  /* The text. Offsets count code points of the document; marks behind words (.tag) are no part of it. */
  const paper = document.querySelector("[data-select]");
  const bar = document.querySelector(".picked");
  if (!paper || !bar) return;
  const length = (words) => Array.from(words).length;

  const offset = (node, at) => {
    const within = (node.nodeType === Node.TEXT_NODE ? node.parentElement : node).closest("p[data-at]");
    if (!within || !paper.contains(within)) return null;
    const range = document.createRange();
    range.setStart(within, 0);
    range.setEnd(node, at);
    const words = range.cloneContents();
    words.querySelectorAll(".tag").forEach((tag) => tag.remove());
    return Number(within.dataset.at) + length(words.textContent);
  };

  const selected = () => {
    const chosen = window.getSelection();
    if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return null;
    const range = chosen.getRangeAt(0);
    const start = offset(range.startContainer, range.startOffset);
    const end = offset(range.endContainer, range.endOffset);
    return start === null || end === null || end <= start || end - start > 4000 ? null : { start, end };
  };

  let waiting = 0;
  document.addEventListener("selectionchange", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const span = selected();
      bar.hidden = !span;
      if (!span) return;
      bar.querySelectorAll("a").forEach((link) => {
        const where = new URL(link.href);
        where.search = new URLSearchParams({ start: span.start, end: span.end, kind: link.dataset.kind }).toString();
        link.href = where.toString();
      });
    }, 120);
  });
})();
