/* The slider of the network: fetches picture and table of the month without leaving the page, and says so. */
"use strict";
(() => {
  const form = document.getElementById("when");
  const range = document.getElementById("month");
  const said = document.getElementById("month-said");
  const told = document.getElementById("told");
  const [year, month] = form.dataset.first.split("-").map(Number);
  const names = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", year: "numeric", timeZone: "UTC" });
  const named = (at) => names.format(new Date(Date.UTC(year, month - 1 + at, 1)));
  const lastDay = (at) => new Date(Date.UTC(year, month + at, 0)).toISOString().slice(0, 10);
  let asked = 0;

  const show = async (day, at) => {
    const mine = ++asked;
    const address = `/network?${new URLSearchParams({ country: form.country.value, as_of: day })}`;
    const there = document.getElementById("network");
    there.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(`${address}&part=yes`);
      if (mine !== asked) return;
      if (!answer.ok || answer.redirected) { location.assign(address); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("network");
      if (mine !== asked) return;
      if (!fresh) { location.assign(address); return; }
      if (fresh.dataset.coming) { setTimeout(() => { if (mine === asked) show(day, at); }, 1500); return; }
      const focused = there.contains(document.activeElement) && document.activeElement.rel;
      there.replaceWith(document.importNode(fresh, true));
      if (focused) (document.querySelector(`#network a[rel="${focused}"]`) || range).focus();
      form.as_of.value = day;
      range.value = fresh.dataset.at;
      form.stood.value = fresh.dataset.at;
      told.textContent = fresh.dataset.said;
      name(Number(fresh.dataset.at));
      history.replaceState(null, "", address);
    } catch { location.assign(address); }
  };
  const name = (at) => { said.textContent = named(at); range.setAttribute("aria-valuetext", named(at)); };

  range.addEventListener("input", () => name(Number(range.value)));
  range.addEventListener("change", () => show(lastDay(Number(range.value)), Number(range.value)));
  form.country.addEventListener("change", () => show(form.as_of.value, Number(range.value)));
  form.addEventListener("submit", (event) => { event.preventDefault(); show(lastDay(Number(range.value)), Number(range.value)); });
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("#network a[rel]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(new URL(link.href).searchParams.get("as_of"), 0);
  });
})();
