/* Draws pictures anew where they can be pointed at; the image that the server drew stays where that fails. */
"use strict";
(() => {
  if (!("IntersectionObserver" in window) || !window.fetch) return;
  let loading = null;
  const script = (address) => {
    loading ??= new Promise((done, failed) => {
      const made = document.createElement("script");
      made.src = address;
      made.onload = done;
      made.onerror = failed;
      document.head.append(made);
    });
    return loading;
  };
  const draw = async (figure) => {
    const image = figure.querySelector("img");
    if (figure.clientWidth < image.width - 1 || !image.width) return; // on a small screen the image is enough, and no script is loaded
    const room = document.createElement("div");
    try {
      const [answer] = await Promise.all([fetch(figure.dataset.chart), script(figure.dataset.script)]);
      if (!answer.ok) return;
      const spec = await answer.json();
      const locale = (window.harmattanLocales || {})[document.documentElement.lang];
      room.className = "drawing";
      room.hidden = true;
      image.after(room);
      const mark = { ...((spec.config || {}).mark || {}), tooltip: { content: "encoding" } };
      spec.config = { ...spec.config, mark };
      await window.vegaEmbed(room, spec, {
        mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false, logLevel: 1,
        tooltip: { disableDefaultStyle: true },
        ...(locale ? { formatLocale: locale.number, timeFormatLocale: locale.time } : {}),
      });
      const drawn = room.querySelector("svg"), { width, height } = image.getBoundingClientRect();
      drawn.setAttribute("width", width); // as large as the image, which has the same proportions
      drawn.setAttribute("height", height);
      drawn.setAttribute("aria-hidden", "true"); // the box around it says what it shows
      room.setAttribute("role", "img");
      room.setAttribute("aria-label", image.alt);
      room.hidden = false;
      image.hidden = true;
    } catch (fault) {
      room.remove();
      image.hidden = false;
    }
  };
  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries.filter((one) => one.isIntersecting)) {
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });
  const known = new WeakSet();
  const look = () => {
    for (const figure of document.querySelectorAll("figure[data-chart]")) {
      if (!known.has(figure)) seen.observe(figure);
      known.add(figure);
    }
  };
  look();
  new MutationObserver(look).observe(document.getElementById("main"), { childList: true, subtree: true }); // parts that come later
})();
