(() => {
  const facts = JSON.parse(document.getElementById("map-facts").textContent);
  const form = document.getElementById("map-filters");
  const count = document.getElementById("map-count");
  // MJD of 1970-01-01, and milliseconds per day.
  const UNIX = 40587, DAY = 86400000;
  const ROLES = facts.roles.length;
  let columns = null;

  const date = (day) => new Date((day - UNIX) * DAY).toISOString().slice(0, 10);
  const mjd = (text) => Math.round(Date.parse(text) / DAY) + UNIX;
  const grouped = (n) => n.toLocaleString("en").replaceAll(",", "\u2009");
  const rounded = (value, digits = 3) => Number(value.toPrecision(digits)).toString();
  const known = (day) => day > facts.longAgo && day < facts.never;
  const model = (name) => Bokeh.documents.map((one) => one.get_model_by_name(name)).find(Boolean);

  // Epochs of the columns are in minutes, all other ones in days.
  const dated = (name, row) => date(columns[name][row] / 1440);
  const onset = (row) => {
    const latest = dated("onset_latest", row);
    return known(columns.onset_earliest[row])
      ? `${dated("onset_earliest", row)} to ${latest}`
      : `before the first look (hot on ${latest})`;
  };
  const recovery = (row) => {
    if (!known(columns.recovery_earliest[row])) return "still hot";
    const last = dated("recovery_earliest", row);
    return known(columns.recovery_latest[row])
      ? `${last} to ${dated("recovery_latest", row)}`
      : `last seen hot on ${last}`;
  };
  const STEPS = [[-1, 0], [1, 0], [0, -1], [0, 1]];
  const places = (row, bits) => STEPS.filter((_, i) => (bits >> i) & 1)
    .map(([x, y]) => `${columns.x[row] + x}, ${columns.y[row] + y}`);
  const neighbors = (row) => {
    const arms = places(row, columns.neighbors[row] & 15);
    const centers = places(row, columns.neighbors[row] >> 4);
    const parts = [];
    if (facts.roles[columns.role[row]] !== "neighbor") parts.push(`${arms.length} of 4 are listed`);
    if (centers.length) parts.push(`beside the center ${centers.join(" and ")}`);
    return parts.join("; ") || "no center beside it";
  };
  const masks = (row) => {
    const { masks: every, newest } = facts.modes[columns.mode[row]];
    const first = every[columns.first_mask[row]];
    if (!every.length) return "none is known";
    if (columns.masked[row] === 1) return `flagged, first in ${first.name} (${first.date})`;
    if (first) return `not flagged in ${newest}, but in ${first.name} (${first.date})`;
    return newest ? `not flagged in ${newest}` : "not flagged";
  };
  const rate = (row) => {
    const value = columns.rate[row];
    if (Number.isNaN(value)) return "not measured";
    const error = columns.rate_error[row];
    if (!Number.isFinite(value)) return "saturated";
    return `${rounded(value)}${Number.isFinite(error) ? ` ± ${rounded(error, 2)}` : ""} DN/s`;
  };
  const describe = {
    rate,
    onset,
    recovery,
    role: (row) => facts.roles[columns.role[row]],
    status: (row) => facts.statuses[columns.status[row]],
    neighbors,
    MASK: masks,
    list: (row) => `${facts.modes[columns.mode[row]].name}, hot in ${columns.n_hot[row]} of ` +
      `${columns.n_observed[row]} looks, confidence ${columns.confidence[row]} %`,
  };

  const chosen = (name) => new Set([...form.elements].flat()
    .filter((one) => one.name === name && one.checked).map((one) => one.value));
  const wanted = () => {
    const readouts = chosen("readout");
    const [detector] = chosen("detector");
    return {
      detector,
      modes: facts.modes.map((one) => one.detector === detector && readouts.has(one.readout)),
      roles: facts.roles.map((_, i) => chosen("role").has(String(i))),
      statuses: facts.statuses.map((_, i) => chosen("status").has(String(i))),
      masked: form.elements.masked
        ? [0, 1, 2].map((one) => chosen("masked").has(String(one))) : [true, true, true],
      rate: Number(form.elements.rate.value),
      ever: chosen("when").has("ever"),
      day: Number(form.elements.day.value),
      since: form.elements.since.value ? mjd(form.elements.since.value) : facts.never,
    };
  };
  const passes = (want, row) =>
    want.modes[columns.mode[row]] && want.roles[columns.role[row]] &&
    want.statuses[columns.status[row]] && want.masked[columns.masked[row]] &&
    !(columns.rate[row] <= want.rate) &&
    (want.ever || (columns.hot_from[row] <= want.day && want.day < columns.hot_until[row]));

  // A pixel counts once, however many readout modes and intervals it has.
  const pixels = (rows) => new Set(rows.map((row) => 65536 * columns.y[row] + columns.x[row])).size;

  const update = () => {
    if (!form.reportValidity()) return;
    const want = wanted();
    const groups = facts.kinds.map(() => facts.roles.map(() => []));
    const shown = [], fresh = [], every = [];
    for (let row = 0; row < columns.x.length; row++) {
      if (facts.modes[columns.mode[row]].detector !== want.detector) continue;
      every.push(row);
      if (!passes(want, row)) continue;
      shown.push(row);
      const isNew = want.since < columns.seen_after[row];
      if (isNew) fresh.push(row);
      const kind = isNew ? facts.kinds.indexOf("new") : columns.status[row];
      groups[kind][columns.role[row]].push(row);
    }
    groups.forEach((roles, kind) => roles.forEach((rows, role) => {
      model(`map-${facts.kinds[kind]}-${role}`).data = {
        x: rows.map((row) => columns.x[row]), y: rows.map((row) => columns.y[row]), row: rows,
      };
    }));
    hotpix.shown = shown;
    const when = want.ever ? "hot at any time" : `hot on ${date(want.day)}`;
    const isNew = want.since < facts.never
      ? `; ${grouped(pixels(fresh))} of them new since ${date(want.since)}` : "";
    count.textContent = `${grouped(pixels(shown))} of ${grouped(pixels(every))} pixels of ` +
      `${want.detector} shown: ${when}${isNew}.`;
    outline(want.detector);
    dispatchEvent(new CustomEvent("hotpix-shown", { detail: want }));
  };

  const outline = (detector) => {
    const names = chosen("outline");
    const rows = facts.outlines.filter((one) => one.detector === detector && names.has(one.name));
    model("map-outlines").data = Object.fromEntries(["left", "right", "bottom", "top", "name"]
      .map((name) => [name, rows.map((row) => row[name])]));
  };

  // The nearest pixel within a finger's width. As long as a cross is smaller than that, its center.
  const REACH = 14, ARM = 2;
  const nearest = ({ x, y }) => {
    const plot = model("detector-map");
    const perX = (plot.x_range.end - plot.x_range.start) / plot.inner_width;
    const perY = (plot.y_range.end - plot.y_range.start) / plot.inner_height;
    let best = null, least = REACH;
    for (const row of hotpix.shown) {
      const away = Math.hypot((columns.x[row] - x) / perX, (columns.y[row] - y) / perY) +
        (facts.roles[columns.role[row]] === "neighbor" ? ARM : 0);
      if (away < least) [best, least] = [row, away];
    }
    return best;
  };
  const pick = (place) => {
    const best = nearest(place);
    if (best !== null) hotpix.choose(columns.mode[best], columns.x[best], columns.y[best]);
  };

  // What the lists say of the pixel under the pointer, a column per entry.
  const tip = document.getElementById("map-tip");
  const GAP = 14;
  let pointer = { clientX: 0, clientY: 0 };
  const hideTip = () => { tip.hidden = true; };
  const showTip = (place) => {
    const best = nearest(place);
    if (best === null) return hideTip();
    const rows = hotpix.shown.filter((row) =>
      columns.x[row] === columns.x[best] && columns.y[row] === columns.y[best]);
    const title = document.createElement("strong");
    title.textContent = `x ${columns.x[best]}, y ${columns.y[best]} (zero-based)`;
    const table = document.createElement("table");
    for (const [name, text] of Object.entries(describe)) {
      const line = table.insertRow();
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = name;
      line.append(head);
      for (const row of rows) line.insertCell().textContent = text(row);
    }
    tip.replaceChildren(title, table);
    tip.hidden = false;
    const { clientX, clientY } = pointer, { offsetWidth: width, offsetHeight: height } = tip;
    const below = clientY + GAP + height < innerHeight;
    tip.style.left = `${Math.max(0, Math.min(clientX + GAP, document.documentElement.clientWidth - width - 4))}px`;
    tip.style.top = `${below ? clientY + GAP : Math.max(0, clientY - GAP - height)}px`;
    return undefined;
  };

  // Marks grow with the pixels that they stand for, though less, and shrink on small screens.
  const USUAL = 0.25, SMALLEST = 0.6, LARGEST = 3;
  const scaleMarks = () => {
    const plot = model("detector-map");
    const perPixel = plot.inner_width / Math.abs(plot.x_range.end - plot.x_range.start);
    const factor = Math.min(Math.max(Math.sqrt(perPixel / USUAL), SMALLEST), LARGEST);
    for (const { glyph, data_source: source } of plot.renderers) {
      if (!source.name?.startsWith("map-") || source.name === "map-chosen" || !glyph.size) continue;
      sizes[source.name] ??= glyph.size.value;
      const size = sizes[source.name] * factor;
      if (Math.abs(glyph.size.value - size) > 0.1) glyph.size = { value: size };
    }
  };
  const sizes = {};

  // Tell the page which pixel is chosen: its light curve is drawn, and a ring on the map.
  hotpix.choose = (mode, x, y) => {
    model("map-chosen").data = { x: [x], y: [y] };
    dispatchEvent(new CustomEvent("hotpix-chosen", { detail: { mode, x, y } }));
  };
  Object.assign(hotpix, { facts, date, mjd, model, grouped, rounded, describe, UNIX, DAY });

  form.addEventListener("submit", (event) => event.preventDefault());
  const { day, date: dateField, since } = form.elements;
  const isDate = (field) => !field.value || !Number.isNaN(mjd(field.value));
  const follow = ({ target }) => {
    for (const field of [dateField, since]) {
      field.setCustomValidity(isDate(field) ? "" : "There is no such date.");
    }
    if (target === day) dateField.value = date(Number(day.value));
    if (target === dateField && dateField.validity.valid) {
      // The slider keeps what lies on it.
      day.value = mjd(dateField.value);
      dateField.value = date(Number(day.value));
    }
    day.setAttribute("aria-valuetext", dateField.value);
    if (columns) update();
  };
  // The slider at once, text when it is complete.
  day.addEventListener("input", follow);
  form.addEventListener("change", follow);
  hotpix.whenReady(async () => {
    columns = await hotpix.unpacked("map-columns");
    hotpix.columns = columns;
    // The second of two quick clicks is an event of its own.
    for (const click of ["tap", "doubletap"]) model("detector-map").on_event(click, pick);
    model("detector-map").on_event("mousemove", showTip);
    model("detector-map").on_event("mouseleave", hideTip);
    addEventListener("pointermove", (event) => { pointer = event; }, { capture: true });
    addEventListener("scroll", hideTip, { passive: true });
    day.setAttribute("aria-valuetext", dateField.value);
    const { x_range: range, properties } = model("detector-map");
    range.change.connect(scaleMarks);
    properties.inner_width.change.connect(scaleMarks);
    scaleMarks();
    update();
    hotpix.isReady = true;
    dispatchEvent(new CustomEvent("hotpix-columns"));
  });
})();
