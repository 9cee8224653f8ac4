/* The map: asks once for what is filtered, and from then on filters by month on this side. */
"use strict";
(() => {
  const live = document.getElementById("live");
  if (!live || !window.L) return;
  const draw = window.mapDraw, words = JSON.parse(live.dataset.words), language = document.documentElement.lang;
  const query = live.dataset.query, count = new Intl.NumberFormat(language);
  const put = (words_, values) => words_.replace(/\{(\w+)\}/g, (_all, name) => name in values ? values[name] : "");
  const told = document.getElementById("told"), HOW = ["exact", "near", "admin2"];
  const on = {}, data = {}, span = { first: 0, last: 0 };
  let map, under, over, months = [], visible = [], deaths = new Map(), time;

  /* Where work takes long one is sent to the page of the work: then it is asked for again. */
  async function json(address) {
    for (;;) {
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      if (!new URL(answer.url).pathname.startsWith("/jobs/")) return { status: answer.status, body: await answer.json() };
      await new Promise((done) => setTimeout(done, 1500));
    }
  }

  /* Elements are made one by one and filled with text: nothing of the data is ever read as markup. */
  function made(tag, text, parent, href) {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (href) element.setAttribute("href", href);
    if (parent) parent.append(element);
    return element;
  }

  /* Which of its months each part of the data is numbered by, in the months of the map. */
  const shift = (own) => months.indexOf(own[0]);

  /* What can be drawn of the events, the most deaths first: made once, so that a step of the months only looks. */
  function prepare(found) {
    const own = found.months.length ? shift(found.months) : 0, n = found.month.length;
    found.at = new Int32Array(n); found.singles = []; found.sums = [];
    for (let i = 0; i < n; i++) {
      found.at[i] = found.month[i] + own;
      const kind = found.kind[i] < 0 ? "other" : found.kinds[found.kind[i]];
      if (found.lat[i] === null) { found.sums.push(i); continue; }
      found.singles.push({ x: draw.across(found.lon[i]), y: draw.down(found.lat[i]), how: HOW[found.where[i]], kind, best: found.best[i], month: found.at[i], of: [i] });
    }
    found.singles.sort((one, other) => other.best - one.best);
    return found;
  }

  /* What is drawn of the events in the months chosen: single records, and the sums of one cell together. */
  function choose() {
    const found = data.events, sums = new Map();
    for (const i of found.sums) {
      if (found.at[i] < span.first || found.at[i] > span.last) continue;
      const kind = found.kind[i] < 0 ? "other" : found.kinds[found.kind[i]], there = sums.get(found.cell[i]);
      if (there) { there.best += found.best[i]; there.of.push(i); if (there.kind !== kind) there.kind = "other"; continue; }
      const [lat, lon] = draw.middle(found.cell[i]);
      sums.set(found.cell[i], { x: draw.across(lon), y: draw.down(lat), how: "cell", kind, best: found.best[i], of: [i] });
    }
    const squares = [...sums.values()].sort((one, other) => other.best - one.best);
    visible = squares.concat(found.singles.filter((one) => one.month >= span.first && one.month <= span.last));
  }

  function sumCells() {
    const found = data.cells; let events = 0, best = 0;
    deaths = new Map();
    for (let i = 0; i < found.at.length; i++) {
      if (found.at[i] < span.first || found.at[i] > span.last) continue;
      deaths.set(found.cell[i], (deaths.get(found.cell[i]) || 0) + found.best[i]); events += found.events[i]; best += found.best[i];
    }
    const outside = data.cells.outside; let lostEvents = 0, lostBest = 0; const by = {};
    outside.month.forEach((month, i) => {
      if (month < span.first || month > span.last) return;
      lostEvents += outside.events[i]; lostBest += outside.best[i];
      const where = outside.precisions[outside.where[i]]; by[where] = (by[where] || 0) + outside.events[i];
    });
    document.getElementById("shown").textContent = put(words.shown, { from: time ? time.name(span.first) : "", to: time ? time.name(span.last) : "", events: count.format(events), deaths: count.format(best) })
      + (data.events && data.events.id.length >= data.events.most ? " " + put(words.capped, { n: count.format(data.events.most) }) : "")
      + (data.events && data.events.closed ? " " + words.of_closed : "");
    const colon = language === "fr" ? "\u00a0: " : ": ", parts = Object.entries(by).map(([where, n]) => (words["where_" + where] || where) + colon + count.format(n));
    document.getElementById("outside").textContent = lostEvents ? put(words.outside, { events: count.format(lostEvents), deaths: count.format(lostBest) }) .replace(/\.$/, colon) + parts.join("; ") + "." : "";
  }

  function paintEvents(context, view) {
    if (!on.events) return;
    for (const one of visible) {
      const x = one.x * view.scale + view.dx, y = one.y * view.scale + view.dy;
      if (x < -30 || y < -30 || x > view.width + 30 || y > view.height + 30) continue;
      draw.sign(context, one.how, draw.COLOURS[one.kind] || draw.COLOURS.other, x, y, draw.radius(one.best, view.zoom));
    }
  }

  const standing = (layer, i) => {
    const first = months[span.first] + "-01", last = months[span.last] + "-31", c = layer.columns;
    if ((c.first[i] && c.first[i] > last) || (c.last[i] && c.last[i] < first)) return "no";
    const sure = (!c.sure_first[i] || c.sure_first[i] <= last) && (!c.sure_last[i] || c.sure_last[i] >= first);
    return sure ? "yes" : "possibly";
  };

  function paintMarks(kind) {
    return (context, view) => {
      const layer = data[kind];
      if (!on[kind] || !layer || !layer.rows) return;
      for (let i = 0; i < layer.rows; i++) {
        const holds = kind === "bases" ? standing(layer, i) : layer.columns.usable[i] ? "yes" : "possibly";
        if (holds === "no") continue;
        draw.mark(context, kind === "bases" ? "base" : "mine", holds === "yes", draw.across(layer.columns.lon[i]) * view.scale + view.dx, draw.down(layer.columns.lat[i]) * view.scale + view.dy);
      }
    };
  }

  const painted = (name, painter) => (context, view) => { if (on[name] && data[name]) painter(data[name])(context, view); };

  function again() { if (over) over.again(); }

  let waits = 0;
  function changed(now) {
    Object.assign(span, now);
    if (!waits) waits = requestAnimationFrame(() => { waits = 0; show(); });
  }

  function show() {
    choose(); sumCells(); again();
    const link = new URLSearchParams(query.replace(/^\?/, ""));
    link.set("from", months[span.first]); link.set("to", months[span.last]);
    for (const a of document.querySelectorAll("[data-with-months]")) a.setAttribute("href", a.getAttribute("href").replace(/\?.*$/, "") + "?" + link);
    live.dataset.drawn = visible.length;
  }

  /* --- popups --- */
  function describe(parent, i) {
    const found = data.events, part = made("div", undefined, parent), sum = found.lat[i] === null;
    const release = found.releases[found.of[i]], month = months[found.at[i]];
    const when = sum || !found.day ? time.name(found.at[i]) : `${month}-${String(found.day[i]).padStart(2, "0")}`;
    const place = found.place && found.place[i] >= 0 ? found.places[found.place[i]] : "";
    made("p", when + (place ? ", " + place : ""), part).style.fontWeight = "600";
    if (found.pair && found.pair[i] >= 0) made("p", found.pairs[found.pair[i]], part);
    const range = found.low ? " (" + put(words.low_high, { low: found.low[i] ?? "–", high: found.high[i] ?? "–" }) + ")" : "";
    made("p", `${count.format(found.best[i])} ${words.deaths}${range}`, part);
    if (!sum) made("p", words["where_" + HOW[found.where[i]]], part);
    made("a", words.record, made("p", undefined, part), `/events/${encodeURIComponent(release)}/${encodeURIComponent(found.id[i])}`);
    const headline = made("p", "", part);
    headline.className = "note";
    return { headline, release, id: found.id[i], sum };
  }

  async function fill(one) {
    if (one.sum) return;
    try {
      const { body } = await json("/map/headline.json?" + new URLSearchParams({ release: one.release, id: one.id }));
      const text = body.headline || "";
      one.headline.textContent = text.length > 300 ? text.slice(0, 299) + "…" : text;
    } catch (_fault) { one.headline.remove(); }
  }

  function openAt(point) {
    const zoom = map.getZoom(), scale = Math.pow(2, zoom), origin = map.getPixelOrigin(), at = map.containerPointToLayerPoint(point);
    const x = at.x + origin.x, y = at.y + origin.y, content = document.createElement("div"), near = (lat, lon, r) => Math.hypot(draw.across(lon) * scale - x, draw.down(lat) * scale - y) <= r;
    let filled = [];
    for (const kind of ["bases", "mines"]) {
      const layer = data[kind];
      if (!on[kind] || !layer) continue;
      for (let i = 0; i < layer.rows; i++) if (near(layer.columns.lat[i], layer.columns.lon[i], 10) && (kind !== "bases" || standing(layer, i) !== "no")) describeMark(content, kind, layer.columns, i, kind === "bases" ? standing(layer, i) : "yes");
    }
    if (on.events) {
      const here = visible.filter((one) => { const r = Math.max(6, draw.radius(one.best, zoom)), far = Math.hypot(one.x * scale - x, one.y * scale - y); return far <= r; });
      const records = here.flatMap((one) => one.of);
      if (here.some((one) => one.how === "cell")) made("p", `${words.sums}. ${put(words.cell, { cell: data.events.cell[records[0]] })}`, content).className = "note";
      filled = records.slice(0, 6).map((i, n) => { if (n || content.childElementCount) made("hr", undefined, content); return describe(content, i); });
      if (records.length > 6) {
        made("p", put(words.more, { n: count.format(records.length - 6) }), content);
        const link = new URLSearchParams(query.replace(/^\?/, ""));
        link.set("cell", data.events.cell[records[0]]); link.set("from", months[span.first]); link.set("to", months[span.last]);
        made("a", words.list, content, "/events?" + link);
      }
    }
    if (!content.childElementCount) describeCell(content, map.containerPointToLatLng(point));
    if (!content.childElementCount) return;
    L.popup({ maxWidth: Math.min(320, map.getSize().x - 60), autoPanPadding: [8, 8] }).setLatLng(map.containerPointToLatLng(point)).setContent(content).openOn(map);
    filled.slice(0, 6).forEach(fill);
  }

  function describeMark(content, kind, columns, i, holds) {
    made("p", kind === "bases" ? `${columns.name[i]}: ${columns.place[i]}` : columns.name[i], content).style.fontWeight = "600";
    if (kind === "bases") {
      const parts = [columns.since[i] && put(words.since, { since: columns.since[i] }), columns.until[i] && put(words.until, { until: columns.until[i] })].filter(Boolean);
      if (parts.length) made("p", parts.join(" "), content);
      if (holds === "possibly") made("p", words.possibly, content);
    } else {
      made("p", [columns.kind[i], (columns.commodities[i] || []).join(", "), columns.status[i]].filter(Boolean).join(" · "), content);
      if (!columns.usable[i]) made("p", words.unusable, content);
    }
    made("hr", undefined, content);
  }

  function describeCell(content, at) {
    const gid = Math.floor((at.lat + 90) / 0.5) * 720 + Math.floor((at.lng + 180) / 0.5) + 1;
    if (on.cells && deaths.has(gid)) {
      made("p", put(words.cell, { cell: gid }), content).style.fontWeight = "600";
      made("p", `${count.format(deaths.get(gid))} ${words.deaths}`, content);
      const link = new URLSearchParams(query.replace(/^\?/, ""));
      link.set("cell", gid); link.set("from", months[span.first]); link.set("to", months[span.last]);
      made("a", words.list, made("p", undefined, content), "/events?" + link);
    }
    const ahead = data.forecast, n = on.forecast && ahead ? ahead.cell.indexOf(gid) : -1;
    if (n >= 0) {
      made("p", put(words.cell, { cell: gid }), content).style.fontWeight = "600";
      made("p", put(words.expected, { n: count.format(ahead.mean[n]), period: ahead.period }), content);
      made("p", put(words.interval, { low: ahead.low90[n], high: ahead.high90[n] }), content);
      made("a", words.rows, made("p", undefined, content), "/evidence/" + ahead.evidence[n]);
    }
  }

  /* --- layers --- */
  async function need(name) {
    if (data[name]) return;
    told.textContent = name === "forecast" ? words.waiting : "…";
    try {
      if (name === "forecast") {
        for (;;) {
          const { status, body } = await json("/map/forecast.json" + query);
          if (status !== 202) { data.forecast = body; break; }
          told.textContent = words.waiting + (body.progress ? ` ${body.progress[0]} / ${body.progress[1]}` : ` ${body.seconds} s`);
          await new Promise((done) => setTimeout(done, 2000));
        }
        data.forecast.by = new Map(data.forecast.cell.map((gid, n) => [gid, data.forecast.mean[n]]));
      } else { data[name] = (await json(`/map/layer/${name}.json` + query)).body; }
      told.textContent = data[name].rows === 0 ? words.none : (data[name].said || []).join(" ");
      for (const release of data[name].licences || data[name].releases || []) map.attributionControl.addAttribution(escaped(release));
    } catch (_fault) { told.textContent = words.failed; }
  }
  const escaped = (text) => { const box = document.createElement("i"); box.textContent = text; return box.innerHTML; };

  function switches() {
    for (const box of live.querySelectorAll("[data-layer]")) {
      const name = box.dataset.layer;
      on[name] = box.checked;
      const turned = async () => {
        on[name] = box.checked;
        const other = { cells: "forecast", forecast: "cells" }[name];
        if (box.checked && other) { live.querySelector(`[data-layer=${other}]`).checked = false; on[other] = false; }
        if (box.checked && !(name in { events: 1, cells: 1 })) await need(name);
        document.getElementById("classes").hidden = !(on.cells || on.forecast);
        document.getElementById("class-of").textContent = on.forecast ? words.class_forecast : words.class_cell;
        live.dataset.layers = Object.keys(on).filter((key) => on[key] && data[key]).join(" ");
        again();
      };
      box.addEventListener("change", turned);
      if (box.checked) turned();
    }
  }

  function legend() {
    for (const item of live.querySelectorAll("[data-sign]")) {
      const canvas = document.createElement("canvas"), sign = item.dataset.sign;
      canvas.width = canvas.height = 44; canvas.setAttribute("aria-hidden", "true");
      const context = canvas.getContext("2d"); context.scale(2, 2);
      if (sign === "base" || sign === "mine") draw.mark(context, sign, true, 11, 11);
      else draw.sign(context, sign in draw.COLOURS ? "exact" : sign, draw.COLOURS[sign] || "#22262A", 11, 11, 8);
      item.prepend(canvas);
    }
    const classes = document.getElementById("classes");
    draw.CLASSES.forEach((colour, n) => {
      const item = made("li", undefined, classes), canvas = made("canvas", undefined, item), lows = [0, ...draw.STEPS];
      canvas.width = canvas.height = 22; const context = canvas.getContext("2d");
      context.fillStyle = colour; context.fillRect(3, 3, 16, 16); context.strokeStyle = "#9AA0A5"; context.strokeRect(3, 3, 16, 16);
      made("span", n === lows.length - 1 ? put(words.class_more, { n: lows[n] }) : lows[n + 1] - 1 > lows[n] ? `${lows[n]}–${lows[n + 1] - 1}` : String(lows[n]), item);
    });
    made("li", words.class_cell, classes).id = "class-of";
  }

  async function begin() {
    const [ground, events, cells] = await Promise.all(["/map/ground.json", "/map/events.json", "/map/cells.json"].map((at) => json(at + query)));
    live.hidden = false; document.getElementById("still").hidden = true;
    months = cells.body.months.length ? cells.body.months : ["2000-01"];
    data.cells = cells.body; data.cells.at = Int32Array.from(cells.body.month); data.events = prepare(events.body);
    map = L.map("leaf", { zoomSnap: 0.25, minZoom: 2, maxZoom: 13, attributionControl: true, zoomControl: true, zoomAnimation: !matchMedia("(prefers-reduced-motion: reduce)").matches });
    map.attributionControl.setPrefix(false);
    for (const release of new Set([...events.body.releases, ...ground.body.releases])) map.attributionControl.addAttribution(escaped(release));
    const [west, south, east, north] = ground.body.box;
    map.fitBounds([[south, west], [north, east]]);
    L.control.scale({ imperial: false }).addTo(map);
    under = new draw.Sheet(); over = new draw.Sheet();
    const none = "#FFFFFF00";
    under.painters = [draw.ground(ground.body)];
    over.painters = [
      (context, view) => { if (on.cells) draw.squares(() => deaths, (value) => draw.CLASSES[draw.classOf(value)] || none)(context, view); },
      (context, view) => { if (on.forecast && data.forecast) draw.squares(() => data.forecast.by, (value) => value >= 0.5 ? draw.CLASSES[draw.classOf(value)] : "")(context, view); },
      draw.borders(ground.body, () => on.boundaries && Boolean(data.boundaries)),
      painted("boundaries", (layer) => draw.outlines(layer.columns.lines ? layer.columns : { lines: [] }, { colour: "#22262A", width: 1.4 })),
      painted("areas", (layer) => draw.outlines(layer.columns.lines ? layer.columns : { lines: [] }, { colour: "#6B4E16", width: 0.9, dash: [4, 3] })),
      paintEvents, paintMarks("mines"), paintMarks("bases"), draw.names(ground.body),
    ];
    under.addTo(map); over.addTo(map);
    map.on("click", (event) => openAt(event.containerPoint));
    document.getElementById("leaf").addEventListener("keydown", (event) => { if (event.key === "Enter" && event.target.id === "leaf") openAt(map.getSize().divideBy(2)); });
    const by = new Array(months.length).fill(0);
    data.cells.month.forEach((month, i) => { by[month] += data.cells.best[i]; });
    data.cells.outside.month.forEach((month, i) => { by[month] += data.cells.outside.best[i]; });
    legend();
    time = window.mapTime(months, by, words, language, (now) => changed(now));
    show();
    document.getElementById("most").textContent = put(words.most, { n: count.format(by.reduce((one, other) => Math.max(one, other), 0)) });
    switches();
    window.harmattanMap = { map, over, visible: () => visible };
  }
  begin().catch(() => {
    const still = document.getElementById("still");
    live.hidden = true; still.hidden = false;
    if (!still.dataset.picture) return;
    const picture = document.createElement("img");
    picture.alt = still.dataset.alt; picture.src = still.dataset.picture; still.prepend(picture);
  });
})();
