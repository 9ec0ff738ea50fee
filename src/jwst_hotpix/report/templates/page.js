"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const preferred = matchMedia("(prefers-color-scheme: dark)");
  let chosen = null;

  const exchanged = (value, table) => {
    if (typeof value === "string") return table[value.toLowerCase()] ?? value;
    if (Array.isArray(value) && value.every((one) => typeof one === "string")) {
      return value.map((one) => exchanged(one, table));
    }
    if (value !== null && typeof value === "object" && typeof value.value === "string") {
      return { ...value, value: exchanged(value.value, table) };
    }
    return value;
  };

  // Plots are drawn for light paper; a color may stand for ink on one and for paper on the other.
  let painted = false;
  const paint = (dark) => {
    if (dark === painted) return;
    painted = dark;
    const table = {};
    for (const [light, other] of Object.entries(COLOR_PAIRS)) {
      table[(dark ? light : other).toLowerCase()] = dark ? other : light;
    }
    for (const document_ of globalThis.Bokeh?.documents ?? []) {
      for (const model of document_.all_models ?? document_._all_models.values()) {
        for (const property of model) {
          if (!/color|palette/.test(property.attr)) continue;
          const value = property.get_value();
          const other = exchanged(value, table);
          if (JSON.stringify(other) !== JSON.stringify(value)) model[property.attr] = other;
        }
      }
    }
  };

  const apply = () => {
    const dark = chosen ?? preferred.matches;
    root.dataset.theme = dark ? "dark" : "light";
    button.textContent = dark ? "Light" : "Dark";
    paint(dark);
    dispatchEvent(new CustomEvent("hotpix-theme", { detail: { dark } }));
  };

  button.addEventListener("click", () => {
    chosen = root.dataset.theme !== "dark";
    apply();
  });
  preferred.addEventListener("change", apply);
  root.dataset.theme = preferred.matches ? "dark" : "light";
  const links = [...document.querySelectorAll("header nav a")];
  const seen = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        if (!isIntersecting) continue;
        for (const link of links) {
          if (link.hash === `#${target.id}`) link.setAttribute("aria-current", "true");
          else link.removeAttribute("aria-current");
        }
      }
    },
    { rootMargin: "-15% 0px -75% 0px" },
  );
  document.querySelectorAll("main > section").forEach((section) => seen.observe(section));
  const wait = () => {
    if ((globalThis.Bokeh?.documents ?? []).length || !globalThis.Bokeh) apply();
    else setTimeout(wait, 20);
  };
  document.addEventListener("DOMContentLoaded", wait);
})();
