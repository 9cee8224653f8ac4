/* Draws the map on canvas: one sheet under Leaflet's pan and zoom, so that many thousand signs stay smooth. */
"use strict";
window.mapDraw = (() => {
  const COLOURS = { state_based: "#0072B2", non_state: "#E69F00", one_sided: "#D55E00", other: "#5B6168" };
  const STEPS = [1, 10, 25, 50, 100, 250];
  const CLASSES = ["#FFFFFF", "#FDE725", "#90D743", "#35B779", "#21918C", "#31688E", "#440154"];
  const COLUMNS = 720, SIZE = 0.5;

  /* A canvas that Leaflet moves and scales; what is on it is drawn by painters, from the lowest to the highest. */
  const Sheet = L.Renderer.extend({
    options: { padding: 0.25 },
    initialize(options) { L.setOptions(this, options); L.stamp(this); this._layers = {}; this.painters = []; },
    _initContainer() { this._container = document.createElement("canvas"); this._container.className = "sheet"; this._container.setAttribute("aria-hidden", "true"); },
    _destroyContainer() { L.Util.cancelAnimFrame(this._asked); this._container.remove(); delete this._container; },
    _updatePaths() {},
    _update() {
      if (this._map._animatingZoom && this._bounds) return;
      L.Renderer.prototype._update.call(this);
      const size = this._bounds.getSize(), canvas = this._container, dense = Math.min(2, window.devicePixelRatio || 1);
      L.DomUtil.setPosition(canvas, this._bounds.min);
      canvas.width = Math.round(size.x * dense); canvas.height = Math.round(size.y * dense);
      canvas.style.width = size.x + "px"; canvas.style.height = size.y + "px";
      this._dense = dense;
      this.paint();
    },
    again() { if (!this._asked) this._asked = L.Util.requestAnimFrame(() => { this._asked = 0; if (this._container) this.paint(); }); },
    paint() {
      const map = this._map, canvas = this._container, context = canvas.getContext("2d");
      const scale = Math.pow(2, map.getZoom()), origin = map.getPixelOrigin(), corner = this._bounds.min;
      const view = { scale, dx: -origin.x - corner.x, dy: -origin.y - corner.y, width: canvas.width / this._dense, height: canvas.height / this._dense, zoom: map.getZoom() };
      context.setTransform(this._dense, 0, 0, this._dense, 0, 0);
      context.clearRect(0, 0, view.width, view.height);
      for (const painter of this.painters) painter(context, view);
    },
  });

  /* World coordinates at zoom 0 (Web Mercator). */
  const across = (lon) => (lon + 180) / 360 * 256;
  const down = (lat) => { const s = Math.sin(lat * Math.PI / 180); return 128 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI) * 256; };
  const bounds = (gid) => { const row = Math.floor((gid - 1) / COLUMNS), column = (gid - 1) % COLUMNS; return [column * SIZE - 180, row * SIZE - 90, column * SIZE - 180 + SIZE, row * SIZE - 90 + SIZE]; };
  const middle = (gid) => { const at = bounds(gid); return [(at[1] + at[3]) / 2, (at[0] + at[2]) / 2]; };
  const classOf = (deaths) => STEPS.filter((step) => deaths >= step).length;
  const radius = (deaths, zoom) => Math.min(26, (2.2 + 0.75 * Math.sqrt(deaths || 0)) * Math.max(0.7, Math.min(1.8, zoom / 6)));

  function box(context, view, at) {
    const x = across(at[0]) * view.scale + view.dx, y = down(at[3]) * view.scale + view.dy;
    const x2 = across(at[2]) * view.scale + view.dx, y2 = down(at[1]) * view.scale + view.dy;
    context.rect(x, y, x2 - x, y2 - y);
  }

  function ground(found) {
    return (context, view) => {
      for (const [rows, colour] of [[found.land, "#F4F2EC"], [found.own, "#E6E1D3"]]) {
        context.beginPath(); rows.forEach((at) => box(context, view, at));
        context.fillStyle = colour; context.strokeStyle = colour; context.lineWidth = 1; context.fill(); context.stroke();
      }
    };
  }

  function borders(found, pale) {
    return (context, view) => {
      context.beginPath();
      for (const [lon, lat, lon2, lat2] of found.borders) {
        context.moveTo(across(lon) * view.scale + view.dx, down(lat) * view.scale + view.dy);
        context.lineTo(across(lon2) * view.scale + view.dx, down(lat2) * view.scale + view.dy);
      }
      context.strokeStyle = pale() ? "#B9BEC3" : "#22262A"; context.lineWidth = pale() ? 0.7 : 1.1; context.setLineDash([]); context.stroke();
    };
  }

  function names(found) {
    return (context, view) => {
      context.textAlign = "center"; context.lineJoin = "round";
      const taken = []; // a name that would stand on another is left out; those of the case come first
      for (const name of [...found.names].sort((one, other) => Number(other.own) - Number(one.own))) {
        const x = across(name.lon) * view.scale + view.dx, y = down(name.lat) * view.scale + view.dy;
        context.font = (name.own ? "bold 14px " : "12px ") + "system-ui, sans-serif";
        const half = context.measureText(name.name).width / 2;
        if (taken.some((one) => Math.abs(one.y - y) < 15 && Math.abs(one.x - x) < one.half + half)) continue;
        taken.push({ x, y, half });
        context.strokeStyle = "#FFFFFFCC"; context.lineWidth = 3; context.strokeText(name.name, x, y);
        context.fillStyle = name.own ? "#22262A" : "#565E65"; context.fillText(name.name, x, y);
      }
    };
  }

  function outlines(columns, style) {
    return (context, view) => {
      context.beginPath();
      for (const lines of columns.lines) for (const line of lines) line.forEach(([lon, lat], n) => {
        const x = across(lon) * view.scale + view.dx, y = down(lat) * view.scale + view.dy;
        if (n) context.lineTo(x, y); else context.moveTo(x, y);
      });
      context.strokeStyle = style.colour; context.lineWidth = style.width; context.setLineDash(style.dash || []); context.stroke(); context.setLineDash([]);
    };
  }

  function squares(sums, colourOf) {
    return (context, view) => {
      for (const [gid, value] of sums()) {
        const colour = colourOf(value);
        if (!colour) continue;
        context.beginPath(); box(context, view, bounds(gid));
        context.globalAlpha = 0.85; context.fillStyle = colour; context.fill(); context.globalAlpha = 1;
        context.strokeStyle = "#9AA0A5"; context.lineWidth = 0.4; context.stroke();
      }
    };
  }

  /* One sign of an event: full disc, pale disc with a rim, dashed ring, or square, by what its point stands for. */
  function sign(context, how, colour, x, y, r) {
    context.beginPath();
    if (how === "cell") context.rect(x - r, y - r, 2 * r, 2 * r); else context.arc(x, y, r, 0, 6.2832);
    context.fillStyle = colour; context.strokeStyle = colour;
    if (how === "exact") { context.globalAlpha = 0.62; context.fill(); }
    else if (how === "near") { context.globalAlpha = 0.22; context.fill(); context.globalAlpha = 0.9; context.lineWidth = 1.2; context.stroke(); }
    else if (how === "cell") { context.globalAlpha = 0.3; context.fill(); context.globalAlpha = 0.95; context.lineWidth = 1.4; context.stroke(); }
    else { context.globalAlpha = 0.8; context.lineWidth = 1.3; context.setLineDash([3, 2.5]); context.stroke(); context.setLineDash([]); }
    context.globalAlpha = 1;
  }

  /* A triangle for a base, a diamond for a mine; hollow where it is in doubt. */
  function mark(context, kind, sure, x, y) {
    context.beginPath();
    if (kind === "base") { context.moveTo(x, y - 8); context.lineTo(x + 7, y + 5); context.lineTo(x - 7, y + 5); }
    else { context.moveTo(x, y - 6); context.lineTo(x + 6, y); context.lineTo(x, y + 6); context.lineTo(x - 6, y); }
    context.closePath();
    const colour = kind === "base" ? "#009E73" : "#7A4E9F";
    context.fillStyle = sure ? colour : "#FFFFFFB0"; context.strokeStyle = sure ? "#FFFFFF" : colour; context.lineWidth = sure ? 1 : 2;
    context.fill(); context.stroke();
  }

  return { Sheet, COLOURS, STEPS, CLASSES, across, down, bounds, middle, classOf, radius, ground, borders, names, outlines, squares, sign, mark };
})();
