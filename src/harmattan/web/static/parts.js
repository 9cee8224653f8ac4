/* Looks after parts that are still being made: when one of them is done, the page is asked for again. */
"use strict";
(() => {
  const waiting = [...document.querySelectorAll(".coming[data-job]")];
  if (!waiting.length) return;
  const look = async () => {
    let pages;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (!answer.ok) return setTimeout(look, 5000);
      pages = new DOMParser().parseFromString(await answer.text(), "text/html");
    } catch { return setTimeout(look, 5000); }
    for (const old of [...document.querySelectorAll("section.part")]) {
      const fresh = old.id && pages.getElementById(old.id);
      if (fresh && old.querySelector(".coming")) {
        if (fresh.querySelector(".coming")) {
          const [bar, now] = [old.querySelector("progress"), fresh.querySelector("progress")];
          if (bar && now) bar.replaceWith(document.importNode(now, true));
        } else old.replaceWith(document.importNode(fresh, true));
      }
    }
    const [foot, sources] = [document.querySelector("footer"), pages.querySelector("footer")];
    if (document.querySelector(".coming")) setTimeout(look, 2500);
    else if (foot && sources) foot.replaceWith(document.importNode(sources, true));
  };
  setTimeout(look, 2000);
})();
